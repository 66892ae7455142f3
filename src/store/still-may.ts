import type { Role } from "../contracts/endpoint.ts";
import type { AccountId } from "../contracts/ids.ts";
import type { Queryable } from "./database.ts";
import { unnest } from "./unnest.ts";

/** Who was let in, and by what: a user by a session, or an API token. */
export type LetIn = {
  readonly accountId: AccountId;
  readonly kind: "user" | "token";
  readonly id: number;
  /** The user's; null: a token. */
  readonly sessionId: string | null;
  readonly role: Role;
};

/**
 * Which of these would be let in again now, in the role they had: the session goes on, the user is on, the token is
 * neither revoked nor run out. One statement whatever their number; along keys. Crosses accounts: it gives no row of any.
 */
export async function stillMay<One extends LetIn>(db: Queryable, all: readonly One[]): Promise<ReadonlySet<One>> {
  const batch = unnest(
    all.map((one, at) => ({ ...one, at })),
    [
      ["at", "integer", ({ at }) => at],
      ["account_id", "bigint", ({ accountId }) => accountId],
      ["user_id", "bigint", ({ kind, id }) => (kind === "user" ? id : null)],
      ["token_id", "bigint", ({ kind, id }) => (kind === "token" ? id : null)],
      ["session_id", "uuid", ({ sessionId }) => sessionId],
      ["role", "text", ({ role }) => role],
    ],
  );
  const { rows } = await db.query<{ at: number }>({
    name: "still-may",
    text: `select at from ${batch.from} where case
      when token_id is not null then exists (
        select from api_tokens t where t.account_id = batch.account_id and t.id = batch.token_id and t.revoked_at is null
          and (t.expires_at is null or t.expires_at > now()) and batch.role = 'admin' and 'admin' = any (t.access))
      else exists (
        select from users u join sign_in_session s on s.user_id = u.sign_in_user_id
        where u.account_id = batch.account_id and u.id = batch.user_id and u.active and u.role = batch.role
          and s.id = batch.session_id and s.expires_at > now()) end`,
    values: batch.values,
  });
  return new Set(rows.map(({ at }) => all[at]!));
}
