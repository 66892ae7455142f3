import type { FieldValue } from "../contracts/fields.ts";
import type { LeadId, ListId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

// Single changes of a lead that this transaction has locked, as workflows make them.

/** Changes the status, and keeps when a reached or final one was reached. A code that nobody has described is noted. */
export async function changeStatus(scope: AccountScope, id: LeadId, status: string): Promise<void> {
  await scope.query(
    `with seen as (
       insert into statuses (account_id, code, name, described) values ($1, $3, $3, false)
       on conflict (account_id, code) do nothing
     )
     update leads l set status = $3, modified_at = now(),
       last_reached_at = case when s.reached then now() else l.last_reached_at end,
       final_reached_at = case when s.final then now() else l.final_reached_at end
     from (select 1) one left join statuses s on s.account_id = $1 and s.code = $3
     where l.account_id = $1 and l.id = $2`,
    [id, status],
  );
}

/** Moves the lead to a list. False: there is no such list. */
export async function changeList(scope: AccountScope, id: LeadId, listId: ListId): Promise<boolean> {
  const rows = await scope.query(
    `update leads l set list_id = lists.id, modified_at = now() from lists
     where l.account_id = $1 and l.id = $2 and lists.account_id = $1 and lists.id = $3 returning 1`,
    [id, listId],
  );
  return rows.length > 0;
}

export async function changePhone(scope: AccountScope, id: LeadId, number: string, code: string): Promise<void> {
  await scope.query(
    "update leads set phone_number = $3, phone_code = $4, modified_at = now() where account_id = $1 and id = $2",
    [id, number, code],
  );
}

/** Sets one of the fields that are not columns, by its key; null or an empty text clears it. */
export async function changeLeadField(scope: AccountScope, id: LeadId, key: string, value: FieldValue): Promise<void> {
  const empty = value === null || value === "";
  await scope.query(
    `update leads set modified_at = now(),
       fields = case when $5 then fields - $3::text else jsonb_set(fields, array[$3::text], $4::jsonb) end
     where account_id = $1 and id = $2`,
    [id, key, JSON.stringify(value), empty],
  );
}

/** Whether a status counts as reached, and as final; both no when nobody has described it. */
export async function statusFlags(scope: AccountScope, code: string): Promise<{ reached: boolean; final: boolean }> {
  const [row] = await scope.query<{ reached: boolean; final: boolean }>(
    "select reached, final from statuses where account_id = $1 and code = $2",
    [code],
  );
  return row ?? { reached: false, final: false };
}
