import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { Queryable } from "../store/database.ts";
import type { EventSource } from "../store/events.ts";
import { findLead, removeLead } from "../store/leads.ts";
import { takeLeadDeletion } from "./take-lead-change.ts";

/** Deletes a lead and what the dialler would read of it; its events, calls and deliveries stay. False: there is no such lead. */
export async function deleteLead(
  tx: Queryable,
  scope: AccountScope,
  id: LeadId,
  source: EventSource,
): Promise<boolean> {
  const lead = await findLead(scope, id, true);
  if (lead === null) return false;
  await takeLeadDeletion(tx, scope, lead, source);
  await removeLead(scope, id);
  return true;
}
