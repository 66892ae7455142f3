import type { LeadId, WorkflowId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** Money earned with a lead. The amount is kept to the cent. */
export async function insertRevenue(
  scope: AccountScope,
  revenue: { readonly leadId: LeadId; readonly amount: number; readonly workflowId: WorkflowId },
): Promise<void> {
  await scope.query("insert into revenues (account_id, lead_id, amount, workflow_id) values ($1, $2, $3, $4)", [
    revenue.leadId,
    revenue.amount,
    revenue.workflowId,
  ]);
}
