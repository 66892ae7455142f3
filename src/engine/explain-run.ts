import type { EventId, LeadId, WorkflowId } from "../contracts/ids.ts";
import { decideRun, noState, type CheckVerdict } from "../core/decide-run.ts";
import { ProblemError } from "../core/problem-error.ts";
import { runFix, runHeadline } from "../core/run-headline.ts";
import { triggerTypes } from "../core/trigger-types.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { findAccount } from "../store/accounts.ts";
import { listRuns, stateBefore } from "../store/logged-runs.ts";
import { eventsOfLead, findEvent, type EventLine, type RecordedRow } from "../store/recorded-events.ts";
import { findWorkflow, workflowAt, workflowSpan } from "../store/saved-workflows.ts";
import { uuidV7Time } from "../store/uuid-v7.ts";
import { decideWorld, happeningOf } from "./decide-event-context.ts";

/** Why a workflow did or did not fire. */
export type Explanation = {
  readonly fired: boolean;
  readonly headline: string;
  readonly fix: string;
  /** Worked out from the stored event and the revision of that time, as no run was kept. */
  readonly workedOut: boolean;
  readonly event: RecordedRow;
  readonly checks: readonly CheckVerdict[];
  /** The lead's events to choose from, newest first. */
  readonly events: readonly EventLine[];
};

const eventsMost = 50;

/**
 * Asked of one event of the lead; by default the latest that the workflow is asked on, else the latest at all. A stored
 * run answers; without one the workflow was no candidate then, and it is asked anew as it was saved at that time. Throws
 * ProblemError.
 */
export async function explainRun(
  scope: AccountScope,
  of: { readonly workflowId: WorkflowId; readonly leadId: LeadId; readonly eventId?: EventId | undefined },
): Promise<Explanation> {
  const span = await workflowSpan(scope, of.workflowId);
  if (span === null) throw new ProblemError("not_found", { detail: `There is no workflow ${of.workflowId}.` });
  const events = await eventsOfLead(scope, of.leadId, { idBefore: undefined, limit: eventsMost, all: false });
  const event = await chosenEvent(scope, of, events);
  const [run] = await listRuns(scope, { workflow: of.workflowId, event: event.id }, 1);
  const checks = run?.checks ?? (await askAnew(scope, of.workflowId, event, span));
  return {
    fired: run?.fired ?? checks.every((check) => check.met !== false),
    headline: runHeadline(checks),
    fix: checks[0]?.check === "active" && checks[0].says === isThere ? fixOfAbsent(span.deletedAt) : runFix(checks),
    workedOut: run === undefined,
    event,
    checks,
    events,
  };
}

async function chosenEvent(
  scope: AccountScope,
  { workflowId, leadId, eventId }: Parameters<typeof explainRun>[1],
  events: readonly EventLine[],
): Promise<RecordedRow> {
  const settings = (await findWorkflow(scope, workflowId))?.settings;
  const triggers = settings === undefined ? [] : triggerTypes(settings.events);
  const id = eventId ?? (events.find(({ type }) => triggers.includes(type)) ?? events[0])?.id;
  const event = id === undefined ? null : await findEvent(scope, id);
  if (event !== null && event.leadId === leadId) return event;
  throw new ProblemError("not_found", {
    detail:
      eventId === undefined
        ? `Nothing has happened to lead ${leadId} yet that a workflow could fire on.`
        : `This event of lead ${leadId} is not there, or past its retention.`,
  });
}

/** The checks, asked as the workflow was saved when the event was decided on. */
async function askAnew(
  scope: AccountScope,
  workflowId: WorkflowId,
  event: RecordedRow,
  span: NonNullable<Awaited<ReturnType<typeof workflowSpan>>>,
): Promise<readonly CheckVerdict[]> {
  const decided = new Date(uuidV7Time(event.id));
  const revision = await workflowAt(scope, workflowId, decided);
  if (revision === null) return [absent(`it was first saved later, on ${await shown(scope, span.since)}`)];
  if (span.deletedAt !== null && span.deletedAt <= decided)
    return [absent(`it had been deleted on ${await shown(scope, span.deletedAt)}`)];
  if (event.bulk === true)
    return [{ check: "event", says: "It did not come with many others at once", met: false, found: "it came by a bulk upload" }]; // prettier-ignore
  const workflow = { id: workflowId, revision: revision.number, settings: revision.settings };
  const { contextOf } = await decideWorld(scope, [workflow], [event.source]);
  const { leadId, id: eventId } = event;
  const state =
    leadId === null ? noState : await stateBefore(scope, { workflowId, leadId, eventId }, { event: event.at, decided });
  return decideRun(workflow, happeningOf(event), state, contextOf(event)).checks;
}

const isThere = "The workflow is there";

function absent(found: string): CheckVerdict {
  return { check: "active", says: isThere, met: false, found };
}

function fixOfAbsent(deletedAt: Date | null): string {
  return deletedAt === null ? "It fires on what happens from now on" : "Add the workflow again";
}

/** In the account's zone, to the minute: `24 Nov 2026, 09:14`. */
async function shown(scope: AccountScope, at: Date): Promise<string> {
  const { time_zone: timeZone } = await findAccount(scope);
  return at.toLocaleString("en-GB", { timeZone, dateStyle: "medium", timeStyle: "short" });
}
