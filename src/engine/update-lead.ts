import type { FieldValue, FieldValues } from "../contracts/fields.ts";
import type { AccountId, LeadId } from "../contracts/ids.ts";
import type { ProblemPlace } from "../contracts/problem.ts";
import { fieldIndex } from "../core/field-index.ts";
import { ProblemError } from "../core/problem-error.ts";
import { readFields } from "../core/read-fields.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import type { Database, Queryable } from "../store/database.ts";
import type { EventSource } from "../store/events.ts";
import { leadChangesSince } from "../store/recorded-events.ts";
import { findLead, updateLead as writeLead } from "../store/leads.ts";
import { mappingContext, type MappingContext } from "../store/mapping-context.ts";
import { checkLead, findReferences, type LeadRefusal } from "./accept-lead.ts";
import { noHandover, type Handover } from "./handover.ts";
import { takeLeadChanges } from "./take-lead-change.ts";

/** Values by field name or `field_N`; null or an empty text clears. */
export type LeadChanges = FieldValues;

type Options = {
  readonly handover?: Handover;
  /** Refused as a conflict when the lead was changed after this moment. */
  readonly unlessChangedSince?: Date;
};

/** Changes what is named, under the rules of leads/insert; the rest stays as it is, unchecked. Throws ProblemError. */
export async function updateLead(
  db: Database,
  accountId: AccountId,
  id: LeadId,
  changes: LeadChanges,
  source: EventSource,
  { handover = noHandover, unlessChangedSince }: Options = {},
): Promise<void> {
  await db.transaction(async (tx) => {
    const scope = accountScope(tx, accountId);
    if (unlessChangedSince !== undefined) await refuseChanged(scope, id, unlessChangedSince);
    await changeLead(tx, scope, id, changes, source, handover);
  });
}

/** Locks the lead, and says who changed it since, by its events. */
async function refuseChanged(scope: AccountScope, id: LeadId, since: Date): Promise<void> {
  const lead = await findLead(scope, id, true);
  if (lead === null || lead.modified_at.getTime() <= since.getTime()) return;
  const changes = await leadChangesSince(scope, id, since, 20);
  const saved = changes.map(({ at, by }) => ({ at: at.toISOString(), by, replaced_secrets: [] }));
  throw new ProblemError("conflict", { conflict: { revision: null, saved } });
}

/** The same within the caller's transaction. */
export async function changeLead(
  tx: Queryable,
  scope: AccountScope,
  id: LeadId,
  changes: LeadChanges,
  source: EventSource,
  handover: Handover = noHandover,
): Promise<void> {
  const context = await mappingContext(scope);
  const old = await findLead(scope, id, true);
  if (old === null) throw new ProblemError("not_found", { detail: `There is no lead ${id}.` });
  const parameters = leadParameters(changes, context);
  const { values } = readFields(null, parameters, context);
  const kept = { list_id: String(old.list_id), phone_number: old.phone_number, phone_code: old.phone_code };
  const fieldOf = fieldIndex(context.customFields);
  const cleared = Object.keys(parameters)
    .filter((name) => parameters[name]?.trim() === "")
    .map((name) => fieldOf("lead", name)?.key ?? name);
  const emptied = Object.fromEntries(cleared.map((key) => [key, ""]));
  const asked = { ...kept, status: old.status, ...values, ...emptied };
  const checked = checkLead(asked, context, await findReferences(scope, [asked]));
  if (!checked.ok) throw refusedLead(checked.code, checked.detail);
  const fields: Record<string, FieldValue> = { ...old.fields, ...checked.lead.fields };
  for (const key of cleared) delete fields[key];
  await writeLead(scope, id, { ...checked.lead, fields });
  const change = { leadId: id, source, statusBefore: old.status };
  await takeLeadChanges(tx, scope, "lead.saved", [change], handover);
}

/** What a person fills in, as texts. A name that isn't a field, or one the system keeps, is refused by its name. */
export function leadParameters(
  values: LeadChanges,
  context: Pick<MappingContext, "customFields">,
): Readonly<Record<string, string>> {
  const fieldOf = fieldIndex(context.customFields);
  const errors: ProblemPlace[] = [];
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf("lead", name);
    const text = value === null ? "" : String(value);
    if (field === undefined) errors.push({ path: name, message: `There is no lead field ${name}` });
    else if (field.system === true) errors.push({ path: name, message: `${field.label} is kept by the system` });
    else parameters[name] = text;
  }
  if (errors.length > 0) throw new ProblemError("bad_input", { errors });
  return parameters;
}

/** A refusal of leads/insert as a problem that names the field. */
export function refusedLead(code: LeadRefusal, detail: string): ProblemError {
  return new ProblemError("bad_input", { errors: [{ path: refusedField(code, detail), message: detail }] });
}

/** The field that a refusal of leads/insert is about; empty: none alone. */
export function refusedField(code: LeadRefusal, detail: string): string {
  const fields: Record<LeadRefusal, string> = {
    6002: "list_id",
    6006: detail.startsWith("owner_id") ? "owner_id" : "user_id",
    6007: detail.startsWith("list_id") ? "list_id" : "phone_number",
    6008: "phone_number",
    6023: "",
    6079: "email",
  };
  return fields[code];
}
