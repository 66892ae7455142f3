import type { LeadId, ListId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

export type FoundLead = { readonly id: LeadId; readonly remoteId: string | null; readonly phoneCode: string };

/** The leads of these phone numbers (national digits), the one called last first. */
export async function leadsByPhone(
  scope: AccountScope,
  phoneNumbers: readonly string[],
): Promise<ReadonlyMap<string, readonly FoundLead[]>> {
  return grouped(
    phoneNumbers.length === 0
      ? []
      : await scope.query<FoundLead & { key: string }>(
          `select id, phone_number as key, phone_code as "phoneCode", fields ->> 'remote_id' as "remoteId" from leads
           where account_id = $1 and phone_number = any ($2::text[])
           order by last_called desc nulls last, id desc`,
          [[...new Set(phoneNumbers)]],
        ),
  );
}

/** The leads that carry these ids of the dialler's, newest first, along leads_remote_id. */
export async function leadsByRemoteId(
  scope: AccountScope,
  remoteIds: readonly string[],
): Promise<ReadonlyMap<string, readonly FoundLead[]>> {
  return grouped(
    remoteIds.length === 0
      ? []
      : await scope.query<FoundLead & { key: string }>(
          `select id, fields ->> 'remote_id' as key, fields ->> 'remote_id' as "remoteId", phone_code as "phoneCode"
           from leads where account_id = $1 and fields ? 'remote_id' and fields ->> 'remote_id' = any ($2::text[])
           order by id desc`,
          [[...new Set(remoteIds)]],
        ),
  );
}

/** Where a lead is looked for: in a list, in the lists of its campaign (a list of none is alone), or everywhere. */
export type LeadPlace = { readonly in: "list" | "campaign"; readonly listId: ListId } | { readonly in: "account" };

/** Leads that have all of what is named, newest first. */
export async function searchLeads(
  scope: AccountScope,
  by: {
    readonly id?: number | undefined;
    readonly accountNumber?: string | undefined;
    readonly phoneNumber?: string | undefined;
    readonly notBefore?: Date | undefined;
  },
  place: LeadPlace,
  limit: number,
): Promise<readonly { readonly id: LeadId; readonly listId: ListId }[]> {
  const values: unknown[] = [];
  const tests: string[] = [];
  const test = (sql: (placeholder: string) => string, value: unknown): void => {
    if (value !== undefined) tests.push(`and ${sql(`$${values.push(value) + 1}`)}`);
  };
  test((is) => `l.id = ${is}`, by.id);
  test((is) => `l.fields ->> 'std_account_number' = ${is}`, by.accountNumber);
  test((is) => `l.phone_number = ${is}`, by.phoneNumber);
  test((is) => `l.created_at >= ${is}`, by.notBefore);
  if (place.in === "list") test((is) => `l.list_id = ${is}`, place.listId);
  if (place.in === "campaign")
    test(
      (is) => `(l.list_id = ${is} or l.list_id in (select other.id from lists own join lists other
         on other.account_id = $1 and other.campaign_id = own.campaign_id where own.account_id = $1 and own.id = ${is}))`,
      place.listId,
    );
  return scope.query(
    `select l.id, l.list_id as "listId" from leads l where l.account_id = $1 ${tests.join(" ")}
     order by l.id desc limit ${limit}`,
    values,
  );
}

/**
 * Lets one transaction at a time make a lead of each of these phone numbers, until it ends: two events of an unknown lead
 * make it once. Taken in sorted order.
 */
export async function lockPhones(scope: AccountScope, phoneNumbers: readonly string[]): Promise<void> {
  if (phoneNumbers.length === 0) return;
  await scope.query(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended($1::bigint || '/phone/' || phone, 0) as key
       from unnest($2::text[]) as of_lead(phone) order by key) keys`,
    [phoneNumbers],
  );
}

/** Keeps the dialler's own id with leads that have none. */
export async function keepRemoteIds(
  scope: AccountScope,
  ids: readonly { readonly leadId: LeadId; readonly remoteId: string }[],
): Promise<void> {
  if (ids.length === 0) return;
  await scope.query(
    `update leads l set fields = l.fields || jsonb_build_object('remote_id', batch.remote_id)
     from unnest($2::bigint[], $3::text[]) as batch(lead_id, remote_id)
     where l.account_id = $1 and l.id = batch.lead_id and not l.fields ? 'remote_id'`,
    [ids.map(({ leadId }) => leadId), ids.map(({ remoteId }) => remoteId)],
  );
}

function grouped(rows: readonly (FoundLead & { readonly key: string })[]): ReadonlyMap<string, readonly FoundLead[]> {
  const found = new Map<string, FoundLead[]>();
  for (const { key, ...lead } of rows) {
    const of = found.get(key);
    if (of === undefined) found.set(key, [lead]);
    else of.push(lead);
  }
  return found;
}
