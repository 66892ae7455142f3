import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { Role } from "../../../src/contracts/endpoint.ts";
import { roles } from "../../../src/contracts/endpoint.ts";
import { showSession, type Session } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";

export const sessionKey = ["session"] as const;

/** Who is signed in; fails with `not_signed_in` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: ({ signal }) => call(showSession, undefined, signal),
  staleTime: 60_000,
});

/** The signed-in user and the account. Only below the shell, which has loaded it. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether the signed-in user's role allows what this role may do. */
export function useMay(least: Role): boolean {
  return roles.indexOf(useSession().user.role) >= roles.indexOf(least);
}
