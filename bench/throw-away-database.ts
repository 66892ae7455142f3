import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder } from "../src/store/data-folder.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../src/store/embedded-postgres.ts";
import { migrate } from "../src/store/migrate.ts";

export type ThrowAway = {
  readonly database: Database;
  readonly server: EmbeddedPostgres;
  /** PATCHBAY_DATA of processes that are to share it. */
  readonly dataFolder: string;
};

/**
 * A migrated database with its server's usual settings (every commit on disk), gone when `work` ends, in whatever way:
 * also when the run is interrupted.
 */
export async function withDatabase(work: (database: Database, all: ThrowAway) => Promise<void>): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), `patchbay-bench-${process.pid}-`));
  chmodSync(base, 0o755);
  const dataFolder = join(base, "data");
  const server = await startEmbeddedPostgres(openDataFolder(dataFolder, true));
  const database = openDatabase(server.connection, { statementTimeoutMs: 3_600_000 });
  try {
    await migrate(database);
    await Promise.race([work(database, { database, server, dataFolder }), interrupted()]);
  } finally {
    await database.close();
    await server.stop();
    rmSync(base, { recursive: true, force: true, maxRetries: 10 });
  }
}

function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
  });
}
