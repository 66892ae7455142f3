import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../store/database.ts";
import { outageOf } from "../store/outage.ts";
import { settleAttempts, type EndedAttempt } from "../store/settle-attempts.ts";
import { decideSettled } from "./decide-event-settled.ts";
import type { Log } from "./log.ts";

export type Settler = {
  /** Resolves when it is written. Never rejects: without the database, or room on its disk, it waits, until `abandon`. */
  readonly settle: (ended: EndedAttempt) => Promise<void>;
  /** Ends the waiting for a database that is gone; what is unwritten is taken over from when its lease runs out. */
  readonly abandon: () => void;
};

/**
 * Writes what ended in the same few milliseconds in one transaction: while one batch is being written, the next gathers.
 * `onBatch` is told how many. A batch may be written twice when the connection broke at its commit; its fences make the second time change nothing.
 */
export function createSettler(db: Database, log: Log, onBatch: (size: number) => void = () => {}): Settler {
  const batchMax = 256;
  const parallelMax = 2;
  /** Fewer than so many are not worth a second transaction beside the first. */
  const worthAnother = 64;
  const queue: { ended: EndedAttempt; done: () => void }[] = [];
  let writing = 0;
  const abandoned = new AbortController();

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.splice(0, batchMax);
      onBatch(batch.length);
      await write(batch.map(({ ended }) => ended));
      for (const { done } of batch) done();
    }
    writing--;
  };

  /** A decision that breaks must not make the delivery go out again: then it is settled alone. */
  const settleAsked = async (one: EndedAttempt): Promise<void> => {
    try {
      await decideSettled(db, one);
    } catch (error) {
      if (outageOf(error) !== null || isConflict(error)) throw error;
      log.error({ err: error, delivery: one.id }, "workflows could not be asked about an outcome");
      await db.transaction((tx) => settleAttempts(tx, [one], true));
    }
  };

  const write = async (batch: readonly EndedAttempt[]): Promise<void> => {
    for (let pauseMs = 50; !abandoned.signal.aborted; pauseMs = Math.min(pauseMs * 2, 2_000)) {
      try {
        const { asked } = await db.transaction((tx) => settleAttempts(tx, batch));
        for (const one of asked) await settleAsked(one);
        return;
      } catch (error) {
        const isOutage = outageOf(error) !== null;
        if (isOutage) log.warn({ err: error, attempts: batch.length }, "ended attempts wait to be written");
        if (isOutage || isConflict(error)) {
          await sleep(pauseMs);
          continue;
        }
        if (batch.length > 1) {
          for (const one of batch) await write([one]);
          return;
        }
        const [one] = batch;
        log.error({ err: error, delivery: one!.id }, "an attempt could not be logged whole");
        if (one!.attempt === null || one!.attempt.calls.length === 0) return;
        // what was sent and what came back can't be written: better a log without them than a delivery sent for ever
        await write([{ ...one!, attempt: { ...one!.attempt, calls: [], notes: ["The calls could not be logged."] } }]);
        return;
      }
    }
  };

  return {
    settle: (ended) =>
      new Promise((done) => {
        queue.push({ ended, done });
        if (writing >= parallelMax || (writing > 0 && queue.length < worthAnother)) return;
        writing++;
        setImmediate(() => void drain());
      }),
    abandon: () => abandoned.abort(),
  };
}

/** Two transactions in each other's way; one of them was rolled back and may simply be done again. */
function isConflict(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "40P01" || code === "40001" || code === "55P03" || code === "57014";
}
