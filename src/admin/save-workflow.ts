import { isDeepStrictEqual } from "node:util";
import type { WorkflowId } from "../contracts/ids.ts";
import type { WorkflowSettings } from "../contracts/workflow.ts";
import { checkWorkflow } from "../core/check-workflow.ts";
import { ProblemError } from "../core/problem-error.ts";
import { skipPending } from "../store/actions.ts";
import {
  deleteWorkflow as deleteRow,
  insertWorkflow,
  lockWorkflow,
  lockWorkflows,
  takeWorkflowsVersion,
  updateWorkflow,
  type SavedWorkflow,
} from "../store/saved-workflows.ts";
import { workflowWorld } from "../store/workflow-world.ts";
import { recordSave, refuseTaken, withChanges, type Change, type Changes } from "./change.ts";
import { refuseStale } from "./refuse-stale.ts";

type Options = {
  /** The revision that the change was made on; unset: whichever there is. */
  readonly revision?: number | undefined;
};

const taken = { workflows_name: "name: Another workflow has this name" };

/**
 * Adds a workflow (`id` null) or changes one; what `values` doesn't name stays. Every process decides by it from the next
 * event on. A change that changes nothing leaves no trace.
 */
export async function saveWorkflow(
  change: Change,
  id: WorkflowId | null,
  values: Changes<WorkflowSettings>,
  options: Options = {},
): Promise<SavedWorkflow> {
  const { scope } = change;
  await lockWorkflows(scope);
  const old = id === null ? null : await lockExisting(change, id);
  if (old !== null) await refuseStale(scope, "workflow", old.id, options.revision, old.revision);
  const checked = checkWorkflow(withChanges(old?.settings ?? null, values), await workflowWorld(scope));
  if (!checked.ok) throw new ProblemError("bad_input", { errors: checked.problems });
  const { settings } = checked;
  if (old !== null && isDeepStrictEqual(old.settings, settings)) return old;

  const saved = await refuseTaken(taken, async () => {
    const version = await takeWorkflowsVersion(scope);
    return old === null ? insertWorkflow(scope, settings, version) : updateWorkflow(scope, old.id, settings, version);
  });
  await recordSave(change, {
    kind: "workflow",
    id: saved.id,
    name: saved.name,
    action: actionOf(old, saved),
    before: old?.settings ?? null,
    after: settings,
  });
  return saved;
}

/** Takes a workflow away; its name is free again, its logs stay, and what it still owes is skipped. */
export async function deleteWorkflow(change: Change, id: WorkflowId): Promise<void> {
  const { scope } = change;
  await lockWorkflows(scope);
  const old = await lockExisting(change, id);
  await skipPending(scope, { workflows: [id] }, "The workflow was deleted");
  await deleteRow(scope, id, await takeWorkflowsVersion(scope));
  const before = old.settings;
  await recordSave(change, { kind: "workflow", id, name: old.name, action: "delete", before, after: null });
}

async function lockExisting(change: Change, id: WorkflowId): Promise<SavedWorkflow> {
  const row = await lockWorkflow(change.scope, id);
  if (row === null) throw new ProblemError("not_found", { detail: `There is no workflow ${id}.` });
  return row;
}

function actionOf(old: SavedWorkflow | null, saved: SavedWorkflow): string {
  if (old === null) return "create";
  const switched = isDeepStrictEqual({ ...old.settings, active: saved.active }, saved.settings);
  if (!switched || old.active === saved.active) return "update";
  return saved.active ? "switch on" : "switch off";
}
