import type { FastifyRequest } from "fastify";
import type { ListId } from "../../contracts/ids.ts";
import { fieldIndex } from "../../core/field-index.ts";
import { leadZone } from "../../core/lead-zone.ts";
import { normalizePhone } from "../../core/normalize-phone.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { vicidialLeadNames } from "../../core/read-vicidial.ts";
import { storeLead } from "../../engine/accept-lead.ts";
import { deleteLead } from "../../engine/delete-lead.ts";
import { changeLead } from "../../engine/update-lead.ts";
import { accountScope, type AccountScope } from "../../store/account-scope.ts";
import type { Queryable } from "../../store/database.ts";
import { lockPhones, searchLeads, type LeadPlace } from "../../store/find-leads.ts";
import { insertIntoHopper } from "../../store/hopper.ts";
import { findListId } from "../../store/lead-references.ts";
import { findLead, type LeadRow } from "../../store/leads.ts";
import { mappingContext, type MappingContext } from "../../store/mapping-context.ts";
import { leadValues } from "../../store/snapshots.ts";
import type { FoundToken } from "../../store/tokens.ts";
import { createZoneTable } from "../../store/zone-table.ts";
import type { V1Deps } from "./endpoint.ts";
import type { Parameters } from "./parameters.ts";

/** A request of VICIdial's making, let in. */
export type VicidialCall = {
  readonly deps: V1Deps;
  readonly request: FastifyRequest;
  readonly parameters: Parameters;
  readonly token: FoundToken;
};

const zoneTable = createZoneTable();

/** `function=add_lead` of VICIdial's non-agent API (its NON-AGENT_API.txt), in its own words. */
export async function addVicidialLead(call: VicidialCall): Promise<string> {
  return call.deps.db.transaction(async (tx) => {
    const scope = accountScope(tx, call.token.accountId);
    return (await add(tx, scope, call, "add_lead")).join("\n");
  });
}

/** `function=update_lead`: found by lead id, vendor lead code or phone; changed, deleted, only looked for, or added. */
export async function updateVicidialLead(call: VicidialCall): Promise<string> {
  const { parameters } = call;
  return call.deps.db.transaction(async (tx) => {
    const scope = accountScope(tx, call.token.accountId);
    const user = parameters["user"] ?? "";
    const asked = [parameters["lead_id"], parameters["vendor_lead_code"], parameters["phone_number"]].map(
      (one) => one ?? "",
    );
    const found = await search(scope, parameters);
    if (found === null)
      return `ERROR: update_lead NO VALID SEARCH METHOD - ${[user, parameters["search_method"] ?? "", ...asked].join("|")}`;
    if (found.length === 0 && isYes(parameters["insert_if_not_found"])) {
      const { lead_id: _theirs, ...rest } = parameters;
      return (await add(tx, scope, { ...call, parameters: rest }, "update_lead")).join("\n");
    }
    if (found.length === 0) return `ERROR: update_lead NO MATCHES FOUND IN THE SYSTEM - ${[user, ...asked].join("|")}`;
    const context = await mappingContext(scope);
    const lines: string[] = [];
    // in the order of their ids, so that two requests can't wait for each other
    for (const { id } of found.toSorted((one, other) => one.id - other.id)) {
      const lead = await findLead(scope, id, true);
      if (lead !== null) lines.push(await change(tx, scope, call, context, lead));
    }
    return lines.join("\n");
  });
}

