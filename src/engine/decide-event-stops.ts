import type { LeadId, WorkflowId } from "../contracts/ids.ts";
import { isStopped } from "../core/decide-run.ts";
import { pendingWorkflows, skipPending } from "../store/actions.ts";
import type { StoredEvent } from "../store/events.ts";
import { happeningOf, type DecideWorld } from "./decide-event-context.ts";
import {
  keyOf,
  rememberedOf,
  statusOf,
  type Asked,
  type Known,
  type Outcome,
  type Round,
} from "./decide-event-round.ts";

/**
 * Where a stop condition holds now, pending actions end, also those of workflows that this event is none of. Gives the
 * workflows that stop, so that their verdicts on this very event still say what stopped them.
 */
export async function stopWhatStops(
  round: Round,
  event: StoredEvent,
  candidates: readonly Known[],
  owing: Map<LeadId, Set<WorkflowId>>,
  world: DecideWorld,
  outcome: Outcome,
): Promise<WorkflowId[]> {
  const { leadId } = event;
  if (leadId === null) return [];
  const owed = owing.get(leadId) ?? new Set<WorkflowId>();
  const asked = new Map(candidates.map((workflow) => [workflow.id, workflow]));
  for (const id of owed) if (round.known.byId.has(id)) asked.set(id, round.known.byId.get(id)!);
  const happening = happeningOf(event);
  const context = world.contextOf(event);
  const stopped = [...asked.values()].filter(
    ({ id, settings }) =>
      round.states.get(keyOf(id, leadId))?.stopped !== true && isStopped(settings.stop_if, happening, context),
  );
  for (const { id } of stopped) rememberedOf(outcome, id, leadId).stopped = true;
  const ending = stopped.filter(({ id }) => owed.has(id)).map(({ id }) => id);
  if (ending.length > 0)
    await skipPending(
      round.scope,
      { workflows: ending, leadId },
      `The workflow stopped for this lead: its status is ${statusOf(event) || "empty"}`,
    );
  for (const { id } of stopped) {
    owed.delete(id);
    const state = round.states.get(keyOf(id, leadId));
    if (state !== undefined) state.pending = 0;
  }
  return stopped.map(({ id }) => id);
}

/** Which workflows owe something to these leads, when any workflow has a stop condition. Kept up during the level. */
export async function stopsToAsk(
  { scope, known }: Round,
  level: readonly Asked[],
): Promise<Map<LeadId, Set<WorkflowId>>> {
  const owing = new Map<LeadId, Set<WorkflowId>>();
  const leads = new Set(level.flatMap(({ event }) => event.leadId ?? []));
  if (!known.stopsSome || leads.size === 0) return owing;
  for (const { lead_id: lead, workflow_id: workflow } of await pendingWorkflows(scope, [...leads]))
    owing.set(lead, (owing.get(lead) ?? new Set()).add(workflow));
  return owing;
}
