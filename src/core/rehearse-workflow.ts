import type { Action } from "../contracts/workflow.ts";
import { actionTime } from "./action-time.ts";
import { decideRun, isStopped, type DecideContext, type RunDecision, type RunState } from "./decide-run.ts";
import type { Happening } from "./match-conditions.ts";
import { triggerTypes } from "./trigger-types.ts";
import { isRelated, type Workflow } from "./workflow-index.ts";

/** A stored event, as it was decided on. In order of time. */
export type RecordedEvent = {
  readonly id: string;
  readonly leadId: number | null;
  readonly happening: Happening;
  /** The context of that event: what it belonged to, the lead's zone and status then. */
  readonly context: DecideContext;
};

/** What a workflow would do on one event that it is asked on. */
export type RehearsedRun = {
  readonly decision: RunDecision;
  /** Its active actions and when they are due; empty unless it fires. */
  readonly actions: readonly { readonly action: Action; readonly at: Temporal.Instant }[];
};

const loopWindowMs = 180_000;

/**
 * Runs a workflow over recorded events, doing nothing: what it remembers of a lead (earlier runs, pending actions, a stop)
 * is what it would remember had it been saved before the first of them. Runs that its own updates would newly cause are
 * not followed: the events that were recorded are all there is. Gives the runs by event; of an event on which the
 * workflow is no candidate there is none.
 */
export function rehearseWorkflow(
  workflow: Workflow | null,
  events: readonly RecordedEvent[],
): ReadonlyMap<string, RehearsedRun> {
  const runs = new Map<string, RehearsedRun>();
  if (workflow === null) return runs;
  const { settings } = workflow;
  const triggers = new Set(settings.active ? triggerTypes(settings.events) : []);
  const memories = new Map<number, Memory>();
  for (const { id, leadId, happening, context } of events) {
    const memory = memories.get(leadId ?? 0) ?? { firedAt: [], pendingUntil: [], stopped: false, ownRuns: 0 };
    const isCandidate = triggers.has(happening.type) && isRelated(settings, context.belongings);
    if (!isCandidate) {
      // what is pending is stopped by any event
      if (pendingAt(memory, happening.at) > 0 && isStopped(settings.stop_if, happening, context)) stop(memory);
      continue;
    }
    memories.set(leadId ?? 0, memory);
    const decision = decideRun(workflow, happening, stateOf(memory, happening.at), context);
    const actions = decision.fires ? plannedActions(workflow, happening, context) : [];
    runs.set(id, { decision, actions });
    if (decision.stops) stop(memory);
    if (!decision.fires) continue;
    const now = happening.at.epochMilliseconds;
    memory.firedAt = [...memory.firedAt.filter((fired) => fired > now - loopWindowMs), now];
    if (happening.source.kind === "workflow" && happening.source.id === workflow.id) memory.ownRuns++;
    for (const { at } of actions) if (at.epochMilliseconds > now) memory.pendingUntil.push(at.epochMilliseconds);
  }
  return runs;
}

type Memory = { firedAt: number[]; pendingUntil: number[]; stopped: boolean; ownRuns: number };

function stop(memory: Memory): void {
  memory.stopped = true;
  memory.pendingUntil = [];
}

function stateOf(memory: Memory, at: Temporal.Instant): RunState {
  const since = at.epochMilliseconds - loopWindowMs;
  return {
    recentRuns: memory.firedAt.filter((fired) => fired > since).length,
    pendingActions: pendingAt(memory, at),
    stopped: memory.stopped,
    ownRuns: memory.ownRuns,
  };
}

function pendingAt({ pendingUntil }: Memory, at: Temporal.Instant): number {
  return pendingUntil.filter((until) => until > at.epochMilliseconds).length;
}

/** A set that has no time (its date field is empty) does nothing. */
function plannedActions(workflow: Workflow, happening: Happening, context: DecideContext): RehearsedRun["actions"] {
  const { timeZone } = context.scheduleZone(workflow);
  return workflow.settings.action_sets.flatMap((set) => {
    const time = actionTime(set, { at: happening.at, lead: happening.snapshot.lead }, timeZone);
    if (time.kind === "never") return [];
    const at = Temporal.Instant.compare(time.at, happening.at) < 0 ? happening.at : time.at;
    return set.actions.filter((action) => action.active).map((action) => ({ action, at }));
  });
}
