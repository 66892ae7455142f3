import type { TokenId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

/**
 * Takes a key for this transaction, or gives the first answer under it. A second request with the key waits here until
 * the first one's transaction ends. Keys older than 24 hours are free again.
 */
export async function takeIdempotencyKey(
  scope: AccountScope,
  token: TokenId,
  key: string,
): Promise<{ readonly taken: true } | { readonly taken: false; readonly answer: unknown }> {
  const taken = await scope.query(
    `insert into idempotency_keys (account_id, token_id, key, answer, expires_at)
     values ($1, $2, $3, 'null', now() + interval '24 hours')
     on conflict (account_id, token_id, key) do update set answer = 'null', expires_at = excluded.expires_at
       where idempotency_keys.expires_at < now()
     returning 1`,
    [token, key],
  );
  if (taken.length > 0) return { taken: true };
  const [first] = await scope.query<{ answer: unknown }>(
    "select answer from idempotency_keys where account_id = $1 and token_id = $2 and key = $3",
    [token, key],
  );
  return { taken: false, answer: first?.answer };
}

/** Keeps the answer under a key taken in the same transaction. */
export async function keepAnswer(scope: AccountScope, token: TokenId, key: string, answer: unknown): Promise<void> {
  await scope.query("update idempotency_keys set answer = $4 where account_id = $1 and token_id = $2 and key = $3", [
    token,
    key,
    JSON.stringify(answer),
  ]);
}

/** Forgets keys that ran out, along their index. Crosses accounts: housekeeping. */
export async function dropExpiredKeys(db: Queryable): Promise<void> {
  await db.query("delete from idempotency_keys where expires_at < now()");
}
