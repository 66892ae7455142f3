import type { LeadId } from "../contracts/ids.ts";
import { countCall } from "../core/follow-call.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { Queryable } from "../store/database.ts";
import type { EventSource } from "../store/events.ts";
import { writeLeadCounts } from "../store/lead-counts.ts";
import { findLead, type LeadRow } from "../store/leads.ts";
import { resolveStatuses } from "../store/references.ts";
import { storeHappenings } from "./store-happenings.ts";
import { decide } from "./take-decide.ts";

export type LeadChange = {
  readonly leadId: LeadId;
  readonly source: EventSource;
  /** Its status before; the status it has now when it is new. */
  readonly statusBefore: string | null;
  /** It came with many others: stored, but no workflow fires on it (spec 4, Lead Action). */
  readonly bulk?: boolean | undefined;
};

/**
 * The one way of a lead's change into its events, whoever changed it: stores `lead.created` or `lead.saved` with the
 * lead as it is now, and decides on it, in the transaction of the change. The lead is there and locked, or new.
 */
export async function takeLeadChange(
  tx: Queryable,
  scope: AccountScope,
  type: "lead.created" | "lead.saved",
  change: LeadChange,
): Promise<void> {
  const at = new Date();
  const lead = await findLead(scope, change.leadId);
  if (lead === null) throw new Error(`Lead ${change.leadId} is gone in the transaction that changed it`);
  const isNew = type === "lead.created";
  const statusChange = statusChangeOf(isNew ? "" : change.statusBefore, lead.status);
  const stamped = statusChange === null || lead.status === "NEW" ? lead : await stampStatus(scope, lead, at);
  await storeLeadEvent(tx, scope, type, stamped, at, change, statusChange);
}

/** The same for a lead about to be deleted: the event keeps it as it was. */
export async function takeLeadDeletion(
  tx: Queryable,
  scope: AccountScope,
  lead: LeadRow,
  source: EventSource,
): Promise<void> {
  await storeLeadEvent(tx, scope, "lead.deleted", lead, new Date(), { source }, null);
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

async function storeLeadEvent(
  tx: Queryable,
  scope: AccountScope,
  type: string,
  lead: LeadRow,
  at: Date,
  { source, bulk }: Pick<LeadChange, "source" | "bulk">,
  statusChange: { from: string; to: string } | null,
): Promise<void> {
  const [event] = await storeHappenings(tx, scope, [{ type, at, lead, call: null, source, statusChange, bulk }]);
  if (bulk !== true) await decide(tx, scope, event!);
}

/** null: it stayed. */
export function statusChangeOf(before: string | null, after: string): { from: string; to: string } | null {
  return before === null || before === after ? null : { from: before, to: after };
}
