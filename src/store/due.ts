import type { Payload } from "../core/request.ts";
import type { AccountId, AdaptorId, ConnectId, DeliveryId, EventId, LeadId, WorkflowId } from "../contracts/ids.ts";
import type { Diagnosis, HoldReason } from "../contracts/outcome.ts";
import type { Queryable } from "./database.ts";
import { logDiscarded } from "./end-due.ts";
import { lockLanes, promoteNext, type LaneKey } from "./lanes.ts";
import { ofKey } from "./of-key.ts";
import { storableJson } from "./storable.ts";
import { unnest } from "./unnest.ts";

/** What every delivery knows, owed or settled. */
export type DeliveryFacts = {
  readonly accountId: AccountId;
  readonly id: DeliveryId;
  readonly connectId: ConnectId;
  readonly leadId: LeadId | null;
  readonly phoneNumber: string;
  readonly eventId: EventId;
  readonly eventType: string;
  readonly test: boolean;
  readonly connectRevision: number;
  readonly adaptorId: AdaptorId | null;
  readonly adaptorRevision: number | null;
  /** Whose action it is; left out: a person's. */
  readonly workflow?: { readonly id: WorkflowId; readonly revision: number };
  readonly giveUpAt: Date;
  readonly payload: Payload;
};

/** How a delivery stands to the others of its lead. null: it goes as it comes. */
export type Lane = {
  readonly key: LaneKey;
  /** Several connects' deliveries are in it. */
  readonly shared: boolean;
  /** Those that wait in it for the same connect are discarded in favour of this one. */
  readonly newestWins: boolean;
  readonly keepOrderForMs: number;
};

/** `fresh`: the storing process would send it itself, at once, if it heads its lane. */
export type NewDue = DeliveryFacts & {
  readonly heldBecause: HoldReason | null;
  readonly fresh: boolean;
  readonly lane: Lane | null;
};

/** What a worker needs of a row it has leased. Its writes name `fence`, so that after a takeover they change nothing. */
export type ClaimedDue = DeliveryFacts & {
  readonly fence: number;
  /** Attempts that ended. */
  readonly attempts: number;
  /** Of them, those that ended in a wait the vendor named: they don't move the schedule on. */
  readonly attemptsUnused: number;
  readonly lastDiagnosis: Diagnosis | null;
  readonly maybeSentTwice: boolean;
  /** Another worker had it and died, or was slower than its lease: it may have been sent. */
  readonly takenOver: boolean;
  readonly lane: LaneKey | null;
};

/**
 * How long a worker has a row before others may take it, unless it renews. Spec 7: taken over within 30 s, of which the
 * slowest poll (engine/claim.ts) may need 5.
 */
export const leaseSeconds = 24;

/**
 * Owes deliveries. Gives those that are leased to this process under fence 1: the fresh ones that head their lanes. The
 * caller holds the leads, or deliveries of one lead might overtake each other. Lanes are locked, then read along due_lead:
 * whoever finds an earlier one owed is behind it.
 */
export async function insertDue(tx: Queryable, rows: readonly NewDue[]): Promise<ReadonlySet<DeliveryId>> {
  const locked = lockLanes(
    tx,
    rows.map(({ lane }) => lane?.key ?? null),
  );
  const batch = unnest(rows, [
    ["account_id", "bigint", (row) => row.accountId],
    ["id", "uuid", (row) => row.id],
    ["connect_id", "bigint", (row) => row.connectId],
    ["lead_id", "bigint", (row) => row.leadId],
    ["phone_number", "text", (row) => row.phoneNumber],
    ["event_id", "uuid", (row) => row.eventId],
    ["event_type", "text", (row) => row.eventType],
    ["test", "boolean", (row) => row.test],
    ["connect_revision", "integer", (row) => row.connectRevision],
    ["adaptor_id", "bigint", (row) => row.adaptorId],
    ["adaptor_revision", "integer", (row) => row.adaptorRevision],
    ["workflow_id", "bigint", (row) => row.workflow?.id ?? null],
    ["workflow_revision", "integer", (row) => row.workflow?.revision ?? null],
    ["give_up_at", "timestamptz", (row) => row.giveUpAt.toISOString()],
    ["held_because", "text", (row) => row.heldBecause],
    ["fresh", "boolean", (row) => row.fresh && row.heldBecause === null],
    ["lane", "bigint", (row) => row.lane?.key ?? null],
    ["shared_lane", "boolean", (row) => row.lane?.shared ?? false],
    ["keep_ms", "float8", (row) => row.lane?.keepOrderForMs ?? null],
    ["payload", "text", (row) => storableJson(row.payload)],
  ]);
  // sent behind the locks and carried out after them, by what has been committed then
  const inserted = tx.query<{ id: DeliveryId }>({
    name: "insert-due",
    text: `with batch as materialized (select *, keep_ms * interval '1 ms' as keep_order_for from ${batch.from}),
      placed as materialized (
        select *, lane is not null and (
          row_number() over (partition by account_id, lane order by id) > 1
          or coalesce((select true from due e
            where e.account_id = batch.account_id and e.lead_id = batch.lead_id and e.lane = batch.lane limit 1), false)
        ) as behind
        from batch
      ), stored as (
        insert into due (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
          adaptor_id, adaptor_revision, workflow_id, workflow_revision, due_at, give_up_at, held_because, lease_until,
          fence, lane, behind, shared_lane, keep_order_for, pass_at, payload)
        select account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
          adaptor_id, adaptor_revision, workflow_id, workflow_revision, now(), give_up_at, held_because,
          case when fresh and not behind then now() + interval '${leaseSeconds} s' end,
          case when fresh and not behind then 1 else 0 end, lane, behind, shared_lane, keep_order_for,
          case when shared_lane and not behind then now() + keep_order_for end, payload::json
        from placed
        returning id, lease_until
      )
      select id from stored where lease_until is not null`,
    values: batch.values,
  });
  const [, { rows: stored }] = await Promise.all([locked, inserted]);
  if (rows.some(({ lane }) => lane?.newestWins === true)) await supersede(tx, rows);
  return new Set(stored.map(({ id }) => id));
}

