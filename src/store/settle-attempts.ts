import type { Call } from "../contracts/delivery.ts";
import type { AttemptId, ConnectId } from "../contracts/ids.ts";
import type { Diagnosis, HoldReason, Outcome } from "../contracts/outcome.ts";
import type { Queryable } from "./database.ts";
import { notifyDue, type Leased } from "./due.ts";
import { carriedColumns } from "./end-due.ts";
import { lockLanes, promoteNext, type LaneKey } from "./lanes.ts";
import { ofKey } from "./of-key.ts";
import { storableJson, storableText } from "./storable.ts";
import { unnest } from "./unnest.ts";

/** What becomes of a delivery after an attempt. */
export type AttemptEnd =
  | { readonly kind: "settled"; readonly outcome: Outcome }
  | { readonly kind: "again"; readonly waitMs: number; readonly usesAttempt: boolean }
  | { readonly kind: "held"; readonly reason: HoldReason };

/** One attempt that ended; everything in it is masked already. `attempt` null: nothing was tried (see `settle`). */
export type EndedAttempt = Leased & {
  readonly connectId: ConnectId;
  readonly lane: LaneKey | null;
  readonly end: AttemptEnd;
  readonly result: string | null;
  readonly httpStatus: number | null;
  readonly diagnosis: Diagnosis | null;
  readonly maybeSentTwice: boolean;
  readonly connectRevision: number;
  readonly attempt: {
    readonly id: AttemptId;
    readonly startedAt: Date;
    readonly durationMs: number;
    readonly notes: readonly string[];
    readonly calls: readonly Call[];
  } | null;
};

/**
 * Writes what ended, in the caller's transaction: the attempt, and the row's next due time, its
 * hold, or its move from `due` to `deliveries`. A row whose fence is not the worker's is left alone, and no attempt is
 * logged for it. A hold for credentials is dropped when the connect was saved anew since the attempt: the connect is
 * locked against that, so that no delivery is held for ever. The lanes of the rows are locked first; where a head left,
 * the next takes its place in the same statement.
 *
 * A delivery whose outcome some workflow asks about is settled together with what that workflow does: unless `deciding`,
 * it is left alone and given back under `asked`. Its fence is checked there again.
 */
