import { describe, expect, test } from "vitest";
import type { Retry } from "../contracts/connect.ts";
import { retryAfterMs } from "./retry-after.ts";
import { waitBeforeNext } from "./retry-schedule.ts";

const own: Retry = { schedule: ["1m", "5m"] };
const waits: [sentence: string, retry: Retry, attempt: number, random: number, seconds: number | null][] = [
  ["the first wait is 5 s", "default", 1, 0.5, 5],
  ["the second is 30 s", "default", 2, 0.5, 30],
  ["the third is 2 min", "default", 3, 0.5, 120],
  ["the fourth is 10 min", "default", 4, 0.5, 600],
  ["the fifth is 30 min", "default", 5, 0.5, 1800],
  ["the sixth is 1 h", "default", 6, 0.5, 3600],
  ["the seventh is 2 h", "default", 7, 0.5, 7200],
  ["the eighth is 4 h", "default", 8, 0.5, 14_400],
  ["the ninth is 8 h", "default", 9, 0.5, 28_800],
  ["the tenth is 12 h", "default", 10, 0.5, 43_200],
  ["the eleventh is 24 h", "default", 11, 0.5, 86_400],
  ["so is every later one", "default", 400, 0.5, 86_400],
  ["jitter takes off a fifth at most", "default", 2, 0, 24],
  ["jitter adds a fifth at most", "default", 2, 0.999_999_999, 36],
  ["an own list goes first", own, 1, 0.5, 60],
  ["an own list's last entry is repeated", own, 9, 0.5, 300],
  ["0s waits a second, so that it is no loop", { schedule: ["0s"] }, 1, 0.5, 1],
  ["off waits for nothing", "off", 1, 0.5, null],
];

describe("the wait before the next attempt:", () => {
  test.each(waits)("%s", (_, retry, attempt, random, seconds) => {
    expect(waitBeforeNext(retry, attempt, random)).toBe(seconds === null ? null : seconds * 1000);
  });
});

const now = new Date("2026-11-23T12:00:00Z");
const asked: [sentence: string, value: string | null, seconds: number | null][] = [
  ["seconds", "30", 30],
  ["an HTTP-date", "Mon, 23 Nov 2026 12:05:00 GMT", 300],
  ["an HTTP-date as of old (RFC 850)", "Monday, 23-Nov-26 12:05:00 GMT", 300],
  ["an HTTP-date as C's asctime writes it", "Mon Nov 23 12:05:00 2026", 300],
  ["more than a day counts as a day", "604800", 86_400],
  ["a date beyond a day counts as a day", "Fri, 01 Jan 2027 00:00:00 GMT", 86_400],
  ["0 asks for nothing", "0", null],
  ["a date gone by asks for nothing", "Mon, 23 Nov 2026 11:00:00 GMT", null],
  ["no header", null, null],
  ["a fraction is not a form of it", "1.5", null],
  ["a negative number is not a form of it", "-5", null],
  ["words", "soon", null],
];

describe("Retry-After:", () => {
  test.each(asked)("%s", (_, value, seconds) => {
    expect(retryAfterMs(value, now)).toBe(seconds === null ? null : seconds * 1000);
  });
});
