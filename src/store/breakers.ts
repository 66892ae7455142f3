import type { AccountId, ConnectId } from "../contracts/ids.ts";
import { firstProbeSeconds, type BreakerState } from "../core/breaker.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

type Key = { readonly accountId: AccountId; readonly connectId: ConnectId };

/**
 * A connect's breaker, locked until the transaction ends; its row is made when there is none. null: the connect is gone.
 * `now` is the database's clock, in milliseconds since 1970.
 */
export async function lockBreaker(
  tx: Queryable,
  { accountId, connectId }: Key,
): Promise<{ readonly state: BreakerState; readonly now: number } | null> {
  const read = async () =>
    (
      await tx.query<{ state: BreakerState; now: number }>({
        name: "lock-breaker",
        text: `select jsonb_build_object('breaker', breaker, 'since', extract(epoch from breaker_since) * 1000,
            'failuresInRow', failures_in_row, 'refusalsInRow', refusals_in_row, 'recent', recent) as state,
            (extract(epoch from clock_timestamp()) * 1000)::float8 as now
          from connect_states where account_id = $1 and connect_id = $2 for update`,
        values: [accountId, connectId],
      })
    ).rows[0];
  const known = await read();
  if (known !== undefined) return known;
  await tx.query(
    `insert into connect_states (account_id, connect_id) select account_id, id from connects
     where account_id = $1 and id = $2 on conflict do nothing`,
    [accountId, connectId],
  );
  return (await read()) ?? null;
}

/** `changed`: it opened or closed, for this reason; that is kept in its history. */
export async function writeBreaker(
  tx: Queryable,
  { accountId, connectId }: Key,
  state: BreakerState,
  changed: string | null,
): Promise<void> {
  await tx.query({
    name: "write-breaker",
    text: `update connect_states set breaker = $3, breaker_since = to_timestamp($4::float8 / 1000), failures_in_row = $5,
        refusals_in_row = $6, recent = $7,
        breaker_because = case when $8::text is null then breaker_because when $3 = 'closed' then null else $8 end,
        probe_at = case when $8::text is null then probe_at
          when $3 = 'open' then now() + interval '${firstProbeSeconds} s' end,
        probe_wait_seconds = case when $8::text is null then probe_wait_seconds
          when $3 = 'open' then ${firstProbeSeconds * 2} end
      where account_id = $1 and connect_id = $2`,
    values: [
      accountId,
      connectId,
      state.breaker,
      state.since,
      state.failuresInRow,
      state.refusalsInRow,
      JSON.stringify(state.recent),
      changed,
    ],
  });
  if (changed === null) return;
  await tx.query("insert into breaker_changes (account_id, connect_id, breaker, because) values ($1, $2, $3, $4)", [
    accountId,
    connectId,
    state.breaker,
    changed,
  ]);
}

/** The connect was saved anew: its credentials, and whatever else was wrong, get another chance at once. True: it had paused itself. */
export async function resetBreaker(scope: AccountScope, connectId: ConnectId): Promise<boolean> {
  const rows = await scope.query(
    `with reset as (
       update connect_states set breaker = 'closed', breaker_since = null, breaker_because = null, probe_at = null,
         probe_wait_seconds = null, failures_in_row = 0, refusals_in_row = 0, recent = '[]'
       where account_id = $1 and connect_id = $2 and (breaker <> 'closed' or recent <> '[]' or refusals_in_row > 0)
       returning *
     )
     insert into breaker_changes (account_id, connect_id, breaker, because)
     select s.account_id, s.connect_id, 'closed', 'the connect was saved anew' from connect_states s
     where s.account_id = $1 and s.connect_id = $2 and s.breaker <> 'closed' and exists (select from reset)
     returning 1`,
    [connectId],
  );
  return rows.length > 0;
}
