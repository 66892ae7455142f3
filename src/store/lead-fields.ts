import type { CustomField } from "../contracts/fields.ts";
import type { LeadFieldId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

export type LeadFieldValues = {
  readonly name: string;
  readonly label: string;
  readonly type: CustomField["type"];
  readonly options: readonly string[];
  readonly personal: boolean;
};
/** Also a CustomField. */
export type LeadFieldRow = LeadFieldValues & { readonly id: LeadFieldId; readonly number: number };

const columns = "id, number, name, label, type, options, personal";

/** The account's custom fields in the order of their numbers, after the id `after`. */
export async function listLeadFields(scope: AccountScope, after = 0, limit = 100_000): Promise<LeadFieldRow[]> {
  return scope.query<LeadFieldRow>(
    `select ${columns} from lead_fields where account_id = $1 and deleted_at is null and id > $2 order by id limit $3`,
    [after, limit],
  );
}

/** Locked until the transaction ends. */
export async function lockLeadField(scope: AccountScope, id: number): Promise<LeadFieldRow | null> {
  const [row] = await scope.query<LeadFieldRow>(
    `select ${columns} from lead_fields where account_id = $1 and id = $2 and deleted_at is null for update`,
    [id],
  );
  return row ?? null;
}

/** Fails on the constraint `lead_fields_name` when the name is taken, as do changes. */
export async function insertLeadField(
  scope: AccountScope,
  number: number,
  field: LeadFieldValues,
): Promise<LeadFieldRow> {
  const [row] = await scope.query<LeadFieldRow>(
    `insert into lead_fields (account_id, number, name, label, type, options, personal)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
    [number, field.name, field.label, field.type, field.options, field.personal],
  );
  return row!;
}

export async function updateLeadField(scope: AccountScope, id: number, field: LeadFieldValues): Promise<LeadFieldRow> {
  const [row] = await scope.query<LeadFieldRow>(
    `update lead_fields set name = $3, label = $4, options = $5, personal = $6
     where account_id = $1 and id = $2 returning ${columns}`,
    [id, field.name, field.label, field.options, field.personal],
  );
  return row!;
}

/** Its number is never used again, so that values which leads still hold can't come back under another name. */
export async function deleteLeadField(scope: AccountScope, id: number): Promise<void> {
  await scope.query("update lead_fields set deleted_at = now() where account_id = $1 and id = $2", [id]);
}
