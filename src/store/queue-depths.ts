import type { AccountId, ConnectId } from "../contracts/ids.ts";
import type { HoldReason } from "../contracts/outcome.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { uuidV7Time } from "./uuid-v7.ts";

/** A bound on what is counted of one connect in one state: beyond it a number tells nothing new, and costs. */
export const queueCountMax = 10_000;

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
 * or under lease), due_behind and due_held, `$1` rows of each at most. A lease ends within a minute, so what is being sent
 * stands in that part of due_claim. `$2`: seconds.
 */
const depths = `
  select c.account_id, c.id as connect_id, ready.count as ready, ready.oldest as ready_oldest, leased.count as sending,
    behind.count as behind, behind.oldest as behind_oldest, held.count as held, held.oldest as held_oldest, held.because,
    case when s.paused_at is not null then 'paused' when s.breaker <> 'closed' then 'breaker' end as stopped
  from connects c
  left join connect_states s on s.account_id = c.account_id and s.connect_id = c.id
  cross join lateral (
    select count(*), (array_agg(id order by id))[1] as oldest from (
      select id from due d where d.account_id = c.account_id and d.connect_id = c.id and held_because is null
        and not behind and not test and (lease_until is null or lease_until <= now())
      order by coalesce(lease_until, due_at) limit $1) first
  ) ready
  cross join lateral (
    select count(*) from (
      select from due d where d.account_id = c.account_id and d.connect_id = c.id and held_because is null
        and not behind and not test and lease_until > now()
        and coalesce(lease_until, due_at) between now() and now() + interval '1 minute' limit $1) first
  ) leased
  cross join lateral (
    select count(*), (array_agg(id order by id))[1] as oldest from (
      select id from due d where d.account_id = c.account_id and d.connect_id = c.id and behind and held_because is null
        and not test order by id limit $1) first
  ) behind
  cross join lateral (
    select count(*), (array_agg(id order by id))[1] as oldest, array_agg(distinct held_because) as because from (
      select id, held_because from due d where d.account_id = c.account_id and d.connect_id = c.id
        and held_because is not null and kind = 'delivery' and not test order by id limit $1) first
  ) held`;

/** Those of one connect; null: there is none, or it owes nothing. */
export async function queueDepthOf(scope: AccountScope, connectId: ConnectId): Promise<QueueDepth | null> {
  // the account is $1 in a scope's queries, so the bound moves on
  const [row] = await scope.query<DepthRow>(`${depths.replaceAll("$1", "$2")} where c.account_id = $1 and c.id = $3`, [
    queueCountMax,
    connectId,
  ]);
  return row === undefined ? null : depthOf(row);
}

/** Those of all connects of all accounts that owe anything: for who watches the installation. */
export async function queueDepths(db: Queryable): Promise<QueueDepth[]> {
  const { rows } = await db.query<DepthRow>({
    name: "queue-depths",
    text: `${depths} where ready.count + leased.count + behind.count + held.count > 0`,
    values: [queueCountMax],
  });
  return rows.map(depthOf);
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
function depthOf(row: DepthRow): QueueDepth {
  const waiting = queue(row.ready + row.behind, [row.ready_oldest, row.behind_oldest]);
  const held = queue(row.held, [row.held_oldest]);
  const { account_id: accountId, connect_id: connectId, sending, stopped } = row;
  const because = row.because ?? [];
  if (stopped === null) return { accountId, connectId, waiting, sending, held: { ...held, because } };
  const all = queue(row.ready + row.behind + row.held, [row.ready_oldest, row.behind_oldest, row.held_oldest]);
  const reasons = waiting.count > 0 ? [stopped, ...because] : because;
  return { accountId, connectId, waiting: queue(0, []), sending, held: { ...all, because: reasons } };
}

function queue(count: number, oldestIds: readonly (string | null)[]): Queue {
  const oldest = oldestIds.filter((id) => id !== null).toSorted()[0];
  return {
    count: Math.min(count, queueCountMax),
    oldestAt: oldest === undefined ? null : new Date(uuidV7Time(oldest)),
  };
}
