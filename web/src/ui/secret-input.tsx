import { Textarea, type TextareaProps } from "@mantine/core";
import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";
import { secretMask } from "../../../src/contracts/connect.ts";
import { isLineBreak } from "../../../src/contracts/question-value.ts";

/** How several lines become one text, and what parts its pieces. */
export type PastedLines = { readonly join: (lines: string) => string | null; readonly by: "|" | "&" };

/**
 * A text that holds secrets. What is stored is masked and never shown again. *Replace* takes the whole text: the field is
 * empty and shows the shape of the old one; *Cancel* brings that back. Until something is typed, nothing is changed.
 */
export function SecretInput({
  value,
  saved,
  change,
  lines,
  ...props
}: Omit<TextareaProps, "value" | "onChange" | "readOnly"> & {
  value: string;
  saved: string;
  change: (value: string) => void;
  lines?: PastedLines;
}) {
  const input = useRef<HTMLTextAreaElement>(null);
  const [phase, setPhase] = useState<"closed" | "empty" | "typed">("closed");
  const stored = saved.includes(secretMask);
  const untouched = stored && value === saved;
  // brought back by whoever holds the text
  if (phase === "typed" && untouched) setPhase("closed");
  const emptied = untouched && phase === "empty";
  const locked = untouched && !emptied;
  const type = (text: string) => {
    setPhase("typed");
    change(text);
  };
  const replace = () => {
    setPhase("empty");
    requestAnimationFrame(() => input.current?.focus());
  };
  const cancel = () => {
    setPhase("closed");
    change(saved);
  };
  const called = typeof props["aria-label"] === "string" ? props["aria-label"] : "the secret";
  return (
    <>
      <Textarea
        {...props}
        ref={input}
        autosize
        minRows={1}
        maxRows={8}
        value={emptied ? "" : value}
        {...(emptied ? { placeholder: saved } : {})}
        onChange={(event) => type(inOneLine(event.currentTarget.value, lines))}
        onPaste={(event) => lines && pasteLines(event, lines, type)}
        onKeyDown={submitByEnter}
        readOnly={locked}
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: "mono oneline" }}
        {...(stored && !props.disabled
          ? {
              rightSectionWidth: 72,
              rightSection: (
                <button
                  type="button"
                  className="lnk"
                  style={{ fontSize: 12.5 }}
                  onClick={locked ? replace : cancel}
                  aria-label={locked ? `Replace ${called}` : `Cancel replacing ${called}`}
                >
                  {locked ? "Replace" : "Cancel"}
                </button>
              ),
            }
          : {})}
      />
      {emptied && (
        <div className="dim dropped">
          What is stored stays until you type.{" "}
          <button type="button" className="lnk" onClick={() => type("")}>
            Remove it
          </button>
        </div>
      )}
    </>
  );
}

/** Lines that are pieces become one text; a line break that is something else stays, to be asked about. */
function inOneLine(typed: string, lines: PastedLines | undefined): string {
  const text = typed.replace(/^[\r\n]+|[\r\n]+$/g, "");
  return isLineBreak.test(text) ? (lines?.join(text) ?? text) : text;
}

function pasteLines(
  event: ClipboardEvent<HTMLTextAreaElement>,
  lines: PastedLines,
  change: (value: string) => void,
): void {
  const { currentTarget: field, clipboardData } = event;
  const joined = field.readOnly ? null : lines.join(clipboardData.getData("text"));
  if (joined === null) return;
  event.preventDefault();
  const parts = [field.value.slice(0, field.selectionStart), joined, field.value.slice(field.selectionEnd)];
  const bare = parts.map((part) => part.trim().replace(new RegExp(`^\\${lines.by}|(?<!\\\\)\\${lines.by}$`, "g"), ""));
  change(bare.filter((part) => part !== "").join(lines.by));
}

/** It is one line, however long: Enter does what it does in every other field. */
function submitByEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
