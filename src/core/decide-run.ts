import type { FieldValues } from "../contracts/fields.ts";
import type { StopIf } from "../contracts/workflow.ts";
import { matchConditions, sayEventType, type Happening, type MatchContext, type Verdict } from "./match-conditions.ts";
import { isOpen, openingHours } from "./opening-hours.ts";
import { isWithinShare } from "./sticky-percentage.ts";
import { triggerTypes } from "./trigger-types.ts";
import { wallClock } from "./wall-clock.ts";
import { isRelated, type Belongings, type Workflow } from "./workflow-index.ts";

/** Every reason why a workflow does not fire, in the order in which it is asked. */
export const checks = [
  "active",
  "event",
  "relation",
  "condition",
  "stop",
  "schedule",
  "percentage",
  "pending",
  "loop",
  "recursion",
] as const;
export type Check = (typeof checks)[number];

/** One line of *why did this not fire?*. `met` null: not asked, since an earlier one said no. */
export type CheckVerdict = Verdict & { readonly check: Check };

/** What the database knows of this workflow and lead, read in the event's transaction. */
export type RunState = {
  /** Runs that fired for this lead in the last 180 s. */
  readonly recentRuns: number;
  readonly pendingActions: number;
  readonly stopped: boolean;
  /** Runs for this lead that this workflow's own field updates caused. */
  readonly ownRuns: number;
};

export const noState: RunState = { recentRuns: 0, pendingActions: 0, stopped: false, ownRuns: 0 };

export type RunDecision = {
  readonly fires: boolean;
  /** The check that said no; null when it fires. */
  readonly because: Check | null;
  readonly checks: readonly CheckVerdict[];
  /** The stop condition holds now: pending actions are cancelled and it fires no more for this lead. */
  readonly stops: boolean;
  /** This run is the one too many that its own updates caused: the workflow is switched off. */
  readonly switchesOff: boolean;
};

export type DecideContext = MatchContext & {
  readonly belongings: Belongings;
  /** The zone that the workflow's schedule is read in: the account's or the lead's. */
  readonly scheduleZone: (workflow: Workflow) => { readonly timeZone: string; readonly note: string };
  /** Of the lead's status now. */
  readonly status: { readonly reached: boolean; readonly final: boolean };
};

const loopRuns = 9;
const recursionRuns = 100;

/**
 * Whether a workflow fires on an event, and every check's verdict on the way (spec 4). Pure: live events, rehearsal,
 * simulation and *why did this not fire?* all ask this function.
 */
export function decideRun(
  workflow: Workflow,
  happening: Happening,
  state: RunState,
  context: DecideContext,
): RunDecision {
  const { settings } = workflow;
  const trail: CheckVerdict[] = [];
  const refused = (): Check | null => trail.find((verdict) => verdict.met === false)?.check ?? null;
  const ask = (check: Check, says: string, test: () => { met: boolean; found: string }): void => {
    trail.push(refused() === null ? { check, says, ...test() } : { check, says, met: null, found: "" });
  };

  ask("active", "The workflow is active", () => ({ met: settings.active, found: settings.active ? "" : "it is off" }));
  const triggers = triggerTypes(settings.events);
  ask(
    "event",
    `It is asked when ${triggers.map(sayEventType).join(" or ") || "nothing: its events exclude each other"}`,
    () => ({
      met: triggers.includes(happening.type),
      found: sayEventType(happening.type),
    }),
  );
  ask("relation", sayRelation(workflow, context), () => {
    const met = isRelated(settings, context.belongings);
    return { met, found: met ? "" : "the lead or call belongs elsewhere" };
  });
  if (refused() === null)
    for (const verdict of matchConditions(settings.events, happening, context).verdicts)
      trail.push({ ...verdict, check: "condition" });
  const stops = state.stopped || isStopped(settings.stop_if, happening, context);
  ask("stop", sayStop(settings.stop_if), () => ({
    met: !stops,
    found: state.stopped
      ? "it was stopped for this lead"
      : `the lead's status is ${textOf(happening.snapshot.lead, "status")}`,
  }));
  ask("schedule", "It is within the schedule", () => {
    const zone = context.scheduleZone(workflow);
    return {
      met: isOpen(openingHours(settings.schedule), happening.at, zone.timeZone),
      found: `${wallClock(happening.at, zone.timeZone).text} in ${zone.timeZone}${zone.note === "" ? "" : ` (${zone.note})`}`,
    };
  });
  const leadId = Number(happening.snapshot.lead["id"] ?? 0);
  ask("percentage", `The lead is among the ${settings.percentage} %`, () => {
    const met = isWithinShare(workflow.id, leadId, settings.percentage);
    return { met, found: met ? "" : "its place is outside, for good" };
  });
  ask("pending", "No action of it is pending for this lead", () => ({
    met: !settings.skip_if_pending || state.pendingActions === 0,
    found: `${state.pendingActions} pending`,
  }));
  ask("loop", `It fired fewer than ${loopRuns} times for this lead in the last 3 minutes`, () => ({
    met: !settings.loop_protection || state.recentRuns < loopRuns,
    found: `${state.recentRuns} times`,
  }));
  const isOwn = happening.source.kind === "workflow" && happening.source.id === workflow.id;
  ask("recursion", "Its own updates do not keep it going", () => ({
    met: !isOwn || state.ownRuns < recursionRuns,
    found: `its own updates caused ${state.ownRuns} runs for this lead`,
  }));
  const because = refused();
  return { fires: because === null, because, checks: trail, stops, switchesOff: because === "recursion" };
}

/** Whether the stop condition holds for the lead as it is. Also asked before a pending action is carried out. */
export function isStopped(
  stopIf: StopIf,
  happening: Happening,
  context: MatchContext & Pick<DecideContext, "status">,
): boolean {
  if (stopIf === "never") return false;
  if (stopIf === "reached") return context.status.reached;
  if (stopIf === "final") return context.status.final;
  return matchConditions(stopIf.filter, happening, context).met;
}

function sayStop(stopIf: StopIf): string {
  if (stopIf === "never") return "It is never stopped for a lead";
  if (stopIf === "reached") return "The lead has no reached status";
  if (stopIf === "final") return "The lead has no final status";
  return "The lead is not what stops it";
}

function sayRelation(workflow: Workflow, context: DecideContext): string {
  const { kind, of } = workflow.settings.relation;
  const noun = kind.replace("_", " ");
  if (of === "all") return `It is about every ${noun}`;
  return `The ${noun} is ${of.map((id) => context.names.related(kind, id)).join(" or ")}`;
}

const textOf = (lead: FieldValues, key: string): string => String(lead[key] ?? "") || "blank";
