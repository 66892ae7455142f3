import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { callSignIn, wordsOf } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { sessionKey, useSession } from "../ui/session.ts";
import { say } from "../ui/toast.tsx";
import { QrCode } from "./qr-code.tsx";

/** One's own password and second factor. */
export default function SignIn() {
  const { user } = useSession();
  return (
    <>
      <div className="shead">
        <h2>Your sign-in</h2>
        <p>
          {user.name}, {user.email}
        </p>
      </div>
      <div className="sform">
        <SecondFactor on={user.second_factor} />
        <hr className="hr" />
        <ChangePassword />
      </div>
    </>
  );
}

type Setup = { readonly totpURI: string; readonly backupCodes: readonly string[] };

function SecondFactor({ on }: { on: boolean }) {
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
      say("The second factor is off");
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
          say("The second factor is on");
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

function ChangePassword() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () =>
      callSignIn("change-password", { currentPassword: current, newPassword: next, revokeOtherSessions: true }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      say("The password is changed. Other browsers are signed out");
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Part title="Password">
      <form className="stack" onSubmit={submit} noValidate>
        <PasswordInput
          label="Password now"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description="At least 12 characters. Other browsers are signed out."
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {change.error && (
          <div role="alert">
            <Notice o="failed">{wordsOf(change.error)}</Notice>
          </div>
        )}
        <div>
          <Button
            type="submit"
            variant="default"
            loading={change.isPending}
            disabled={current === "" || next.length < 12}
          >
            Change the password
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

function Part({ title, tag, children }: { title: string; tag?: ReactNode; children: ReactNode }) {
  return (
    <section className="stack" aria-label={title}>
      <h3 style={{ margin: 0, fontSize: 14, fontWeight: 600, display: "flex", gap: 12, alignItems: "center" }}>
        {title}
        {tag && <span style={{ fontSize: 13, fontWeight: 450 }}>{tag}</span>}
      </h3>
      {children}
    </section>
  );
}
