import type { AccountScope } from "./account-scope.ts";

/** The adaptors, connects and workflows that name a custom field: in a row, or in a place such as `{lead.field_7}`. */
export async function usersOfField(scope: AccountScope, number: number): Promise<string[]> {
  const rows = await scope.query<{ name: string }>(
    `select 'the adaptor ' || name as name from adaptors where account_id = $1 and deleted_at is null
       and settings::text ~ ('\\m(custom_)?field_' || $2::int || '\\M')
     union all
     select 'the connect ' || name from connects where account_id = $1 and deleted_at is null
       and (settings ->> 'api_url') ~ ('\\m(custom_)?field_' || $2::int || '\\M')
     union all
     select 'the workflow ' || name from workflows where account_id = $1 and deleted_at is null
       and settings::text ~ ('\\m(custom_)?field_' || $2::int || '\\M')`,
    [number],
  );
  return rows.map(({ name }) => name);
}
