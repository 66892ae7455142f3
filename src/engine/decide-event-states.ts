import type { ConnectId, LeadId, WorkflowId } from "../contracts/ids.ts";
import { checks, decideRun, noState, type Check, type RunState } from "../core/decide-run.ts";
import { readStates } from "../store/runs.ts";
import { happeningOf, type DecideWorld } from "./decide-event-context.ts";
import { keyOf, type Asked, type KeptState, type Known, type Round } from "./decide-event-round.ts";

/**
 * What only the database knows, of those whose conditions match, in one query. What was decided without it is kept: mostly
 * the database knows nothing.
 */
export async function loadStates(
  round: Round,
  asked: readonly (Asked & { readonly candidates: readonly Known[] })[],
  world: DecideWorld,
): Promise<void> {
  const wanted = new Map<string, { workflowId: WorkflowId; leadId: LeadId; since: Date }>();
  for (const { event, candidates } of asked) {
    const { leadId } = event;
    if (leadId === null || candidates.length === 0) continue;
    const happening = happeningOf(event);
    const context = world.contextOf(event);
    const since = new Date(Math.min(event.at.getTime(), round.now.getTime()) - loopWindowMs);
    for (const workflow of candidates) {
      const key = keyOf(workflow.id, leadId);
      if (round.states.has(key) || (wanted.get(key)?.since ?? new Date(8.64e15)) <= since) continue;
      const decision = decideRun(workflow, happening, noState, context);
      round.decisions.set(`${event.id}/${workflow.id}`, decision);
      const { because } = decision;
      if (because === null || checks.indexOf(because) > conditionAt)
        wanted.set(key, { workflowId: workflow.id, leadId, since });
    }
  }
  for (const { workflowId, leadId } of wanted.values())
    round.states.set(keyOf(workflowId, leadId), { firedAt: [], pending: 0, stopped: false, ownRuns: 0 });
  for (const id of connectsOf(round, wanted.values())) void round.connects(id);
  for (const row of await readStates(round.scope, [...wanted.values()]))
    round.states.set(keyOf(row.workflow_id, row.lead_id), {
      firedAt: [...row.fired_at],
      pending: row.pending,
      stopped: row.stopped,
      ownRuns: row.own_runs,
    });
}

/** The connects that these workflows would send through: they are read and locked together with the states. */
function connectsOf(round: Round, wanted: Iterable<{ readonly workflowId: WorkflowId }>): Set<ConnectId> {
  const workflows = new Set(Array.from(wanted, ({ workflowId }) => workflowId));
  const actions = [...workflows].flatMap((id) =>
    (round.known.byId.get(id)?.settings.action_sets ?? []).flatMap((set) => set.actions),
  );
  return new Set(
    actions.flatMap((action) => (action.type === "integration" && action.active ? action.connect_id : [])),
  );
}

/** As of an event: only the runs of the three minutes before it count. */
export function stateAt(state: KeptState | undefined, at: Date): RunState {
  if (state === undefined) return noState;
  const since = at.getTime() - loopWindowMs;
  return {
    recentRuns: state.firedAt.filter((fired) => fired > since).length,
    pendingActions: state.pending,
    stopped: state.stopped,
    ownRuns: state.ownRuns,
  };
}

const loopWindowMs = 180_000;
const conditionAt = checks.indexOf("condition" satisfies Check);
