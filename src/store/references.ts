import type { AccountScope } from "./account-scope.ts";
import { storableText } from "./storable.ts";

/** A name of the dialler's: a number is an id, a text a code. */
export type Reference = string | number;
export type CodedTable = "campaigns" | "queues" | "inbound_numbers" | "lists";

/**
 * The things behind the dialler's names: by id, by code, else by name. A code that nobody knows is added, marked as not
 * described; two processes that meet it at once add it once (the second waits for the first). An id that is not there is
 * absent from the answer.
 */
export async function resolveCodes(
  scope: AccountScope,
  table: CodedTable,
  references: readonly Reference[],
): Promise<ReadonlyMap<Reference, number>> {
  const { ids, codes } = split(references);
  const found = new Map<Reference, number>();
  if (ids.length + codes.length === 0) return found;
  await lookUp();
  const unknown = codes.filter((code) => !found.has(code));
  if (unknown.length > 0) {
    await scope.query(
      `insert into ${table} (account_id, code, name, described)
       select $1, code, code, false from unnest($2::text[]) as seen(code) on conflict do nothing`,
      [unknown],
    );
    await lookUp();
  }
  return found;

  async function lookUp(): Promise<void> {
    const rows = await scope.prepared<{ id: number; code: string | null; name: string }>(
      `resolve-${table}`,
      `select id, code, name from ${table}
       where account_id = $1 and (id = any ($2::bigint[]) or code = any ($3::text[]) or name = any ($3::text[]))`,
      [ids, codes],
    );
    for (const { id, name } of rows) found.set(id, id).set(name, id);
    for (const { id, code } of rows) if (code !== null) found.set(code, id);
  }
}

/** The same for agents: a number is the agent's number, else the id; a text is a code, else the number. */
export async function resolveAgents(
  scope: AccountScope,
  references: readonly Reference[],
): Promise<ReadonlyMap<Reference, number>> {
  const { ids, codes } = split(references);
  const found = new Map<Reference, number>();
  if (ids.length + codes.length === 0) return found;
  const numbers = [...ids, ...codes.filter((code) => /^\d{1,15}$/.test(code)).map(Number)];
  await lookUp();
  const unknown = codes.filter((code) => !found.has(code));
  if (unknown.length > 0) {
    await scope.query(
      `insert into agents (account_id, code, name, described)
       select $1, code, code, false from unnest($2::text[]) as seen(code) on conflict do nothing`,
      [unknown],
    );
    await lookUp();
  }
  return found;

  async function lookUp(): Promise<void> {
    const rows = await scope.prepared<{ id: number; number: number | null; code: string | null }>(
      "resolve-agents",
      `select id, number, code from agents
       where account_id = $1 and (id = any ($2::bigint[]) or number = any ($3::bigint[]) or code = any ($4::text[]))`,
      [ids, numbers, codes],
    );
    for (const { id } of rows) if (ids.includes(id)) found.set(id, id);
    for (const { id, number } of rows) if (number !== null) found.set(number, id).set(String(number), id);
    for (const { id, code } of rows) if (code !== null) found.set(code, id);
  }
}

export type StatusFacts = { readonly name: string; readonly reached: boolean; readonly final: boolean };

/** Statuses by code; one that nobody described is kept as seen. */
export async function resolveStatuses(
  scope: AccountScope,
  codes: readonly string[],
): Promise<ReadonlyMap<string, StatusFacts>> {
  const wanted = [...new Set(codes)].toSorted();
  if (wanted.length === 0) return new Map();
  const look = async () =>
    new Map(
      (
        await scope.prepared<StatusFacts & { code: string }>(
          "resolve-statuses",
          "select code, name, reached, final from statuses where account_id = $1 and code = any ($2::text[])",
          [wanted],
        )
      ).map(({ code, ...facts }) => [code, facts] as const),
    );
  const found = await look();
  const unknown = wanted.filter((code) => !found.has(code));
  if (unknown.length === 0) return found;
  await scope.query(
    `insert into statuses (account_id, code, name, described)
     select $1, code, code, false from unnest($2::text[]) as seen(code) on conflict do nothing`,
    [unknown],
  );
  return look();
}

/** Sorted, so that two transactions that add the same codes can't wait for each other. */
function split(references: readonly Reference[]): { ids: number[]; codes: string[] } {
  const distinct = [...new Set(references)];
  return {
    ids: distinct.filter((one) => typeof one === "number"),
    codes: distinct
      .filter((one) => typeof one === "string")
      .map(storableText)
      .toSorted(),
  };
}
