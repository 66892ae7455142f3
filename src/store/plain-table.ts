import type { AccountScope } from "./account-scope.ts";

/** The statements of a plain settings noun: an id, a few columns, rows that a person adds, changes and deletes. */
export type PlainTable<Row extends { readonly id: number }, Values extends object> = {
  /** The columns a person fills in. */
  readonly settable: readonly (keyof Values & string)[];
  /** Oldest first, after the id `after`. */
  readonly list: (scope: AccountScope, after: number, limit: number) => Promise<Row[]>;
  /** Locked until the transaction ends. */
  readonly lock: (scope: AccountScope, id: number) => Promise<Row | null>;
  readonly insert: (scope: AccountScope, values: Values) => Promise<Row>;
  readonly update: (scope: AccountScope, id: number, values: Values) => Promise<Row>;
  /** Fails on a foreign key when something still refers to it. */
  readonly remove: (scope: AccountScope, id: number) => Promise<void>;
};

/**
 * @param settable the columns a person fills in; names are written into statements and come from code alone.
 * @param also what rows carry besides `id` and those.
 */
export function plainTable<Row extends { readonly id: number }, Values extends object>(
  table: string,
  settable: readonly (keyof Values & string)[],
  also: readonly string[],
): PlainTable<Row, Values> {
  const columns = ["id", ...settable, ...also].join(", ");
  const valuesOf = (values: Values): unknown[] => settable.map((name) => values[name]);
  const one = async (rows: Promise<Row[]>): Promise<Row> => (await rows)[0]!;
  return {
    settable,
    list: (scope, after, limit) =>
      scope.query<Row>(`select ${columns} from ${table} where account_id = $1 and id > $2 order by id limit $3`, [
        after,
        limit,
      ]),
    lock: async (scope, id) => {
      const rows = await scope.query<Row>(
        `select ${columns} from ${table} where account_id = $1 and id = $2 for update`,
        [id],
      );
      return rows[0] ?? null;
    },
    insert: (scope, values) =>
      one(
        scope.query<Row>(
          `insert into ${table} (account_id, ${settable.join(", ")})
           values ($1, ${settable.map((_, index) => `$${index + 2}`).join(", ")}) returning ${columns}`,
          valuesOf(values),
        ),
      ),
    // whoever was only seen in an event is described once a person has saved it
    update: (scope, id, values) =>
      one(
        scope.query<Row>(
          `update ${table} set described = true, ${settable.map((name, index) => `${name} = $${index + 3}`).join(", ")}
           where account_id = $1 and id = $2 returning ${columns}`,
          [id, ...valuesOf(values)],
        ),
      ),
    remove: async (scope, id) => {
      await scope.query(`delete from ${table} where account_id = $1 and id = $2`, [id]);
    },
  };
}
