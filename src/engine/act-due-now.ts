import type { AccountId, LeadId, WorkflowId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import { findPending, makeDueNow, skipPending } from "../store/actions.ts";
import type { Database } from "../store/database.ts";
import { notifyDue } from "../store/due.ts";

/** Carries out a pending action at once, whatever its delay and window; what else it asks holds. Throws ProblemError. */
export async function runActionNow(db: Database, accountId: AccountId, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const scope = accountScope(tx, accountId);
    if (await makeDueNow(scope, id)) return notifyDue(tx);
    const found = await findPending(scope, id);
    if (found === "under way") return;
    throw found === "over"
      ? new ProblemError("conflict", { detail: "The action is over already. Its line in the logs says how." })
      : new ProblemError("not_found", { detail: `There is no action ${id}.` });
  });
}

/** Skips pending actions: chosen ones, or all of a workflow or lead; gives how many. Throws ProblemError. */
export async function flushActions(
  db: Database,
  accountId: AccountId,
  which: {
    readonly ids?: readonly string[] | undefined;
    readonly workflow?: WorkflowId | undefined;
    readonly lead_id?: LeadId | undefined;
  },
): Promise<number> {
  const { ids, workflow, lead_id: leadId } = which;
  if (ids === undefined && workflow === undefined && leadId === undefined)
    throw new ProblemError("bad_input", {
      errors: [{ path: "ids", message: "Say which: ids, a workflow or a lead_id" }],
    });
  const workflows = workflow === undefined ? undefined : [workflow];
  return skipPending(accountScope(db, accountId), { ids, workflows, leadId }, "Flushed by hand");
}
