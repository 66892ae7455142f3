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
};

/** A scope on a pool or on a transaction's client. */
export function accountScope(db: Queryable, accountId: AccountId): AccountScope {
  return {
    accountId,
    query: async <Row>(sql: string, values: readonly unknown[] = []) => {
      if (!/\$1\b/.test(sql)) throw new Error(`A query outside its account: ${sql}`);
      const result = await (db as pg.Pool).query(sql, [accountId, ...values]);
      return result.rows as Row[];
    },
  };
}
