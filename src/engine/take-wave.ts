import type { EventInput } from "../contracts/event.ts";
import type { AgentId, CampaignId, LeadId } from "../contracts/ids.ts";
import { chooseCall, countCall, followCall, isDisposition, type Call } from "../core/follow-call.ts";
import type { AccountScope } from "../store/account-scope.ts";
import {
  callsByKey,
  callsOfLeads,
  insertCalls,
  updateCalls,
  type CallLog,
  type CallsOfLeads,
} from "../store/call-logs.ts";
import { insertCallback } from "../store/callbacks.ts";
import { leaveLate, type Queryable } from "../store/database.ts";
import type { EventSource, StoredEvent } from "../store/events.ts";
import { removeFromHopper } from "../store/hopper.ts";
import { writeLeadCounts } from "../store/lead-counts.ts";
import { findLeads, type LeadRow } from "../store/leads.ts";
import { namesBehind, storeHappenings, type HappenedTo } from "./store-happenings.ts";
import { countsOf, statusChangeOf } from "./take-lead-change.ts";
import { refuse, type EventRefusal, type Incoming } from "./take-read.ts";
import type { ReferredEvent } from "./take-references.ts";

/** An event that is ready to be stored. */
export type ReadyEvent = {
  readonly event: Incoming & { readonly source: EventSource };
  readonly leadId: LeadId;
  readonly referred: ReferredEvent;
};

/** What was read before a wave. */
export type Ahead = { readonly leads: readonly LeadRow[]; readonly calls: StoredCalls };

/**
 * Stores events of which no two are of one lead: call logs, the leads' counters and statuses, the events, each in a
 * statement or two however many they are. The leads are locked by the caller.
 * @param ahead the leads as they were locked, and calls as they are since; null: both are read.
 * @param late gets what is sent and need not be awaited before the transaction's commit.
 */
export async function storeWave(
  tx: Queryable,
  scope: AccountScope,
  wave: readonly ReadyEvent[],
  ahead: Ahead | null,
  late: Promise<unknown>[],
): Promise<ReadonlyMap<ReadyEvent, StoredEvent | EventRefusal>> {
  const leadIds = wave.map(({ leadId }) => leadId);
  const [found, calls] = await Promise.all([
    ahead?.leads ?? findLeads(scope, leadIds),
    ahead?.calls ??
      storedCalls(
        scope,
        wave.map(({ event }) => event.input),
        leadIds,
      ),
  ]);
  const leads = new Map(found.map((lead) => [lead.id, lead]));
  const known = knownCalls(calls, wave);
  const followed: Followed[] = [];
  const answers = new Map<ReadyEvent, StoredEvent | EventRefusal>();
  for (const ready of wave) {
    const lead = leads.get(ready.leadId);
    const call = known.get(ready) ?? null;
    if (lead === undefined) answers.set(ready, refuse(6001, `There is no lead ${ready.leadId}`, "lead_id").refusal);
    else if (call !== null && call.leadId !== lead.id)
      answers.set(
        ready,
        refuse("conflict", `The call ${call.callKey} is one of lead ${call.leadId}`, "call.call_id").refusal,
      );
    else followed.push(follow(ready, lead, call, calls.newIds));
  }
  const [names] = await Promise.all([
    namesBehind(
      scope,
      followed.map(({ after: lead, call }) => ({ lead, call })),
    ),
    keep(scope, followed, late),
  ]);
  const stored = await storeHappenings(tx, scope, followed.map(happened), { names, late });
  followed.forEach(({ ready }, at) => answers.set(ready, stored[at]!));
  return answers;
}

type Followed = {
  readonly ready: ReadyEvent;
  readonly lead: LeadRow;
  readonly before: CallLog | null;
  readonly call: Call | null;
  readonly after: LeadRow;
};

/** What is stored of calls that events may be about. */
export type StoredCalls = CallsOfLeads & { readonly byKey: ReadonlyMap<string, CallLog> };

/** The calls under the keys that these events name, and the last ones of these leads. */
export async function storedCalls(
  scope: AccountScope,
  events: readonly EventInput[],
  leadIds: readonly LeadId[],
): Promise<StoredCalls> {
  const withCall = events.some(speaksOfCall);
  const [byKey, ofLeads] = await Promise.all([
    callsByKey(
      scope,
      events.flatMap(({ call }) => call?.call_id ?? []),
    ),
    callsOfLeads(scope, withCall ? leadIds : []),
  ]);
  return { byKey, ...ofLeads };
}

const speaksOfCall = ({ type, call }: EventInput): boolean => isOfCall(type) || call !== undefined;

