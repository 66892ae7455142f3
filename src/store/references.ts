import type { AccountScope } from "./account-scope.ts";
import { accountSettings, type CodedTable, type StatusFacts } from "./account-settings.ts";
import { storableText } from "./storable.ts";

/** A name of the dialler's: a number is an id, a text a code. */
export type Reference = string | number;

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
  const found = new Map<Reference, number>();
  if (references.length === 0) return found;
  const { byId, byText } = (await accountSettings(scope)).coded[table];
  const { ids, codes } = split(references);
  for (const id of ids) if (byId.has(id)) found.set(id, id);
  for (const code of codes) if (byText.has(code)) found.set(code, byText.get(code)!.id);
  // not there when the settings were read: added since, by this transaction or another, or new
  if (found.size === ids.length + codes.length) return found;
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
      [ids.filter((id) => !found.has(id)), codes.filter((code) => !found.has(code))],
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
  const found = new Map<Reference, number>();
  if (references.length === 0) return found;
  const { byId, byNumber, byCode } = (await accountSettings(scope)).agents;
  const { ids, codes } = split(references);
  for (const id of ids) {
    const agent = byNumber.get(id) ?? byId.get(id);
    if (agent !== undefined) found.set(id, agent.id);
  }
  for (const code of codes) {
    const agent = byCode.get(code) ?? (isNumber(code) ? byNumber.get(Number(code)) : undefined);
    if (agent !== undefined) found.set(code, agent.id);
  }
  if (found.size === ids.length + codes.length) return found;
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
    const missing = ids.filter((id) => !found.has(id));
    const unfound = codes.filter((code) => !found.has(code));
    const rows = await scope.prepared<{ id: number; number: number | null; code: string | null }>(
      "resolve-agents",
      `select id, number, code from agents
       where account_id = $1 and (id = any ($2::bigint[]) or number = any ($3::bigint[]) or code = any ($4::text[]))`,
      [missing, [...missing, ...unfound.filter(isNumber).map(Number)], unfound],
    );
    for (const { id } of rows) if (missing.includes(id)) found.set(id, id);
    for (const { id, number } of rows) if (number !== null) found.set(number, id).set(String(number), id);
    for (const { id, code } of rows) if (code !== null) found.set(code, id);
  }
}

const isNumber = (code: string): boolean => /^\d{1,15}$/.test(code);

/** Statuses by code; one that nobody described is kept as seen. */
export async function resolveStatuses(
  scope: AccountScope,
  codes: readonly string[],
): Promise<ReadonlyMap<string, StatusFacts>> {
  const wanted = [...new Set(codes)].toSorted();
  const found = new Map<string, StatusFacts>();
  if (wanted.length === 0) return found;
  const { statuses } = await accountSettings(scope);
  const isMissing = (code: string): boolean => !found.has(code);
  for (const code of wanted) if (statuses.has(code)) found.set(code, statuses.get(code)!);
  if (!wanted.some(isMissing)) return found;
  await lookUp();
  const unknown = wanted.filter(isMissing);
  if (unknown.length === 0) return found;
  await scope.query(
    `insert into statuses (account_id, code, name, described)
     select $1, code, code, false from unnest($2::text[]) as seen(code) on conflict do nothing`,
    [unknown],
  );
  await lookUp();
  return found;

  async function lookUp(): Promise<void> {
    const rows = await scope.prepared<StatusFacts & { code: string }>(
      "resolve-statuses",
      "select code, name, reached, final from statuses where account_id = $1 and code = any ($2::text[])",
      [wanted.filter(isMissing)],
    );
    for (const { code, ...facts } of rows) found.set(code, facts);
  }
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
