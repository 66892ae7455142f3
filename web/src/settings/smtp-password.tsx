import { PasswordInput } from "@mantine/core";
import { useRef, useState } from "react";
import { secretMask } from "../../../src/contracts/connect.ts";
import type { Account } from "../../../src/contracts/endpoints/access.ts";
import { passwordBelongsTo } from "../../../src/contracts/mail.ts";
import { nothingOdd, questionValue, type Questioned } from "../../../src/contracts/question-value.ts";
import { Questions } from "../ui/questions.tsx";
import { Optional } from "./optional.tsx";

type Smtp = NonNullable<Account["smtp"]>;

/** The stored password may be left as it is: somebody signs in, to the server that it was typed for. */
const isKept = (smtp: Smtp, saved: Smtp | null): boolean =>
  smtp.username !== "" && saved?.password === secretMask && passwordBelongsTo(smtp) === passwordBelongsTo(saved);

/** What is asked about the password before it is saved. */
export function questionPassword(smtp: Smtp | null, saved: Smtp | null): Questioned {
  if (smtp === null || smtp.password === secretMask) return nothingOdd;
  if (smtp.password === "" && isKept(smtp, saved))
    return { questions: ["The password is empty: what is stored is removed"], tidy: secretMask };
  return questionValue("password", smtp.password, "The password");
}

/** The mail server's password. *Replace* empties the field; until something is typed, what is stored stays. */
export function SmtpPassword({
  smtp,
  saved,
  asked,
  questioned,
  error,
  readOnly,
  keep,
  set,
}: {
  smtp: Smtp;
  saved: Smtp | null;
  /** Saving waits for the answer to what is asked. */
  asked: boolean;
  questioned: Questioned;
  error: string | undefined;
  readOnly: boolean;
  keep: () => void;
  set: (password: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { password } = smtp;
  const isStored = password === secretMask && isKept(smtp, saved);
  // it goes to no other server or user
  const isAsked = password === secretMask && smtp.username !== "" && !isStored;
  if (isOpen && isAsked) setOpen(false);
  const isLocked = isStored && !isOpen;
  const replace = () => {
    setOpen(true);
    requestAnimationFrame(() => input.current?.focus());
  };
  const cancel = () => {
    setOpen(false);
    set(secretMask);
  };
  const canCancel = isOpen && isKept(smtp, saved);
  return (
    <div>
      <PasswordInput
        ref={input}
        label={isAsked ? "Password" : <Optional>Password</Optional>}
        aria-label="Password"
        description={descriptionOf({ isAsked, isStored })}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
        value={isLocked ? secretMask : password === secretMask ? "" : password}
        {...(canCancel ? { placeholder: secretMask } : {})}
        error={questioned.questions.length > 0 ? null : error}
        readOnly={isLocked}
        disabled={readOnly}
        onChange={(event) => {
          setOpen(true);
          set(event.currentTarget.value);
        }}
        {...(isLocked && !readOnly
          ? {
              rightSectionWidth: 72,
              rightSection: (
                <button
                  type="button"
                  className="lnk"
                  style={{ fontSize: 12.5 }}
                  onClick={replace}
                  aria-label="Replace the password"
                >
                  Replace
                </button>
              ),
            }
          : {})}
      />
      {canCancel && (
        <div className="dim dropped">
          {password === secretMask && "What is stored stays until you type. "}
          <button type="button" className="lnk" onClick={cancel} aria-label="Cancel replacing the password">
            Cancel
          </button>
        </div>
      )}
      <Questions
        about="Password"
        typed={password}
        asked={asked}
        {...questioned}
        {...(password === "" ? { fix: "Bring it back", as: "Remove it" } : {})}
        keep={keep}
        change={(text) => (text === secretMask ? cancel() : set(text))}
      />
    </div>
  );
}

function descriptionOf({ isAsked, isStored }: { isAsked: boolean; isStored: boolean }): string {
  if (isAsked) return "The stored one belongs to another server, port, encryption or user name. Type it again.";
  if (isStored) return "Dots keep what is stored, for this server, port, encryption and user name.";
  return "Stored for this server, port, encryption and user name alone.";
}
