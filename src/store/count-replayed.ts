import type { Queryable } from "./database.ts";

/** Looked at in one go; what is left is looked at next time. */
const looksMost = 1_000;

/**
 * Counts the outcomes of what replays made due and has been settled since. One that is still owed is looked at again when
 * it may have ended: later the longer it takes, so that a long wait costs little. One process at a time; the others find
 * nothing to do. Returns how many were looked at and how many were counted. Crosses accounts, as workers do.
 */
export async function countReplayed(tx: Queryable): Promise<{ readonly looked: number; readonly counted: number }> {
  const { rows: lock } = await tx.query<{ ours: boolean }>("select pg_try_advisory_xact_lock(7262391) as ours");
  if (lock[0]?.ours !== true) return { looked: 0, counted: 0 };
  const { rows } = await tx.query<{ looked: number; counted: number }>(
    `with looked as materialized (
       select r.account_id, r.replay_id, r.delivery_id, r.moved_at, o.due_at, o.id is not null as owed, d.outcome
       from (select * from replayed where look_at <= now() order by look_at limit ${looksMost}) r
       left join due o on o.account_id = r.account_id and o.id = r.delivery_id
       left join deliveries d on d.account_id = r.account_id and d.id = r.delivery_id
     ), later as (
       update replayed r set look_at = greatest(l.due_at, now()) + least(interval '1 h',
         greatest(interval '2 s', (now() - l.moved_at) / 4))
       from looked l where l.owed
         and r.account_id = l.account_id and r.replay_id = l.replay_id and r.delivery_id = l.delivery_id
     ), gone as (
       delete from replayed r using looked l where not l.owed
         and r.account_id = l.account_id and r.replay_id = l.replay_id and r.delivery_id = l.delivery_id
     ), found as (
       select account_id, replay_id, jsonb_object_agg(outcome, times) as outcomes from (
         select account_id, replay_id, outcome, count(*) as times from looked where outcome is not null group by 1, 2, 3
       ) by_outcome group by 1, 2
     ), counted as (
       update replays r set outcomes = r.outcomes || (
         select jsonb_object_agg(outcome, coalesce((r.outcomes ->> outcome)::int, 0) + times::int)
         from jsonb_each_text(f.outcomes) as more (outcome, times))
       from found f where r.account_id = f.account_id and r.id = f.replay_id
     )
     select count(*)::int as looked, (count(*) filter (where not owed))::int as counted from looked`,
  );
  return rows[0]!;
}
