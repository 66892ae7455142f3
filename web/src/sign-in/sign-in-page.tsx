import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { Alone } from "../ui/alone.tsx";
import { useTitle } from "../ui/page-head.tsx";
import { SignInForm } from "../ui/sign-in-form.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { SecondFactor } from "./second-factor.tsx";

const Search = z.object({ to: z.string().optional() });

/** By e-mail and password, then the second factor if the user has one; then back to where the person wanted to go. */
export function SignInPage() {
  useTitle("Sign in");
  const [{ to }] = useUrlState(Search);
  const [second, setSecond] = useState(false);
  const done = useArrive(to);
  if (second) return <SecondFactor done={done} />;
  return (
    <Alone>
      <h1>Sign in</h1>
      <div style={{ marginTop: 20 }}>
        <SignInForm done={done} second={() => setSecond(true)}>
          <p className="dim" style={{ fontSize: 12.5, margin: 0 }}>
            Forgotten the password? Whoever runs the server sets a new one with{" "}
            <span className="mono nowrap">patchbay user reset-password</span>.
          </p>
        </SignInForm>
      </div>
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
