import { readdirSync, readFileSync } from "node:fs";

/** Of Linux: /proc counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** Processor time, in seconds, that a process has used, its threads included. */
export function cpuSeconds(pid: number): number {
  const [user, system] = statOf(pid);
  return (user! + system!) / ticksPerSecond;
}

/** Of a PostgreSQL server: its postmaster, its living processes, and those that have ended. */
export function postgresCpuSeconds(postmaster: number): number {
  const [user, system, endedUser, endedSystem] = statOf(postmaster);
  const living = postgresPids(postmaster).slice(1);
  const ended = (endedUser! + endedSystem! + user! + system!) / ticksPerSecond;
  return living.reduce((sum, pid) => sum + cpuSecondsIfAlive(pid), ended);
}

/** The postmaster and its processes. */
function postgresPids(postmaster: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === postmaster);
  return [postmaster, ...children];
}

/** Memory, in megabytes: what is shared counts once, split among those that share it. */
export function pssMegabytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
      return sum + Number(kilobytes ?? 0) / 1024;
    } catch {
      return sum; // it ended meanwhile
    }
  }, 0);
}

function cpuSecondsIfAlive(pid: number): number {
  try {
    return cpuSeconds(pid);
  } catch {
    return 0; // it ended meanwhile, and its parent counts it at the next look
  }
}

/** utime, stime, cutime and cstime of proc(5), in ticks. */
function statOf(pid: number): number[] {
  return fieldsOf(pid).slice(11, 15).map(Number);
}

function parentOf(pid: number): number | null {
  try {
    return Number(fieldsOf(pid)[1]);
  } catch {
    return null;
  }
}

/** From the third on: the second, the program's name in brackets, may hold spaces. */
function fieldsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\)\s/s, "")
    .split(" ");
}
