import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

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
export function isDead(pid: number): boolean {
  return /^.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** A server works in its cluster's folder, by whatever path it came there. */
export function isServerOf(pid: number, cluster: string): boolean {
  if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "postgres") return false;
  const [worksIn, ours] = [statSync(`/proc/${pid}/cwd`), statSync(cluster)];
  return worksIn.dev === ours.dev && worksIn.ino === ours.ino;
}
