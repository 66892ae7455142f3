import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { z } from "zod";
import { callSignIn, wordsOf } from "../api.ts";
import { Notice } from "./atoms.tsx";
import { useFocusHere } from "./use-focus-here.ts";

const SignedIn = z.object({ twoFactorRedirect: z.boolean().optional() }).nullable().catch(null);

/** E-mail and password. `second`: the user has a second factor, which is asked for next. */
export function SignInForm({
  first = "",
  done,
  second,
  children,
}: {
  first?: string;
  done: () => void;
  second: () => void;
  children?: ReactNode;
}) {
  const [email, setEmail] = useState(first);
  const [password, setPassword] = useState("");
  const here = useFocusHere<HTMLInputElement>();
  const signIn = useMutation({
    mutationFn: async () => SignedIn.parse(await callSignIn("sign-in/email", { email: email.trim(), password })),
    onSuccess: (answer) => (answer?.twoFactorRedirect ? second() : done()),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    // the form of the page behind it is another one
    event.stopPropagation();
    signIn.mutate();
  };
  return (
    <form onSubmit={submit} className="stack">
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        ref={first === "" ? here : null}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        ref={first === "" ? null : here}
        data-autofocus={first !== "" || undefined}
        visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {signIn.error && (
        <div role="alert">
          <Notice o="failed">{wordsOf(signIn.error)}</Notice>
        </div>
      )}
      <Button type="submit" loading={signIn.isPending}>
        Sign in
      </Button>
      {children}
    </form>
  );
}
