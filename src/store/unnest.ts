import { binaryArray } from "./binary-array.ts";

/** A column of a batch: its type in PostgreSQL and what a row holds there. */
export type BatchColumn<Row> = readonly [name: string, type: string, value: (row: Row) => unknown];

/**
 * Rows as one array a column, for `from unnest($2::bigint[], $3::text[]) as batch(connect_id, result)`: one statement
 * whatever their number, which is worth 7–12 times over one insert each. `first` is the number of the first placeholder.
 */
export function unnest<Row>(
  rows: readonly Row[],
  columns: readonly BatchColumn<Row>[],
  first = 1,
): { from: string; values: unknown[] } {
  const arrays = columns.map(([, type], at) => `$${first + at}::${type}[]`);
  const names = columns.map(([name]) => name);
  return {
    from: `unnest(${arrays.join(", ")}) as batch(${names.join(", ")})`,
    values: columns.map(([, type, value]) => {
      const all = rows.map(value);
      return binaryArray(type, all) ?? all;
    }),
  };
}
