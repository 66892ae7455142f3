import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { refusalFor, type DataFolder } from "./data-folder.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { openPostgresCluster, type PostgresCluster, type PostgresSettings } from "./postgres-cluster.ts";
import { joinServer, type Presence } from "./postgres-presence.ts";
import { removeStaleLocks } from "./remove-stale-locks.ts";
import { StartRefused } from "./start-refused.ts";

export type PostgresConnection = {
  readonly host: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

export type EmbeddedPostgres = {
  /** The application's own database and role, which is no superuser. */
  readonly connection: PostgresConnection;
  readonly superuser: PostgresConnection;
  /** `new`: the database was made just now. `adopted`: a server was running already. */
  readonly found: "new" | "stopped" | "adopted";
  /** Leaves the server; the last process to leave stops it. */
  readonly stop: () => Promise<void>;
};

type Options = {
  /** Over our own, by PostgreSQL's names. */
  readonly settings?: PostgresSettings;
  /** Told in words when the server is started again or takes its time. */
  readonly say?: (line: string) => void;
};

/** How long a start is tried again, and how long while a dead server's remains are in its way. */
const startMs = 3_000;
const leavingMs = 60_000;

/**
 * Starts the PostgreSQL of the data folder, or adopts the one that runs on it, and keeps it running: when it dies it is
 * started again. Unix socket only, with a password. Several processes may share it. Throws StartRefused.
 */
export async function startEmbeddedPostgres(data: DataFolder, options: Options = {}): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => {});
  const binaries = await findPostgresBinaries(data);
  const cluster = await openPostgresCluster(data, binaries, options.settings ?? {});
  let presence: Presence;
  const stopping = new AbortController();
  let restarting: Promise<void> = Promise.resolve();

  const enter = async (): Promise<"started" | "adopted"> => {
    const how = await bringUp(cluster, binaries, stopping.signal);
    presence = await joinServer(cluster, {
      bringUp: async () => void (await bringUp(cluster, binaries, stopping.signal)),
      say,
      onGone: () => {
        if (!stopping.signal.aborted) restarting = restart();
      },
    });
    return how;
  };
  const restart = async (): Promise<void> => {
    say("PostgreSQL ended; starting it again.");
    let said = { words: "", at: 0 };
    for (let pauseMs = 500; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      try {
        await enter();
        say("PostgreSQL is back.");
        return;
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        // the same again once a minute
        if (words !== said.words || performance.now() - said.at > 60_000) {
          say(`PostgreSQL doesn't start, trying again: ${words}`);
          said = { words, at: performance.now() };
        }
        await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };

  const how = await enter();
  if (how === "started") binaries.removeOldCopies();
  const host = cluster.socketFolder();
  return {
    connection: { host, user: "patchbay", password: cluster.password, database: "patchbay" },
    superuser: { host, user: "postgres", password: cluster.password, database: "postgres" },
    found: how === "adopted" ? "adopted" : cluster.isNew ? "new" : "stopped",
    stop: async () => {
      stopping.abort();
      await restarting;
      if (await presence.leaveAsLast()) {
        try {
          await binaries.run("pg_ctl", ["-D", cluster.folder, "-w", "-t", "60", "-m", "fast", "-s", "stop"]);
        } catch (error) {
          if (await answers(cluster)) throw error; // else it was killed just before
        }
      }
      await presence.close();
    },
  };
}

/** Stops the server that a process which was killed left running, unless another process uses it. */
export async function stopLeftPostgres(data: DataFolder): Promise<void> {
  const binaries = await findPostgresBinaries(data);
  const cluster = await openPostgresCluster(data, binaries, {});
  if (await answers(cluster)) await (await startEmbeddedPostgres(data)).stop();
}

/** Until a server answers on the cluster's socket: one that runs, or one started here. */
async function bringUp(
  cluster: PostgresCluster,
  binaries: PostgresBinaries,
  stopping: AbortSignal,
): Promise<"started" | "adopted"> {
  const startedAt = Date.now();
  for (;;) {
    stopping.throwIfAborted();
    if (await answers(cluster)) return "adopted";
    const logBefore = logSize(cluster.logFile);
    try {
      // a server that fails ends the wait at once; one that recovers for longer answers meanwhile, and is adopted
      await binaries.run("pg_ctl", ["-D", cluster.folder, "-w", "-t", "10", "-s", "-l", cluster.logFile, "start"]);
      return "started";
    } catch (error) {
      if (await answers(cluster)) return "adopted"; // another process was quicker
      const said = `${(error as { stderr?: string }).stderr ?? ""}\n${logSince(cluster.logFile, logBefore)}`;
      const refusal = refusalIn(said, cluster);
      if (refusal !== null) throw refusal;
      // after a crash the old server's lock and memory may take a second or two to go, longer while a query runs on
      const isLeaving = /lock file|shared memory block|another server|another postmaster/.test(said);
      if (Date.now() > (isLeaving ? startedAt + leavingMs : startedAt + startMs)) {
        throw new StartRefused(
          `PostgreSQL doesn't start. Its own words are at the end of ${cluster.logFile}:\n${said.trim()}`,
        );
      }
      removeStaleLocks(cluster);
      await sleep(250);
    }
  }
}

/** `pg_ctl status` isn't enough: a killed server waiting to be reaped still counts as running. */
function answers(cluster: PostgresCluster): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(join(cluster.socketFolder(), ".s.PGSQL.5432"));
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => {
      done(false);
    });
    socket.setTimeout(2_000, () => {
      socket.destroy();
      done(false);
    });
  });
}

/** Failures that waiting doesn't mend. */
function refusalIn(said: string, cluster: PostgresCluster): StartRefused | null {
  if (said.includes("No space left on device")) return refusalFor({ code: "ENOSPC" }, cluster.folder);
  if (/Permission denied|Read-only file system/.test(said)) {
    return new StartRefused(
      `PostgreSQL may not read or write its database in ${cluster.folder}. Give that folder back to the user it ran as (ls -ld shows whose it is). Its words: ${firstFatal(said)}`,
    );
  }
  if (/Cannot allocate memory|could not create shared memory/.test(said)) {
    return new StartRefused(`There isn't enough free memory to start PostgreSQL. Its words: ${firstFatal(said)}`);
  }
  if (/PANIC:|database files are incompatible|checksum in control file|control file appears to be corrupt/.test(said)) {
    return new StartRefused(
      `The database in ${cluster.folder} is damaged. Restore the data folder from a backup. PostgreSQL's words: ${firstFatal(said)}`,
    );
  }
  return null;
}

function firstFatal(said: string): string {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /FATAL|PANIC|error/i.test(line)) ?? lines[0] ?? "none").trim();
}

function logSize(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

function logSince(file: string, offset: number): string {
  try {
    return readFileSync(file).subarray(offset).toString("utf8").slice(-4000);
  } catch {
    return "";
  }
}
