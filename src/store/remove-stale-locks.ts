import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PostgresCluster } from "./postgres-cluster.ts";
import { isDead, isServerOf } from "./server-runs-on.ts";

/**
 * PostgreSQL takes the lock files of a killed server for a living one's while its process id exists. It exists on when
 * nobody reaps the dead (as process 1 of a container often doesn't), and, after a restart, as another program's.
 * Removes them where /proc says so for certain. What of the old server still runs is found by PostgreSQL itself, by the
 * shared memory it holds.
 */
export function removeStaleLocks({ folder, socketFolder }: PostgresCluster): void {
  const ofSocket = join(socketFolder(), ".s.PGSQL.5432.lock"); // first: the other file tells where it is
  for (const lock of [ofSocket, join(folder, "postmaster.pid")]) {
    try {
      const pid = Number.parseInt(readFileSync(lock, "utf8"), 10);
      if (isDead(pid) || !isServerOf(pid, folder)) rmSync(lock);
    } catch {
      // no lock, no such process, or no /proc to ask: PostgreSQL's own check decides
    }
  }
}
