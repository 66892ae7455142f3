import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { callSignIn, wordsOf } from "../api.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { sessionKey } from "../ui/session.ts";
import { say } from "../ui/toast.tsx";
import { Part } from "./part.tsx";
import { QrCode } from "./qr-code.tsx";
import { showPassword } from "./show-password.ts";

type Setup = { readonly totpURI: string; readonly backupCodes: readonly string[] };

/** One's own second factor: set up with an authenticator app, or switched off. */
export function SecondFactor({ on }: { on: boolean }) {
  const queries = useQueryClient();
  const [setup, setSetup] = useState<Setup | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: sessionKey });
  const enable = useMutation({
    mutationFn: (password: string) => callSignIn("two-factor/enable", { password }) as Promise<Setup>,
    onSuccess: setSetup,
  });
  const disable = useMutation({
    mutationFn: (password: string) => callSignIn("two-factor/disable", { password }),
    onSuccess: async () => {
      await refresh();
      say("The second factor is off. Other browsers are signed out");
    },
  });
  if (setup)
    return (
      <SetUp
        setup={setup}
        cancel={() => setSetup(null)}
        done={async () => {
          await refresh();
          setSetup(null);
          say("The second factor is on. Other browsers are signed out");
        }}
      />
    );
  return (
    <Part title="Second factor" tag={on ? <Outcome o="accepted" word="On" quiet /> : <span className="dim">Off</span>}>
      <p className="t2" style={{ margin: 0, fontSize: 13.5 }}>
        {on
          ? "Signing in asks for a code of your authenticator app besides the password."
          : "With it, signing in asks for a code of an authenticator app on your phone besides the password."}
      </p>
      <PasswordForm
        key={String(on)}
        verb={on ? "Switch it off" : "Set it up"}
        pending={enable.isPending || disable.isPending}
        error={on ? disable.error : enable.error}
        submit={(password) => (on ? disable : enable).mutate(password)}
      />
    </Part>
  );
}

function SetUp({ setup, done, cancel }: { setup: Setup; done: () => Promise<void>; cancel: () => void }) {
  const [code, setCode] = useState("");
  const verify = useMutation({
    mutationFn: () => callSignIn("two-factor/verify-totp", { code: code.replace(/\D/g, "") }),
    onSuccess: done,
  });
  const key = new URL(setup.totpURI).searchParams.get("secret") ?? "";
  const codes = setup.backupCodes.join("\n");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    verify.mutate();
  };
  return (
    <Part title="Set up the second factor">
      <div style={{ display: "flex", gap: 20, flexWrap: "wrap", alignItems: "center" }}>
        <QrCode text={setup.totpURI} label="The key as a picture for your authenticator app" />
        <div style={{ flex: "1 1 220px", fontSize: 13.5 }}>
          <p style={{ margin: "0 0 8px" }}>1. Read the picture with your authenticator app, or type this key:</p>
          <div className="well secretline">
            <code>{key.replace(/(.{4})(?=.)/g, "$1 ")}</code>
            <CopyButton text={key} label="Copy" />
          </div>
        </div>
      </div>
      <div style={{ fontSize: 13.5 }}>
        <p style={{ margin: "0 0 8px" }}>
          2. Keep these backup codes. Each works once, when the phone is lost; they aren’t shown again.
        </p>
        <div className="well secretline" style={{ alignItems: "flex-start" }}>
          <code style={{ columns: "2", whiteSpace: "pre" }}>{codes}</code>
          <CopyButton text={codes} label="Copy" />
        </div>
      </div>
      <form className="stack" style={{ gap: 12 }} onSubmit={submit} noValidate>
        <TextInput
          label="3. Type the code that the app shows now"
          classNames={{ input: "mono" }}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={9}
          value={code}
          error={verify.error ? wordsOf(verify.error) : undefined}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <div style={{ display: "flex", gap: 8 }}>
          <Button type="submit" loading={verify.isPending}>
            Switch it on
          </Button>
          <Button type="button" variant="subtle" color="gray" onClick={cancel}>
            Cancel
          </Button>
        </div>
      </form>
    </Part>
  );
}

/** The library asks for the password before it changes how one signs in. */
function PasswordForm({
  verb,
  pending,
  error,
  submit,
}: {
  verb: string;
  pending: boolean;
  error: unknown;
  submit: (password: string) => void;
}) {
  const [password, setPassword] = useState("");
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    submit(password);
  };
  return (
    <form className="stack" style={{ gap: 12 }} onSubmit={send} noValidate>
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        visibilityToggleButtonProps={showPassword}
        value={password}
        error={error ? wordsOf(error) : undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" variant="default" loading={pending} disabled={password === ""}>
          {verb}
        </Button>
      </div>
    </form>
  );
}
