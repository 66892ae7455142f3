import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../contracts/delivery.ts";
import type { AccountId, ConnectId } from "../contracts/ids.ts";
import type { DiagnosisCode } from "../contracts/outcome.ts";
import { addAttempt, addSums, attemptsIn, noAttempts, type AttemptEnding } from "../core/attempt-sums.ts";
import { addMinutes, type ConnectMinute } from "../store/connect-minutes.ts";
import type { Queryable } from "../store/database.ts";
import type { Log } from "./log.ts";

/** An attempt that ended and was written. Tests are none: they say nothing about how a connect does. */
export type TalliedAttempt = {
  readonly accountId: AccountId;
  readonly connectId: ConnectId;
  readonly end: AttemptEnding;
  readonly at: Date;
  readonly durationMs: number;
  /** Of the call that decided; null: none was made, so that there is no time to tell of. */
  readonly timing: Call["timing"] | null;
  readonly code: DiagnosisCode | null;
};

export type Tally = {
  /** Adds it up; the database hears of it within 10 s. */
  readonly note: (attempt: TalliedAttempt) => void;
  /** Writes what is left, unless the database doesn't answer. */
  readonly stop: () => Promise<void>;
};

const flushMs = 10_000;
/** While the database is away: about 10 MB. The oldest minutes go first. */
const minutesMax = 10_000;
const stopMs = 2_000;

/**
 * Adds up how attempts end, by connect and minute, and writes the sums every few seconds: a thousand deliveries cost one
 * row. They are statistics: what a kill −9 takes is ten seconds of them, and sums whose commit was not heard of are added
 * once more.
 */
export function createTally(db: Queryable, log: Log): Tally {
  let gathered = new Map<string, ConnectMinute>();
  let writing: Promise<void> | null = null;

  const add = (row: ConnectMinute): void => {
    const key = keyOf(row.accountId, row.connectId, row.minute.getTime());
    const known = gathered.get(key);
    if (known === undefined) gathered.set(key, row);
    else addSums(known.sums, row.sums);
  };

  const write = async (): Promise<void> => {
    const rows = [...gathered.values()];
    gathered = new Map();
    try {
      await addMinutes(db, rows);
    } catch (error) {
      log.warn(
        { err: error, minutes: rows.length },
        "statistics could not be written; they are kept for the next time",
      );
      for (const row of rows) add(row);
      dropOldest();
    }
  };

  const dropOldest = (): void => {
    const over = gathered.size - minutesMax;
    if (over <= 0) return;
    const oldest = [...gathered].toSorted(([, a], [, b]) => a.minute.getTime() - b.minute.getTime()).slice(0, over);
    for (const [key] of oldest) gathered.delete(key);
    const attempts = oldest.reduce((sum, [, { sums }]) => sum + attemptsIn(sums), 0);
    log.warn({ minutes: over, attempts }, "the database is away for long: the oldest statistics are lost");
  };

  const flush = async (): Promise<void> => {
    await writing;
    if (gathered.size === 0) return;
    writing = write();
    await writing;
    writing = null;
  };

  const timer = setInterval(() => {
    if (writing === null) void flush();
  }, flushMs);
  timer.unref();

  return {
    note: (attempt) => {
      if (attempt.end === "discarded") return;
      const { accountId, connectId } = attempt;
      const minuteMs = Math.floor(attempt.at.getTime() / 60_000) * 60_000;
      const key = keyOf(accountId, connectId, minuteMs);
      let row = gathered.get(key);
      if (row === undefined) {
        row = { accountId, connectId, minute: new Date(minuteMs), sums: noAttempts() };
        gathered.set(key, row);
      }
      addAttempt(row.sums, attempt);
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.race([flush(), sleep(stopMs, undefined, { ref: false })]);
    },
  };
}

const keyOf = (accountId: AccountId, connectId: ConnectId, minuteMs: number): string =>
  `${accountId}/${connectId}/${minuteMs}`;
