import { hostname } from "node:os";
import type { Database } from "../store/database.ts";
import { shareOf, type Membership } from "../store/shares.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import { beatWorker, leaveWorkers, notifyWorkers, workersOn, type SeenWorker, type Worker } from "../store/workers.ts";
import type { Log } from "./log.ts";

/** This process among those that send: a connect's concurrency is shared out among them. */
export type MembershipKeeper = {
  /** Null: it isn't one of them (yet). */
  readonly now: () => Membership | null;
  /** As many calls of a connect may be under way here: this process's part of its concurrency. */
  readonly shareOf: (concurrency: number, connectId: number) => number;
  /** Counts itself in; resolves when the others have made room, or when this one leaves. */
  readonly join: () => Promise<void>;
  /** Somebody came or went: looks at once. */
  readonly look: () => void;
  readonly leave: () => Promise<void>;
};

const beatMs = 5_000;
/** Between two looks while somebody waits for room: calls that are more than their sender's new share end by themselves. */
const makeRoomMs = 50;
const againMs = 1_000;

/**
 * Keeps a connect's calls within its concurrency over all processes, whoever comes and goes meanwhile. Each process says
 * among whom its calls under way fit, and one that comes begins when all others have said so of a number that it is of. So
 * each that sends knows all that send, though it may still count some that are gone; and as nobody's share becomes smaller
 * when one goes (`shareOf`), what each takes for its share is no more than its share among those that send.
 *
 * @param fits whether no connect has more calls under way here than `shareOf` says.
 * @param onChange shares may be others than before.
 */
export function keepMembership(db: Database, log: Log, fits: () => boolean, onChange: () => void): MembershipKeeper {
  const id = newUuidV7();
  const me = { id, host: hostname(), pid: process.pid, process: thisProcess };
  let seen: Membership | null = null;
  let isIn = false;
  /** What the next beat says. */
  let fitsAmong: readonly number[] = [];
  const leaving = new AbortController();
  let beating: Promise<void> | null = null;
  const joined = Promise.withResolvers<void>();
  const bell = createBell();

  /** Answers how long the next one may wait. */
  const beat = async (): Promise<number> => {
    for (const gone of (await workersOn(db, me.host)).filter(isGone)) await leaveWorkers(db, gone.id);
    const told = fitsAmong;
    const workers = await beatWorker(db, me, told);
    const before = seen;
    const wasIn = isIn;
    seen = membershipOf(workers);
    const { me: number, numbers } = seen;
    // Not at the first beat, which may have missed another's first. Under a new number it comes anew: the others have
    // forgotten it, and use its share.
    isIn = number === before?.me && (wasIn || workers.every((one) => one.isMe || one.fitsAmong.includes(number)));
    const isOther = before === null || !sameNumbers(numbers, before.numbers);
    if (isOther || isIn !== wasIn) onChange();
    if (isIn) joined.resolve();
    if (fits()) fitsAmong = numbers;
    if (isOther && numbers.length > 1) await notifyWorkers(db).catch(() => {});
    if (isIn && sameNumbers(told, numbers)) return beatMs;
    return sameNumbers(told, fitsAmong) ? makeRoomMs : 0;
  };

  const beatOn = async (): Promise<void> => {
    while (!leaving.signal.aborted) {
      const waitMs = await beat().catch((error: unknown) => {
        log.warn({ err: error }, "this process could not say that it sends");
        return againMs;
      });
      if (waitMs > 0) await bell.wait(waitMs);
    }
  };

  const now = (): Membership | null => (isIn ? seen : null);

  return {
    now,
    shareOf: (concurrency, connectId) => {
      const membership = now();
      return membership === null ? 0 : shareOf(concurrency, connectId, membership);
    },
    join: () => {
      beating ??= beatOn();
      return joined.promise;
    },
    look: bell.ring,
    leave: async () => {
      leaving.abort();
      bell.ring();
      await beating; // or it would be counted in again
      joined.resolve();
      await leaveWorkers(db, id)
        .then(() => notifyWorkers(db))
        .catch(() => {});
    },
  };
}

function membershipOf(all: readonly SeenWorker[]): Membership {
  return { me: all.find(({ isMe }) => isMe)!.number, numbers: all.map(({ number }) => number) };
}

function sameNumbers(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((number, at) => number === others[at]);
}

/** A wait that can be cut short; a ring that comes before the wait cuts it short too. Keeps no process alive. */
function createBell(): { readonly ring: () => void; readonly wait: (ms: number) => Promise<void> } {
  let isRung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      isRung = true;
      wake?.();
    },
    wait: async (ms) => {
      if (!isRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          timer.unref();
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      wake = null;
      isRung = false;
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
