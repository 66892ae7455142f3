import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./api.ts";
import { roomKey } from "./ui/room-notice.tsx";
import { sessionKey } from "./ui/session.ts";

/** Faults of the network and the database are tried twice more; what the server said no to is not asked again. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: lookAtSession }),
  mutationCache: new MutationCache({
    onError: (error) => {
      lookAtSession(error);
      if (error instanceof ApiProblem && error.code === "disk_full")
        void queryClient.invalidateQueries({ queryKey: roomKey });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && worthAnotherTry(error),
    },
    mutations: { retry: false },
  },
});

/** Signed out elsewhere, or the session ran out: the shell's next look at the session leads to signing in. */
function lookAtSession(error: unknown): void {
  if (error instanceof ApiProblem && error.code === "not_signed_in")
    void queryClient.invalidateQueries({ queryKey: sessionKey });
}

const worthAnotherTry = (error: ApiProblem): boolean =>
  error.problem === null ? error.code === "unreachable" : error.problem.status >= 500;
