import { describe, expect, test } from "vitest";
import type { EndCounts } from "../contracts/health.ts";
import { addAttempt, noAttempts, type AttemptSums, type SummedAttempt } from "./attempt-sums.ts";
import { connectHealth, healthRange, worstEnd } from "./connect-health.ts";

const now = new Date("2026-11-24T10:17:42.500Z");

const ranges: [sentence: string, hours: 1 | 24 | 168, from: string, last: string][] = [
  ["an hour is 60 minutes, this one among them", 1, "2026-11-24T09:18:00.000Z", "2026-11-24T10:17:00.000Z"],
  ["a day is 48 half-hours", 24, "2026-11-23T10:30:00.000Z", "2026-11-24T10:00:00.000Z"],
  ["a week is 56 times three hours", 168, "2026-11-17T12:00:00.000Z", "2026-11-24T09:00:00.000Z"],
];

describe("the buckets of a range:", () => {
  test.each(ranges)("%s", (_, hours, from, last) => {
    const range = healthRange(hours, now);
    const { buckets } = connectHealth(range, new Map());
    expect([range.from.toISOString(), buckets.at(0)?.at, buckets.at(-1)?.at]).toEqual([from, from, last]);
  });
});

const timing = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: 40, total_ms: 50 };
const taken: SummedAttempt = { end: "accepted", durationMs: 50, timing, code: null };
const summed = (...attempts: Partial<SummedAttempt>[]): AttemptSums => {
  const sums = noAttempts();
  for (const attempt of attempts) addAttempt(sums, { ...taken, ...attempt });
  return sums;
};
const told = (...attempts: Partial<SummedAttempt>[]) => {
  const range = healthRange(1, now);
  return connectHealth(range, new Map([[range.from.getTime(), summed(...attempts)]]));
};

const rates: [sentence: string, attempts: Partial<SummedAttempt>[], rate: number | null][] = [
  ["no attempt, no rate", [], null],
  ["all accepted is all", [{}, {}], 1],
  ["a no of the vendor's is no success", [{}, { end: "rejected" }], 0.5],
  ["neither is what goes again", [{}, { end: "again" }, { end: "again" }, { end: "again" }], 0.25],
  ["what was discarded counts nowhere", [{}, { end: "discarded" }], 1],
  ["what failed before a call was made counts", [{}, { end: "failed", timing: null }], 0.5],
];

describe("the success rate:", () => {
  test.each(rates)("%s", (_, attempts, rate) => {
    expect(told(...attempts).success_rate).toBe(rate);
  });
});

describe("what the sums tell:", () => {
  test("latencies are of attempts that made a call", () => {
    expect(told({ durationMs: 1 }, { timing: null, durationMs: 90_000, end: "failed" }).latency.p95_ms).toBeLessThan(2);
    expect(told({ timing: null, end: "failed" }).latency).toEqual({ p50_ms: null, p95_ms: null });
  });

  test("each step has its average over the calls in which it happened, and its share of the whole time", () => {
    const fresh = { dns_ms: 10, connect_ms: 20, tls_ms: 30, first_byte_ms: 40, total_ms: 110 };
    expect(told({}, { timing: fresh }).timing).toEqual([
      { step: "dns", average_ms: 10, calls: 1, share: 10 / 160 },
      { step: "connect", average_ms: 20, calls: 1, share: 20 / 160 },
      { step: "tls", average_ms: 30, calls: 1, share: 30 / 160 },
      { step: "first_byte", average_ms: 40, calls: 2, share: 80 / 160 },
      { step: "rest", average_ms: 10, calls: 2, share: 20 / 160 },
    ]);
  });

  test("where no byte came, the waiting was for the first", () => {
    const hung = { ...timing, connect_ms: 5, first_byte_ms: null, total_ms: 30_000 };
    const steps = told({ end: "again", timing: hung }).timing;
    expect(steps.find(({ step }) => step === "first_byte")).toMatchObject({ average_ms: 29_995, calls: 1 });
  });

  test("reasons come by their number; an answer, yes or no, has none", () => {
    const { reasons } = told(
      { end: "again", code: "http_5xx" },
      { end: "failed", code: "http_404" },
      { end: "again", code: "http_5xx" },
      { code: "value_null" },
      { end: "rejected", code: "http_4xx" },
    );
    expect(reasons).toEqual([
      { code: "http_5xx", count: 2 },
      { code: "http_404", count: 1 },
    ]);
  });

  test("buckets keep their own numbers, and the whole is their sum", () => {
    const range = healthRange(1, now);
    const at = (minute: number): number => range.from.getTime() + minute * 60_000;
    const health = connectHealth(
      range,
      new Map([
        [at(0), summed({}, { end: "rejected" })],
        [at(59), summed({})],
      ]),
    );
    expect(health.buckets.map(({ ends }) => ends.accepted + ends.rejected)).toEqual([2, ...Array(58).fill(0), 1]);
    expect(health).toMatchObject({ attempts: 3, ends: { accepted: 2, rejected: 1 } });
  });
});

const none: EndCounts = noAttempts().ends;
const worst: [sentence: string, ends: Partial<EndCounts>, end: string | null][] = [
  ["nothing ended, nothing is worst", {}, null],
  ["all accepted", { accepted: 9 }, "accepted"],
  ["one failure outweighs all else", { accepted: 900, held: 3, failed: 1 }, "failed"],
  ["held is worse than a retry", { again: 3, held: 1 }, "held"],
  ["a retry is worse than a no", { rejected: 3, again: 1 }, "again"],
  ["a no is worse than what the vendor had", { rejected: 1, duplicate: 3 }, "rejected"],
];

describe("the worst end:", () => {
  test.each(worst)("%s", (_, ends, end) => {
    expect(worstEnd({ ...none, ...ends })).toBe(end);
  });
});
