import { setTimeout as sleep } from "node:timers/promises";
import { replayBatch, replayWaitMs } from "../core/replay-pace.ts";
import { accountScope } from "../store/account-scope.ts";
import { countReplayed } from "../store/count-replayed.ts";
import type { Database } from "../store/database.ts";
import { notifyDue } from "../store/due.ts";
import { outageOf } from "../store/outage.ts";
import { advanceReplay, lockNextReplay, nextReplayWork, postponeReplay, type RunningReplay } from "../store/replays.ts";
import { walkOwed, walkSettled } from "../store/walk-deliveries.ts";
import type { Engine } from "./engine.ts";
import type { Log } from "./log.ts";
import { sendAgain } from "./send-again.ts";
import { whichOf } from "./start-replay.ts";

export type ReplayerOptions = {
  readonly db: Database;
  readonly engine: Pick<Engine, "wake">;
  readonly log: Log;
  /** Whether there is room on disk for more; without it nothing is moved. */
  readonly hasRoom?: () => boolean;
};

/** Carries out replays (spec 7, Retrying). */
export type Replayer = {
  readonly start: () => void;
  /** Ends after the batch under way: the rest goes on wherever a worker is. */
  readonly stop: () => Promise<void>;
  /** A replay was started. A hint: polling finds it too. */
  readonly wake: () => void;
};

const pollMs = 2_000;
const leastMs = 50;
const otherHasItMs = 100;
const countEveryMs = 1_000;

/**
 * Moves what replays ask for back into `due`, batch by batch, and counts what became of it. Never ends by itself: while
 * the database is gone it asks again.
 */
export function createReplayer({ db, engine, log, hasRoom = () => true }: ReplayerOptions): Replayer {
  const stopping = new AbortController();
  let alarm = new AbortController();
  let running: Promise<void> | null = null;

  /** When it may count next: where many end at once it goes on with the next of them, else a second later. */
  let countAt = 0;

  /** One batch and one count, where they are due; gives how long there is nothing to do, in milliseconds. */
  const round = async (): Promise<number> => {
    const due = await nextReplayWork(db);
    if (due.countInMs <= 0 && performance.now() >= countAt) {
      const { looked, counted } = await db.transaction(countReplayed);
      countAt = performance.now() + (counted > looked / 2 ? 0 : countEveryMs);
    }
    if (due.moveInMs <= 0 && !hasRoom()) return pollMs;
    if (due.moveInMs <= 0) {
      const moved = await replayOnce(db, log);
      if (moved === null) return otherHasItMs; // the next batch may be this process's
      if (moved > 0) engine.wake();
      return 0;
    }
    const countInMs = Math.max(due.countInMs, countAt - performance.now());
    return Math.min(Math.max(leastMs, Math.min(due.moveInMs, countInMs)), pollMs);
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      alarm = new AbortController();
      let idleMs = pollMs;
      try {
        idleMs = await round();
      } catch (error) {
        log.error({ err: error }, "a replay could not go on; it is tried again");
      }
      const signal = AbortSignal.any([alarm.signal, stopping.signal]);
      await sleep(idleMs, undefined, { signal }).catch(() => {});
    }
  };

  return {
    start: () => {
      running ??= loop();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    wake: () => alarm.abort(),
  };
}

/**
 * Moves one batch of the replay whose turn it is, in one transaction with how far it came. Returns how many went out again;
 * null: no replay may move anything now.
 */
export async function replayOnce(db: Database, log: Log): Promise<number | null> {
  let replay: RunningReplay | null = null;
  try {
    return await db.transaction(async (tx) => {
      replay = await lockNextReplay(tx);
      if (replay === null) return null;
      const scope = accountScope(tx, replay.account_id);
      const { walks, mode, per_second } = replay;
      const walk = {
        which: whichOf(replay.ids === null ? { filter: replay.filter! } : { ids: replay.ids }),
        after: replay.cursor,
        notAfter: replay.not_after,
        settledBefore: replay.created_at,
      };
      const { rows, lookedAt } = await (walks === "owed" ? walkOwed : walkSettled)(
        scope,
        walk,
        replayBatch(per_second),
      );
      const { moved, skipped } = await sendAgain(scope, walks, rows, mode);
      await advanceReplay(scope, replay.id, {
        moved,
        skipped,
        walks: lookedAt === null ? "settled" : walks,
        cursor: lookedAt,
        ends: lookedAt === null && walks === "settled",
        waitMs: replayWaitMs(per_second, moved.length),
      });
      if (moved.length > 0) await notifyDue(tx);
      return moved.length;
    });
  } catch (error) {
    const failed = replay as RunningReplay | null;
    if (failed === null || outageOf(error) !== null) throw error;
    log.error({ err: error, replay: failed.id }, "a batch of a replay could not be moved; it is tried again");
    await postponeReplay(accountScope(db, failed.account_id), failed.id, 10, brokeWords);
    return 0;
  }
}

const brokeWords = "Something broke in Patchbay; the server's log has the particulars. It is tried again.";
