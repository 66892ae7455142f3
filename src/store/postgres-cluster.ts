import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusalFor, type DataFolder } from "./data-folder.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { StartRefused } from "./start-refused.ts";

/** One database cluster on disk: `<data>/postgres/{cluster,password,run,server.log}`. */
export type PostgresCluster = {
  readonly folder: string;
  readonly logFile: string;
  /** Of both roles; 32 random bytes, made with the cluster. */
  readonly password: string;
  /** Where a server on this cluster listens, or would. */
  readonly socketFolder: () => string;
  readonly isNew: boolean;
};

export type PostgresSettings = Readonly<Record<string, string>>;

/** Few processes and modest buffers: at rest Node and PostgreSQL together stay under 300 MB. */
const usualSettings: PostgresSettings = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "100",
  shared_buffers: "128MB",
  effective_cache_size: "512MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  // a container's /dev/shm is too small for parallel plans, and two cores gain little by them
  max_parallel_workers_per_gather: "0",
  max_worker_processes: "4",
  // I/O worker processes would cost memory for nothing at this size
  io_method: "sync",
  max_logical_replication_workers: "0",
  jit: "off",
  synchronous_commit: "on",
  full_page_writes: "on",
  // a page is logged whole at its first change after a checkpoint: rarer checkpoints write less (see walSize, too)
  checkpoint_timeout: "15min",
  // tables that churn (what is owed) are vacuumed before they swell
  autovacuum_naptime: "15s",
  autovacuum_max_workers: "2",
  // an analyze holds 300 rows for each of these in memory, and rows of the log are several KB: 100 took 120 MB
  default_statistics_target: "30",
  // the log is for the operator: starts, stops and crashes, but no statements, and no errors, which quote values of leads
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
  log_parameter_max_length_on_error: "0",
  timezone: "UTC",
  log_timezone: "UTC",
};

const firstStartBytesMin = 200 * 1024 * 1024;
const logBytesMax = 10 * 1024 * 1024;

/**
 * Finds the cluster in the data folder or makes it. Made beside and renamed with its password inside: two first starts
 * at once, or a killed one, leave no half database. Throws StartRefused.
 */
export async function openPostgresCluster(
  data: DataFolder,
  binaries: PostgresBinaries,
  settings: PostgresSettings,
): Promise<PostgresCluster> {
  const home = join(data.path, "postgres");
  const isNew = !existsSync(home);
  if (isNew) await makeCluster(home, data, binaries, settings);
  const folder = join(home, "cluster");
  try {
    refuseOtherMajor(folder, binaries.major);
    const password = readFileSync(join(home, "password"), "utf8").trim();
    const logFile = join(home, "server.log");
    if (existsSync(logFile) && statSync(logFile).size > logBytesMax) renameSync(logFile, `${logFile}.old`);
    const socketFolder = socketFolderFor(home, data);
    const max_wal_size = walSize(statfsSync(folder));
    writeSettings(folder, data, { ...usualSettings, max_wal_size, ...settings, unix_socket_directories: socketFolder });
    return { folder, logFile, password, isNew, socketFolder: () => runningSocketFolder(folder) ?? socketFolder };
  } catch (error) {
    throw error instanceof StartRefused ? error : refusalFor(error, home);
  }
}

async function makeCluster(
  home: string,
  data: DataFolder,
  binaries: PostgresBinaries,
  settings: PostgresSettings,
): Promise<void> {
  const problem = spaceProblem(statfsSync(data.path), data.path);
  if (problem !== null) throw new StartRefused(problem);
  removeLeftovers(data.path);
  const give = (path: string): void => {
    if (data.owner !== null) chownSync(path, data.owner.uid, data.owner.gid);
  };
  const half = mkdtempSync(join(data.path, "postgres-new-"));
  try {
    give(half);
    const password = join(half, "password");
    writeFileSync(password, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
    give(password);
    mkdirSync(join(half, "run"), { mode: 0o700 });
    give(join(half, "run"));
    const access = ["-U", "postgres", "-A", "scram-sha-256", "--pwfile", password];
    const locale = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const sync = settings["fsync"] === "off" ? ["--no-sync"] : [];
    await binaries.run("initdb", ["-D", join(half, "cluster"), ...access, ...locale, ...sync]);
    renameSync(half, home);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    rmSync(half, { recursive: true, force: true });
    if (existsSync(home)) return; // another first start was quicker
    if ((stderr ?? message).includes("No space left on device")) {
      throw refusalFor({ code: "ENOSPC" }, data.path);
    }
    throw new StartRefused(`PostgreSQL couldn't make its database in ${data.path}: ${(stderr ?? message).trim()}`, {
      cause: error,
    });
  }
}

/** In words, when a new database (40 MB, and its log of 16 MB pieces) wouldn't get far; null: enough room. */
export function spaceProblem(disk: { bavail: number; bsize: number }, folder: string): string | null {
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes >= firstStartBytesMin) return null;
  return `The disk that holds ${folder} is full: ${inMegabytes(freeBytes)} MB are free and a new database needs ${inMegabytes(firstStartBytesMin)} MB. Free some space, or set PATCHBAY_DATA to another disk.`;
}

