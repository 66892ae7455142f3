import type { Action } from "../contracts/workflow.ts";
import { actionTime } from "./action-time.ts";
import { decideRun, type DecideContext, type RunDecision, type RunState } from "./decide-run.ts";
import type { Happening } from "./match-conditions.ts";
import { triggerTypes } from "./trigger-types.ts";
import type { Workflow } from "./workflow-index.ts";

/** A stored event, as it was decided on. In order of time. */
export type RecordedEvent = {
  readonly id: string;
  readonly leadId: number | null;
  readonly happening: Happening;
  /** The context of that event: what it belonged to, the lead's zone and status then. */
  readonly context: DecideContext;
};

/** What a workflow would do on one event. */
export type RehearsedRun = {
  readonly event: RecordedEvent;
  readonly decision: RunDecision;
  /** Its active actions; empty unless it fires. */
  readonly actions: readonly Action[];
};

const loopWindowMs = 180_000;

/**
 * Runs a workflow over recorded events, doing nothing: what it remembers of a lead (earlier runs, pending actions, a stop)
 * is what it would remember had it been saved before the first of them. Runs that its own updates would newly cause are
 * not followed: the events that were recorded are all there is.
 */
export function rehearseWorkflow(
  workflow: Workflow | null,
  events: readonly RecordedEvent[],
): Map<string, RehearsedRun> {
  const runs = new Map<string, RehearsedRun>();
  if (workflow === null) return runs;
  const triggers = new Set(triggerTypes(workflow.settings.events));
  const memories = new Map<number, Memory>();
  for (const event of events) {
    if (!triggers.has(event.happening.type)) continue;
    const leadId = event.leadId ?? 0;
    const memory = memories.get(leadId) ?? { fired: [], pendingUntil: [], stopped: false, ownRuns: 0 };
    memories.set(leadId, memory);
    const decision = decideRun(workflow, event.happening, stateOf(memory, event.happening.at), event.context);
    remember(memory, workflow, event, decision);
    const actions = decision.fires
      ? workflow.settings.action_sets.flatMap((set) => set.actions.filter((action) => action.active))
      : [];
    runs.set(event.id, { event, decision, actions });
  }
  return runs;
}

type Memory = { fired: number[]; pendingUntil: number[]; stopped: boolean; ownRuns: number };

function stateOf(memory: Memory, at: Temporal.Instant): RunState {
  const now = at.epochMilliseconds;
  return {
    recentRuns: memory.fired.filter((fired) => fired > now - loopWindowMs).length,
    pendingActions: memory.pendingUntil.filter((until) => until > now).length,
    stopped: memory.stopped,
    ownRuns: memory.ownRuns,
  };
}

function remember(memory: Memory, workflow: Workflow, event: RecordedEvent, decision: RunDecision): void {
  const { happening, context } = event;
  if (decision.stops) {
    memory.stopped = true;
    memory.pendingUntil = [];
  }
  if (!decision.fires) return;
  const now = happening.at.epochMilliseconds;
  memory.fired = [...memory.fired.filter((fired) => fired > now - loopWindowMs), now];
  if (happening.source.kind === "workflow" && happening.source.id === workflow.id) memory.ownRuns++;
  const { timeZone } = context.scheduleZone(workflow);
  for (const set of workflow.settings.action_sets) {
    const active = set.actions.filter((action) => action.active).length;
    const time = actionTime(set, { at: happening.at, lead: happening.snapshot.lead }, timeZone);
    if (time.kind === "at" && time.at.epochMilliseconds > now)
      memory.pendingUntil.push(...Array.from({ length: active }, () => time.at.epochMilliseconds));
  }
}
