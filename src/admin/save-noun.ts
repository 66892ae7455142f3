import { isDeepStrictEqual } from "node:util";
import { ProblemError } from "../core/problem-error.ts";
import type { PlainTable } from "../store/plain-table.ts";
import { recordSave, refuseTaken, withChanges, type Change, type Changes, type SavedKind } from "./change.ts";

/** A plain settings noun: what it is called, where it lies, what a unique name that is taken is called. */
export type Noun<Row extends { readonly id: number } & Values, Values extends object> = {
  readonly kind: SavedKind;
  readonly table: PlainTable<Row, Values>;
  readonly nameOf: (values: Values) => string;
  /** By constraint: `path: words`. */
  readonly taken: Readonly<Record<string, string>>;
};

/** Adds one (`id` null) or changes one; what `values` doesn't name stays. A change that changes nothing leaves no trace. */
export async function saveNoun<Row extends { readonly id: number } & Values, Values extends object>(
  change: Change,
  noun: Noun<Row, Values>,
  id: number | null,
  values: Changes<Values>,
): Promise<Row> {
  const old = id === null ? null : await lockNoun(change, noun, id);
  const before = old === null ? null : valuesOf(noun, old);
  const after = withChanges(before, values);
  if (old !== null && isDeepStrictEqual(before, after)) return old;
  const row = await refuseTaken(noun.taken, () =>
    old === null ? noun.table.insert(change.scope, after) : noun.table.update(change.scope, old.id, after),
  );
  const action = old === null ? "create" : "update";
  await recordSave(change, { kind: noun.kind, id: row.id, name: noun.nameOf(after), action, before, after });
  return row;
}

/** Deletes one. `inUse`: by what, in words; null: by nothing. */
export async function removeNoun<Row extends { readonly id: number } & Values, Values extends object>(
  change: Change,
  noun: Noun<Row, Values>,
  id: number,
  inUse: (row: Row) => Promise<string | null>,
): Promise<void> {
  const row = await lockNoun(change, noun, id);
  const user = await inUse(row);
  if (user !== null) throw new ProblemError("in_use", { detail: user });
  await noun.table.remove(change.scope, id);
  const before = valuesOf(noun, row);
  await recordSave(change, { kind: noun.kind, id, name: noun.nameOf(row), action: "delete", before, after: null });
}

async function lockNoun<Row extends { readonly id: number } & Values, Values extends object>(
  change: Change,
  noun: Noun<Row, Values>,
  id: number,
): Promise<Row> {
  const row = await noun.table.lock(change.scope, id);
  if (row === null) throw new ProblemError("not_found", { detail: `There is no ${noun.kind} ${id}.` });
  return row;
}

function valuesOf<Row extends { readonly id: number } & Values, Values extends object>(
  noun: Noun<Row, Values>,
  row: Row,
): Values {
  return Object.fromEntries(noun.table.settable.map((name) => [name, row[name]])) as Values;
}

/** `1 list`, `2 lists`. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;
}
