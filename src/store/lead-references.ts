import type { ListId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** A list by its id or, if it has one of its own, its code; it can't be deleted before the transaction ends. */
export async function findListId(scope: AccountScope, text: string): Promise<ListId | null> {
  return (await findListIds(scope, [text])).get(text) ?? null;
}

/** The same for several; those that are not there are absent. An id comes before a code. */
export async function findListIds(scope: AccountScope, texts: readonly string[]): Promise<ReadonlyMap<string, ListId>> {
  const wanted = [...new Set(texts)];
  if (wanted.length === 0) return new Map();
  const rows = await scope.prepared<{ id: ListId; code: string | null }>(
    "find-list-ids",
    `select id, code from lists where account_id = $1 and (id = any ($2::bigint[]) or code = any ($3::text[]))
     order by id for key share`,
    [wanted.map(wholeNumber), wanted],
  );
  const byCode = new Map(rows.flatMap(({ id, code }) => (code === null ? [] : [[code, id] as const])));
  const byId = new Map(rows.map(({ id }) => [String(id), id]));
  return new Map(
    wanted.flatMap((text) => {
      const number = wholeNumber(text);
      const id = (number === null ? undefined : byId.get(String(number))) ?? byCode.get(text);
      return id === undefined ? [] : [[text, id] as const];
    }),
  );
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
