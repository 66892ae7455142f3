import { isDisposition, type Told } from "../core/follow-call.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { StatusFacts } from "../store/account-settings.ts";
import { resolveAgents, resolveCodes, resolveStatuses, type Reference } from "../store/references.ts";
import { refuse, type EventRefusal, type Incoming } from "./take-read.ts";

/** What an event says, with the dialler's names replaced by our ids. */
export type ReferredEvent = {
  readonly ok: true;
  readonly told: Told;
  /** Of a disposition. */
  readonly status: (StatusFacts & { readonly code: string }) | null;
  readonly callbackAgentId: number | null;
};

/**
 * Finds campaigns, queues, numbers, agents and statuses that events name; adds those that only a code is known of. An id
 * that is not there refuses its event alone.
 */
export async function resolveReferences(
  scope: AccountScope,
  events: readonly Incoming[],
): Promise<(ReferredEvent | { readonly ok: false; readonly refusal: EventRefusal })[]> {
  const all = <T>(pick: (event: Incoming) => T | undefined): T[] => events.flatMap((event) => pick(event) ?? []);
  const [campaigns, queues, numbers, agents, statuses] = await Promise.all([
    resolveCodes(
      scope,
      "campaigns",
      all(({ input }) => input.call?.campaign),
    ),
    resolveCodes(
      scope,
      "queues",
      all(({ input }) => input.call?.queue),
    ),
    resolveCodes(scope, "inbound_numbers", all(inboundNumberOf)),
    resolveAgents(scope, [
      ...all(({ input }) => input.call?.agent),
      ...all(({ input }) => input.call?.originating_agent),
      ...all(({ input }) => input.callback?.agent),
    ]),
    resolveStatuses(scope, all(statusOf)),
  ]);

  return events.map((event) => {
    const { call, callback } = event.input;
    const missing = (
      [
        ["call.campaign", call?.campaign, campaigns, 6004, "campaign"],
        ["call.queue", call?.queue, queues, 6030, "queue"],
        ["call.agent", call?.agent, agents, 6006, "agent"],
        ["call.originating_agent", call?.originating_agent, agents, 6006, "agent"],
        ["callback.agent", callback?.agent, agents, 6006, "agent"],
      ] as const
    ).find(([, reference, known]) => reference !== undefined && !known.has(reference));
    if (missing !== undefined) {
      const [path, reference, , code, noun] = missing;
      return refuse(code, `There is no ${noun} ${reference}. A new one is named by its code, a text`, path);
    }
    const status = statusOf(event);
    return {
      ok: true,
      told: {
        callKey: call?.call_id,
        phoneNumber: call?.phone_number,
        campaignId: id(campaigns, call?.campaign),
        queueId: id(queues, call?.queue),
        inboundNumberId: id(numbers, inboundNumberOf(event)),
        agentId: id(agents, call?.agent),
        originatingAgentId: id(agents, call?.originating_agent),
        callType: call?.call_type,
        status: call?.status,
        termReason: call?.term_reason,
        lengthInSec: whole(call?.length_in_sec),
        queueSeconds: whole(call?.queue_seconds),
        queuePosition: whole(call?.queue_position),
        callerId: call?.caller_id,
        agentComment: call?.agent_comment,
        recording: call?.recording,
        startedAt: event.callStartedAt,
      },
      status: status === undefined ? null : { code: status, ...statuses.get(status)! },
      callbackAgentId: id(agents, callback?.agent) ?? null,
    };
  });
}

function id(known: ReadonlyMap<Reference, number>, reference: Reference | undefined): number | undefined {
  return reference === undefined ? undefined : known.get(reference);
}

const whole = (count: number | undefined): number | undefined => (count === undefined ? undefined : Math.round(count));

function inboundNumberOf({ input }: Incoming): string | undefined {
  const number = input.call?.inbound_number?.trim();
  return number === "" ? undefined : number;
}

function statusOf({ input }: Incoming): string | undefined {
  return isDisposition(input.type) ? input.call?.status : undefined;
}
