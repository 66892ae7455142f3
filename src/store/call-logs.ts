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

/** The last few calls of each of these leads, newest first, along call_logs_lead. */
export async function latestCalls(
  scope: AccountScope,
  leadIds: readonly LeadId[],
): Promise<ReadonlyMap<LeadId, CallLog[]>> {
  const found = new Map<LeadId, CallLog[]>();
  if (leadIds.length === 0) return found;
  const rows = await scope.prepared<CallLog>(
    "latest-calls",
    `select c.* from unnest($2::bigint[]) as of_lead(wanted), lateral (
       select ${selected} from call_logs where account_id = $1 and lead_id = of_lead.wanted
       order by started_at desc, id desc limit 5) c`,
    [leadIds],
  );
  for (const row of rows) found.set(row.leadId, [...(found.get(row.leadId) ?? []), row]);
  return found;
}

/** Stores new calls, one of a lead at most, and gives their ids by lead. */
export async function insertCalls(scope: AccountScope, calls: readonly Call[]): Promise<ReadonlyMap<LeadId, number>> {
  if (calls.length === 0) return new Map();
  const batch = unnest(calls, columns, 2);
  const rows = await scope.prepared<{ id: number; lead_id: LeadId }>(
    "insert-calls",
    `insert into call_logs (account_id, ${names.join(", ")}) select $1, ${names.join(", ")} from ${batch.from}
     returning id, lead_id`,
    batch.values,
  );
  return new Map(rows.map((row) => [row.lead_id, row.id]));
}

export async function updateCalls(scope: AccountScope, calls: readonly CallLog[]): Promise<void> {
  if (calls.length === 0) return;
  const batch = unnest(calls, [["call_id", "bigint", (call) => call.id], ...columns] as BatchColumn<CallLog>[], 2);
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
