import type { ListId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** A list by its id or, if it has one of its own, its code; it can't be deleted before the transaction ends. */
export async function findListId(scope: AccountScope, text: string): Promise<ListId | null> {
  const [row] = await scope.query<{ id: ListId }>(
    `select id from lists where account_id = $1 and (id = $2 or code = $3) order by id = $2 desc nulls last limit 1
     for key share`,
    [wholeNumber(text), text],
  );
  return row?.id ?? null;
}

/**
 * What a lead keeps of the agents it names (by number, code or id; in this order where they collide): the number, or the
 * code of one that has none, or the id. Those that are not there are absent.
 */
export async function findAgentNumbers(
  scope: AccountScope,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of new Set(names)) {
    const [row] = await scope.query<{ kept: string }>(
      `select coalesce(number::text, code, id::text) as kept from agents
       where account_id = $1 and (number = $2 or code = $3 or id = $2)
       order by (number = $2) is true desc, (code = $3) is true desc limit 1`,
      [wholeNumber(name), name],
    );
    if (row !== undefined) found.set(name, row.kept);
  }
  return found;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
