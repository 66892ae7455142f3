import type { FieldValues } from "../contracts/fields.ts";
import type { CampaignId, LeadId, ListId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { unnest } from "./unnest.ts";

/** What a lead is made of; `fields` by key, without those that are columns. */
export type NewLead = {
  readonly listId: ListId;
  readonly phoneNumber: string;
  readonly phoneCode: string;
  readonly status: string;
  readonly fields: FieldValues;
};

export type LeadRow = {
  readonly id: LeadId;
  readonly list_id: ListId;
  readonly list_name: string;
  /** The campaign that its list belongs to. */
  readonly campaign_id: CampaignId | null;
  readonly phone_number: string;
  readonly phone_code: string;
  readonly status: string;
  readonly called_count: number;
  readonly called_count_inbound: number;
  readonly last_called: Date | null;
  readonly last_viewed: Date | null;
  readonly last_reached_at: Date | null;
  readonly final_reached_at: Date | null;
  readonly created_at: Date;
  readonly modified_at: Date;
  readonly fields: FieldValues;
};

const selectLeadWith = (
  fields: string,
): string => `select l.id, l.list_id, lists.name as list_name, lists.campaign_id, l.phone_number, l.phone_code, l.status, l.called_count,
  l.called_count_inbound, l.last_called, l.last_viewed, l.last_reached_at, l.final_reached_at, l.created_at,
  l.modified_at, ${fields} as fields
  from leads l join lists on lists.account_id = l.account_id and lists.id = l.list_id where l.account_id = $1`;

const selectLead = selectLeadWith("l.fields");
const named = ["first_name", "last_name", "email"].map((name) => `'${name}', l.fields -> '${name}'`).join();
const selectNamedLead = selectLeadWith(`jsonb_strip_nulls(jsonb_build_object(${named}))`);

/** Stores a lead. The list has to be there. */
export async function insertLead(scope: AccountScope, lead: NewLead): Promise<{ id: LeadId }> {
  return { id: (await insertLeads(scope, [lead]))[0]! };
}

/** Stores leads in one statement; gives their ids in their order. The lists have to be there. */
export async function insertLeads(scope: AccountScope, leads: readonly NewLead[]): Promise<LeadId[]> {
  if (leads.length === 0) return [];
  const batch = unnest(
    leads.map((lead, at) => ({ ...lead, at })),
    [
      ["at", "integer", ({ at }) => at],
      ["list_id", "bigint", ({ listId }) => listId],
      ["phone_number", "text", ({ phoneNumber }) => phoneNumber],
      ["phone_code", "text", ({ phoneCode }) => phoneCode],
      ["status", "text", ({ status }) => status],
      ["fields", "text", ({ fields }) => JSON.stringify(fields)],
    ],
    2,
  );
  // the ids are drawn in the order of the rows, before they are stored
  const rows = await scope.prepared<{ id: LeadId }>(
    "insert-leads",
    `with batch as materialized (
       select nextval(pg_get_serial_sequence('leads', 'id')) as id, * from (select * from ${batch.from} order by at) b
     ), stored as (
       insert into leads (account_id, id, list_id, phone_number, phone_code, status, fields)
       overriding system value select $1, id, list_id, phone_number, phone_code, status, fields::jsonb from batch
     )
     select id from batch order by at`,
    batch.values,
  );
  return rows.map(({ id }) => id);
}

/** Changes a lead: columns as given, fields merged over what is there. */
export async function updateLead(scope: AccountScope, id: LeadId, lead: NewLead): Promise<void> {
  await scope.query(
    `update leads set list_id = $3, phone_number = $4, phone_code = $5, status = $6, fields = $7, modified_at = now()
     where account_id = $1 and id = $2`,
    [id, lead.listId, lead.phoneNumber, lead.phoneCode, lead.status, JSON.stringify(lead.fields)],
  );
}

/** Deletes a lead, its callbacks and its place in the hopper. */
export async function removeLead(scope: AccountScope, id: LeadId): Promise<void> {
  await scope.query("delete from hopper_entries where account_id = $1 and lead_id = $2", [id]);
  await scope.query("delete from callbacks where account_id = $1 and lead_id = $2", [id]);
  await scope.query("delete from leads where account_id = $1 and id = $2", [id]);
}

/** A lead by id. `lock`: nobody else changes it until the transaction ends. */
export async function findLead(scope: AccountScope, id: LeadId, lock = false): Promise<LeadRow | null> {
  const [row] = await scope.prepared<LeadRow>(
    lock ? "lock-lead" : "find-lead",
    `${selectLead} and l.id = $2 ${lock ? "for update of l" : ""}`,
    [id],
  );
  return row ?? null;
}

/** Leads by id, in the order of their ids; those that are not there are missing. `lock`: as for one. */
export async function findLeads(scope: AccountScope, ids: readonly LeadId[], lock = false): Promise<LeadRow[]> {
  return scope.prepared<LeadRow>(
    lock ? "lock-leads" : "find-leads",
    `${selectLead} and l.id = any ($2::bigint[]) order by l.id ${lock ? "for update of l" : ""}`,
    [[...new Set(ids)]],
  );
}

/** The lead made last. */
export async function latestLead(scope: AccountScope): Promise<LeadRow | null> {
  const [row] = await scope.query<LeadRow>(`${selectLead} order by l.id desc limit 1`);
  return row ?? null;
}

export type LeadSearch = {
  readonly text?: string | undefined;
  readonly id?: LeadId | undefined;
  readonly list?: ListId | undefined;
  readonly status?: string | undefined;
  readonly idBefore?: number | undefined;
};

/** Newest first. The text is a phone, an e-mail, a lead id or (part of) a name. */
export async function listLeads(scope: AccountScope, search: LeadSearch, limit: number): Promise<LeadRow[]> {
  const values: unknown[] = [limit];
  const tests: string[] = [];
  const place = (value: unknown): string => `$${values.push(value) + 1}`;
  if (search.id !== undefined) tests.push(`l.id = ${place(search.id)}`);
  if (search.list !== undefined) tests.push(`l.list_id = ${place(search.list)}`);
  if (search.status !== undefined) tests.push(`l.status = ${place(search.status)}`);
  if (search.idBefore !== undefined) tests.push(`l.id < ${place(search.idBefore)}`);
  const text = search.text?.trim() ?? "";
  if (text !== "") tests.push(`(${searchTests(text, place).join(" or ")})`);
  return scope.query<LeadRow>(
    `${selectNamedLead} ${tests.map((test) => `and ${test}`).join(" ")} order by l.id desc limit $2`,
    values,
  );
}

/** A phone, an e-mail and an id are looked up by their index; a name is looked for. */
function searchTests(text: string, place: (value: unknown) => string): string[] {
  if (text.includes("@"))
    return [`(l.fields ? 'email' and lower(l.fields ->> 'email') = ${place(text.toLowerCase())})`];
  const digits = text.replaceAll(/\D/g, "");
  const tests: string[] = [];
  if (/^[\d\s()+.-]+$/.test(text) && digits !== "") {
    const national = digits.length === 11 && digits.startsWith("1") ? digits.slice(1) : digits;
    tests.push(`l.phone_number = ${place(national)}`);
    if (/^\d{1,15}$/.test(text)) tests.push(`l.id = ${place(Number(text))}`);
    return tests;
  }
  return [`l.name like lower(${place(`%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`)})`];
}
