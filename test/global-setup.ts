import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDataFolder } from "../src/store/data-folder.ts";
import { openDatabase } from "../src/store/database.ts";
import { startEmbeddedPostgres, type PostgresConnection } from "../src/store/embedded-postgres.ts";
import { migrate } from "../src/store/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    testServer: PostgresConnection;
  }
}

/** One throw-away server for the run, with a migrated template from which each test file clones its own database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  stopServersOfDeadRuns();
  const base = mkdtempSync(join(tmpdir(), `patchbay-test-${process.pid}-`));
  chmodSync(base, 0o755);
  const server = await startEmbeddedPostgres(openDataFolder(join(base, "data"), true), {
    settings: { fsync: "off", full_page_writes: "off", synchronous_commit: "off", max_connections: "200" },
  });
  const admin = new pg.Client(server.superuser);
  await admin.connect();
  await admin.query("create database patchbay_template owner patchbay");
  await admin.query("alter role patchbay createdb");
  await admin.end();
  const template = openDatabase({ ...server.connection, database: "patchbay_template" });
  await migrate(template);
  await template.close(); // a template with an open connection can't be cloned
  project.provide("testServer", server.superuser);
  return async () => {
    await server.stop();
    rmSync(base, { recursive: true, force: true });
  };
}

/** A run that was killed leaves its server behind. */
function stopServersOfDeadRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^patchbay-test-(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const base = join(tmpdir(), name);
    try {
      const server = Number.parseInt(readFileSync(join(base, "data/postgres/cluster/postmaster.pid"), "utf8"), 10);
      if (readFileSync(`/proc/${server}/comm`, "utf8").trim() === "postgres") process.kill(server, "SIGQUIT");
    } catch {
      // it is gone already
    }
    rmSync(base, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
