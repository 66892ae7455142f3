import { badInput } from "../core/problem-error.ts";

/** The id a cursor stands for: the last one of the page before. */
export function afterOf(cursor: string | undefined, first: number): number {
  if (cursor === undefined) return first;
  if (!/^\d{1,16}$/.test(cursor)) throw badInput("cursor", "use the next_cursor of the page before");
  return Number(cursor);
}

/** A page of rows, of which one more than `limit` was asked for. */
export function pageOfRows<Row extends { readonly id: number }, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  return { items: shown.map(item), next_cursor: rows.length > limit ? String(shown.at(-1)!.id) : null };
}
