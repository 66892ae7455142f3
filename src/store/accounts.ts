import type { AccountId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

export type AccountSettings = {
  readonly name: string;
  readonly time_zone: string;
  readonly date_format: string;
  /** Keys of lead fields (`first_name`, `field_7`). */
  readonly fields_masked_in_logs: readonly string[];
};

export type AccountRow = AccountSettings & { readonly id: AccountId; readonly revision: number };

const columns = "id, name, time_zone, date_format, fields_masked_in_logs, revision";

/** One installation's accounts by name. For commands; whoever is signed in has a scope instead. */
export async function listAccounts(db: Queryable): Promise<AccountRow[]> {
  return (await db.query<AccountRow>(`select ${columns} from accounts order by name`)).rows;
}

export async function hasAccounts(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ has: boolean }>("select exists (select from accounts) as has");
  return rows[0]?.has === true;
}

/** One set-up at a time: of two that come at once the second finds the first one's account. Held until the transaction ends. */
export async function lockAccounts(tx: Queryable): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(7262378)");
}

/** Fails on the constraint `accounts_name_key` when the name is taken. */
export async function insertAccount(
  tx: Queryable,
  account: Pick<AccountRow, "name" | "time_zone">,
): Promise<AccountRow> {
  const { rows } = await tx.query<AccountRow>(
    `insert into accounts (name, time_zone) values ($1, $2) returning ${columns}`,
    [account.name, account.time_zone],
  );
  return rows[0]!;
}

export async function findAccount(scope: AccountScope): Promise<AccountRow> {
  const [row] = await scope.query<AccountRow>(`select ${columns} from accounts where id = $1`);
  return row!;
}

/** Locked until the transaction ends. */
export async function lockAccount(scope: AccountScope): Promise<AccountRow> {
  const [row] = await scope.query<AccountRow>(`select ${columns} from accounts where id = $1 for update`);
  return row!;
}

export async function updateAccount(scope: AccountScope, account: AccountSettings): Promise<AccountRow> {
  const [row] = await scope.query<AccountRow>(
    `update accounts set name = $2, time_zone = $3, date_format = $4, fields_masked_in_logs = $5,
       revision = revision + 1
     where id = $1 returning ${columns}`,
    [account.name, account.time_zone, account.date_format, account.fields_masked_in_logs],
  );
  return row!;
}

/** Numbers of custom fields are permanent and never used again. */
export async function takeFieldNumber(scope: AccountScope): Promise<number> {
  const [row] = await scope.query<{ number: number }>(
    "update accounts set last_field_number = last_field_number + 1 where id = $1 returning last_field_number as number",
  );
  return row!.number;
}
