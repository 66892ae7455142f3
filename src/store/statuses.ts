import type { StatusId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { plainTable } from "./plain-table.ts";

export type StatusValues = {
  readonly code: string;
  readonly name: string;
  readonly reached: boolean;
  readonly final: boolean;
};
export type StatusRow = StatusValues & { readonly id: StatusId; readonly described: boolean };

export const statuses = plainTable<StatusRow, StatusValues>(
  "statuses",
  ["code", "name", "reached", "final"],
  ["described"],
);

/** How many leads have it, counting no further than 1,000. */
export async function countLeadsOfStatus(scope: AccountScope, code: string): Promise<number> {
  const [row] = await scope.query<{ count: number }>(
    "select count(*) from (select from leads where account_id = $1 and status = $2 limit 1000) up_to_a_thousand",
    [code],
  );
  return row!.count;
}
