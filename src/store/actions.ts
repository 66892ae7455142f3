import type { Snapshot } from "../contracts/fields.ts";
import type { AccountId, DeliveryId, EventId, LeadId, ListId, RunId, WorkflowId } from "../contracts/ids.ts";
import type { Action } from "../contracts/workflow.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { leaseSeconds } from "./due.ts";
import { ofKey } from "./of-key.ts";
import { storableJson, storableText } from "./storable.ts";
import { unnest } from "./unnest.ts";

/** What every action knows, owed or over. */
export type ActionFacts = {
  readonly accountId: AccountId;
  /** Time-ordered, as a delivery's: both wait in `due`. Stable over retries; an e-mail's Message-ID is made of it. */
  readonly id: string;
  readonly runId: RunId;
  readonly workflowId: WorkflowId;
  readonly workflowRevision: number;
  readonly eventId: EventId;
  readonly leadId: LeadId | null;
  readonly listId: ListId | null;
  readonly type: Action["type"];
};

/** How an action ended. `note`: why it was skipped or failed, or what it did. */
export type ActionEnd = {
  readonly state: "done" | "skipped" | "failed";
  readonly note: string;
  readonly deliveryId: DeliveryId | null;
};

/** What a pending action carries with it until it is due. */
export type PendingPayload = {
  readonly action: Action;
  /** Asked again when it is due, since that may be later than planned: a process was down. */
  readonly window: string;
  readonly time_zone: string;
  /** Lead, call and names as they were at the event; with *latest values* only the call is used. */
  readonly snapshot: Snapshot;
  /** The workflows whose changes led here, latest last: the action's own changes go on from them. */
  readonly caused_by: readonly WorkflowId[];
};

export type NewPending = ActionFacts & {
  readonly eventType: string;
  readonly phoneNumber: string;
  readonly dueAt: Date;
  readonly giveUpAt: Date;
  readonly payload: PendingPayload;
};

/** A pending action that this worker has leased. Its writes name `fence`, so that after a takeover they change nothing. */
export type ClaimedAction = NewPending & {
  readonly fence: number;
  /** Tries that ended in a wait. */
  readonly attempts: number;
};

const factColumns = [
  ["account_id", "bigint", (row: ActionFacts) => row.accountId],
  ["id", "uuid", (row: ActionFacts) => row.id],
  ["run_id", "uuid", (row: ActionFacts) => row.runId],
  ["workflow_id", "bigint", (row: ActionFacts) => row.workflowId],
  ["workflow_revision", "integer", (row: ActionFacts) => row.workflowRevision],
  ["event_id", "uuid", (row: ActionFacts) => row.eventId],
  ["lead_id", "bigint", (row: ActionFacts) => row.leadId],
  ["list_id", "bigint", (row: ActionFacts) => row.listId],
  ["type", "text", (row: ActionFacts) => row.type],
] as const;
const factNames = "account_id, id, run_id, workflow_id, workflow_revision, event_id, lead_id, list_id";

/** Logs actions that ended where they began, in one statement. */
export async function insertActions(tx: Queryable, rows: readonly (ActionFacts & ActionEnd)[]): Promise<void> {
  if (rows.length === 0) return;
  const batch = unnest<ActionFacts & ActionEnd>(rows, [
    ...factColumns,
    ["state", "text", (row) => row.state],
    ["note", "text", (row) => storableText(row.note)],
    ["delivery_id", "uuid", (row) => row.deliveryId],
  ]);
  await tx.query({
    name: "insert-actions",
    text: `insert into actions (${factNames}, type, state, note, delivery_id)
     select ${factNames}, type, state, note, delivery_id from ${batch.from}`,
    values: batch.values,
  });
}

/** Owes actions, some in one statement: each carries with it all that its event knew. */
export async function insertPending(tx: Queryable, rows: readonly NewPending[]): Promise<void> {
  for (let from = 0; from < rows.length; from += pendingAtOnce)
    await insertSomePending(tx, rows.slice(from, from + pendingAtOnce));
}

const pendingAtOnce = 16;

async function insertSomePending(tx: Queryable, rows: readonly NewPending[]): Promise<void> {
  const batch = unnest<NewPending>(rows, [
    ...factColumns,
    ["event_type", "text", (row) => row.eventType],
    ["phone_number", "text", (row) => row.phoneNumber],
    ["due_at", "timestamptz", (row) => row.dueAt.toISOString()],
    ["give_up_at", "timestamptz", (row) => row.giveUpAt.toISOString()],
    ["payload", "text", (row) => storableJson(row.payload)],
  ]);
  await tx.query({
    name: "insert-pending",
    text: `insert into due (${factNames}, kind, action_type, event_type, phone_number, due_at, give_up_at, payload)
     select ${factNames}, 'action', type, event_type, phone_number, due_at, give_up_at, payload::json from ${batch.from}`,
    values: batch.values,
  });
}

/**
 * Leases pending actions that are due, oldest first, of all accounts. Walks `due_actions`; `skip locked` lets any number
 * of processes claim side by side, and what a dead one had is claimable again when its lease runs out.
 */
