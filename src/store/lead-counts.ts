import type { LeadCounts } from "../core/follow-call.ts";
import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { unnest } from "./unnest.ts";

/** Writes what events changed of leads that this transaction holds. */
export async function writeLeadCounts(
  scope: AccountScope,
  leads: readonly (LeadCounts & { readonly id: LeadId; readonly modifiedAt: Date })[],
): Promise<void> {
  if (leads.length === 0) return;
  const batch = unnest(
    leads,
    [
      ["lead_id", "bigint", (lead) => lead.id],
      ["status", "text", (lead) => lead.status],
      ["called_count", "integer", (lead) => lead.calledCount],
      ["called_count_inbound", "integer", (lead) => lead.calledCountInbound],
      ["last_called", "timestamptz", (lead) => lead.lastCalled?.toISOString() ?? null],
      ["last_viewed", "timestamptz", (lead) => lead.lastViewed?.toISOString() ?? null],
      ["last_reached_at", "timestamptz", (lead) => lead.lastReachedAt?.toISOString() ?? null],
      ["final_reached_at", "timestamptz", (lead) => lead.finalReachedAt?.toISOString() ?? null],
      ["modified_at", "timestamptz", (lead) => lead.modifiedAt.toISOString()],
    ],
    2,
  );
  await scope.prepared(
    "write-lead-counts",
    `update leads l set status = batch.status, called_count = batch.called_count,
       called_count_inbound = batch.called_count_inbound, last_called = batch.last_called,
       last_viewed = batch.last_viewed, last_reached_at = batch.last_reached_at,
       final_reached_at = batch.final_reached_at, modified_at = batch.modified_at
     from ${batch.from} where l.account_id = $1 and l.id = batch.lead_id`,
    batch.values,
  );
}
