import type { FieldValue, FieldValues, Snapshot } from "../contracts/fields.ts";
import type { EventId } from "../contracts/ids.ts";
import type { Call } from "../core/follow-call.ts";
import type { Belongings } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { leaveLate, type Queryable } from "../store/database.ts";
import { eventNames, type EventNames } from "../store/event-names.ts";
import { insertEvents, type EventDetails, type EventSource, type StoredEvent } from "../store/events.ts";
import type { LeadRow } from "../store/leads.ts";
import { leadValues } from "../store/snapshots.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";

/** Something that happened to a lead or a call, which are given as they are after it. */
export type HappenedTo = {
  readonly type: string;
  readonly at: Date;
  readonly lead: LeadRow;
  readonly call: Call | null;
  readonly source: EventSource;
  readonly statusChange: EventDetails["statusChange"];
  /** What the event said of the call that the call does not keep. */
  readonly said?: FieldValues | undefined;
  readonly settled?: EventDetails["settled"];
  readonly bulk?: boolean | undefined;
  readonly callback?: EventDetails["callback"] | undefined;
  readonly emailTemplateId?: number | undefined;
  readonly data?: EventDetails["data"] | undefined;
};

/** The names behind what happened, read in one statement. */
export function namesBehind(
  scope: AccountScope,
  happenings: readonly Pick<HappenedTo, "lead" | "call">[],
): Promise<EventNames> {
  const calls = happenings.flatMap(({ call }) => call ?? []);
  return eventNames(scope, {
    campaigns: [...calls.map(({ campaignId }) => campaignId), ...happenings.map(({ lead }) => lead.campaign_id)],
    queues: calls.map(({ queueId }) => queueId),
    inboundNumbers: calls.map(({ inboundNumberId }) => inboundNumberId),
    agents: calls.flatMap(({ agentId, originatingAgentId }) => [agentId, originatingAgentId]),
    leadAgents: happenings.map(({ lead }) => userOf(lead)),
    statuses: [...happenings.map(({ lead }) => lead.status), ...calls.map(({ status }) => status)],
  });
}

/**
 * Stores events with lead, call and the names behind them as they are now, in the caller's transaction. Nothing is
 * decided here: see `decideEvents`.
 * @param by `names`: where they have been read already; `late`: gets the insert instead of its being awaited.
 */
export async function storeHappenings(
  tx: Queryable,
  scope: AccountScope,
  happenings: readonly HappenedTo[],
  by: { readonly names?: EventNames; readonly late?: Promise<unknown>[] } = {},
): Promise<StoredEvent[]> {
  if (happenings.length === 0) return [];
  const names = by.names ?? (await namesBehind(scope, happenings));
  const nowMs = Date.now();
  const stored = happenings.map((happened): StoredEvent => {
    const status = names.status(happened.lead.status);
    return {
      accountId: scope.accountId,
      // by the time of storing: a late event's own time may lie where partitions are gone already
      id: newUuidV7(nowMs) as EventId,
      at: happened.at,
      type: happened.type,
      leadId: happened.lead.id,
      source: happened.source,
      snapshot: snapshotOf(happened, names),
      belongings: { ...belongingsOf(happened.lead, happened.call), email_template: happened.emailTemplateId ?? null },
      status: { reached: status?.reached ?? false, final: status?.final ?? false },
      statusChange: happened.statusChange,
      settled: happened.settled ?? null,
      ...(happened.bulk === true ? { bulk: true as const } : {}),
      ...(happened.callback === undefined ? {} : { callback: happened.callback }),
      ...(happened.data === undefined ? {} : { data: happened.data }),
    };
  });
  const inserted = insertEvents(
    tx,
    stored.map(({ accountId, id, at, type, leadId, source, snapshot, ...details }) => ({
      accountId,
      id,
      at,
      type,
      leadId,
      source,
      snapshot,
      details,
    })),
  );
  if (by.late === undefined) await inserted;
  else leaveLate(by.late, [inserted]);
  return stored;
}

/** A call belongs to its own campaign, a lead to its list's. */
export function belongingsOf(lead: Pick<LeadRow, "campaign_id" | "list_id">, call: Call | null): Belongings {
  return {
    campaign: call?.campaignId ?? lead.campaign_id,
    list: lead.list_id,
    queue: call?.queueId ?? null,
    inbound_number: call?.inboundNumberId ?? null,
    email_template: null,
    // a dialler that tells no call type tells the number that was dialled for inbound calls alone
    inbound: call !== null && (call.callType ?? (call.inboundNumberId === null ? null : "INBOUND")) === "INBOUND",
  };
}

function snapshotOf({ lead, call, said }: HappenedTo, names: EventNames): Snapshot {
  const agent = call?.agentId == null ? names.leadAgent(userOf(lead)) : names.agent(call.agentId);
  const status = names.status(call?.status ?? lead.status);
  const numbered: Record<string, FieldValue> = {};
  for (let number = 1; number <= 10; number++) {
    const value = lead.fields[`field_${number}`];
    if (value !== undefined) numbered[`custom_field_${number}`] = value;
  }
  return {
    lead: leadValues(lead),
    call: call === null ? null : { ...callValues(lead, call, names), ...said },
    extra: {
      agent_full_name: agent?.name ?? null,
      agent_email: agent?.email ?? null,
      status_name: status?.name ?? null,
      ...numbered,
    },
  };
}

/** Spec 2, section `call`; instants as ISO 8601 in UTC. */
function callValues(lead: LeadRow, call: Call, names: EventNames): FieldValues {
  return {
    call_log_id: call.id,
    lead_id: lead.id,
    first_name: lead.fields["first_name"] ?? null,
    last_name: lead.fields["last_name"] ?? null,
    list_id: lead.list_id,
    list_name: lead.list_name,
    user_id: names.agent(call.agentId)?.kept ?? null,
    originating_agent_id: names.agent(call.originatingAgentId)?.kept ?? null,
    campaign_id: call.campaignId,
    campaign_name: names.campaign(call.campaignId),
    queue_id: call.queueId,
    queue_name: names.queue(call.queueId),
    queue_seconds: call.queueSeconds,
    queue_position: call.queuePosition,
    phone_number: call.phoneNumber,
    status: call.status,
    length_in_sec: call.lengthInSec,
    call_date: call.startedAt.toISOString(),
    agent_comment: call.agentComment,
    call_type: call.callType,
    term_reason: call.termReason,
    recording: call.recording,
    caller_id: call.callerId,
    inbound_number: names.inboundNumber(call.inboundNumberId),
  };
}

function userOf(lead: LeadRow): string | null {
  const user = lead.fields["user_id"];
  return user === undefined || user === null || user === "" ? null : String(user);
}
