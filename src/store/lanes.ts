import { hash } from "node:crypto";
import type { AccountId, ConnectId, LeadId } from "../contracts/ids.ts";
import type { Queryable } from "./database.ts";
import { ofKey } from "./of-key.ts";

/** A lane's key: 64 bits as PostgreSQL's `bigint` writes them. Two lanes that met in one key would only wait for each other. */
export type LaneKey = string;

/**
 * The lane of a delivery: those of one order group (empty: the connect itself) and one lead keep their order.
 */
export function laneKey(accountId: AccountId, connectId: ConnectId, orderGroup: string, leadId: LeadId): LaneKey {
  const group = orderGroup === "" ? `connect ${connectId}` : `group ${orderGroup}`;
  return hash("sha1", `${accountId}/${leadId}/${group}`, "buffer").readBigInt64BE(0).toString();
}

/**
 * Until the transaction ends nobody else stores into these lanes or settles out of them, so that every row is either the
 * head or behind one. Locked in the order of their keys: no two transactions can wait for each other.
 */
export async function lockLanes(tx: Queryable, lanes: Iterable<LaneKey | null>): Promise<void> {
  const keys = [...new Set(lanes)].filter((lane) => lane !== null).map(BigInt);
  if (keys.length === 0) return;
  await tx.query({
    name: "lock-lanes",
    text: "select pg_advisory_xact_lock(lane) from unnest($1::bigint[]) as of_lane(lane)",
    values: [keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(String)],
  });
}

/**
 * SQL that makes the next of each lane its head. `from`: rows (account_id, lead_id, lane) of lanes whose head is gone by
 * the snapshot, or among the ids `gone`. Along due_lead: a lane lies within one lead. Ordered by the ids' text, which sorts
 * like them, so that no plan walks the whole account along the key to find them in order.
 */
export const promoteNext = (from: string, gone: string): string => `
  with next as materialized (
    select emptied.account_id, first.id from (select distinct account_id, lead_id, lane from ${from} where lane is not null) emptied
    cross join lateral (
      select n.id, n.behind from due n
      where n.account_id = emptied.account_id and n.lead_id = emptied.lead_id and n.lane = emptied.lane
        and n.id not in (select id from ${gone})
      order by n.id::text collate "C" limit 1
    ) first
    where first.behind
  )
  update due d set behind = false,
    pass_at = case when d.shared_lane then now() + d.keep_order_for end
  from next where ${ofKey("d", "next")}`;

/** Heads that are looked at in one go, so that no transaction holds many locks for long. */
const atOnce = 500;

/**
 * Lets the next ones go where a head has kept its lane waiting for as long as its connect says: it leaves its lane, marked,
 * and goes on by its own schedule. Not where its connect itself is off or paused: then nothing behind it could go either,
 * unless the lane is shared with other connects. Gives how many were passed.
 */
export async function passHeads(tx: Queryable): Promise<number> {
  const { rows: heads } = await tx.query<{ account_id: AccountId; id: string; lane: LaneKey }>({
    name: "find-heads-to-pass",
    text: `select d.account_id, d.id, d.lane::text as lane from due d
      left join connect_states s on s.account_id = d.account_id and s.connect_id = d.connect_id
      where d.pass_at <= now() and d.lane is not null and not d.behind and coalesce(d.lease_until, now()) <= now()
        and (d.shared_lane or (d.held_because is distinct from 'connect_off' and s.paused_at is null
          and coalesce(s.breaker, 'closed') = 'closed'))
      order by d.pass_at limit ${atOnce}`,
  });
  if (heads.length === 0) return 0;
  await lockLanes(
    tx,
    heads.map(({ lane }) => lane),
  );
  const { rows } = await tx.query<{ passed: number }>({
    name: "pass-heads",
    text: `with head as materialized (
        select account_id, id, lead_id, lane from due
        where (account_id, id) in (select * from unnest($1::bigint[], $2::uuid[]))
          and pass_at <= now() and coalesce(lease_until, now()) <= now() and lane is not null
        order by account_id, id for update
      ), passed as (
        update due d set lane = null, pass_at = null, remark = 'out_of_order' from head
        where ${ofKey("d", "head")} returning d.id
      ), promoted as (${promoteNext("head", "head")} returning d.id)
      select (select count(*)::int from passed) as passed, (select count(*)::int from promoted) as promoted`,
    values: [heads.map(({ account_id }) => account_id), heads.map(({ id }) => id)],
  });
  return rows[0]!.passed;
}

/** Where the look for lanes without a head goes on; null: at the beginning. */
export type MendCursor = { readonly accountId: AccountId; readonly leadId: LeadId; readonly id: string } | null;

/**
 * Gives lanes that lost their head another: a person who discards or retries many at once takes no lanes' locks, so a row
 * may stay behind nothing. Looks at some thousand rows at a time, along due_behind.
 */
export async function mendLanes(tx: Queryable, after: MendCursor): Promise<MendCursor> {
  const most = 5_000;
  const { rows } = await tx.query<{
    account_id: AccountId;
    lead_id: LeadId;
    id: string;
    lane: LaneKey;
    headless: boolean;
  }>({
    name: "find-headless-lanes",
    text: `select d.account_id, d.lead_id, d.id, d.lane::text as lane, coalesce((
        select false from due h
        where h.account_id = d.account_id and h.lead_id = d.lead_id and h.lane = d.lane and not h.behind limit 1
      ), true) as headless
      from due d where d.behind and (d.account_id, d.lead_id, d.id) > ($1, $2, $3::uuid)
      order by d.account_id, d.lead_id, d.id limit ${most}`,
    values: [after?.accountId ?? 0, after?.leadId ?? 0, after?.id ?? "00000000-0000-0000-0000-000000000000"],
  });
  const headless = rows.filter((row) => row.headless);
  if (headless.length > 0) {
    await lockLanes(
      tx,
      headless.slice(0, atOnce).map(({ lane }) => lane),
    );
    await tx.query({
      name: "mend-lanes",
      text: promoteNext(
        `(select * from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as t(account_id, lead_id, lane)
          where not exists (select from due h where h.account_id = t.account_id and h.lead_id = t.lead_id
            and h.lane = t.lane and not h.behind)) headless`,
        "(select null::uuid as id where false) none",
      ),
      values: (["account_id", "lead_id", "lane"] as const).map((key) =>
        headless.slice(0, atOnce).map((row) => row[key]),
      ),
    });
  }
  const last = rows.length < most ? undefined : rows.at(-1);
  return last === undefined ? null : { accountId: last.account_id, leadId: last.lead_id, id: last.id };
}