async function add(
  tx: Queryable,
  scope: AccountScope,
  { parameters, token }: VicidialCall,
  name: string,
): Promise<string[]> {
  const user = parameters["user"] ?? "";
  const phone = parameters["phone_number"]?.trim() ?? "";
  // the dialler's own default list
  const list = parameters["list_id"]?.trim() || "999";
  const number = normalizePhone(phone, parameters["phone_code"]);
  if (!number.ok) return [`ERROR: ${name} INVALID PHONE NUMBER LENGTH - ${phone}|${user}`];
  const listId = await findListId(scope, list);
  if (listId === null) return [`ERROR: ${name} NOT A DEFINED LIST ID, LIST EXISTS CHECK ENABLED - ${phone}|${list}`];

  const notes: string[] = [];
  await lockPhones(scope, [number.phone_number]);
  for (const check of (parameters["duplicate_check"] ?? "").toUpperCase().split("-").filter(Boolean)) {
    const [, where, days] = /^DUP(LIST|CAMP|SYS)(?:(\d{1,4})DAY)?$/.exec(check) ?? [];
    if (where === undefined) {
      notes.push(`NOTICE: ${name} DUPLICATE CHECK NOT KNOWN HERE, USE DUPLIST, DUPCAMP OR DUPSYS - ${check}`);
      continue;
    }
    const notBefore = days === undefined ? undefined : new Date(Date.now() - Number(days) * 86_400_000);
    const [twin] = await searchLeads(scope, { phoneNumber: number.phone_number, notBefore }, placeOf(where, listId), 1);
    if (twin === undefined) continue;
    const words = { LIST: "LIST", CAMP: "CAMPAIGN LISTS", SYS: "SYSTEM" }[where as "LIST" | "CAMP" | "SYS"];
    const theirList = where === "LIST" ? "" : `|${twin.listId}`;
    return [`ERROR: ${name} DUPLICATE PHONE NUMBER IN ${words} - ${phone}|${list}|${twin.id}${theirList}`];
  }

  const context = await mappingContext(scope);
  const values = valuesOf(parameters, context);
  const posted = {
    ...values,
    phone_number: phone,
    phone_code: parameters["phone_code"] ?? "",
    list_id: String(listId),
  };
  const made = await storeLead(tx, scope, { parameters: posted, source: sourceOf(token) });
  if (!made.ok) return [`ERROR: ${name} ${made.detail.toUpperCase()} - ${phone}|${user}`];
  const lead = await findLead(scope, made.leadId);
  const gmt = lead === null ? "" : hoursFromGmt(lead, context);
  const told = name === "add_lead" ? [phone, list, made.leadId, gmt] : [phone, user, list, made.leadId, gmt];
  const lines = [`SUCCESS: ${name} LEAD HAS BEEN ADDED - ${told.join("|")}`, ...notes];
  if (isYes(parameters["add_to_hopper"])) {
    const priority = Math.min(99, Math.max(0, Math.trunc(Number(parameters["hopper_priority"] ?? 0)) || 0));
    await insertIntoHopper(scope, { leadId: made.leadId, priority, expiresAt: null });
    lines.push(`NOTICE: ${name} ADDED TO HOPPER - ${phone}|${made.leadId}|${user}`);
  }
  return lines;
}

async function change(
  tx: Queryable,
  scope: AccountScope,
  call: VicidialCall,
  context: MappingContext,
  lead: LeadRow,
): Promise<string> {
  const { parameters, token } = call;
  const user = parameters["user"] ?? "";
  if (isYes(parameters["no_update"])) {
    const code = String(lead.fields["std_account_number"] ?? "");
    const told = [user, lead.id, code, lead.phone_number, lead.list_id, 0];
    return `NOTICE: update_lead LEADS FOUND IN THE SYSTEM: |${told.join("|")}`;
  }
  if (isYes(parameters["delete_lead"])) {
    const told = [lead.phone_number, user, lead.list_id, lead.id, hoursFromGmt(lead, context)];
    await deleteLead(tx, scope, lead.id, sourceOf(token));
    return `SUCCESS: update_lead LEAD HAS BEEN DELETED - ${told.join("|")}`;
  }
  const { phone_number: phone, list_id: _searched, ...values } = valuesOf(parameters, context);
  const changes = {
    ...values,
    ...(isYes(parameters["update_phone_number"]) && phone !== undefined ? { phone_number: phone } : {}),
    ...(parameters["list_id_field"] ? { list_id: parameters["list_id_field"] } : {}),
    ...(parameters["status"] ? { status: parameters["status"] } : {}),
    ...(parameters["user_field"] ? { user_id: parameters["user_field"] } : {}),
  };
  try {
    await changeLead(tx, scope, lead.id, changes, sourceOf(token));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const words = error.errors.map(({ message }) => message).join("; ") || error.message;
    return `ERROR: update_lead ${words.toUpperCase()} - ${user}|${lead.id}`;
  }
  return `SUCCESS: update_lead LEAD HAS BEEN UPDATED - ${user}|${lead.id}`;
}

