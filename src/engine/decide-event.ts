import type { LeadId, RunId, WorkflowId } from "../contracts/ids.ts";
import { limits } from "../contracts/limits.ts";
import { payloadLength } from "../core/payload-limit.ts";
import { decideRun, type RunDecision, type RunState } from "../core/decide-run.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { insertActions, insertPending } from "../store/actions.ts";
import { leaveLate, type Queryable } from "../store/database.ts";
import { notifyDue } from "../store/due.ts";
import type { StoredEvent } from "../store/events.ts";
import { insertRuns } from "../store/runs.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import { remember } from "../store/workflow-leads.ts";
import { isStoredAtOnce, storePlanned } from "./accept-event.ts";
import { decideWorld, happeningOf, type DecideWorld } from "./decide-event-context.ts";
import { storeLeadSaved, storeNeverMapped } from "./decide-event-follow-ups.ts";
import { keyOf, rememberedOf, type Asked, type Known, type Outcome, type Round } from "./decide-event-round.ts";
import { loadStates, stateAt } from "./decide-event-states.ts";
import { stopsToAsk, stopWhatStops } from "./decide-event-stops.ts";
import { switchOffForRecursion } from "./decide-event-switch-off.ts";
import { forPlanning } from "./for-planning.ts";
import type { Handover } from "./handover.ts";
import { runActions } from "./run-actions.ts";
import { knownWorkflows, type KnownWorkflows } from "./workflow-cache.ts";

/**
 * Decides on events that the caller's transaction has just stored, and does what follows from them in that transaction:
 * runs with every verdict, own records changed, deliveries and later actions owed (spec 4, Running). What workflows change
 * of a lead is an event again and is decided here too, until nothing follows any more. The transaction holds the leads, and
 * no two of the events are of one lead.
 * @param by `workflows`: as this transaction has read them, if it has and nothing was decided in it since; `late`: gets what
 *   is written in the end instead of its being awaited.
 */
export async function decideEvents(
  tx: Queryable,
  scope: AccountScope,
  asked: readonly Asked[],
  handover: Handover,
  by: { readonly workflows?: KnownWorkflows | undefined; readonly late?: Promise<unknown>[] } = {},
): Promise<void> {
  let level = asked.filter(({ event }) => event.bulk !== true);
  if (level.length === 0) return;
  const known = by.workflows ?? (await knownWorkflows(scope));
  const round: Round = {
    tx,
    scope,
    known,
    now: new Date(),
    states: new Map(),
    decisions: new Map(),
    switchedOff: new Set(known.switchedOff),
    statuses: new Map(),
    connects: forPlanning(scope),
    handover,
    late: by.late,
  };
  while (level.length > 0) level = await decideLevel(round, level);
}

const recursionRuns = 100;
/** What follows from one event may go this deep before a chain of workflows is taken for endless. */
const causesMax = 1_000;

/** Decides on events in their order; gives those that their workflows caused. */
async function decideLevel(round: Round, level: readonly Asked[]): Promise<Asked[]> {
  const { scope, tx, known } = round;
  const asked = level.map((one) => ({ ...one, candidates: candidatesOf(round, one.event) }));
  const owing = await stopsToAsk(round, level);
  if (owing.size === 0 && asked.every(({ candidates }) => candidates.length === 0)) return [];

  const concerned = new Map<number, Known>();
  for (const { candidates } of asked) for (const workflow of candidates) concerned.set(workflow.id, workflow);
  for (const ids of owing.values())
    for (const id of ids) if (known.byId.has(id)) concerned.set(id, known.byId.get(id)!);
  const world = await decideWorld(
    scope,
    [...concerned.values()],
    level.map(({ event }) => event.source),
  );
  await loadStates(round, asked, world);

  const outcome: Outcome = { runs: [], over: [], planned: [], plannedLength: 0, remembered: new Map(), recursive: [] };
  const caused: Asked[] = [];
  for (const one of asked) {
    const stopped = await stopWhatStops(round, one.event, one.candidates, owing, world, outcome);
    for (const workflow of one.candidates) {
      if (round.switchedOff.has(workflow.id)) continue;
      caused.push(...(await decideOne(round, workflow, one, world, outcome, owing)));
      if (outcome.plannedLength > limits.plannedCharsMax) {
        await storePlanned(tx, outcome.planned.splice(0), round.handover);
        outcome.plannedLength = 0;
      }
    }
    for (const id of stopped) {
      const state = round.states.get(keyOf(id, one.event.leadId));
      if (state !== undefined) state.stopped = true;
    }
  }
  const written = [
    insertRuns(tx, outcome.runs),
    insertActions(tx, outcome.over),
    storePlanned(tx, outcome.planned, round.handover),
    remember(scope, [...outcome.remembered.values()]),
  ];
  if (round.late !== undefined && isStoredAtOnce(outcome.planned)) leaveLate(round.late, written);
  else await Promise.all(written);
  for (const { workflow, leadId } of outcome.recursive) await switchOffForRecursion(scope, workflow, leadId);
  return caused;
}

