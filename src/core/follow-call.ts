import type { LeadId } from "../contracts/ids.ts";

/** One call to or from a lead, as its events have told it so far. Ids are this account's own. */
export type Call = {
  readonly id: number | null;
  /** The dialler's own id of it. */
  readonly callKey: string | null;
  readonly leadId: LeadId;
  readonly phoneNumber: string;
  readonly campaignId: number | null;
  readonly listId: number | null;
  readonly queueId: number | null;
  readonly inboundNumberId: number | null;
  readonly agentId: number | null;
  readonly originatingAgentId: number | null;
  readonly callType: string | null;
  /** Its disposition; null until it has one. */
  readonly status: string | null;
  readonly termReason: string | null;
  readonly lengthInSec: number | null;
  readonly queueSeconds: number | null;
  readonly queuePosition: number | null;
  readonly callerId: string | null;
  readonly agentComment: string | null;
  readonly recording: string | null;
  /** It raised the lead's called_count already. */
  readonly counted: boolean;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
};

/** What one event tells of its call; what it doesn't name is undefined. */
export type Told = {
  readonly [Key in keyof Omit<Call, "id" | "leadId" | "counted" | "endedAt">]?: Call[Key] | undefined;
};

/** A call that was started and not ended counts as under way for so long. */
const liveCallMs = 4 * 3_600_000;

/**
 * Which call an event without a call id is about: the start of one is always a new call; the end and the disposition
 * belong to the call under way, the disposition also to the last one that ended without; a later disposition to the
 * last call. Everything else is about the call under way. null: none that is known.
 * @param recent the lead's latest calls, newest first.
 */
export function chooseCall<C extends Call>(type: string, recent: readonly C[], at: Date): C | null {
  if (type === "call.started") return null;
  const near = recent.filter((call) => at.getTime() - call.startedAt.getTime() <= liveCallMs);
  const live = near.find((call) => call.endedAt === null);
  if (type === "call.redispositioned") return recent[0] ?? null;
  if (type === "call.dispositioned") return live ?? near.find((call) => call.status === null) ?? null;
  return live ?? null;
}

/**
 * A call after one more event, in whatever order they come: values told later win, and what is known is never
 * forgotten. It ends with its end or its disposition, whichever comes first, and is counted then, once.
 */
export function followCall(type: string, known: Call | null, told: Told, fresh: Call, at: Date): Call {
  const before = known ?? fresh;
  const isOver = type === "call.ended" || isDisposition(type);
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as Partial<Call>;
  const call: Call = {
    ...before,
    ...given,
    // what a call ended with is its disposition only once somebody said so
    status: isDisposition(type) ? (told.status ?? before.status) : before.status,
    startedAt: startOf(type, known, told, before, at),
    endedAt: before.endedAt ?? (isOver ? at : null),
    counted: before.counted || isOver,
  };
  return { ...call, lengthInSec: call.lengthInSec ?? measured(call, known) };
}

export function isDisposition(type: string): boolean {
  return type === "call.dispositioned" || type === "call.redispositioned";
}

/** When it began: as told, else by the start's own event, else so long before the end as it is said to have lasted. */
function startOf(type: string, known: Call | null, told: Told, before: Call, at: Date): Date {
  if (told.startedAt !== undefined) return told.startedAt;
  if (type === "call.started") return known !== null && known.startedAt < at ? known.startedAt : at;
  if (known === null && told.lengthInSec) return new Date(at.getTime() - told.lengthInSec * 1000);
  return before.startedAt;
}

/** Only a call whose start was told has a length that can be measured. */
function measured({ startedAt, endedAt }: Call, known: Call | null): number | null {
  if (known === null || endedAt === null) return null;
  return Math.max(0, Math.round((endedAt.getTime() - startedAt.getTime()) / 1000));
}

/** What a lead keeps of its calls and statuses. */
export type LeadCounts = {
  readonly status: string;
  readonly calledCount: number;
  readonly calledCountInbound: number;
  readonly lastCalled: Date | null;
  readonly lastViewed: Date | null;
  readonly lastReachedAt: Date | null;
  readonly finalReachedAt: Date | null;
};

/**
 * A lead's counters and times after an event. `before` and `after` are the event's call; `status` is what the event
 * makes the lead's status, and whether that is reached or final.
 */
export function countCall(
  lead: LeadCounts,
  event: { readonly type: string; readonly at: Date },
  call: { readonly before: Call | null; readonly after: Call } | null,
  status: { readonly code: string; readonly reached: boolean; readonly final: boolean } | null,
): LeadCounts {
  const counts = call !== null && call.after.counted && call.before?.counted !== true ? 1 : 0;
  const called = call === null ? lead.lastCalled : later(lead.lastCalled, call.after.startedAt);
  return {
    status: status?.code ?? lead.status,
    calledCount: lead.calledCount + counts,
    calledCountInbound: lead.calledCountInbound + (call?.after.callType === "INBOUND" ? counts : 0),
    lastCalled: event.type.startsWith("call.") ? called : lead.lastCalled,
    lastViewed: event.type === "lead.viewed" ? later(lead.lastViewed, event.at) : lead.lastViewed,
    lastReachedAt: status?.reached === true ? later(lead.lastReachedAt, event.at) : lead.lastReachedAt,
    finalReachedAt: status?.final === true ? later(lead.finalReachedAt, event.at) : lead.finalReachedAt,
  };
}

function later(known: Date | null, at: Date): Date {
  return known !== null && known > at ? known : at;
}
