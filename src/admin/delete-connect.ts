import type { ConnectId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { deleteConnect as deleteRow, lockConnect } from "../store/connects.ts";
import { discardOwed, heldWork } from "../store/held.ts";
import { workflowsUsing } from "../store/workflow-users.ts";
import { recordSave, type Change } from "./change.ts";
import { counted } from "./save-noun.ts";

/** Takes a connect away; its name is free again and its log stays. What it still owes is discarded only when `discard` says so. */
export async function deleteConnect(change: Change, id: ConnectId, discard: boolean): Promise<void> {
  const { scope } = change;
  const old = await lockConnect(scope, id);
  if (old === null) throw new ProblemError("not_found", { detail: `There is no connect ${id}.` });
  const users = await workflowsUsing(scope, "connect", id);
  if (users.length > 0)
    throw new ProblemError("in_use", {
      detail: `${old.name} is used by ${users.join(", ")}. Choose another connect there first.`,
    });
  const held = await heldWork(scope, id, null);
  if (held.count > 0 && !discard)
    throw new ProblemError("held_work", {
      detail: `${counted(held.count, "delivery is", "deliveries are")} not sent yet. Deleting ${old.name} discards them: say held=discard.`,
      held,
    });
  await discardOwed(scope, id, null, null);
  await deleteRow(scope, id);
  const before = old.settings;
  await recordSave(change, { kind: "connect", id, name: old.name, action: "delete", before, after: null });
}
