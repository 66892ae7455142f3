import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { callSignIn, wordsOf } from "../api.ts";
import { Notice } from "./atoms.tsx";
import { useFocusHere } from "./use-focus-here.ts";

/** The code of the authenticator app, or one of the backup codes. */
export function SecondFactorForm({ done }: { done: () => void }) {
  const [code, setCode] = useState("");
  const [backup, setBackup] = useState(false);
  const here = useFocusHere<HTMLInputElement>();
  const verify = useMutation({
    mutationFn: () =>
      callSignIn(backup ? "two-factor/verify-backup-code" : "two-factor/verify-totp", {
        code: backup ? code.trim() : code.replaceAll(/\D/g, ""),
      }),
    onSuccess: done,
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    // the form of the page behind it is another one
    event.stopPropagation();
    verify.mutate();
  };
  const other = () => {
    setBackup(!backup);
    setCode("");
    verify.reset();
  };
  return (
    <>
      <p className="t2" style={{ margin: "0 0 20px" }}>
        {backup
          ? "Type one of your backup codes. It works once."
          : "Type the 6 digits that your authenticator app shows."}
      </p>
      <form onSubmit={submit} className="stack">
        <TextInput
          key={backup ? "backup" : "app"}
          label={backup ? "Backup code" : "Code"}
          classNames={{ input: "mono" }}
          inputMode={backup ? "text" : "numeric"}
          autoComplete="one-time-code"
          required
          withAsterisk={false}
          ref={here}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {verify.error && (
          <div role="alert">
            <Notice o="failed">{wordsOf(verify.error)}</Notice>
          </div>
        )}
        <Button type="submit" loading={verify.isPending}>
          Go on
        </Button>
        <button type="button" className="lnk" style={{ justifySelf: "start", fontSize: 13 }} onClick={other}>
          {backup ? "Use the authenticator app" : "Use a backup code"}
        </button>
      </form>
    </>
  );
}
