import type { ConnectStanding } from "../contracts/connect.ts";
import type { ConnectId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

type StateRow = Pick<ConnectStanding, "paused_by" | "breaker" | "breaker_because"> & {
  readonly connect_id: ConnectId;
  readonly paused_at: Date | null;
  readonly breaker_since: Date | null;
  readonly probe_at: Date | null;
};

const columns = "connect_id, paused_at, paused_by, breaker, breaker_since, breaker_because, probe_at";

/** How these connects stand. One of which nothing was ever written isn't among them: see `neverPaused`. */
export async function readStandings(
  scope: AccountScope,
  ids: readonly ConnectId[],
): Promise<ReadonlyMap<ConnectId, ConnectStanding>> {
  const rows = await scope.query<StateRow>(
    `select ${columns} from connect_states where account_id = $1 and connect_id = any ($2::bigint[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.connect_id, standingOf(row)]));
}

export async function readStanding(scope: AccountScope, id: ConnectId): Promise<ConnectStanding> {
  return (await readStandings(scope, [id])).get(id) ?? neverPaused;
}

/**
 * Nothing of the connect is claimed from here on; what a worker has is finished. False: it was paused already, by whom and
 * since when stays. The connect's own row isn't locked: whoever settles its deliveries isn't waited for.
 */
export async function pauseConnect(scope: AccountScope, id: ConnectId, by: string): Promise<boolean> {
  const rows = await scope.query(
    `insert into connect_states (account_id, connect_id, paused_at, paused_by) values ($1, $2, now(), $3)
     on conflict (account_id, connect_id) do update set paused_at = excluded.paused_at, paused_by = excluded.paused_by
     where connect_states.paused_at is null
     returning 1`,
    [id, by],
  );
  return rows.length > 0;
}

/** False: it was not paused. */
export async function resumeConnect(scope: AccountScope, id: ConnectId): Promise<boolean> {
  const rows = await scope.query(
    `update connect_states set paused_at = null, paused_by = null
     where account_id = $1 and connect_id = $2 and paused_at is not null returning 1`,
    [id],
  );
  return rows.length > 0;
}

export const neverPaused: ConnectStanding = {
  paused_at: null,
  paused_by: null,
  breaker: "closed",
  breaker_since: null,
  breaker_because: null,
  probe_at: null,
};

/** The connects whose deliveries wait for them: paused, or paused by themselves. */
export async function connectsThatWait(scope: AccountScope): Promise<ConnectId[]> {
  const rows = await scope.query<{ connect_id: ConnectId }>(
    `select connect_id from connect_states where account_id = $1 and ${waits}`,
  );
  return rows.map(({ connect_id }) => connect_id);
}

export type ConnectThatWaits = {
  readonly id: ConnectId;
  readonly name: string;
  readonly because: "connect_off" | "paused" | "breaker";
};

/** Which of these send nothing now, and why: off, paused, or paused by themselves. */
export async function connectsThatSendNothing(
  scope: AccountScope,
  ids: readonly ConnectId[],
): Promise<ConnectThatWaits[]> {
  return scope.query<ConnectThatWaits>(
    `select c.id, c.name, case when not c.active then 'connect_off' else ${waitsFor} end as because
     from connects c left join connect_states s on s.account_id = $1 and s.connect_id = c.id
     where c.account_id = $1 and c.id = any ($2::bigint[]) and c.deleted_at is null
       and (not c.active or coalesce(${waits}, false))
     order by c.name`,
    [ids],
  );
}

/** Of a row of `connect_states`: what it sends is held. */
export const waits = "(paused_at is not null or breaker <> 'closed')";

/** Of a row of `connect_states` that waits: for what. */
export const waitsFor = "case when paused_at is not null then 'paused' else 'breaker' end";

/** Of a row of `due`: it is in nobody's hands, and no test, which is never held. */
export const maybeHeld = "(not test and (lease_until is null or lease_until <= now()))";

/** Of a row of `due`: why it is held, by itself or with its connect; null: it isn't. Looks its connect up. */
export const heldBecause = `case when held_because is not null then held_because when ${maybeHeld} then (
    select ${waitsFor} from connect_states s
    where s.account_id = due.account_id and s.connect_id = due.connect_id and ${waits}) end`;

function standingOf({ connect_id: _connect, ...row }: StateRow): ConnectStanding {
  return {
    ...row,
    paused_at: row.paused_at?.toISOString() ?? null,
    breaker_since: row.breaker_since?.toISOString() ?? null,
    probe_at: row.probe_at?.toISOString() ?? null,
  };
}
