import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Database, Queryable } from "./database.ts";
import { ensurePartitions } from "./partitions.ts";
import { StartRefused } from "./start-refused.ts";

type Migration = { readonly number: number; readonly name: string; readonly sql: string; readonly checksum: string };
type Applied = { readonly number: number; readonly name: string; readonly checksum: string };

const ownFolder = fileURLToPath(new URL("../../migrations", import.meta.url));

/**
 * Brings the schema up to the numbered files in migrations/, each in a transaction of its own, then makes the partitions
 * of today. Any number of processes may call it at once: one works, the others wait and find nothing to do. Refuses a
 * database that is ahead of the code or whose applied files have changed since. Returns the names of what was applied.
 */
export async function migrate(database: Database, folder: string = ownFolder): Promise<readonly string[]> {
  const migrations = readMigrations(folder);
  const client = await database.pool.connect();
  try {
    // waiting for another process's migration, and a migration itself, may take long
    await client.query("set statement_timeout = 0");
    await client.query("select pg_advisory_lock(7262376)");
    const applied = await appliedMigrations(client);
    const refusal = refuse(migrations, applied);
    if (refusal !== null) throw new StartRefused(refusal);
    const missing = migrations.filter(({ number }) => !applied.some((row) => row.number === number));
    for (const migration of missing) await apply(client, migration);
    if (migrations.length > 0) await ensurePartitions(client, Date.now());
    return missing.map(({ name }) => name);
  } finally {
    client.release(true); // closing the session gives up its lock and settings, whatever happened
  }
}

function readMigrations(folder: string): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}_.+\.sql$/.test(name))
    .toSorted();
  return names.map((name, index) => {
    const number = Number(name.slice(0, 4));
    if (number !== index + 1) throw new Error(`Migrations are numbered without gaps: ${name} is file ${index + 1}.`);
    const sql = readFileSync(join(folder, name), "utf8");
    // a checkout may turn line ends
    const checksum = createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");
    return { number, name, sql, checksum };
  });
}

async function appliedMigrations(client: Queryable): Promise<readonly Applied[]> {
  await client.query(
    `create table if not exists migrations (
       number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()
     )`,
  );
  return (await client.query<Applied>("select number, name, checksum from migrations order by number")).rows;
}

function refuse(migrations: readonly Migration[], applied: readonly Applied[]): string | null {
  const newest = applied.at(-1);
  if (newest !== undefined && newest.number > migrations.length) {
    return `This database was used by a newer Patchbay: it has ${newest.name}, and this version knows only ${migrations.length} migrations. Start the newer version, or restore a backup from before its first start.`;
  }
  for (const row of applied) {
    const file = migrations[row.number - 1];
    if (file?.checksum === row.checksum) continue;
    return `Migration ${row.name} isn't the one this database was made with. Put that file back as it was (migrations only ever get added), or start with a new database.`;
  }
  return null;
}

async function apply(client: Queryable, { number, name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query("insert into migrations (number, name, checksum) values ($1, $2, $3)", [number, name, checksum]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw new Error(`Migration ${name} failed; the database is as it was before it.`, { cause: error });
  }
}