/**
 * Newest wins: what waits in these lanes, in nobody's hands, is discarded when a newer one of its connect is there. What
 * a person is to decide on stays.
 */
async function supersede(tx: Queryable, rows: readonly NewDue[]): Promise<void> {
  const batch = unnest(
    rows.filter(({ lane }) => lane?.newestWins === true),
    [
      ["account_id", "bigint", (row) => row.accountId],
      ["connect_id", "bigint", (row) => row.connectId],
      ["lead_id", "bigint", (row) => row.leadId],
      ["lane", "bigint", (row) => row.lane!.key],
    ],
  );
  await tx.query({
    name: "supersede",
    text: `with batch as materialized (select distinct * from ${batch.from}),
      older as materialized (
        select d.account_id, d.id from due d join batch b on d.account_id = b.account_id and d.lead_id = b.lead_id
          and d.lane = b.lane and d.connect_id = b.connect_id
        where d.lease_until is null and d.held_because is distinct from 'answer_lost' and exists (
          select from due n where n.account_id = d.account_id and n.lead_id = d.lead_id and n.lane = d.lane
            and n.connect_id = d.connect_id and n.id > d.id)
        order by d.account_id, d.id for update of d skip locked
      ),
      gone as (
        delete from due d using older o
        where ${ofKey("d", "o")} and d.lease_until is null returning d.*
      ),
      promoted as (${promoteNext("(select * from gone where not behind) heads", "gone")})
      ${logDiscarded("gone", "'superseded'")}`,
    values: batch.values,
  });
}

/** Keeps leases while their deliveries are under way. */
export async function renewLeases(db: Queryable, held: readonly Leased[]): Promise<void> {
  const batch = unnest(held, leasedColumns);
  await db.query(
    `update due d set lease_until = now() + interval '${leaseSeconds} s'
     from ${batch.from} where ${ofKey("d", "batch")} and d.fence = batch.fence`,
    batch.values,
  );
}

/** Gives back at once what a worker does not finish: others need not wait for the lease to run out. */
export async function handBack(
  db: Queryable,
  held: readonly (Leased & { readonly maybeSent: boolean })[],
): Promise<void> {
  const batch = unnest(held, [...leasedColumns, ["maybe_sent", "boolean", (row) => row.maybeSent]]);
  await db.query(
    `update due d set fence = d.fence + 1,
       lease_until = case when batch.maybe_sent then now() end,
       maybe_sent_twice = d.maybe_sent_twice or batch.maybe_sent
     from ${batch.from} where ${ofKey("d", "batch")} and d.fence = batch.fence`,
    batch.values,
  );
}

/**
 * Holds what was claimed for a connect that turned out to be off; no attempt is used. The connect is locked against
 * being switched meanwhile: when it is on again, the delivery stays waiting instead of being held for ever.
 */
export async function holdForConnectOff(db: Queryable, held: readonly Leased[]): Promise<void> {
  const batch = unnest(held, leasedColumns);
  await db.query(
    `with mine as (
       select d.account_id, d.id, d.connect_id from due d join ${batch.from}
       on ${ofKey("d", "batch")} and d.fence = batch.fence
     ), switched as (
       select c.account_id, c.id, c.active from connects c
       where (c.account_id, c.id) in (select account_id, connect_id from mine) order by 1, 2 for share
     )
     update due d set lease_until = null, held_because = case when switched.active then null else 'connect_off' end
     from mine join switched on switched.account_id = mine.account_id and switched.id = mine.connect_id
     where ${ofKey("d", "mine")}`,
    batch.values,
  );
}

/** Tells every worker that something is due now. A hint: whoever misses it finds the row by polling. */
export async function notifyDue(tx: Queryable): Promise<void> {
  await tx.query(`select pg_notify('${dueChannel}', '')`);
}

export const dueChannel = "patchbay_due";

/** A row and the lease that a worker has on it. */
export type Leased = { readonly accountId: AccountId; readonly id: DeliveryId; readonly fence: number };

const leasedColumns = [
  ["account_id", "bigint", (row: Leased) => row.accountId],
  ["id", "uuid", (row: Leased) => row.id],
  ["fence", "bigint", (row: Leased) => row.fence],
] as const;
