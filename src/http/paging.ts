import { limits } from "../contracts/limits.ts";
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

/**
 * A page of rows any of which may be a megabyte: read a few at a time, and it ends early where it is as large as a page may
 * be. `next_cursor` goes on behind its last row.
 * @param read the rows that follow an id, at most so many.
 */
export async function pageInParts<Row extends { readonly id: number }, Item>(
  limit: number,
  from: number,
  read: (from: number, limit: number) => Promise<readonly Row[]>,
  item: (row: Row) => Item,
): Promise<{ items: Item[]; next_cursor: string | null }> {
  const items: Item[] = [];
  let last = from;
  for (let chars = 0; ;) {
    // as many again as there was room for
    const asked = Math.min(Math.max(firstPart, items.length), limit + 1 - items.length);
    const rows = await read(last, asked);
    for (const row of rows) {
      if (items.length === limit || chars >= limits.pageCharsMax) return { items, next_cursor: String(last) };
      const shown = item(row);
      chars += JSON.stringify(shown).length;
      items.push(shown);
      last = row.id;
    }
    if (rows.length < asked) return { items, next_cursor: null };
  }
}

const firstPart = 20;
