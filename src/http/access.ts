import type { FastifyRequest } from "fastify";
import { roles, type Role } from "../contracts/endpoint.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import { findToken, touchToken } from "../store/tokens.ts";
import { findUserBySignIn } from "../store/users.ts";
import type { Caller } from "./caller.ts";
import { headersOf, type SiteCheck } from "./mount-sign-in.ts";
import type { Access } from "./route.ts";
import { tellingOutages } from "./sign-in-outages.ts";
import type { SignIn } from "./sign-in.ts";
import { createWrongTokens, type WrongTokens } from "./v1/wrong-tokens.ts";

/** Who calls the admin API: a signed-in user by cookie, or an API token that has the section `admin`. */
export function createAccess(database: Database, signIn: SignIn, refuseOtherSites: SiteCheck): Access {
  const wrongTokens = createWrongTokens();
  return {
    require: (role) => async (request) => {
      const caller =
        (await byToken(database, request, wrongTokens)) ??
        (await bySession(database, signIn, request, refuseOtherSites));
      if (caller === null) throw new ProblemError("not_signed_in");
      // set before the role is judged, so that the log tells who was refused
      request.caller = caller;
      if (rank(caller.role) < rank(role))
        throw new ProblemError("forbidden", { detail: `This takes the role ${role}; yours is ${caller.role}.` });
    },
  };
}

const rank = (role: Role): number => roles.indexOf(role);

async function byToken(database: Database, request: FastifyRequest, wrongTokens: WrongTokens): Promise<Caller | null> {
  const { authorization } = request.headers;
  if (authorization === undefined) return null;
  const secret = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  const token = secret === undefined ? null : await findToken(database, secret);
  if (token === null) {
    await wrongTokens.slowDown(request.ip);
    throw new ProblemError("not_signed_in", { detail: "This API token is not known, was revoked, or has run out." });
  }
  if (!token.access.includes("admin")) throw new ProblemError("token_refused");
  await touchToken(database, token);
  const { accountId, id, name } = token;
  return {
    accountId,
    kind: "token",
    id,
    name,
    role: "admin",
    sessionId: null,
    scope: accountScope(database, accountId),
  };
}

async function bySession(
  database: Database,
  signIn: SignIn,
  request: FastifyRequest,
  refuseOtherSites: SiteCheck,
): Promise<Caller | null> {
  if (request.headers.cookie === undefined) return null;
  refuseOtherSites(request);
  const session = await tellingOutages(() => signIn.api.getSession({ headers: headersOf(request) }));
  // asked each time, so that who was switched off or changed role is so at once
  const user = session === null ? null : await findUserBySignIn(database, session.user.id);
  if (session === null || user === null) return null;
  const { accountId, id, name, role } = user;
  return {
    accountId,
    kind: "user",
    id,
    name,
    role,
    sessionId: session.session.id,
    scope: accountScope(database, accountId),
  };
}
