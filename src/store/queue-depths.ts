import type { AccountId, ConnectId } from "../contracts/ids.ts";
import type { HoldReason } from "../contracts/outcome.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { uuidV7Time } from "./uuid-v7.ts";

/**
 * Bounds on what is counted of one connect in one state: beyond them a number tells little, and costs 1.5–3 µs a row. Of
 * all connects at once less than of one: a scrape comes every few seconds.
 */
export const queueCountMax = { ofOne: 10_000, ofAll: 1_000 } as const;

/** What a connect owes. Tests don't count. */
export type QueueDepth = {
  readonly accountId: AccountId;
  readonly connectId: ConnectId;
  readonly waiting: Queue;
  readonly sending: number;
  readonly held: Queue & { readonly because: readonly HoldReason[] };
};
/** `oldestAt`: when the oldest of those counted was planned. */
type Queue = { readonly count: number; readonly oldestAt: Date | null };

/**
 * How much each connect that owes anything owes, whatever the number: along due_claim (what is next in its lane: waiting,
 * or under lease), due_connect_behind and due_held, `most` rows of each. A lease ends within a minute, so what is being sent stands
 * in that part of due_claim.
 */
const depths = (most: "$1" | "$2"): string => `
  select c.account_id, c.id as connect_id, ready.count as ready, ready.oldest as ready_oldest, leased.count as sending,
    behind.count as behind, behind.oldest as behind_oldest, held.count as held, held.oldest as held_oldest, held.because,
    case when s.paused_at is not null then 'paused' when s.breaker <> 'closed' then 'breaker' end as stopped
  from connects c
  left join connect_states s on s.account_id = c.account_id and s.connect_id = c.id
  cross join lateral (
    select count(*), (array_agg(id order by id))[1] as oldest from (
      select id from due d where d.account_id = c.account_id and d.connect_id = c.id and held_because is null
        and not behind and not test and (lease_until is null or lease_until <= now())
      order by coalesce(lease_until, due_at) limit ${most}) first
  ) ready
  cross join lateral (
    select count(*) from (
      select from due d where d.account_id = c.account_id and d.connect_id = c.id and held_because is null
        and not behind and not test and lease_until > now()
        and coalesce(lease_until, due_at) between now() and now() + interval '1 minute' limit ${most}) first
  ) leased
  cross join lateral (
    select count(*), (array_agg(id order by id))[1] as oldest from (
      select id from due d where d.account_id = c.account_id and d.connect_id = c.id and behind and held_because is null
        and not test order by id limit ${most}) first
  ) behind
  cross join lateral (
    select count(*), (array_agg(id order by id))[1] as oldest, array_agg(distinct held_because) as because from (
      select id, held_because from due d where d.account_id = c.account_id and d.connect_id = c.id
        and held_because is not null and kind = 'delivery' and not test order by id limit ${most}) first
  ) held`;

/** Those of one connect; null: there is none. */
export async function queueDepthOf(scope: AccountScope, connectId: ConnectId): Promise<QueueDepth | null> {
  const most = queueCountMax.ofOne;
  const [row] = await scope.query<DepthRow>(`${depths("$2")} where c.account_id = $1 and c.id = $3`, [most, connectId]);
  return row === undefined ? null : depthOf(row, most);
}

/** Those of all connects of all accounts that owe anything: for who watches the installation. */
export async function queueDepths(db: Queryable): Promise<QueueDepth[]> {
  const most = queueCountMax.ofAll;
  const { rows } = await db.query<DepthRow>({
    name: "queue-depths",
    text: `${depths("$1")} where ready.count + leased.count + behind.count + held.count > 0`,
    values: [most],
  });
  return rows.map((row) => depthOf(row, most));
}

/** How many rows `due` holds, of all accounts, as PostgreSQL last estimated: its autovacuum follows growth of 2 %. */
export async function estimateOwed(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ estimate: number }>(
    "select greatest(0, reltuples)::float8 as estimate from pg_class where oid = 'due'::regclass",
  );
  return rows[0]!.estimate;
}

type DepthRow = {
  account_id: AccountId;
  connect_id: ConnectId;
  ready: number;
  ready_oldest: string | null;
  sending: number;
  behind: number;
  behind_oldest: string | null;
  held: number;
  held_oldest: string | null;
  because: HoldReason[] | null;
  stopped: "paused" | "breaker" | null;
};

/** Where the connect itself is stopped, what waits for it counts as held. */
function depthOf(row: DepthRow, most: number): QueueDepth {
  const queue = (count: number, oldestIds: readonly (string | null)[]): Queue => {
    const oldest = oldestIds.filter((id) => id !== null).toSorted()[0];
    return { count: Math.min(count, most), oldestAt: oldest === undefined ? null : new Date(uuidV7Time(oldest)) };
  };
  const waiting = queue(row.ready + row.behind, [row.ready_oldest, row.behind_oldest]);
  const held = queue(row.held, [row.held_oldest]);
  const { account_id: accountId, connect_id: connectId, sending, stopped } = row;
  const because = row.because ?? [];
  if (stopped === null) return { accountId, connectId, waiting, sending, held: { ...held, because } };
  const all = queue(row.ready + row.behind + row.held, [row.ready_oldest, row.behind_oldest, row.held_oldest]);
  const reasons = waiting.count > 0 ? [stopped, ...because] : because;
  return { accountId, connectId, waiting: queue(0, []), sending, held: { ...all, because: reasons } };
}
