import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { callSignIn, wordsOf } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { say } from "../ui/toast.tsx";
import { Part } from "./part.tsx";
import { showPassword } from "./show-password.ts";

/** One's own password. */
export function ChangePassword() {
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
          visibilityToggleButtonProps={showPassword}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description="At least 12 characters. Other browsers are signed out."
          autoComplete="new-password"
          visibilityToggleButtonProps={showPassword}
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
