import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder } from "../src/store/data-folder.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { startEmbeddedPostgres } from "../src/store/embedded-postgres.ts";
import { migrate } from "../src/store/migrate.ts";

/** A migrated database with its server's usual settings (every commit on disk), gone when `work` ends. */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), `patchbay-bench-${process.pid}-`));
  chmodSync(base, 0o755);
  const server = await startEmbeddedPostgres(openDataFolder(join(base, "data"), true));
  const database = openDatabase(server.connection);
  try {
    await migrate(database);
    await work(database);
  } finally {
    await database.close();
    await server.stop();
    rmSync(base, { recursive: true, force: true });
  }
}
