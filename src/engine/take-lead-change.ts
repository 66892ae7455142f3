import type { LeadId } from "../contracts/ids.ts";
import { countCall } from "../core/follow-call.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { Queryable } from "../store/database.ts";
import type { EventSource } from "../store/events.ts";
import { writeLeadCounts } from "../store/lead-counts.ts";
import { findLeads, type LeadRow } from "../store/leads.ts";
import { resolveStatuses } from "../store/references.ts";
import { decideEvents } from "./decide-event.ts";
import { noHandover, type Handover } from "./handover.ts";
import { storeHappenings, type HappenedTo } from "./store-happenings.ts";

export type LeadChange = {
  readonly leadId: LeadId;
  readonly source: EventSource;
  /** Its status before; the status it has now when it is new. */
  readonly statusBefore: string | null;
  /** It came with many others: stored, but no workflow fires on it (spec 4, Lead Action). */
  readonly bulk?: boolean | undefined;
};

/**
 * The one way of leads' changes into their events, whoever changed them: stores `lead.created` or `lead.saved` with each
 * lead as it is now, and decides on it, in the transaction of the change. The leads are there and locked, or new; no two
 * changes are of one lead.
 */
export async function takeLeadChanges(
  tx: Queryable,
  scope: AccountScope,
  type: "lead.created" | "lead.saved",
  changes: readonly LeadChange[],
  handover: Handover,
): Promise<void> {
  if (changes.length === 0) return;
  const at = new Date();
  const found = await findLeads(
    scope,
    changes.map(({ leadId }) => leadId),
  );
  const leads = new Map(found.map((lead) => [lead.id, lead]));
  const isNew = type === "lead.created";
  const happened: HappenedTo[] = [];
  for (const { leadId, source, statusBefore, bulk } of changes) {
    const lead = leads.get(leadId);
    if (lead === undefined) throw new Error(`Lead ${leadId} is gone in the transaction that changed it`);
    const statusChange = statusChangeOf(isNew ? "" : statusBefore, lead.status);
    const stamped = statusChange === null || lead.status === "NEW" ? lead : await stampStatus(scope, lead, at);
    happened.push({ type, at, lead: stamped, call: null, source, statusChange, bulk });
  }
  await storeAndDecide(tx, scope, happened, handover);
}

/** The same for a lead about to be deleted: the event keeps it as it was. */
export async function takeLeadDeletion(
  tx: Queryable,
  scope: AccountScope,
  lead: LeadRow,
  source: EventSource,
): Promise<void> {
  const deleted = { type: "lead.deleted", at: new Date(), lead, call: null, source, statusChange: null };
  await storeAndDecide(tx, scope, [deleted], noHandover);
}

/** Stores what happened and decides on it; no two of the leads are one. */
export async function storeAndDecide(
  tx: Queryable,
  scope: AccountScope,
  happened: readonly HappenedTo[],
  handover: Handover,
): Promise<void> {
  const events = await storeHappenings(tx, scope, happened);
  await decideEvents(
    tx,
    scope,
    events.map((event) => ({ event, causedBy: [] })),
    handover,
  );
}

/** Keeps when a reached or a final status was reached, and a status that nobody has described. Gives the lead as it is then. */
async function stampStatus(scope: AccountScope, lead: LeadRow, at: Date): Promise<LeadRow> {
  const status = (await resolveStatuses(scope, [lead.status])).get(lead.status);
  if (status === undefined || !(status.reached || status.final)) return lead;
  const counts = countCall(countsOf(lead), { type: "lead.saved", at }, null, { code: lead.status, ...status });
  await writeLeadCounts(scope, [{ ...counts, id: lead.id, modifiedAt: lead.modified_at }]);
  return { ...lead, last_reached_at: counts.lastReachedAt, final_reached_at: counts.finalReachedAt };
}

/** What of a lead its events count. */
export function countsOf(lead: LeadRow) {
  return {
    status: lead.status,
    calledCount: lead.called_count,
    calledCountInbound: lead.called_count_inbound,
    lastCalled: lead.last_called,
    lastViewed: lead.last_viewed,
    lastReachedAt: lead.last_reached_at,
    finalReachedAt: lead.final_reached_at,
  };
}

/** null: it stayed. */
export function statusChangeOf(before: string | null, after: string): { from: string; to: string } | null {
  return before === null || before === after ? null : { from: before, to: after };
}