export async function settleAttempts(
  tx: Queryable,
  ended: readonly EndedAttempt[],
  deciding = false,
): Promise<{ readonly written: ReadonlySet<string>; readonly asked: readonly EndedAttempt[] }> {
  const locked = lockLanes(
    tx,
    ended.map(({ lane }) => lane),
  );
  const batch = unnest<EndedAttempt>(ended, [
    ["account_id", "bigint", (row) => row.accountId],
    ["id", "uuid", (row) => row.id],
    ["fence", "bigint", (row) => row.fence],
    ["ends", "text", (row) => row.end.kind],
    ["outcome", "text", (row) => (row.end.kind === "settled" ? row.end.outcome : null)],
    ["wait_ms", "float8", (row) => (row.end.kind === "again" ? row.end.waitMs : 0)],
    ["unused", "integer", (row) => (row.end.kind === "again" && !row.end.usesAttempt ? 1 : 0)],
    ["held_because", "text", (row) => (row.end.kind === "held" ? row.end.reason : null)],
    ["result", "text", (row) => (row.result === null ? null : storableText(row.result))],
    ["http_status", "integer", (row) => row.httpStatus],
    ["diagnosis", "text", (row) => (row.diagnosis === null ? null : storableJson(row.diagnosis))],
    ["twice", "boolean", (row) => row.maybeSentTwice],
    ["connect_revision", "integer", (row) => row.connectRevision],
    ["tried", "integer", (row) => (row.attempt === null ? 0 : 1)],
    ["duration_ms", "real", (row) => row.attempt?.durationMs ?? null],
  ]);
  const decidingAt = batch.values.length + 1;
  // sent behind the locks and carried out after them
  const settled = tx.query<{ id: string; what: "written" | "asked" | "promoted"; number: number }>({
    name: "settle-attempts",
    text: `with batch as materialized (select * from ${batch.from}),
      saved as materialized (
        select c.account_id, c.id, c.revision from connects c
        where (c.account_id, c.id) in (
          select b.account_id, d.connect_id from due d join batch b
          on ${ofKey("d", "b")} where b.held_because = 'credentials')
        order by 1, 2 for share
      ),
      -- along workflows_outcome, which names the same condition; where no workflow asks, it holds nothing to look at
      asked as materialized (
        select b.account_id, b.id from due d join batch b on ${ofKey("d", "b")}
        where b.ends = 'settled' and d.fence = b.fence and not d.test and not $${decidingAt}::boolean and exists (
          select from workflows w where w.account_id = b.account_id and w.active and w.deleted_at is null
            and jsonb_path_exists(w.settings, '$.**.type ? (@ == "connect_outcome")')
            and jsonb_path_exists(w.settings, '$.** ? (@.type == "connect_outcome" && @.connect_id == $connect)',
              jsonb_build_object('connect', d.connect_id)))
      ),
      gone as (
        delete from due d using batch b
        where b.ends = 'settled' and ${ofKey("d", "b")} and d.fence = b.fence
          and not exists (select from asked a where a.id = any (array[d.id]))
        returning d.*, b.outcome, b.result, b.http_status, b.diagnosis, b.duration_ms, b.tried, b.twice
      ),
      kept as (
        update due d set
          lease_until = null,
          -- so that the same write, done again because its answer was lost, changes nothing
          fence = d.fence + 1,
          due_at = now() + b.wait_ms * interval '1 ms',
          pass_at = case when d.lane is not null then coalesce(d.pass_at, now() + d.keep_order_for) end,
          held_because = case
            when b.held_because = 'credentials' and exists (
              select from saved s
              where s.account_id = d.account_id and s.id = d.connect_id and s.revision > b.connect_revision) then null
            else b.held_because end,
          attempts = d.attempts + b.tried,
          attempts_unused = d.attempts_unused + b.unused,
          maybe_sent_twice = d.maybe_sent_twice or b.twice,
          last_result = b.result, last_http_status = b.http_status, last_diagnosis = b.diagnosis::jsonb,
          last_duration_ms = b.duration_ms
        from batch b
        where b.ends <> 'settled' and ${ofKey("d", "b")} and d.fence = b.fence
        returning d.account_id, d.id, d.attempts
      ),
      settled as (
        insert into deliveries (${carriedColumns}, remark, outcome, result, http_status, diagnosis, duration_ms, attempts,
          maybe_sent_twice)
        select ${carriedColumns}, remark, outcome, result, http_status, diagnosis::jsonb, duration_ms, attempts + tried,
          maybe_sent_twice or twice
        from gone
      ),
      promoted as (
        ${promoteNext("(select * from gone where not behind) heads", "gone")} returning d.id
      )
      select id, 'written' as what, attempts + 1 as number from gone
      union all select id, 'written', attempts from kept
      union all select id, 'asked', 0 from asked
      union all select id, 'promoted', 0 from promoted`,
    values: [...batch.values, deciding],
  });
  const [, { rows }] = await Promise.all([locked, settled]);
  const numbers = new Map(rows.flatMap(({ id, what, number }) => (what === "written" ? [[id, number] as const] : [])));
  await logAttempts(tx, ended, numbers);
  if (rows.some(({ what }) => what === "promoted")) await notifyDue(tx);
  const asked = new Set(rows.flatMap(({ id, what }) => (what === "asked" ? [id] : [])));
  return { written: new Set(numbers.keys()), asked: ended.filter(({ id }) => asked.has(id)) };
}

/** Apart from what moves the rows: the calls are long, and would be carried through every step of that. */
async function logAttempts(
  tx: Queryable,
  ended: readonly EndedAttempt[],
  numbers: ReadonlyMap<string, number>,
): Promise<void> {
  const tried = ended.flatMap((row) =>
    row.attempt === null || !numbers.has(row.id)
      ? []
      : [{ ...row, attempt: row.attempt, number: numbers.get(row.id)! }],
  );
  if (tried.length === 0) return;
  const batch = unnest(tried, [
    ["account_id", "bigint", (row) => row.accountId],
    ["id", "uuid", (row) => row.attempt.id],
    ["delivery_id", "uuid", (row) => row.id],
    ["number", "integer", (row) => row.number],
    ["started_at", "timestamptz", (row) => row.attempt.startedAt.toISOString()],
    ["outcome", "text", (row) => (row.end.kind === "settled" ? row.end.outcome : row.end.kind)],
    ["result", "text", (row) => (row.result === null ? null : storableText(row.result))],
    ["diagnosis", "text", (row) => (row.diagnosis === null ? null : storableJson(row.diagnosis))],
    ["notes", "text", (row) => storableJson(row.attempt.notes)],
    ["calls", "text", (row) => storableJson(row.attempt.calls)],
    ["connect_revision", "integer", (row) => row.connectRevision],
  ]);
  await tx.query({
    name: "log-attempts",
    text: `insert into attempts (account_id, id, delivery_id, number, started_at, outcome, result, diagnosis, notes, calls,
        connect_revision)
      select account_id, id, delivery_id, number, started_at, outcome, result, diagnosis::jsonb, notes::json, calls::json,
        connect_revision
      from ${batch.from}`,
    values: batch.values,
  });
}
