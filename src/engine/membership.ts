import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../store/database.ts";
import { isDatabaseGone } from "../store/is-database-gone.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import { beatWorker, leaveWorkers, notifyWorkers, type Membership } from "../store/workers.ts";
import type { Log } from "./log.ts";

/** This process among those that send: a connect's concurrency is shared out among them. */
export type MembershipKeeper = {
  readonly now: () => Membership;
  /** This process's part of a connect's concurrency. */
  readonly shareOf: (concurrency: number, connectId: number) => number;
  /** Counts itself in; where others send already, resolves when they have had time to make room. */
  readonly join: () => Promise<void>;
  /** Somebody came or went: counts anew. */
  readonly look: () => void;
  readonly leave: () => Promise<void>;
};

const beatMs = 5_000;
/** The others hear of a new one by NOTIFY and count anew. */
const makeRoomMs = 300;

/** `onChange`: there are more or fewer than before. */
export function keepMembership(db: Database, log: Log, onChange: () => void): MembershipKeeper {
  const id = newUuidV7();
  let membership: Membership = { workers: 1, position: 0 };
  let timer: NodeJS.Timeout | null = null;

  const beat = async (): Promise<void> => {
    try {
      const before = membership;
      membership = await beatWorker(db, id);
      if (membership.workers !== before.workers || membership.position !== before.position) onChange();
    } catch (error) {
      if (!isDatabaseGone(error)) log.warn({ err: error }, "this process could not say that it sends");
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
      await beat();
      timer ??= setInterval(() => void beat(), beatMs);
      timer.unref();
      if (membership.workers === 1) return;
      await notifyWorkers(db).catch(() => {});
      await sleep(makeRoomMs);
    },
    look: () => void beat(),
    leave: async () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await leaveWorkers(db, id)
        .then(() => notifyWorkers(db))
        .catch(() => {});
    },
  };
}
