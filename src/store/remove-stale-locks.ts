import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PostgresCluster } from "./postgres-cluster.ts";

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

/** Whether a server works on this cluster: its lock file names a living process that isn't another program's. */
export function serverRunsOn(folder: string): boolean {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(join(folder, "postmaster.pid"), "utf8"), 10);
  } catch {
    return false;
  }
  try {
    return !isDead(pid) && isServerOf(pid, folder);
  } catch {
    // no such process; or no /proc to ask, where a process of that number counts
    return !existsSync("/proc/self") && isAlive(pid);
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

/** Killed and waiting to be reaped: `pid (name) Z …`, where the name may hold anything (proc_pid_stat(5)). */
function isDead(pid: number): boolean {
  return /^.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** A server works in its cluster's folder, by whatever path it came there. */
function isServerOf(pid: number, cluster: string): boolean {
  if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "postgres") return false;
  const [worksIn, ours] = [statSync(`/proc/${pid}/cwd`), statSync(cluster)];
  return worksIn.dev === ours.dev && worksIn.ino === ours.ino;
}
