import type { Claim, ClaimLimits } from "../store/claim-due.ts";
import { claimDue, claimPaced } from "../store/claim-due.ts";
import type { Database } from "../store/database.ts";
import { mendLanes, passHeads, type MendCursor } from "../store/lanes.ts";
import type { Log } from "./log.ts";

export type Claimer = {
  /** Something may be due, now or in so many milliseconds. A hint: polling finds it too. */
  readonly wake: (inMs?: number) => void;
  /** Claims no more; resolves when the last claim has been handed on. */
  readonly stop: () => Promise<void>;
};

export type ClaimerOptions = {
  readonly db: Database;
  readonly log: Log;
  /** What this process has and may have; null: it has all it can hold. */
  readonly limits: () => ClaimLimits | null;
  readonly run: (claim: Claim, receivedAt: Received) => void;
};

/** When a claim was asked for and when its answer came, on this process's clock: its slots lie between the two. */
export type Received = { readonly askedAt: number; readonly cameAt: number };

/** Between claims while there is work, so that slots that became free in the meantime are filled together. */
const breathMs = 5;
const pollMs = { least: 1_000, most: 5_000 };
/** How often it is looked for lanes that wait for nothing, or for too long. */
const lanesMs = { pass: 1_000, mend: 10_000 };
/** A slot that a request can't be written in before this is given back. */
export const slotLateMs = 30;
/** On the way to the vendor one request may lose so much on another. */
const wayMs = 20;
/** Claimed so long before, a connection is there when the slot comes. */
const paceMs = { lateMs: slotLateMs + wayMs, horizonMs: 400 };

/**
 * Takes what is due and hands it on, at once when woken, else by polling (1 s, slower to 5 s while nothing is found).
 * Never ends by itself: while the database is gone it asks again.
 */
export function createClaimer({ db, log, limits, run }: ClaimerOptions): Claimer {
  const stopping = new AbortController();
  let woken = false;
  let alarm: { at: number; ring: () => void; timer: NodeJS.Timeout } | null = null;
  /** The nearest time at which something is known to fall due. */
  let dueAt = Number.POSITIVE_INFINITY;
  const lanesAt = { pass: 0, mend: 0 };
  let mended: MendCursor = null;

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const ring = (): void => {
        if (alarm !== null) clearTimeout(alarm.timer);
        alarm = null;
        resolve();
      };
      alarm = { at: performance.now() + ms, ring, timer: setTimeout(ring, ms) };
    });

  const claimWith = async (claim: (of: ClaimLimits) => Promise<Claim[]>): Promise<number> => {
    const allowed = limits();
    if (allowed === null) return 0;
    const askedAt = performance.now();
    const claims = await claim(allowed);
    const cameAt = performance.now();
    for (const one of claims) run(one, { askedAt, cameAt });
    return claims.length;
  };

  const lookAfterLanes = async (): Promise<void> => {
    const now = performance.now();
    if (now >= lanesAt.pass) {
      lanesAt.pass = now + lanesMs.pass;
      if ((await db.transaction(passHeads)) > 0) woken = true;
    }
    if (now < lanesAt.mend) return;
    mended = await db.transaction((tx) => mendLanes(tx, mended));
    lanesAt.mend = now + (mended === null ? lanesMs.mend : lanesMs.pass);
  };

  const loop = async (): Promise<void> => {
    let pauseMs = pollMs.least;
    while (!stopping.signal.aborted) {
      woken = false;
      if (dueAt <= performance.now()) dueAt = Number.POSITIVE_INFINITY;
      let found = 0;
      try {
        found = await claimWith((of) => claimDue(db, of));
        const paced = await claimWith((of) => claimPaced(db, of, paceMs));
        if (paced > 0) dueAt = Math.min(dueAt, performance.now() + paceMs.horizonMs / 2);
        await lookAfterLanes();
      } catch (error) {
        log.error({ err: error }, "claiming what is due failed; it goes on");
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
        // until the nearest of all that is known, which need not be this one
        alarm = { at: dueAt, ring, timer: setTimeout(ring, Math.max(0, dueAt - performance.now())) };
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
