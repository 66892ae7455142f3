import type { CustomField } from "../contracts/fields.ts";
import type { AccountScope } from "./account-scope.ts";

/** What of an account the fields' rules depend on. */
export type MappingContext = {
  readonly timeZone: string;
  /** PHP letters. */
  readonly dateFormat: string;
  readonly customFields: readonly CustomField[];
  /** Keys of lead fields whose values are masked in logs for everybody. */
  readonly maskedInLogs: readonly string[];
};

const known = new WeakMap<AccountScope, Promise<MappingContext>>();

/** Reads it in one statement, once a scope: a transaction sees it as it was at its first look. */
export function mappingContext(scope: AccountScope): Promise<MappingContext> {
  const read = known.get(scope) ?? readContext(scope);
  known.set(scope, read);
  return read;
}

async function readContext(scope: AccountScope): Promise<MappingContext> {
  const [row] = await scope.prepared<{
    time_zone: string;
    date_format: string;
    masked: string[];
    custom: CustomField[] | null;
  }>(
    "mapping-context",
    `select a.time_zone, a.date_format, a.fields_masked_in_logs as masked,
       (select jsonb_agg(jsonb_build_object('number', f.number, 'name', f.name, 'label', f.label, 'type', f.type,
          'personal', f.personal) order by f.number)
        from lead_fields f where f.account_id = $1 and f.deleted_at is null) as custom
     from accounts a where a.id = $1`,
  );
  if (row === undefined) throw new Error("The account is gone.");
  return {
    timeZone: row.time_zone,
    dateFormat: row.date_format,
    customFields: row.custom ?? [],
    maskedInLogs: row.masked,
  };
}
