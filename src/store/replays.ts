import type { AccountId, ConnectId, DeliveryId, ReplayId } from "../contracts/ids.ts";
import type { Outcome } from "../contracts/outcome.ts";
import type { Replay, ReplayFilter, ReplayMode } from "../contracts/replay.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

/** Why a replay left a delivery as it was. */
export type SkipReason = "connect_gone" | "mapping_refused" | "event_gone" | "under_way";
export type Skipped = Partial<Record<SkipReason, number>>;

export type ReplayRow = {
  readonly id: ReplayId;
  readonly filter: ReplayFilter | null;
  readonly chosen: number | null;
  readonly connect_id: ConnectId | null;
  readonly connect_name: string | null;
  readonly mode: ReplayMode;
  readonly per_second: number | null;
  readonly state: Replay["state"];
  readonly total: number;
  readonly total_capped: boolean;
  readonly moved: number;
  readonly skipped: Skipped;
  readonly outcomes: Partial<Record<Outcome, number>>;
  readonly note: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly ended_at: Date | null;
};

export type NewReplay = {
  readonly which: { readonly ids: readonly DeliveryId[] } | { readonly filter: ReplayFilter };
  readonly connectId: ConnectId | null;
  readonly mode: ReplayMode;
  readonly perSecond: number | null;
  readonly total: number;
  readonly totalCapped: boolean;
  readonly notAfter: string;
  readonly createdBy: string;
  /** Only what was settled before it is sent again. */
  readonly createdAt: Date;
};