/** How far the write-ahead log may grow between checkpoints: 4 GB, on a small disk a tenth of it. */
export function walSize(disk: { blocks: number; bsize: number }): string {
  return `${Math.min(4096, Math.max(64, Math.floor(inMegabytes(disk.blocks * disk.bsize) / 10)))}MB`;
}

function inMegabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}

/** Of first starts that were killed; a living one is never ten minutes old. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith("postgres-new-") && !name.startsWith("postgres-half-")) continue;
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > 600_000) rmSync(path, { recursive: true, force: true });
  }
}

function refuseOtherMajor(folder: string, major: number): void {
  const found = Number.parseInt(readFileSync(join(folder, "PG_VERSION"), "utf8"), 10);
  if (found === major) return;
  throw new StartRefused(
    found > major
      ? `The database in ${folder} was made by PostgreSQL ${found}; this Patchbay brings PostgreSQL ${major}. Start the newer Patchbay that made it, or set PATCHBAY_DATA to another folder.`
      : `The database in ${folder} was made by PostgreSQL ${found}; this Patchbay brings PostgreSQL ${major} and doesn't convert it. Export with the older Patchbay and import here, or set PATCHBAY_DATA to another folder.`,
  );
}

/** Written anew at each start, so that it fits the code; what an operator sets by `alter system` wins over it. */
function writeSettings(folder: string, data: DataFolder, settings: PostgresSettings): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const file = join(folder, "postgresql.conf");
  const half = `${file}.${process.pid}`;
  const text = ["# Written by Patchbay at each start. Your own settings: alter system set …", ...lines, ""].join("\n");
  try {
    writeFileSync(half, text);
  } catch (error) {
    rmSync(half, { force: true });
    // on a full disk those of the last start do: a server may run on them, waiting for room
    if ((error as NodeJS.ErrnoException).code === "ENOSPC" && statSync(file).size > 0) return;
    throw error;
  }
  chmodSync(half, 0o600);
  if (data.owner !== null) chownSync(half, data.owner.uid, data.owner.gid);
  renameSync(half, file);
}

/** The data folder is closed to others; only a path too long for a socket (107 bytes, 103 on macOS) goes to tmp. */
function socketFolderFor(home: string, data: DataFolder): string {
  const own = join(home, "run");
  if (Buffer.byteLength(join(own, ".s.PGSQL.5432")) <= 103) return own;
  const uid = data.owner?.uid ?? process.getuid?.();
  // each user has their own: the former user's may still be there
  const hash = createHash("sha256").update(`${home} ${uid}`).digest("hex").slice(0, 12);
  const folder = join(tmpdir(), `patchbay-pg-${hash}`);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 }); // recursive: another start may make it first
    if (data.owner !== null) chownSync(folder, data.owner.uid, data.owner.gid);
  }
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === (uid ?? found.uid) && (found.mode & 0o077) === 0) return folder;
  throw new StartRefused(
    `${folder}, where PostgreSQL's socket goes, belongs to somebody else. Remove it, then start again.`,
  );
}

/** As a running server wrote it (line 5 of postmaster.pid): it may have been started under another TMPDIR. */
function runningSocketFolder(folder: string): string | null {
  try {
    return readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[4]?.trim() || null;
  } catch {
    return null;
  }
}
