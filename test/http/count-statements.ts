import type pg from "pg";
import type { Database } from "../../src/store/database.ts";

export type CountedStatements = {
  /** Of each that reached the database since, its name, or its text where it has none. */
  readonly texts: () => readonly string[];
  readonly forget: () => void;
};

const counted = new WeakMap<pg.Pool, string[][]>();

/** Listens on every connection of the pool. */
export function countStatements({ pool }: Database): CountedStatements {
  const texts: string[] = [];
  const listeners = counted.get(pool) ?? [];
  listeners.push(texts);
  if (!counted.has(pool)) {
    counted.set(pool, listeners);
    const wrapped = new WeakSet<pg.PoolClient>();
    pool.on("acquire", (client) => {
      if (wrapped.has(client)) return;
      wrapped.add(client);
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...args: unknown[]) => {
        const [statement] = args as [string | { name?: string; text: string }];
        const text = typeof statement === "string" ? statement : (statement.name ?? statement.text);
        for (const listener of listeners) listener.push(text);
        return query(...args);
      }) as typeof client.query;
    });
  }
  return { texts: () => texts, forget: () => void texts.splice(0) };
}
