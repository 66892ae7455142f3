import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { ApiProblem } from "../api.ts";
import { useHasEdits } from "./edits.ts";
import { sessionQuery } from "./session.ts";

// seldom, and not part of the first page's script
const SignInAgain = lazy(() => import("./sign-in-again.tsx").then((file) => ({ default: file.SignInAgain })));

/**
 * The session ended meanwhile (another tab, its time). Where nothing is typed the sign-in page comes, and leads back here;
 * else one signs in above the page, which keeps what was typed.
 */
export function SignedOut() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { error, data } = useQuery(sessionQuery);
  const hasEdits = useHasEdits();
  const gone = error instanceof ApiProblem && error.code === "not_signed_in";
  useEffect(() => {
    if (gone && !hasEdits) void navigate({ to: "/sign-in", search: { to: location.pathname + location.search } });
  }, [gone, hasEdits, navigate]);
  if (!gone || !hasEdits || !data) return null;
  return (
    <Suspense>
      <SignInAgain
        email={data.user.email}
        done={async () => {
          const now = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
          // what was typed belongs to who typed it
          if (now.user.id !== data.user.id) location.assign("/");
          else await queries.invalidateQueries();
        }}
      />
    </Suspense>
  );
}
