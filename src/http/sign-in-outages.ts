import { AsyncLocalStorage } from "node:async_hooks";
import type pg from "pg";
import type { Database } from "../store/database.ts";
import { outageOf, type Outage } from "../store/outage.ts";

/** What a call of the sign-in library met of the database. */
type Met = { outage: Outage | null; error: unknown };

const calls = new AsyncLocalStorage<Met>();

/**
 * The database for the sign-in library and its hooks. The library makes faults of its own of what a query fails by;
 * `tellingOutages` finds that again.
 */
export function notingOutages(database: Database): Database {
  const { pool } = database;
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect().catch(note);
    return overriding(client, { query: queryOf(client) });
  };
  const transaction: Database["transaction"] = (work) => database.transaction(work).catch(note);
  return {
    ...database,
    pool: overriding(pool, { connect, query: queryOf(pool) }),
    query: queryOf(database),
    transaction,
  };
}

const queryOf =
  (of: { readonly query: unknown }) =>
  (...args: unknown[]): Promise<never> =>
    (of.query as (...given: unknown[]) => Promise<never>)(...args).catch(note);

function note(error: unknown): never {
  const [met, outage] = [calls.getStore(), outageOf(error)];
  if (met !== undefined && outage !== null) [met.outage, met.error] = [outage, error];
  throw error;
}

/**
 * Runs a call of the library. Throws the database's own error where it was gone, whatever the library made of it (also
 * "nobody is signed in"), and where its disk was full and the call failed by that.
 */
export async function tellingOutages<T>(call: () => Promise<T>): Promise<T> {
  const met: Met = { outage: null, error: null };
  return calls.run(met, async () => {
    try {
      const result = await call();
      if (met.outage === "gone" || (met.outage === "full" && result instanceof Response && result.status >= 500))
        throw met.error;
      return result;
    } catch (error) {
      throw met.error ?? error;
    }
  });
}

/** The same object, but for these. */
function overriding<T extends object>(original: T, own: object): T {
  return new Proxy(original, {
    get: (target, name) => {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}
