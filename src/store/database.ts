import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isDatabaseGone } from "./is-database-gone.ts";
import { StartRefused } from "./start-refused.ts";

/** What a store function needs: the pool, or a transaction's client. */
export type Queryable = Pick<pg.ClientBase, "query">;

export type Database = Queryable & {
  /**
   * Commits what `work` did, or rolls it back when it throws, and hands its error on. What `work` puts into `late` are
   * statements that have been sent and whose answers it does not need: the commit follows them at once, and where one
   * fails PostgreSQL rolls back instead.
   */
  readonly transaction: <T>(work: (client: Queryable, late: Promise<unknown>[]) => Promise<T>) => Promise<T>;
  /** For libraries that want one (sign-in). */
  readonly pool: pg.Pool;
  readonly close: () => Promise<void>;
};

export type Connection = pg.PoolConfig;

type Options = {
  readonly connectionsMax?: number;
  readonly statementTimeoutMs?: number;
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
  /**
   * Every statement goes row by row along indexes. For the queue, which is empty now and holds a million rows a minute
   * later: what the planner takes for a small table, best read whole, it would read whole then too.
   */
  readonly alongIndexes?: boolean;
};

/** https://www.postgresql.org/docs/current/runtime-config-query.html */
const alongIndexes = ["seqscan", "bitmapscan", "hashjoin", "mergejoin"].map((way) => `-c enable_${way}=off`).join(" ");

/**
 * A pool of connections. `int8` arrives as number (our ids stay within 2^53−1), `date` as YYYY-MM-DD, `timestamptz` as
 * Date, `jsonb` parsed. A statement may take 30 s, a transaction may idle 60 s, a connection is waited for 10 s.
 */
export function openDatabase(connection: Connection, options: Options = {}): Database {
  const pool = new pg.Pool({
    application_name: "patchbay",
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // statements that don't wait for one another go out together
    pipeline: true,
    ...(options.alongIndexes === true ? { options: alongIndexes } : {}),
    ...connection,
    max: options.connectionsMax ?? connection.max ?? 12,
    types,
  });
  pool.on("error", options.onIdleError ?? (() => {}));
  // A connection that breaks while it is checked out fails its statements, or the next one. It also emits the error,
  // which ends the process where nobody listens: on every connection somebody does, from its first moment on.
  pool.on("connect", (client) => client.on("error", () => {}));
  return {
    pool,
    query: pool.query.bind(pool),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

/** Several reads that all see one state of the database, whatever is committed meanwhile. */
export async function inOneSnapshot<T>(database: Database, read: (client: Queryable) => Promise<T>): Promise<T> {
  return database.transaction(async (client, late) => {
    // sent ahead of the first read, which it must come before
    leaveLate(late, [client.query("set transaction isolation level repeatable read, read only")]);
    return read(client);
  });
}

async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: Queryable, late: Promise<unknown>[]) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const late: Promise<unknown>[] = [];
  try {
    // sent together with the first statement; where it fails, so does that
    const begun = client.query("begin");
    begun.catch(() => {});
    const result = await work(client, late);
    await Promise.all([begun, ...late, client.query("commit")]);
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw await causeOf(error, late);
  } finally {
    client.release(broken);
  }
}

/** What failed first, where it was a late one and the next was only told that the transaction has failed already. */
async function causeOf(thrown: unknown, late: readonly Promise<unknown>[]): Promise<unknown> {
  if (!isAborted(thrown)) return thrown;
  for (const one of await Promise.allSettled(late))
    if (one.status === "rejected" && !isAborted(one.reason)) return one.reason;
  return thrown;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: in_failed_sql_transaction */
const isAborted = (error: unknown): boolean => (error as { code?: unknown }).code === "25P02";

/** Leaves statements to the end of their transaction, whose fault theirs is from now on. */
export function leaveLate(late: Promise<unknown>[], sent: readonly Promise<unknown>[]): void {
  for (const one of sent) {
    one.catch(() => {}); // it is met at the commit
    late.push(one);
  }
}

/**
 * Does `work` again until the database is back. Only for work that may be done twice: when the connection was lost at
 * its commit nobody knows whether it happened. Gives up by handing on the error when `signal` aborts.
 */
export async function whenDatabaseIsBack<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseGone(error) || signal.aborted) throw error;
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** Sees that a PostgreSQL of the operator's own can be reached and is new enough. Throws StartRefused. */
export async function checkDatabase(database: Database): Promise<void> {
  let version: number;
  try {
    const { rows } = await database.query<{ version: string }>(
      "select current_setting('server_version_num') as version",
    );
    version = Number(rows[0]?.version);
  } catch (error) {
    throw new StartRefused(
      `The database of DATABASE_URL doesn't answer: ${error instanceof Error ? error.message || String((error as { code?: string }).code) : String(error)}. Check the address, user, password and database name in DATABASE_URL.`,
      { cause: error },
    );
  }
  if (version >= 150_000) return;
  throw new StartRefused(
    `The database of DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}; Patchbay needs 15 or later. Upgrade it, or unset DATABASE_URL to use the embedded one.`,
  );
}

const asText = (value: string): string => value;
const parsers = new Map<number, (value: string) => unknown>([
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.DATE, asText],
  [pg.types.builtins.TIMESTAMP, asText],
  [pg.types.builtins.INTERVAL, asText],
]);
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: "text" | "binary") => parsers.get(id) ?? pg.types.getTypeParser(id, format),
};

export { isDatabaseGone } from "./is-database-gone.ts";
