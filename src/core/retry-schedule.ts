import { defaultRetrySchedule, type Retry } from "../contracts/connect.ts";
import { durationMs } from "../contracts/duration.ts";

/**
 * Milliseconds to wait after the `attempt`-th attempt (from 1) went wrong; null: retrying is off. After the default
 * schedule's end every 24 h; after an own list's end its last entry again and again, so that a list of `5m` means every
 * five minutes until *give up after*. Jitter of ±20 % keeps what failed together from coming back together; `random` is in
 * [0, 1). Never under a second, so that a `0s` in a list can't become a loop.
 */
export function waitBeforeNext(retry: Retry, attempt: number, random: number): number | null {
  if (retry === "off") return null;
  const waits = retry === "default" ? [...defaultRetrySchedule, "24h"] : retry.schedule;
  const wait = waits[Math.min(attempt, waits.length) - 1] ?? "24h";
  return Math.max(Math.round(durationMs(wait) * (0.8 + 0.4 * random)), 1000);
}
