import type { LeadId, WorkflowId } from "../contracts/ids.ts";
import type { Workflow } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { appendAudit } from "../store/audit.ts";
import { appendRevision } from "../store/revisions.ts";
import { forgetOwnRuns } from "../store/workflow-leads.ts";
import { switchOffWorkflow } from "../store/workflows.ts";

/**
 * Switches a workflow off whose own updates keep it going (spec 4, Recursion guard), in the transaction that found out:
 * with revision and audit row, as a person's save, and with a notice that its page shows.
 */
export async function switchOffForRecursion(
  scope: AccountScope,
  { id }: Pick<Workflow, "settings"> & { readonly id: WorkflowId },
  leadId: LeadId,
): Promise<void> {
  const notice = `Patchbay switched it off: its own updates caused 100 runs for lead ${leadId}. Change what it updates or when it fires, then switch it on`;
  const off = await switchOffWorkflow(scope, id, notice);
  await forgetOwnRuns(scope, id, leadId);
  if (off === null) return;
  const before = { ...off.settings, active: true };
  await appendAudit(
    scope,
    { kind: "system", id: null, name: "Patchbay" },
    {
      action: "switch off",
      kind: "workflow",
      id: String(id),
      name: off.name,
      before,
      after: off.settings,
    },
  );
  await appendRevision(scope, { kind: "workflow", id, data: off.settings, secrets: null, savedBy: "Patchbay" });
}
