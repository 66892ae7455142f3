import type { Payload } from "../core/request.ts";
import type { AccountId, AdaptorId, ConnectId, DeliveryId, EventId, LeadId, WorkflowId } from "../contracts/ids.ts";
import type { Diagnosis, HoldReason } from "../contracts/outcome.ts";
import type { Queryable } from "./database.ts";
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

/** `leased`: the storing process sends it itself, at once, under fence 1. */
export type NewDue = DeliveryFacts & { readonly heldBecause: HoldReason | null; readonly leased: boolean };

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
};

/**
 * How long a worker has a row before others may take it, unless it renews. Spec 7: taken over within 30 s, of which the
 * slowest poll (engine/claim.ts) may need 5.
 */
export const leaseSeconds = 24;

/** Owes deliveries, in one statement. */
export async function insertDue(tx: Queryable, rows: readonly NewDue[]): Promise<void> {
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
    ["leased", "boolean", (row) => row.leased],
    ["payload", "text", (row) => storableJson(row.payload)],
  ]);
  await tx.query(
    `insert into due (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
       adaptor_id, adaptor_revision, workflow_id, workflow_revision, due_at, give_up_at, held_because, lease_until,
       fence, payload)
     select account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
       adaptor_id, adaptor_revision, workflow_id, workflow_revision, now(), give_up_at, held_because,
       case when leased then now() + interval '${leaseSeconds} s' end, case when leased then 1 else 0 end, payload::jsonb
     from ${batch.from}`,
    batch.values,
  );
}

/** Slots of a connect that this process uses. */
export type BusyConnect = { readonly accountId: AccountId; readonly connectId: ConnectId; readonly running: number };

/**
 * Leases what is due: of every connect its oldest, as many as it has free slots. Walks `due_claim` once a connect, so a
 * backlog of one costs another nothing; `skip locked` lets any number of processes claim side by side, and a row whose
 * lease ran out is claimable again. Connect 0 stands for tests of settings that were never saved: they are claimed only
 * when the process that sent them died. Claims cross accounts: a worker works for all.
 */
export async function claimDue(
  db: Queryable,
  limits: { readonly slotsPerConnect: number; readonly batchMax: number },
  busy: readonly BusyConnect[],
): Promise<ClaimedDue[]> {
  const slots = unnest(
    busy,
    [
      ["account_id", "bigint", (row) => row.accountId],
      ["connect_id", "bigint", (row) => row.connectId],
      ["running", "integer", (row) => row.running],
    ],
    3,
  );
  const { rows } = await db.query<ClaimedRow>({
    name: "claim-due",
    text: `with chosen as materialized (
        select waiting.* from (select account_id, id from connects union all select id, 0 from accounts) c
        left join (select * from ${slots.from}) busy on busy.account_id = c.account_id and busy.connect_id = c.id
        cross join lateral (
          select d.account_id, d.id, d.lease_until is not null as taken_over
          from due d
          where d.account_id = c.account_id and d.connect_id = c.id and d.held_because is null
            and coalesce(d.lease_until, d.due_at) <= now()
          order by coalesce(d.lease_until, d.due_at)
          limit greatest(0, $1::int - coalesce(busy.running, 0))
          for update skip locked
        ) waiting
        limit $2::int
      )
      update due d
      set lease_until = now() + interval '${leaseSeconds} s', fence = d.fence + 1,
        maybe_sent_twice = d.maybe_sent_twice or chosen.taken_over
      from chosen where d.account_id = chosen.account_id and d.id = chosen.id
      returning ${claimedColumns}, chosen.taken_over`,
    values: [limits.slotsPerConnect, limits.batchMax, ...slots.values],
  });
  return rows.map(claimedOf);
}

/** Keeps leases while their deliveries are under way. */
export async function renewLeases(db: Queryable, held: readonly Leased[]): Promise<void> {
  const batch = unnest(held, leasedColumns);
  await db.query(
    `update due d set lease_until = now() + interval '${leaseSeconds} s'
     from ${batch.from} where d.account_id = batch.account_id and d.id = batch.id and d.fence = batch.fence`,
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
     from ${batch.from} where d.account_id = batch.account_id and d.id = batch.id and d.fence = batch.fence`,
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
       on d.account_id = batch.account_id and d.id = batch.id and d.fence = batch.fence
     ), switched as (
       select c.account_id, c.id, c.active from connects c
       where (c.account_id, c.id) in (select account_id, connect_id from mine) order by 1, 2 for share
     )
     update due d set lease_until = null, held_because = case when switched.active then null else 'connect_off' end
     from mine join switched on switched.account_id = mine.account_id and switched.id = mine.connect_id
     where d.account_id = mine.account_id and d.id = mine.id`,
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

const claimedColumns = `d.account_id, d.id, d.connect_id, d.lead_id, d.phone_number, d.event_id, d.event_type, d.test,
  d.connect_revision, d.adaptor_id, d.adaptor_revision, d.give_up_at, d.payload, d.fence, d.attempts, d.attempts_unused,
  d.last_diagnosis, d.maybe_sent_twice`;

type ClaimedRow = {
  account_id: AccountId;
  id: DeliveryId;
  connect_id: ConnectId;
  lead_id: LeadId | null;
  phone_number: string;
  event_id: EventId;
  event_type: string;
  test: boolean;
  connect_revision: number;
  adaptor_id: AdaptorId | null;
  adaptor_revision: number | null;
  give_up_at: Date;
  payload: Payload;
  fence: number;
  attempts: number;
  attempts_unused: number;
  last_diagnosis: Diagnosis | null;
  maybe_sent_twice: boolean;
  taken_over: boolean;
};

function claimedOf(row: ClaimedRow): ClaimedDue {
  return {
    accountId: row.account_id,
    id: row.id,
    connectId: row.connect_id,
    leadId: row.lead_id,
    phoneNumber: row.phone_number,
    eventId: row.event_id,
    eventType: row.event_type,
    test: row.test,
    connectRevision: row.connect_revision,
    adaptorId: row.adaptor_id,
    adaptorRevision: row.adaptor_revision,
    giveUpAt: row.give_up_at,
    payload: row.payload,
    fence: row.fence,
    attempts: row.attempts,
    attemptsUnused: row.attempts_unused,
    lastDiagnosis: row.last_diagnosis,
    maybeSentTwice: row.maybe_sent_twice,
    takenOver: row.taken_over,
  };
}
