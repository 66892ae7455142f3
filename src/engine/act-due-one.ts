import type { LeadId, WorkflowId } from "../contracts/ids.ts";
import { isStopped } from "../core/decide-run.ts";
import { nextOpen, windowHours } from "../core/opening-hours.ts";
import type { Workflow } from "../core/workflow-index.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import { endAction, isStillOurs, postponeAction, type ActionEnd, type ClaimedAction } from "../store/actions.ts";
import { statusFlags } from "../store/change-lead.ts";
import type { Database, Queryable } from "../store/database.ts";
import { findLead, type LeadRow } from "../store/leads.ts";
import { hasLiveCall } from "../store/live-call.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import { leadSnapshot } from "../store/snapshots.ts";
import { storePlanned } from "./accept-event.ts";
import { decideEvents } from "./decide-event.ts";
import { storeSaved } from "./decide-event-follow-ups.ts";
import { noHandover } from "./handover.ts";
import { forPlanning } from "./for-planning.ts";
import { knownWorkflows } from "./workflow-cache.ts";
import { decideWorld } from "./decide-event-context.ts";
import { performAction } from "./perform-action.ts";
import { belongingsOf } from "./store-happenings.ts";

/**
 * Carries out one pending action that is due, in one transaction with its completion mark: exactly once, whatever
 * crashes. What it changes of the lead is an event, decided on in the same transaction.
 */
export async function actDueOne(db: Database, claimed: ClaimedAction, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const scope = accountScope(tx, claimed.accountId);
    const ready = await lookAgain(scope, claimed, now);
    if (ready.kind === "not ours") return;
    if (ready.kind === "later")
      return postponeAction(scope, claimed, { inMs: ready.inMs, tried: false, note: ready.because });
    if (ready.kind === "over") return void (await endAction(scope, claimed, ready.end));
    await perform(tx, scope, claimed, ready, now);
  });
}

/** What is true of a due action now, as opposed to when it was planned. */
export type LookedAgain =
  | { readonly kind: "not ours" }
  | { readonly kind: "later"; readonly inMs: number; readonly because: string }
  | { readonly kind: "over"; readonly end: ActionEnd }
  | {
      readonly kind: "go";
      /** null: the event has none, or it is gone. */
      readonly lead: LeadRow | null;
      readonly workflow: Workflow & { readonly id: WorkflowId };
      readonly mapping: MappingContext;
    };

/**
 * Locks the lead and the row, in this order as deciding does, and asks again: is it still ours, is the workflow still
 * there and on, does its stop condition hold for the lead as it is now, is the window open, is a call under way?
 */
export async function lookAgain(scope: AccountScope, claimed: ClaimedAction, now: Date): Promise<LookedAgain> {
  const { payload, workflowId } = claimed;
  const lead = claimed.leadId === null ? null : await findLead(scope, claimed.leadId, true);
  if (!(await isStillOurs(scope, claimed))) return { kind: "not ours" };
  const workflow = (await knownWorkflows(scope)).byId.get(workflowId);
  if (workflow === undefined) return over("The workflow was deleted");
  if (!workflow.settings.active) return over("The workflow was switched off");
  if (now > claimed.giveUpAt)
    return { kind: "over", end: { state: "failed", note: "It could not be done in time", deliveryId: null } };
  const world = await decideWorld(scope, [workflow], []);
  if (lead !== null && (await stopsNow(scope, claimed, workflow, lead, world, now)))
    return over(`The workflow stopped for this lead: its status is ${lead.status}`);
  const at = Temporal.Instant.fromEpochMilliseconds(now.getTime());
  const open = nextOpen(windowHours(payload.window), at, payload.time_zone);
  if (open === null) return over("Its window never opens");
  if (Temporal.Instant.compare(open, at) > 0)
    return { kind: "later", inMs: open.epochMilliseconds - now.getTime(), because: "It waits for its window" };
  if (payload.action.skip_if_live_call && lead !== null && (await hasLiveCall(scope, lead.id)))
    return over("A call of the lead is in progress");
  return { kind: "go", lead, workflow, mapping: world.mapping };
}

/** Asks the stop condition about the lead as it is now; the call is the event's. */
async function stopsNow(
  scope: AccountScope,
  { payload, eventType }: ClaimedAction,
  { settings }: Workflow,
  lead: LeadRow,
  world: Awaited<ReturnType<typeof decideWorld>>,
  now: Date,
): Promise<boolean> {
  if (settings.stop_if === "never") return false;
  const latest = (await leadSnapshot(scope, lead.id))!.snapshot;
  const event = {
    type: eventType,
    at: now,
    source: { kind: "system", id: null, name: "Patchbay" },
    snapshot: { ...latest, call: payload.snapshot.call },
    belongings: belongingsOf(lead, null),
    status: await statusFlags(scope, lead.status),
    statusChange: null,
    settled: null,
  } as const;
  const happening = {
    type: eventType,
    at: Temporal.Instant.fromEpochMilliseconds(now.getTime()),
    snapshot: event.snapshot,
    source: event.source,
    statusChange: null,
    settled: null,
  };
  return isStopped(settings.stop_if, happening, world.contextOf(event));
}

async function perform(
  tx: Queryable,
  scope: AccountScope,
  claimed: ClaimedAction,
  { lead, workflow, mapping }: Extract<LookedAgain, { kind: "go" }>,
  now: Date,
): Promise<void> {
  const { payload } = claimed;
  const performed = await performAction({
    scope,
    action: payload.action,
    workflow: { id: claimed.workflowId, revision: claimed.workflowRevision },
    event: { id: claimed.eventId, type: claimed.eventType },
    leadId: claimed.leadId,
    phoneNumber: payload.action.latest_values && lead !== null ? lead.phone_number : claimed.phoneNumber,
    snapshot: payload.snapshot,
    context: mapping,
    now,
    connects: forPlanning(scope),
    handover: noHandover,
  });
  if (performed.planned !== null) await storePlanned(tx, [performed.planned], noHandover);
  await endAction(scope, claimed, performed.end);
  if (!performed.changed || lead === null) return;
  const event = await storeSaved(tx, scope, workflow, lead.id satisfies LeadId, lead.status, now);
  if (event !== null) await decideEvents(tx, scope, [{ event, causedBy: payload.caused_by }], noHandover);
}

const over = (note: string): LookedAgain => ({ kind: "over", end: { state: "skipped", note, deliveryId: null } });
