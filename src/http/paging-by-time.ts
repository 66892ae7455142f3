import { z } from "zod";
import { badInput } from "../core/problem-error.ts";
import { uuidV7At } from "../store/uuid-v7.ts";
import { inTurns } from "./in-turns.ts";

/** The id before which a page of time-ordered rows begins: the last one of the page before; none: at the newest. */
export function beforeOf(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const { data: id } = z.uuidv7().safeParse(cursor);
  if (id === undefined) throw badInput("cursor", "use the next_cursor of the page before");
  return id;
}

/** A page of rows, newest first, of which one more than `limit` was asked for. */
export async function pageByTime<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
): Promise<{ items: Item[]; next_cursor: string | null }> {
  const shown = rows.slice(0, limit);
  return { items: await inTurns(shown, item), next_cursor: rows.length > limit ? shown.at(-1)!.id : null };
}

/** A time range as bounds of ids, to the end of its last millisecond. */
export function idsBetween(
  from: string | undefined,
  to: string | undefined,
): { readonly idFrom: string | undefined; readonly idBefore: string | undefined } {
  return {
    idFrom: from === undefined ? undefined : uuidV7At(msOf(from)),
    idBefore: to === undefined ? undefined : uuidV7At(msOf(to) + 1),
  };
}

/** The earlier of two bounds. */
export function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

const msOf = (instant: string): number => Math.min(Math.max(0, Date.parse(instant)), 2 ** 48 - 2);
