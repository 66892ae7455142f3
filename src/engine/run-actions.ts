import type { EventId, LeadId, ListId, RunId, WorkflowId } from "../contracts/ids.ts";
import type { Action } from "../contracts/workflow.ts";
import { actionTime } from "../core/action-time.ts";
import { nextOpen, windowHours } from "../core/opening-hours.ts";
import type { Workflow } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { ActionEnd, ActionFacts, NewPending } from "../store/actions.ts";
import type { StoredEvent } from "../store/events.ts";
import { hasLiveCall } from "../store/live-call.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import type { PlannedDelivery } from "./accept-event.ts";
import type { ForPlanning } from "./for-planning.ts";
import type { Handover } from "./handover.ts";
import { performAction } from "./perform-action.ts";

/** A run that fired, in the transaction of its event, which holds the lead. */
export type FiredRun = {
  readonly scope: AccountScope;
  readonly runId: RunId;
  readonly workflow: Workflow & { readonly id: WorkflowId };
  readonly event: StoredEvent;
  /** Of its schedule: windows are read on its wall clock. */
  readonly timeZone: string;
  /** Workflows whose changes led to the event, latest last. */
  readonly causedBy: readonly WorkflowId[];
  readonly mapping: MappingContext;
  readonly now: Date;
  readonly connects: ForPlanning;
  readonly handover: Handover;
};

/** What a run's actions leave to be stored. The changes of own records are made already. */
export type RanActions = {
  readonly over: readonly (ActionFacts & ActionEnd)[];
  readonly pending: readonly NewPending[];
  readonly planned: readonly PlannedDelivery[];
  /** The lead is another than before. */
  readonly changed: boolean;
};

/** How long what can't be done yet is tried again: as long as deliveries by default. */
const giveUpMs = 8 * 24 * 3_600_000;

/** Carries out what is due now, in the order of the sets, and owes the rest. */
export async function runActions(run: FiredRun): Promise<RanActions> {
  const over: (ActionFacts & ActionEnd)[] = [];
  const pending: NewPending[] = [];
  const planned: PlannedDelivery[] = [];
  let isChanged = false;
  const { event, now, scope } = run;
  const at = Temporal.Instant.fromEpochMilliseconds(event.at.getTime());
  const nowInstant = Temporal.Instant.fromEpochMilliseconds(now.getTime());

  for (const set of run.workflow.settings.action_sets) {
    // without a delay it is done at once, also where the event's clock is ahead of ours, or ours has just been set back
    const from = set.delay === "none" && Temporal.Instant.compare(at, nowInstant) > 0 ? nowInstant : at;
    const time = actionTime(set, { at: from, lead: event.snapshot.lead }, run.timeZone);
    // an event that is told late, and a delay that lies in the past, still wait for the window
    const due =
      time.kind === "at" && Temporal.Instant.compare(time.at, nowInstant) <= 0
        ? nextOpen(windowHours(set.window), nowInstant, run.timeZone)
        : null;
    const isNow = due !== null && Temporal.Instant.compare(due, nowInstant) <= 0;
    for (const action of set.actions) {
      if (!action.active) continue;
      const facts = factsOf(run, action);
      if (time.kind === "never") over.push({ ...facts, ...skipped(`It has no time: ${time.because}`) });
      else if (!isNow || action.type === "email")
        pending.push(pendingOf(run, facts, action, set.window, new Date((due ?? time.at).epochMilliseconds)));
      else if (action.skip_if_live_call && event.leadId !== null && (await hasLiveCall(scope, event.leadId)))
        over.push({ ...facts, ...skipped("A call of the lead is in progress") });
      else {
        const performed = await performAction({
          scope,
          action,
          workflow: { id: run.workflow.id, revision: run.workflow.revision },
          event,
          leadId: event.leadId,
          phoneNumber: phoneOf(event),
          snapshot: event.snapshot,
          context: run.mapping,
          now,
          connects: run.connects,
          handover: run.handover,
        });
        over.push({ ...facts, ...performed.end });
        if (performed.planned !== null) planned.push(performed.planned);
        isChanged ||= performed.changed;
      }
    }
  }
  return { over, pending, planned, changed: isChanged };
}

function factsOf({ scope, runId, workflow, event }: FiredRun, action: Action): ActionFacts {
  return {
    accountId: scope.accountId,
    id: newUuidV7(),
    runId,
    workflowId: workflow.id,
    workflowRevision: workflow.revision,
    eventId: event.id satisfies EventId,
    leadId: event.leadId satisfies LeadId | null,
    listId: event.belongings.list as ListId | null,
    type: action.type,
  };
}

function pendingOf(run: FiredRun, facts: ActionFacts, action: Action, window: string, dueAt: Date): NewPending {
  return {
    ...facts,
    eventType: run.event.type,
    phoneNumber: phoneOf(run.event),
    dueAt,
    giveUpAt: new Date(Math.max(dueAt.getTime(), run.now.getTime()) + giveUpMs),
    payload: {
      action,
      window,
      time_zone: run.timeZone,
      snapshot: run.event.snapshot,
      caused_by: [...new Set([...run.causedBy, run.workflow.id])],
    },
  };
}

const phoneOf = (event: StoredEvent): string => String(event.snapshot.lead["phone_number"] ?? "");

const skipped = (note: string): ActionEnd => ({ state: "skipped", note, deliveryId: null });
