import type { FastifyRequest } from "fastify";
import type { Role } from "../contracts/endpoint.ts";
import type { AccountId } from "../contracts/ids.ts";
import type { AccountScope } from "../store/account-scope.ts";

/** Who asks, and for which account. Whatever a handler reads or changes, it does through the account's scope. */
export type Caller = {
  readonly accountId: AccountId;
  readonly kind: "user" | "token";
  /** The user's or the token's. */
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  /** Of a user, by which they were let in; null: a token. */
  readonly sessionId: string | null;
  /** On the pool; a transaction makes its own. */
  readonly scope: AccountScope;
};

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** The caller of a request that went through `access.require`. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.routeOptions.url} did not ask who calls`);
  return request.caller;
}
