import type { Database } from "../store/database.ts";
import { claimDue, type ClaimedDue } from "../store/due.ts";
import { isDatabaseGone } from "../store/is-database-gone.ts";
import type { Log } from "./log.ts";
import type { Slots } from "./slots.ts";

export type Claimer = {
  /** Something may be due, now or in so many milliseconds. A hint: polling finds it too. */
  readonly wake: (inMs?: number) => void;
  /** Claims no more; resolves when the last claim has been handed on. */
  readonly stop: () => Promise<void>;
};

/** Rows a claim: leases in batches of 16 make the database work twice as hard as in batches of 128 and more. */
const batchMax = 512;
/** Between claims while there is work, so that slots that became free in the meantime are filled together. */
const breathMs = 5;
const pollMs = { least: 1_000, most: 5_000 };

/**
 * Takes what is due and hands it on, at once when woken, else by polling (1 s, slower to 5 s while nothing is found).
 * Never ends by itself: while the database is gone it asks again.
 */
export function createClaimer(db: Database, slots: Slots, run: (claimed: ClaimedDue) => void, log: Log): Claimer {
  const stopping = new AbortController();
  let woken = false;
  let alarm: { at: number; ring: () => void; timer: NodeJS.Timeout } | null = null;
  /** The nearest time at which something is known to fall due. */
  let dueAt = Number.POSITIVE_INFINITY;

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const ring = (): void => {
        if (alarm !== null) clearTimeout(alarm.timer);
        alarm = null;
        resolve();
      };
      alarm = { at: performance.now() + ms, ring, timer: setTimeout(ring, ms) };
    });

  const loop = async (): Promise<void> => {
    let pauseMs = pollMs.least;
    while (!stopping.signal.aborted) {
      woken = false;
      if (dueAt <= performance.now()) dueAt = Number.POSITIVE_INFINITY;
      let found = 0;
      if (slots.left() > 0) {
        try {
          const claimed = await claimDue(
            db,
            { slotsPerConnect: slots.perConnect, batchMax: Math.min(batchMax, slots.left()) },
            slots.busy(),
          );
          found = claimed.length;
          for (const one of claimed) {
            slots.force(one);
            run(one);
          }
        } catch (error) {
          if (!isDatabaseGone(error)) log.error({ err: error }, "claiming what is due failed; it goes on");
        }
      }
      pauseMs = found > 0 ? pollMs.least : Math.min(pauseMs * 1.5, pollMs.most);
      const idleMs = Math.max(0, Math.min(pauseMs, dueAt - performance.now()));
      if (found === 0 && !woken && !stopping.signal.aborted) await wait(idleMs);
      await new Promise((resolve) => setTimeout(resolve, breathMs));
    }
  };
  const running = loop();

  return {
    wake: (inMs = 0) => {
      if (inMs > 0) {
        dueAt = Math.min(dueAt, performance.now() + inMs);
        if (alarm === null || alarm.at <= dueAt) return;
        const { ring } = alarm;
        clearTimeout(alarm.timer);
        alarm = { at: dueAt, ring, timer: setTimeout(ring, inMs) };
        return;
      }
      woken = true;
      alarm?.ring();
    },
    stop: async () => {
      stopping.abort();
      alarm?.ring();
      await running;
    },
  };
}
