import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState, type SyntheticEvent } from "react";
import { z } from "zod";
import { callSignIn, wordsOf } from "../api.ts";
import { Alone } from "../ui/alone.tsx";
import { Notice } from "../ui/atoms.tsx";
import { useTitle } from "../ui/page-head.tsx";
import { useFocusHere } from "../ui/use-focus-here.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { SecondFactor } from "./second-factor.tsx";

const Search = z.object({ to: z.string().optional() });
const SignedIn = z.object({ twoFactorRedirect: z.boolean().optional() }).nullable().catch(null);

/** By e-mail and password, then the second factor if the user has one; then back to where the person wanted to go. */
export function SignInPage() {
  useTitle("Sign in");
  const [{ to }] = useUrlState(Search);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [second, setSecond] = useState(false);
  const done = useArrive(to);
  const here = useFocusHere<HTMLInputElement>();
  const signIn = useMutation({
    mutationFn: async () => SignedIn.parse(await callSignIn("sign-in/email", { email: email.trim(), password })),
    onSuccess: (answer) => (answer?.twoFactorRedirect ? setSecond(true) : done()),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  if (second) return <SecondFactor done={done} />;
  return (
    <Alone>
      <h1>Sign in</h1>
      <form onSubmit={submit} className="stack" style={{ marginTop: 20 }}>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          ref={here}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
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
        <p className="dim" style={{ fontSize: 12.5, margin: 0 }}>
          Forgotten the password? Whoever runs the server sets a new one with{" "}
          <span className="mono nowrap">patchbay user reset-password</span>.
        </p>
      </form>
    </Alone>
  );
}

/** Goes on to an address of this page only: a link from elsewhere can't lead a freshly signed-in person away. */
function useArrive(to: string | undefined): () => void {
  const router = useRouter();
  const queries = useQueryClient();
  return () => {
    queries.clear();
    router.history.push(to && /^\/(?![/\\])/.test(to) ? to : "/");
  };
}
