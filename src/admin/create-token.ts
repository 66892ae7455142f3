import type { TokenId } from "../contracts/ids.ts";
import { badInput, ProblemError } from "../core/problem-error.ts";
import { insertToken, revokeToken as revokeRow, type NewToken, type TokenRow } from "../store/tokens.ts";
import { recordSave, type Change } from "./change.ts";

/** Makes an API token. The secret is in this answer and nowhere else. */
export async function createToken(change: Change, token: NewToken): Promise<TokenRow & { readonly secret: string }> {
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now())
    throw badInput("expires_at", "this is in the past, so the token would never work");
  const made = await insertToken(change.scope, token);
  const { name, access, rate_per_second, expires_at } = made;
  const after = { name, access, rate_per_second, expires_at };
  await recordSave(change, { kind: "token", id: made.id, name, action: "create", before: null, after });
  return made;
}

/** It works no more from this moment on. */
export async function revokeToken(change: Change, id: TokenId): Promise<void> {
  const token = await revokeRow(change.scope, id);
  if (token === null) throw new ProblemError("not_found", { detail: `There is no token ${id} that still works.` });
  const { name, access } = token;
  await recordSave(change, { kind: "token", id, name, action: "revoke", before: { name, access }, after: null });
}