/** The call each event is about, as it was stored so far. */
function knownCalls({ byKey, latest }: StoredCalls, wave: readonly ReadyEvent[]): Map<ReadyEvent, CallLog> {
  const known = new Map<ReadyEvent, CallLog>();
  for (const ready of wave.filter(({ event }) => speaksOfCall(event.input))) {
    const key = ready.referred.told.callKey;
    const recent = (latest.get(ready.leadId) ?? []).filter(({ callKey }) => key === undefined || callKey === null);
    const call = byKey.get(key ?? "") ?? chooseCall(ready.event.input.type, recent, ready.event.at);
    if (call !== null) known.set(ready, call);
  }
  return known;
}

function follow(ready: ReadyEvent, lead: LeadRow, before: CallLog | null, newIds: StoredCalls["newIds"]): Followed {
  const { event, referred } = ready;
  const { type } = event.input;
  const fresh = freshCall(lead, event.at);
  const call = isOfCall(type)
    ? followCall(type, before, referred.told, { ...fresh, id: newIds.get(lead.id) ?? null }, event.at)
    : event.input.call === undefined
      ? null
      : mentionedCall(before ?? fresh, referred);
  const counts = countCall(
    countsOf(lead),
    { type, at: event.at },
    call === null ? null : { before, after: call },
    referred.status,
  );
  const after: LeadRow = {
    ...lead,
    status: counts.status,
    called_count: counts.calledCount,
    called_count_inbound: counts.calledCountInbound,
    last_called: counts.lastCalled,
    last_viewed: counts.lastViewed,
    last_reached_at: counts.lastReachedAt,
    final_reached_at: counts.finalReachedAt,
    modified_at: counts.status === lead.status ? lead.modified_at : new Date(),
  };
  return { ready, lead, before, call, after };
}

/** A call that an event of something else speaks of: shown as told, not stored. */
function mentionedCall(call: Call, { told }: ReferredEvent): Call {
  return {
    ...call,
    ...(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as object),
  };
}

/**
 * So few events save a wait by leaving these writes to the commit. More at once cost two processes on one database a sixth
 * less with them awaited (docs/decisions/0008).
 */
const lateMax = 8;

/** Writes calls, counters and the records that the dialler keeps here. */
async function keep(scope: AccountScope, followed: readonly Followed[], late: Promise<unknown>[]): Promise<void> {
  const callsWhere = (isNew: boolean): CallLog[] =>
    followed.flatMap(({ ready, before, call }) =>
      isOfCall(ready.event.input.type) && (before === null) === isNew ? [call as CallLog] : [],
    );
  const writing = [
    insertCalls(scope, callsWhere(true)),
    updateCalls(scope, callsWhere(false)),
    writeLeadCounts(
      scope,
      followed
        .filter(({ ready }) => isOfCall(ready.event.input.type) || ready.event.input.type === "lead.viewed")
        .map(({ after }) => ({ ...countsOf(after), id: after.id, modifiedAt: after.modified_at })),
    ),
  ];
  if (followed.length > lateMax) await Promise.all(writing);
  else leaveLate(late, writing);
  for (const { ready, after, call } of followed) {
    const { event, referred } = ready;
    if (event.input.type === "hopper.expired") await removeFromHopper(scope, after.id);
    if (event.input.type === "callback.scheduled" && event.callback !== undefined)
      await insertCallback(scope, {
        leadId: after.id,
        campaignId: (call?.campaignId ?? after.campaign_id) as CampaignId | null,
        agentId: (referred.callbackAgentId ?? call?.agentId ?? null) as AgentId | null,
        at: new Date(event.callback.at),
        comments: event.callback.comments,
      });
  }
}

function happened({ ready, lead, call, after }: Followed): HappenedTo {
  const { event, referred } = ready;
  const { source } = event;
  const { type, data, email_template: emailTemplateId } = event.input;
  const said =
    !isDisposition(type) && call !== null && referred.told.status ? { status: referred.told.status } : undefined;
  const statusChange = statusChangeOf(lead.status, after.status);
  const { at, callback } = event;
  return { type, at, lead: after, call, source, statusChange, said, callback, emailTemplateId, data };
}

function freshCall(lead: LeadRow, at: Date): Call {
  return {
    id: null,
    callKey: null,
    leadId: lead.id,
    phoneNumber: lead.phone_number,
    campaignId: lead.campaign_id,
    listId: lead.list_id,
    queueId: null,
    inboundNumberId: null,
    agentId: null,
    originatingAgentId: null,
    callType: null,
    status: null,
    termReason: null,
    lengthInSec: null,
    queueSeconds: null,
    queuePosition: null,
    callerId: null,
    agentComment: null,
    recording: null,
    counted: false,
    startedAt: at,
    endedAt: null,
  };
}

const isOfCall = (type: string): boolean => type.startsWith("call.");
