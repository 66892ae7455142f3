import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isDatabaseGone } from "./is-database-gone.ts";
import type { PostgresCluster } from "./postgres-cluster.ts";
import { StartRefused } from "./start-refused.ts";

export type Presence = {
  /** Gives up our share; true when nobody else holds one, so that the server may be stopped. */
  readonly leaveAsLast: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};

type Hooks = {
  readonly bringUp: () => Promise<void>;
  readonly say: (line: string) => void;
  /** The connection ended although we didn't close it: the server died or was stopped. */
  readonly onGone: () => void;
};

/** Held shared by every process that uses the server: the database itself forgets a process that dies. */
const presenceLock = "select pg_advisory_lock_shared(7262374)";

/**
 * Opens the connection by which a process shows that it uses the embedded server, and through which it learns at once
 * when the server dies. Waits while the server recovers. Sees that the application's role and database exist.
 */
export async function joinServer(cluster: PostgresCluster, hooks: Hooks): Promise<Presence> {
  const client = await connectWhenReady(cluster, hooks);
  let closed = false;
  client.on("error", () => {}); // `end` follows
  client.on("end", () => {
    if (!closed) hooks.onGone();
  });
  return {
    leaveAsLast: async () => {
      closed = true;
      try {
        await client.query("select pg_advisory_unlock_shared(7262374)");
        const { rows } = await client.query<{ last: boolean }>("select pg_try_advisory_lock(7262374) as last");
        return rows[0]?.last === true;
      } catch {
        return false; // it is down already
      }
    },
    close: async () => {
      closed = true;
      await client.end().catch(() => {});
    },
  };
}

async function connectWhenReady(cluster: PostgresCluster, hooks: Hooks): Promise<pg.Client> {
  for (let tries = 1; ; tries++) {
    const client = new pg.Client({
      host: cluster.socketFolder(),
      user: "postgres",
      password: cluster.password,
      database: "postgres",
      application_name: "patchbay presence",
      connectionTimeoutMillis: 3_000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query(presenceLock);
      await makeOwnDatabase(client, cluster.password);
      return client;
    } catch (error) {
      // not awaited: where the server died while it was connected to, the driver waits for an end that has been
      void client.end().catch(() => {});
      if ((error as { code?: string }).code === "28P01") {
        throw new StartRefused(
          `The password kept beside ${cluster.folder} isn't the database's. Restore the whole data folder from one backup.`,
          { cause: error },
        );
      }
      // starting up, recovering after a crash, or just being stopped by the process that left last
      if (!isDatabaseGone(error)) throw error;
      if (tries === 20) hooks.say("PostgreSQL is recovering; waiting for it.");
      await sleep(100);
      await hooks.bringUp();
    }
  }
}

/** The application's role is no superuser: what it is made to run can't leave its database. */
async function makeOwnDatabase(client: pg.Client, password: string): Promise<void> {
  const exists = "select 1 from pg_database where datname = 'patchbay'";
  if ((await client.query(exists)).rowCount === 1) return;
  await client.query("select pg_advisory_lock(7262375)");
  if ((await client.query(exists)).rowCount === 0) {
    const role = await client.query("select 1 from pg_roles where rolname = 'patchbay'");
    if (role.rowCount === 0)
      await client.query(`create role patchbay login password ${client.escapeLiteral(password)}`);
    await client.query("create database patchbay owner patchbay");
  }
  await client.query("select pg_advisory_unlock(7262375)");
}
