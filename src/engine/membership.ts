import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../store/database.ts";
import { isDatabaseGone } from "../store/is-database-gone.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import {
  beatWorker,
  leaveWorkers,
  notifyWorkers,
  othersFit,
  workersOn,
  type Membership,
  type Worker,
} from "../store/workers.ts";
import type { Log } from "./log.ts";

/** This process among those that send: a connect's concurrency is shared out among them. */
export type MembershipKeeper = {
  readonly now: () => Membership;
  /** This process's part of a connect's concurrency. */
  readonly shareOf: (concurrency: number, connectId: number) => number;
  /** Counts itself in; where others send already, resolves when they have made room, or after some seconds. */
  readonly join: () => Promise<void>;
  /** Somebody came or went: counts anew. */
  readonly look: () => void;
  readonly leave: () => Promise<void>;
};

const beatMs = 5_000;
/** How long a new one waits for calls that are more than their sender's new share; they end by themselves. */
const makeRoomMs = 5_000;
const lookMs = 50;

/**
 * @param fits whether this process's calls under way are within its shares now.
 * @param onChange there are more or fewer than before.
 */
export function keepMembership(db: Database, log: Log, fits: () => boolean, onChange: () => void): MembershipKeeper {
  const id = newUuidV7();
  const me = { id, host: hostname(), pid: process.pid, process: thisProcess };
  let membership: Membership = { workers: 1, position: 0 };
  let timer: NodeJS.Timeout | null = null;
  /** Among how many this process's calls are known to fit. */
  let fitted = 1;
  let beating: Promise<void> | null = null;
  let saying: Promise<void> | null = null;

  const isIn = (): boolean => timer !== null;

  const failed = (error: unknown): void => {
    if (!isDatabaseGone(error)) log.warn({ err: error }, "this process could not say that it sends");
  };

  /** A new one waits for this. Beside the beats: calls that have to end first may take longer than one may be silent. */
  const sayThatItFits = async (): Promise<void> => {
    for (; isIn() && fitted !== membership.workers; await sleep(lookMs))
      if (fits()) await beatWorker(db, me, (fitted = membership.workers));
  };

  const beat = (): Promise<void> => (beating ??= beatOnce().finally(() => (beating = null)));

  const beatOnce = async (): Promise<void> => {
    try {
      const before = membership;
      for (const gone of (await workersOn(db, me.host)).filter(isGone)) await leaveWorkers(db, gone.id);
      membership = await beatWorker(db, me, fitted);
      const { workers, position } = membership;
      if (workers !== before.workers || position !== before.position) onChange();
      if (fitted !== workers)
        saying ??= sayThatItFits()
          .catch(failed)
          .finally(() => (saying = null));
    } catch (error) {
      failed(error);
    }
  };

  return {
    now: () => membership,
    shareOf: (concurrency, connectId) => {
      const { workers, position } = membership;
      const more = (connectId + position) % workers < concurrency % workers ? 1 : 0;
      return Math.floor(concurrency / workers) + more;
    },
    join: async () => {
      timer ??= setInterval(() => void beat(), beatMs);
      timer.unref();
      await beat();
      if (membership.workers === 1) return;
      await notifyWorkers(db).catch(() => {});
      for (const until = performance.now() + makeRoomMs; performance.now() < until; await sleep(lookMs))
        if (await othersFit(db, id, membership.workers).catch(() => true)) return;
    },
    look: () => {
      if (timer !== null) void beat();
    },
    leave: async () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await Promise.all([beating, saying]); // or it would be counted in again
      await leaveWorkers(db, id)
        .then(() => notifyWorkers(db))
        .catch(() => {});
    },
  };
}

/** Of this process among those that had its number before: in a container every one has the same. */
const thisProcess = newUuidV7();

/** A worker of this machine that was killed: it need not be waited for until it has been silent for long. */
function isGone({ pid, process: of }: Worker): boolean {
  if (pid === process.pid) return of !== thisProcess;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
