import type { Call } from "../core/follow-call.ts";
import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { storableText } from "./storable.ts";
import { unnest, type BatchColumn } from "./unnest.ts";

/** A stored call; null: it is not stored. */
export type CallLog = Call & { readonly id: number };

const text = (value: string | null): string | null => (value === null ? null : storableText(value));
const columns: readonly BatchColumn<Call>[] = [
  ["call_key", "text", (call) => text(call.callKey)],
  ["lead_id", "bigint", (call) => call.leadId],
  ["phone_number", "text", (call) => storableText(call.phoneNumber)],
  ["campaign_id", "bigint", (call) => call.campaignId],
  ["list_id", "bigint", (call) => call.listId],
  ["queue_id", "bigint", (call) => call.queueId],
  ["inbound_number_id", "bigint", (call) => call.inboundNumberId],
  ["agent_id", "bigint", (call) => call.agentId],
  ["originating_agent_id", "bigint", (call) => call.originatingAgentId],
  ["call_type", "text", (call) => call.callType],
  ["status", "text", (call) => text(call.status)],
  ["term_reason", "text", (call) => text(call.termReason)],
  ["length_in_sec", "integer", (call) => call.lengthInSec],
  ["queue_seconds", "integer", (call) => call.queueSeconds],
  ["queue_position", "integer", (call) => call.queuePosition],
  ["caller_id", "text", (call) => text(call.callerId)],
  ["agent_comment", "text", (call) => text(call.agentComment)],
  ["recording", "text", (call) => text(call.recording)],
  ["counted", "boolean", (call) => call.counted],
  ["started_at", "timestamptz", (call) => call.startedAt.toISOString()],
  ["ended_at", "timestamptz", (call) => call.endedAt?.toISOString() ?? null],
];
const withId: readonly BatchColumn<CallLog>[] = [["call_id", "bigint", (call) => call.id], ...columns];
const names = columns.map(([name]) => name);
const selected = `id, call_key as "callKey", lead_id as "leadId", phone_number as "phoneNumber", campaign_id as "campaignId",
  list_id as "listId", queue_id as "queueId", inbound_number_id as "inboundNumberId", agent_id as "agentId",
  originating_agent_id as "originatingAgentId", call_type as "callType", status, term_reason as "termReason",
  length_in_sec as "lengthInSec", queue_seconds as "queueSeconds", queue_position as "queuePosition",
  caller_id as "callerId", agent_comment as "agentComment", recording, counted, started_at as "startedAt",
  ended_at as "endedAt"`;

/** The calls under these keys of the dialler's, whosesoever they are. */
export async function callsByKey(scope: AccountScope, keys: readonly string[]): Promise<ReadonlyMap<string, CallLog>> {
  if (keys.length === 0) return new Map();
  const rows = await scope.prepared<CallLog>(
    "calls-by-key",
    `select ${selected} from call_logs where account_id = $1 and call_key = any ($2::text[])`,
    [keys],
  );
  return new Map(rows.map((row) => [row.callKey!, row]));
}

/** A call of this lead's; null: there is none of this id, or no longer. */
export async function findCall(scope: AccountScope, id: number, leadId: LeadId): Promise<CallLog | null> {
  const [row] = await scope.query<CallLog>(
    `select ${selected} from call_logs where account_id = $1 and id = $2 and lead_id = $3`,
    [id, leadId],
  );
  return row ?? null;
}

/** What is known of leads before their calls are followed. */
export type CallsOfLeads = {
  /** The last few, newest first. */
  readonly latest: ReadonlyMap<LeadId, readonly CallLog[]>;
  /** Drawn ahead, so that nobody waits for the insert of a new call to learn its id. Most are never used. */
  readonly newIds: ReadonlyMap<LeadId, number>;
};

/** The last calls of each of these leads, along call_logs_lead, and an id for a new one. */
export async function callsOfLeads(scope: AccountScope, leadIds: readonly LeadId[]): Promise<CallsOfLeads> {
  const latest = new Map<LeadId, CallLog[]>();
  const newIds = new Map<LeadId, number>();
  if (leadIds.length === 0) return { latest, newIds };
  const rows = await scope.prepared<{ of: LeadId; newId: number } & (CallLog | { readonly id: null })>(
    "calls-of-leads",
    `select of_lead.*, c.* from (
       select wanted as "of", nextval('call_logs_id_seq') as "newId" from unnest($2::bigint[]) as wanted
     ) of_lead left join lateral (
       select ${selected} from call_logs where account_id = $1 and lead_id = of_lead."of"
       order by started_at desc, id desc limit 5) c on true`,
    [[...new Set(leadIds)]],
  );
  for (const { of, newId, ...call } of rows) {
    newIds.set(of, newId);
    if (call.id !== null) latest.set(of, [...(latest.get(of) ?? []), call]);
  }
  return { latest, newIds };
}

/** Stores new calls under ids that were drawn for them. */
export async function insertCalls(scope: AccountScope, calls: readonly CallLog[]): Promise<void> {
  if (calls.length === 0) return;
  const batch = unnest(calls, withId, 2);
  await scope.prepared(
    "insert-calls",
    `insert into call_logs (account_id, id, ${names.join(", ")}) overriding system value
     select $1, call_id, ${names.join(", ")} from ${batch.from}`,
    batch.values,
  );
}

export async function updateCalls(scope: AccountScope, calls: readonly CallLog[]): Promise<void> {
  if (calls.length === 0) return;
  const batch = unnest(calls, withId, 2);
  await scope.prepared(
    "update-calls",
    `update call_logs c set ${names.map((name) => `${name} = batch.${name}`).join(", ")}
     from ${batch.from} where c.account_id = $1 and c.id = batch.call_id`,
    batch.values,
  );
}

/** Deletes calls that began longer ago, along call_logs_age. Crosses accounts: housekeeping. */
export async function dropOldCalls(db: Queryable, retentionDays: number): Promise<void> {
  await db.query("delete from call_logs where started_at < now() - make_interval(days => $1)", [retentionDays]);
}