export async function insertReplay(scope: AccountScope, replay: NewReplay): Promise<ReplayId> {
  const { which } = replay;
  const [row] = await scope.query<{ id: ReplayId }>(
    `insert into replays (account_id, filter, ids, connect_id, mode, per_second, total, total_capped, not_after,
       created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
    [
      "filter" in which ? JSON.stringify(which.filter) : null,
      "ids" in which ? which.ids : null,
      replay.connectId,
      replay.mode,
      replay.perSecond,
      replay.total,
      replay.totalCapped,
      replay.notAfter,
      replay.createdBy,
      replay.createdAt,
    ],
  );
  return row!.id;
}

const columns = `r.id, r.filter, cardinality(r.ids) as chosen, r.connect_id, c.name as connect_name, r.mode,
  r.per_second, r.state, r.total, r.total_capped, r.moved, r.skipped, r.outcomes, r.note, r.created_by, r.created_at,
  r.ended_at`;
const source = "replays r left join connects c on c.account_id = $1 and c.id = r.connect_id";

/** Newest first, before the id `before`. */
export async function listReplays(
  scope: AccountScope,
  state: Replay["state"] | undefined,
  before: number | undefined,
  limit: number,
): Promise<ReplayRow[]> {
  return scope.query<ReplayRow>(
    `select ${columns} from ${source}
     where r.account_id = $1 and ($2::text is null or r.state = $2) and ($3::bigint is null or r.id < $3)
     order by r.id desc limit $4`,
    [state ?? null, before ?? null, limit],
  );
}

export async function findReplay(scope: AccountScope, id: ReplayId): Promise<ReplayRow | null> {
  const [row] = await scope.query<ReplayRow>(`select ${columns} from ${source} where r.account_id = $1 and r.id = $2`, [
    id,
  ]);
  return row ?? null;
}

/** Waits for the batch that is just being moved; after it, none follows. One that has ended stays as it ended. */
export async function cancelReplay(scope: AccountScope, id: ReplayId): Promise<void> {
  await scope.query(
    `update replays set state = 'cancelled', ended_at = now(), note = ''
     where account_id = $1 and id = $2 and state = 'running'`,
    [id],
  );
}

/** Where a replay stands, for the batch that is moved next. */
export type RunningReplay = Pick<ReplayRow, "id" | "filter" | "mode" | "per_second" | "created_at"> & {
  readonly account_id: AccountId;
  readonly ids: DeliveryId[] | null;
  readonly walks: "owed" | "settled";
  readonly cursor: DeliveryId | null;
  readonly not_after: string;
};

/**
 * Locks the replay whose turn it is, until the transaction ends; null: no replay may move anything now. The lock is what
 * makes one process at a time work on it: it is gone with the process that had it, and by the time-out set here also with
 * one that hangs in the middle. Of several replays each gets its turn. Crosses accounts: a worker works for all.
 */
export async function lockNextReplay(tx: Queryable): Promise<RunningReplay | null> {
  await tx.query("set local idle_in_transaction_session_timeout = '20s'");
  const { rows } = await tx.query<RunningReplay>(
    `select account_id, id, filter, ids, mode, per_second, created_at, walks, cursor, not_after
     from replays where state = 'running' and next_at <= now() order by next_at limit 1 for update skip locked`,
  );
  return rows[0] ?? null;
}

/** In how many milliseconds a batch may be moved, and an outcome may be counted; infinite: nothing of it is to be done. */
export async function nextReplayWork(
  db: Queryable,
): Promise<{ readonly moveInMs: number; readonly countInMs: number }> {
  const { rows } = await db.query<{ move: number | null; count: number | null }>(
    `select extract(epoch from (select min(next_at) from replays where state = 'running') - now())::float8 * 1000 as move,
       extract(epoch from (select min(look_at) from replayed) - now())::float8 * 1000 as count`,
  );
  const { move, count } = rows[0]!;
  return { moveInMs: move ?? Number.POSITIVE_INFINITY, countInMs: count ?? Number.POSITIVE_INFINITY };
}

/** What a batch did, and where the walk is now. */
export type Advance = Pick<RunningReplay, "walks" | "cursor"> & {
  readonly moved: readonly DeliveryId[];
  readonly skipped: Skipped;
  readonly waitMs: number;
  readonly ends: boolean;
};

/** Writes a batch's progress, in the batch's transaction, and remembers whose outcome is to be counted. */
export async function advanceReplay(scope: AccountScope, id: ReplayId, advance: Advance): Promise<void> {
  await scope.query(
    `update replays set moved = moved + $3, walks = $4, cursor = $5, note = '',
       skipped = skipped || coalesce((
         select jsonb_object_agg(reason, coalesce((skipped ->> reason)::int, 0) + times::int)
         from jsonb_each_text($6::jsonb) as more (reason, times)), '{}'),
       next_at = greatest(next_at, clock_timestamp()) + $7 * interval '1 ms',
       state = case when $8 then 'done' else state end, ended_at = case when $8 then now() end
     where account_id = $1 and id = $2`,
    [
      id,
      advance.moved.length,
      advance.walks,
      advance.cursor,
      JSON.stringify(advance.skipped),
      advance.waitMs,
      advance.ends,
    ],
  );
  if (advance.moved.length === 0) return;
  // a delivery that was owed when the replay met it can't come by a second time, unless the clock stepped back
  await scope.query(
    `insert into replayed (account_id, replay_id, delivery_id) select $1, $2, id from unnest($3::uuid[]) as moved (id)
     on conflict do nothing`,
    [id, advance.moved],
  );
}

/** Something broke over a batch: it is tried again after the others had their turns. */
export async function postponeReplay(scope: AccountScope, id: ReplayId, seconds: number, note: string): Promise<void> {
  await scope.query(
    "update replays set next_at = now() + $3 * interval '1 s', note = $4 where account_id = $1 and id = $2",
    [id, seconds, note],
  );
}

/** Deletes replays that ended longer ago, along replays_age. Crosses accounts: housekeeping. */
export async function dropOldReplays(db: Queryable, retentionDays: number): Promise<void> {
  await db.query("delete from replays where state <> 'running' and ended_at < now() - make_interval(days => $1)", [
    retentionDays,
  ]);
}