function candidatesOf({ known, switchedOff }: Round, event: StoredEvent): Known[] {
  const found = known.index.candidates(event.type, event.belongings) as Known[];
  return switchedOff.size === 0 ? found : found.filter(({ id }) => !switchedOff.has(id));
}

/** Asks one workflow about one event. Gives the events that what it does makes. */
async function decideOne(
  round: Round,
  workflow: Known,
  { event, causedBy }: Asked,
  world: DecideWorld,
  outcome: Outcome,
  owing: Map<LeadId, Set<WorkflowId>>,
): Promise<Asked[]> {
  const { scope, now } = round;
  const isOwn = causedBy.includes(workflow.id);
  const state = round.states.get(keyOf(workflow.id, event.leadId));
  const context = world.contextOf(event);
  const known = stateAt(state, event.at);
  const early = isNothing(known) ? round.decisions.get(`${event.id}/${workflow.id}`) : undefined;
  const decision = endlessIs(
    early ?? decideRun(workflow, happeningOf(event), known, context),
    isOwn ? (state?.ownRuns ?? 0) : 0,
    causedBy,
  );
  const runId = newUuidV7(now.getTime()) as RunId;
  outcome.runs.push({
    accountId: scope.accountId,
    id: runId,
    at: event.at,
    workflowId: workflow.id,
    workflowRevision: workflow.revision,
    eventId: event.id,
    leadId: event.leadId,
    fired: decision.fires,
    because: decision.because,
    checks: decision.checks,
  });
  if (decision.switchesOff && event.leadId !== null) {
    round.switchedOff.add(workflow.id);
    outcome.recursive.push({ workflow, leadId: event.leadId });
  }
  if (!decision.fires) return [];

  const { timeZone } = context.scheduleZone(workflow);
  const ran = await runActions({
    scope,
    runId,
    workflow,
    event,
    timeZone,
    causedBy,
    mapping: world.mapping,
    now,
    connects: round.connects,
    handover: round.handover,
  });
  outcome.over.push(...ran.over);
  outcome.planned.push(...ran.planned);
  for (const { row } of ran.planned) outcome.plannedLength += payloadLength(row.payload);
  // at once, not with the rest of the level: a later event of it may stop them
  await insertPending(round.tx, ran.pending);
  if (ran.pending.some(({ dueAt }) => dueAt <= now)) await notifyDue(round.tx);
  if (event.leadId === null) return [];
  if (state !== undefined) {
    state.firedAt.push(event.at.getTime());
    state.pending += ran.pending.length;
    if (isOwn) state.ownRuns++;
  }
  if (isOwn) rememberedOf(outcome, workflow.id, event.leadId).ownRuns++;
  if (ran.pending.length > 0) owing.set(event.leadId, (owing.get(event.leadId) ?? new Set()).add(workflow.id));
  const saved = ran.changed ? await storeLeadSaved(round, workflow, event, event.leadId) : null;
  const settled = await storeNeverMapped(round, ran.planned, event.leadId);
  return [...(saved === null ? [] : [saved]), ...settled].map((made) => ({
    event: made,
    causedBy: [...causedBy, workflow.id],
  }));
}

/** Nothing is remembered that a decision could turn on. */
function isNothing({ recentRuns, pendingActions, stopped, ownRuns }: RunState): boolean {
  return recentRuns === 0 && pendingActions === 0 && !stopped && ownRuns === 0;
}

/**
 * A chain of workflows that keep each other going counts as each one's own updates, also when none of them answers to
 * itself directly: else two without loop protection would go on for ever.
 */
function endlessIs(decision: RunDecision, ownRuns: number, causedBy: readonly WorkflowId[]): RunDecision {
  if (!decision.fires || (ownRuns < recursionRuns && causedBy.length < causesMax)) return decision;
  const found = `its own updates caused ${ownRuns} runs for this lead, by way of other workflows`;
  return {
    ...decision,
    fires: false,
    because: "recursion",
    switchesOff: true,
    checks: decision.checks.map((check) => (check.check === "recursion" ? { ...check, met: false, found } : check)),
  };
}
