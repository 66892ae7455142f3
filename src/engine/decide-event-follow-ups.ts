import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { Queryable } from "../store/database.ts";
import type { StoredEvent } from "../store/events.ts";
import { findLead } from "../store/leads.ts";
import type { PlannedDelivery } from "./accept-event.ts";
import { statusOf, type Known, type Round } from "./decide-event-round.ts";
import { storeHappenings } from "./store-happenings.ts";

/** The lead as a workflow left it is an event of its own (spec 4, Lead Action: Save). */
export async function storeLeadSaved(
  { tx, scope, now, statuses }: Round,
  workflow: Known,
  cause: StoredEvent,
  leadId: LeadId,
): Promise<StoredEvent | null> {
  const event = await storeSaved(tx, scope, workflow, leadId, statuses.get(leadId) ?? statusOf(cause), now);
  if (event !== null) statuses.set(leadId, statusOf(event));
  return event;
}

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

/** Deliveries that the mapping refused are settled where they are planned: that is an event too, if a workflow asks. */
export async function storeNeverMapped(
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
