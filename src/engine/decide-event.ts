import type { LeadId, RunId, WorkflowId } from "../contracts/ids.ts";
import {
  checks,
  decideRun,
  isStopped,
  noState,
  type Check,
  type RunDecision,
  type RunState,
} from "../core/decide-run.ts";
import type { Workflow } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import {
  insertActions,
  insertPending,
  pendingWorkflows,
  skipPending,
  type ActionEnd,
  type ActionFacts,
} from "../store/actions.ts";
import type { Queryable } from "../store/database.ts";
import { notifyDue } from "../store/due.ts";
import type { StoredEvent } from "../store/events.ts";
import { findLead } from "../store/leads.ts";
import { insertRuns, readStates, type NewRun } from "../store/runs.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import { remember } from "../store/workflow-leads.ts";
import { storePlanned, type PlannedDelivery } from "./accept-event.ts";
import { decideWorld, happeningOf, type DecideWorld } from "./decide-event-context.ts";
import { switchOffForRecursion } from "./decide-event-switch-off.ts";
import { runActions } from "./run-actions.ts";
import { storeHappenings } from "./store-happenings.ts";
import { createWorkflowCache, type KnownWorkflows } from "./workflow-cache.ts";

type Known = Workflow & { readonly id: WorkflowId };

/**
 * Decides on an event that the caller's transaction has just stored, and does what follows from it in that transaction:
 * runs with every verdict, own records changed, deliveries and later actions owed (spec 4, Running). What workflows change
 * of the lead is an event again and is decided here too, until nothing follows any more. The transaction holds the lead.
 * @param causedBy the workflows whose changes led to the event, latest last.
 */
export async function decideEvent(
  tx: Queryable,
  scope: AccountScope,
  event: StoredEvent,
  causedBy: readonly WorkflowId[] = [],
): Promise<void> {
  if (event.bulk === true) return;
  const known = await knownWorkflows(scope);
  const round: Round = {
    tx,
    scope,
    known,
    now: new Date(),
    states: new Map(),
    switchedOff: new Set(known.switchedOff),
    statuses: new Map(),
  };
  let level: readonly Asked[] = [{ event, causedBy }];
  while (level.length > 0) level = await decideLevel(round, level);
}

const cache = createWorkflowCache();

/** The account's workflows as of now, in whatever process they were saved; kept in this one between calls. */
export function knownWorkflows(scope: AccountScope): Promise<KnownWorkflows> {
  return cache.of(scope);
}

/** An event to be decided on. */
type Asked = { readonly event: StoredEvent; readonly causedBy: readonly WorkflowId[] };

type Round = {
  readonly tx: Queryable;
  readonly scope: AccountScope;
  readonly known: KnownWorkflows;
  readonly now: Date;
  /** By workflow and lead; kept up with what this transaction does. */
  readonly states: Map<string, KeptState>;
  readonly switchedOff: Set<number>;
  /** Of leads that workflows have changed in this round. */
  readonly statuses: Map<LeadId, string>;
};

type KeptState = { firedAt: number[]; pending: number; stopped: boolean; ownRuns: number };

/** What a level leaves to be written, each kind in one statement. */
type Outcome = {
  readonly runs: NewRun[];
  readonly over: (ActionFacts & ActionEnd)[];
  readonly planned: PlannedDelivery[];
  readonly remembered: Map<string, { workflowId: WorkflowId; leadId: LeadId; stopped: boolean; ownRuns: number }>;
  readonly recursive: { workflow: Known; leadId: LeadId }[];
};

