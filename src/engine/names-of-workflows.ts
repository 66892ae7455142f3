import type { WorkflowSettings } from "../contracts/workflow.ts";
import type { WorkflowNames } from "../core/say-workflow.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { listLeadFields } from "../store/lead-fields.ts";
import { workflowNames } from "../store/workflow-names.ts";

/** The names that these workflows read back with: of what conditions, relations and actions refer to. */
export async function namesOfWorkflows(
  scope: AccountScope,
  workflows: readonly WorkflowSettings[],
): Promise<WorkflowNames> {
  const actions = workflows.flatMap(({ action_sets }) => action_sets.flatMap((set) => set.actions));
  const used = actions.flatMap((action) => [
    ...("connect_id" in action && action.connect_id !== null ? [{ kind: "connect", id: action.connect_id }] : []),
    ...(action.type === "move" ? [{ kind: "list", id: action.list_id }] : []),
  ]);
  return workflowNames(scope, workflows, [], await listLeadFields(scope), used);
}
