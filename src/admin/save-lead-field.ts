import { isDeepStrictEqual } from "node:util";
import { badInput, ProblemError } from "../core/problem-error.ts";
import { takeFieldNumber } from "../store/accounts.ts";
import { usersOfField } from "../store/field-users.ts";
import {
  deleteLeadField as deleteRow,
  insertLeadField,
  lockLeadField,
  updateLeadField,
  type LeadFieldRow,
  type LeadFieldValues,
} from "../store/lead-fields.ts";
import { recordSave, refuseTaken, withChanges, type Change, type Changes } from "./change.ts";

/** Adds a custom field under a number that is its own for good, or changes one; its type stays. */
export async function saveLeadField(
  change: Change,
  id: number | null,
  values: Changes<LeadFieldValues>,
): Promise<LeadFieldRow> {
  const old = id === null ? null : await lockField(change, id);
  const before = old === null ? null : valuesOf(old);
  const after = withChanges(before, values);
  if (old !== null && isDeepStrictEqual(before, after)) return old;
  if (before !== null && before.type !== after.type)
    throw badInput("type", `The type of ${before.name} stays ${before.type}: leads hold values of it`);
  if (after.options.length > 0 && after.type !== "dropdown") throw badInput("options", "Only a dropdown has choices");
  const row = await refuseTaken({ lead_fields_name: "name: Another lead field has this name" }, async () =>
    old === null
      ? insertLeadField(change.scope, await takeFieldNumber(change.scope), after)
      : updateLeadField(change.scope, old.id, after),
  );
  const action = old === null ? "create" : "update";
  await recordSave(change, { kind: "lead field", id: row.id, name: row.name, action, before, after });
  return row;
}

/** Refused while an adaptor or a connect names it. */
export async function deleteLeadField(change: Change, id: number): Promise<void> {
  const row = await lockField(change, id);
  const users = await usersOfField(change.scope, row.number);
  if (users.length > 0)
    throw new ProblemError("in_use", {
      detail: `${row.label} is used by ${users.join(", ")}. Take it out there first.`,
    });
  await deleteRow(change.scope, id);
  const before = valuesOf(row);
  await recordSave(change, { kind: "lead field", id, name: row.name, action: "delete", before, after: null });
}

async function lockField(change: Change, id: number): Promise<LeadFieldRow> {
  const row = await lockLeadField(change.scope, id);
  if (row === null) throw new ProblemError("not_found", { detail: `There is no lead field ${id}.` });
  return row;
}

function valuesOf({ name, label, type, options, personal }: LeadFieldRow): LeadFieldValues {
  return { name, label, type, options, personal };
}