const loopWindowMs = 180_000;
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

  const outcome: Outcome = { runs: [], over: [], planned: [], remembered: new Map(), recursive: [] };
  const caused: Asked[] = [];
  for (const one of asked) {
    const stopped = await stopWhatStops(round, one.event, one.candidates, owing, world, outcome);
    for (const workflow of one.candidates) {
      if (round.switchedOff.has(workflow.id)) continue;
      caused.push(...(await decideOne(round, workflow, one, world, outcome, owing)));
    }
    for (const id of stopped) {
      const state = round.states.get(keyOf(id, one.event.leadId));
      if (state !== undefined) state.stopped = true;
    }
  }
  await insertRuns(tx, outcome.runs);
  await insertActions(tx, outcome.over);
  await storePlanned(tx, outcome.planned);
  await remember(scope, [...outcome.remembered.values()]);
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
  const decision = endlessIs(
    decideRun(workflow, happeningOf(event), stateAt(state, event.at), context),
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
  const ran = await runActions({ scope, runId, workflow, event, timeZone, causedBy, mapping: world.mapping, now });
  outcome.over.push(...ran.over);
  outcome.planned.push(...ran.planned);
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

/** The lead as a workflow left it is an event of its own (spec 4, Lead Action: Save). */
async function storeLeadSaved(
  { tx, scope, now, statuses }: Round,
  workflow: Known,
  cause: StoredEvent,
  leadId: LeadId,
): Promise<StoredEvent | null> {
  const event = await storeSaved(tx, scope, workflow, leadId, statuses.get(leadId) ?? statusOf(cause), now);
  if (event !== null) statuses.set(leadId, statusOf(event));
  return event;
}

/** Deliveries that the mapping refused are settled where they are planned: that is an event too, if a workflow asks. */
async function storeNeverMapped(
  { tx, scope, known, now }: Round,
  planned: readonly PlannedDelivery[],
  leadId: LeadId,
): Promise<StoredEvent[]> {
  if (!known.asksOutcomes) return [];
  const refused = planned.flatMap((delivery) => (delivery.kind === "settled" ? [delivery.row] : []));
  const lead = refused.length === 0 ? null : await findLead(scope, leadId);
  if (lead === null) return [];
  return storeHappenings(
    tx,
    scope,
    refused.map(({ connectId, outcome }) => ({
      ...deliverySettled,
      at: now,
      lead,
      call: null,
      settled: { connectId, outcome },
    })),
  );
}

/** A delivery's end as an event. */
export const deliverySettled = {
  type: "delivery.settled",
  source: { kind: "system", id: null, name: "Patchbay" },
  statusChange: null,
} as const;

/**
 * Stores `lead.saved` for a lead that a workflow changed in this transaction; deciding is the caller's.
 * @param statusBefore what the status was before the change.
 */
export async function storeSaved(
  tx: Queryable,
  scope: AccountScope,
  workflow: Pick<Known, "id" | "settings">,
  leadId: LeadId,
  statusBefore: string,
  at: Date,
): Promise<StoredEvent | null> {
  const lead = await findLead(scope, leadId);
  if (lead === null) return null;
  const source = { kind: "workflow", id: workflow.id, name: workflow.settings.name } as const;
  const statusChange = lead.status === statusBefore ? null : { from: statusBefore, to: lead.status };
  const [event] = await storeHappenings(tx, scope, [
    { type: "lead.saved", at, lead, call: null, source, statusChange },
  ]);
  return event!;
}

const statusOf = (event: StoredEvent): string => String(event.snapshot.lead["status"] ?? "");

/** Which workflows owe something to these leads, when any workflow has a stop condition. Kept up during the level. */
async function stopsToAsk({ scope, known }: Round, level: readonly Asked[]): Promise<Map<LeadId, Set<WorkflowId>>> {
  const owing = new Map<LeadId, Set<WorkflowId>>();
  const leads = new Set(level.flatMap(({ event }) => event.leadId ?? []));
  if (!known.stopsSome || leads.size === 0) return owing;
  for (const { lead_id: lead, workflow_id: workflow } of await pendingWorkflows(scope, [...leads]))
    owing.set(lead, (owing.get(lead) ?? new Set()).add(workflow));
  return owing;
}

/**
 * Where a stop condition holds now, pending actions end, also those of workflows that this event is none of. Gives the
 * workflows that stop, so that their verdicts on this very event still say what stopped them.
 */
async function stopWhatStops(
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

/** What only the database knows, of those whose conditions match, in one query. */
async function loadStates(
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
      const { because } = decideRun(workflow, happening, noState, context);
      if (because === null || checks.indexOf(because) > conditionAt)
        wanted.set(key, { workflowId: workflow.id, leadId, since });
    }
  }
  for (const { workflowId, leadId } of wanted.values())
    round.states.set(keyOf(workflowId, leadId), { firedAt: [], pending: 0, stopped: false, ownRuns: 0 });
  for (const row of await readStates(round.scope, [...wanted.values()]))
    round.states.set(keyOf(row.workflow_id, row.lead_id), {
      firedAt: [...row.fired_at],
      pending: row.pending,
      stopped: row.stopped,
      ownRuns: row.own_runs,
    });
}

const conditionAt = checks.indexOf("condition" satisfies Check);

function stateAt(state: KeptState | undefined, at: Date): RunState {
  if (state === undefined) return noState;
  const since = at.getTime() - loopWindowMs;
  return {
    recentRuns: state.firedAt.filter((fired) => fired > since).length,
    pendingActions: state.pending,
    stopped: state.stopped,
    ownRuns: state.ownRuns,
  };
}

function rememberedOf({ remembered }: Outcome, workflowId: WorkflowId, leadId: LeadId) {
  const key = keyOf(workflowId, leadId);
  const row = remembered.get(key) ?? { workflowId, leadId, stopped: false, ownRuns: 0 };
  remembered.set(key, row);
  return row;
}

const keyOf = (workflowId: number, leadId: number | null): string => `${workflowId}/${leadId}`;