export async function claimActions(db: Queryable, most: number): Promise<ClaimedAction[]> {
  const { rows } = await db.query<ClaimedAction>({
    name: "claim-actions",
    text: `with chosen as materialized (
        select account_id, id from due
        where kind = 'action' and held_because is null and coalesce(lease_until, due_at) <= now()
        order by coalesce(lease_until, due_at) limit $1 for update skip locked
      )
      update due d set lease_until = now() + interval '${leaseSeconds} s', fence = d.fence + 1
      from chosen where ${ofKey("d", "chosen")}
      returning d.account_id as "accountId", d.id, d.run_id as "runId", d.workflow_id as "workflowId",
        d.workflow_revision as "workflowRevision", d.event_id as "eventId", d.lead_id as "leadId", d.list_id as "listId",
        d.action_type as type, d.event_type as "eventType", d.phone_number as "phoneNumber", d.due_at as "dueAt",
        d.give_up_at as "giveUpAt", d.payload, d.fence, d.attempts`,
    values: [most],
  });
  return rows;
}

/** Milliseconds until the next pending action is due or its lease runs out; null: none is pending. */
export async function nextActionMs(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ ms: number | null }>({
    name: "next-action",
    text: `select extract(epoch from coalesce(lease_until, due_at) - now())::float8 * 1000 as ms from due
      where kind = 'action' and held_because is null order by coalesce(lease_until, due_at) limit 1`,
  });
  return rows[0]?.ms ?? null;
}

type Lease = Pick<ClaimedAction, "id" | "fence">;

/** Locks a claimed row until the transaction ends; false: it is somebody else's by now, or over. */
export async function isStillOurs(scope: AccountScope, { id, fence }: Lease): Promise<boolean> {
  const rows = await scope.query(
    "select 1 from due where account_id = $1 and id = $2 and fence = $3 and kind = 'action' for update",
    [id, fence],
  );
  return rows.length > 0;
}

/** Moves a pending action to its log. One statement, so that it is owed or over, never both. False: it was not ours. */
export async function endAction(scope: AccountScope, { id, fence }: Lease, end: ActionEnd): Promise<boolean> {
  const rows = await scope.query(
    `with gone as (
       delete from due where account_id = $1 and id = $2 and fence = $3 and kind = 'action' returning *
     )
     insert into actions (${factNames}, type, state, note, delivery_id)
     select ${factNames}, action_type, $4, $5, $6 from gone returning 1`,
    [id, fence, end.state, storableText(end.note), end.deliveryId],
  );
  return rows.length > 0;
}

/** Gives a claimed action back, to be done later. `tried`: it counts as a try. `note`: what is to be seen meanwhile. */
export async function postponeAction(
  scope: AccountScope,
  { id, fence }: Lease,
  later: { readonly inMs: number; readonly tried: boolean; readonly note: string },
): Promise<void> {
  await scope.query(
    `update due set lease_until = null, fence = fence + 1, due_at = now() + $4::float8 * interval '1 ms',
       attempts = attempts + case when $5 then 1 else 0 end, last_result = $6
     where account_id = $1 and id = $2 and fence = $3 and kind = 'action'`,
    [id, fence, later.inMs, later.tried, storableText(later.note)],
  );
}

/** Which pending actions; what is left out asks for nothing. */
export type PendingSelection = {
  readonly ids?: readonly string[] | undefined;
  readonly workflows?: readonly WorkflowId[] | undefined;
  readonly leadId?: LeadId | undefined;
};

/**
 * Ends pending actions as skipped, with the reason, in one statement; gives how many. A mail that is on its way out is
 * left to its worker; what another transaction is just carrying out or skipping is that one's.
 */
export async function skipPending(scope: AccountScope, which: PendingSelection, note: string): Promise<number> {
  const rows = await scope.query(
    `with chosen as materialized (
       select id from due where account_id = $1 and kind = 'action'
         and ($2::uuid[] is null or id = any ($2)) and ($3::bigint[] is null or workflow_id = any ($3))
         and ($4::bigint is null or lead_id = $4) and not (action_type = 'email' and coalesce(lease_until, now()) > now())
       order by id for update skip locked
     ), gone as (
       delete from due using chosen where due.account_id = $1 and due.id = chosen.id returning due.*
     )
     insert into actions (${factNames}, type, state, note)
     select ${factNames}, action_type, 'skipped', $5 from gone returning 1`,
    [which.ids ?? null, which.workflows ?? null, which.leadId ?? null, storableText(note)],
  );
  return rows.length;
}

/** Makes a pending action due now, whatever its delay and window. False: it is not pending, or under way already. */
export async function makeDueNow(scope: AccountScope, id: string): Promise<boolean> {
  const rows = await scope.query(
    `update due set due_at = now(), lease_until = null, payload = jsonb_set(payload::jsonb, '{window}', '"24hr"')
     where account_id = $1 and id = $2 and kind = 'action' and coalesce(lease_until, now()) <= now() returning 1`,
    [id],
  );
  return rows.length > 0;
}

/** Where an action is that can't be made due now. */
export async function findPending(scope: AccountScope, id: string): Promise<"under way" | "over" | "nowhere"> {
  const [row] = await scope.query<{ owed: boolean; over: boolean }>(
    `select exists (select from due where account_id = $1 and id = $2 and kind = 'action') as owed,
       exists (select from actions where account_id = $1 and id = $2) as over`,
    [id],
  );
  if (row!.owed) return "under way";
  return row!.over ? "over" : "nowhere";
}

/** The workflows that owe something to these leads. Walks `due_lead`. */
export async function pendingWorkflows(
  scope: AccountScope,
  leadIds: readonly LeadId[],
): Promise<{ readonly lead_id: LeadId; readonly workflow_id: WorkflowId }[]> {
  return scope.prepared(
    "pending-workflows",
    "select distinct lead_id, workflow_id from due where account_id = $1 and lead_id = any ($2) and kind = 'action'",
    [leadIds],
  );
}
