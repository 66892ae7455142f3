import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder } from "../../src/store/data-folder.ts";
import { openDatabase, type Database } from "../../src/store/database.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/store/embedded-postgres.ts";
import { migrate } from "../../src/store/migrate.ts";

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
  const forget = whenInterrupted(() => {
    killServer(join(dataFolder, "postgres", "cluster", "postmaster.pid"));
    rmSync(base, { recursive: true, force: true, maxRetries: 10 });
  });
  const database = openDatabase(server.connection, { statementTimeoutMs: 3_600_000 });
  try {
    await migrate(database);
    await work(database, { database, server, dataFolder });
  } finally {
    await database.close();
    await server.stop();
    forget();
    rmSync(base, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Ends this process at a signal, and with it what it started; `last` comes after that. Gives what undoes this. */
function whenInterrupted(last: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const end = (): void => {
    // after the listeners that are there by now: they kill processes, which would bring the server up again
    process.on("exit", last);
    process.exit(1);
  };
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}

function killServer(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  process.kill(Number.parseInt(readFileSync(pidFile, "utf8"), 10), "SIGQUIT");
  const wait = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; existsSync(pidFile) && tries < 50; tries++) Atomics.wait(wait, 0, 0, 100);
}
