import type { EventResult } from "../contracts/event.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

/**
 * Takes the ids that events came with, for this transaction; gives the earlier answers of those that were taken in the
 * last 7 days. Whoever sends an id that another transaction is storing waits here for its end. Taken in sorted order, so
 * that two batches can't wait for each other.
 */
export async function takeEventKeys(
  scope: AccountScope,
  keys: readonly string[],
): Promise<ReadonlyMap<string, EventResult>> {
  if (keys.length === 0) return new Map();
  const sorted = [...new Set(keys)].toSorted();
  const taken = await scope.prepared<{ key: string }>(
    "take-event-keys",
    `insert into event_keys (account_id, key, answer, expires_at)
     select $1, key, 'null', now() + interval '7 days' from unnest($2::text[]) as wanted(key)
     on conflict (account_id, key) do update set answer = 'null', expires_at = excluded.expires_at
       where event_keys.expires_at < now()
     returning key`,
    [sorted],
  );
  const ours = new Set(taken.map(({ key }) => key));
  const others = sorted.filter((key) => !ours.has(key));
  if (others.length === 0) return new Map();
  const rows = await scope.query<{ key: string; answer: EventResult }>(
    "select key, answer from event_keys where account_id = $1 and key = any ($2::text[])",
    [others],
  );
  return new Map(rows.map(({ key, answer }) => [key, answer]));
}

/** Keeps what was answered; an event that was refused leaves its id free, so that it can be sent again put right. */
export async function keepEventAnswers(
  scope: AccountScope,
  answers: readonly (readonly [key: string, answer: EventResult])[],
): Promise<void> {
  const stored = answers.filter(([, answer]) => answer.stored);
  const refused = answers.filter(([, answer]) => !answer.stored);
  if (stored.length > 0)
    await scope.prepared(
      "keep-event-answers",
      `update event_keys k set answer = batch.answer::jsonb
       from unnest($2::text[], $3::text[]) as batch(key, answer) where k.account_id = $1 and k.key = batch.key`,
      [stored.map(([key]) => key), stored.map(([, answer]) => JSON.stringify(answer))],
    );
  if (refused.length > 0)
    await scope.query("delete from event_keys where account_id = $1 and key = any ($2::text[])", [
      refused.map(([key]) => key),
    ]);
}

/** Forgets ids that ran out, along their index. Crosses accounts: housekeeping. */
export async function dropExpiredEventKeys(db: Queryable): Promise<void> {
  await db.query("delete from event_keys where expires_at < now()");
}
