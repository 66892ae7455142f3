import type { LeadId } from "../contracts/ids.ts";
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