/** null: no search method of theirs is named. */
async function search(scope: AccountScope, parameters: Parameters) {
  const methods = (parameters["search_method"] ?? "").toUpperCase() || "LEAD_ID";
  const listId = parameters["list_id"] ? await findListId(scope, parameters["list_id"]) : null;
  const location = (parameters["search_location"] ?? "").toUpperCase();
  const place: LeadPlace = listId === null ? { in: "account" } : placeOf(location, listId);
  const limit = Math.min(100, Math.max(1, Math.trunc(Number(parameters["records"] ?? 1)) || 1));
  const id = parameters["lead_id"]?.trim() ?? "";
  const code = parameters["vendor_lead_code"]?.trim() ?? "";
  const phone = normalizePhone(parameters["phone_number"] ?? "", parameters["phone_code"]);
  if (!/LEAD_ID|VENDOR_LEAD_CODE|PHONE_NUMBER/.test(methods)) return null;
  if (methods.includes("LEAD_ID") && /^\d{1,15}$/.test(id)) {
    const found = await searchLeads(scope, { id: Number(id) }, place, 1);
    if (found.length > 0) return found;
  }
  if (methods.includes("VENDOR_LEAD_CODE") && code !== "") {
    const found = await searchLeads(scope, { accountNumber: code }, place, limit);
    if (found.length > 0) return found;
  }
  if (methods.includes("PHONE_NUMBER") && phone.ok)
    return searchLeads(scope, { phoneNumber: phone.phone_number }, place, limit);
  return [];
}

function placeOf(where: string, listId: ListId): LeadPlace {
  if (where === "LIST") return { in: "list", listId };
  return where === "CAMP" || where === "CAMPAIGN" ? { in: "campaign", listId } : { in: "account" };
}

/** Lead fields by our names; with `custom_fields=Y` the account's own by theirs. `--BLANK--` clears. */
function valuesOf(parameters: Parameters, context: MappingContext): Record<string, string> {
  const values: Record<string, string> = {};
  const take = (name: string, value: string): void => {
    if (value.trim() !== "") values[name] = value.trim() === "--BLANK--" ? "" : value;
  };
  for (const [theirs, ours] of Object.entries(vicidialLeadNames)) take(ours, parameters[theirs] ?? "");
  if (!isYes(parameters["custom_fields"])) return values;
  const fieldOf = fieldIndex(context.customFields);
  for (const [name, value] of Object.entries(parameters))
    if (fieldOf("lead", name)?.key.startsWith("field_") === true) take(name, value);
  return values;
}

/** The lead's zone as VICIdial says it: hours from GMT now, `-8` or `5.50`. */
function hoursFromGmt(lead: LeadRow, context: MappingContext): string {
  const { timeZone } = leadZone(leadValues(lead), context.timeZone, zoneTable);
  const hours = Temporal.Now.zonedDateTimeISO(timeZone).offsetNanoseconds / 3_600_000_000_000;
  return Number.isInteger(hours) ? String(hours) : hours.toFixed(2);
}

export const isYes = (text: string | undefined): boolean => /^Y$/i.test(text ?? "");

function sourceOf(token: FoundToken) {
  return { kind: "token", id: token.id, name: token.name } as const;
}
