import type pg from "pg";
import type { AccountId } from "../contracts/ids.ts";

/** What runs a statement: the pool, or the client of an open transaction. */
export type Queryable = { query: pg.Pool["query"] | pg.PoolClient["query"] };

/**
 * The one place where queries are tied to an account. Whoever holds a scope can reach that account's rows and no
 * other's: `$1` is always the account, and a statement that does not name it is refused.
 */
export type AccountScope = {
  readonly accountId: AccountId;
  /** `values` become `$2`, `$3`, …; `$1` is the account. */
  readonly query: <Row>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  /**
   * The same for a statement that every event or delivery needs: each connection plans it once, under this name. The text
   * of a name never changes.
   */
  readonly prepared: <Row>(name: string, sql: string, values?: readonly unknown[]) => Promise<Row[]>;
};

/** A scope on a pool or on a transaction's client. */
export function accountScope(db: Queryable, accountId: AccountId): AccountScope {
  const run = async <Row>(name: string | undefined, text: string, values: readonly unknown[]): Promise<Row[]> => {
    if (!/\$1\b/.test(text)) throw new Error(`A query outside its account: ${text}`);
    const query = { text, values: [accountId, ...values], ...(name === undefined ? {} : { name }) };
    const result = await (db as pg.Pool).query(query);
    return result.rows as Row[];
  };
  return {
    accountId,
    query: (sql, values = []) => run(undefined, sql, values),
    prepared: (name, sql, values = []) => run(name, sql, values),
  };
}
