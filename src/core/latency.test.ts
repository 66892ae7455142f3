import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { latencyBoundsMs, latencyBucket, latencyQuantile, noLatencies } from "./latency.ts";

const buckets: [sentence: string, ms: number, upTo: number | undefined][] = [
  ["nothing at all is in the first bucket", 0, 1],
  ["what a clock's step made negative too", -3, 1],
  ["a millisecond is in the first", 1, 1],
  ["a bit more is in the second", 1.01, Math.SQRT2],
  ["a bound is in its own bucket", 64, 64],
  ["just over it begins the next", 64.1, 64 * Math.SQRT2],
  ["a time-out of 120 s has a bucket", 120_000, 131_072],
  ["what is longer than all bounds is in the last, which has none", 500_000, undefined],
];

describe("the bucket of a duration:", () => {
  test.each(buckets)("%s", (_, ms, upTo) => {
    const bound = latencyBoundsMs[latencyBucket(ms)];
    expect(bound === undefined ? bound : Math.round(bound * 100)).toBe(
      upTo === undefined ? upTo : Math.round(upTo * 100),
    );
  });

  test("is one of those there are, and no duration exceeds its bound", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 0, max: 1e9 }), (ms) => {
        const at = latencyBucket(ms);
        expect(at).toBeLessThan(noLatencies().length);
        expect(ms).toBeLessThanOrEqual((latencyBoundsMs[at] ?? Infinity) * (1 + 1e-9));
        if (at > 0) expect(ms).toBeGreaterThan(latencyBoundsMs[at - 1]! * (1 - 1e-9));
      }),
    );
  });
});

/** Counts by duration. */
const counted = (...times: [ms: number, count: number][]): number[] => {
  const counts = noLatencies();
  for (const [ms, count] of times) counts[latencyBucket(ms)]! += count;
  return counts;
};

const quantiles: [sentence: string, counts: number[], share: number, ms: number | null][] = [
  ["of nothing there is none", noLatencies(), 0.95, null],
  ["half of what is evenly in a bucket lies in its middle", counted([64, 10]), 0.5, 54.6],
  ["all of it reaches the bucket's bound", counted([64, 10]), 1, 64],
  ["the first bucket begins at nothing", counted([0.3, 4]), 0.5, 0.5],
  ["19 of 20 fast ones leave the p95 fast", counted([8, 95], [20_000, 5]), 0.95, 8],
  ["18 of 20 don't", counted([8, 90], [16_384, 10]), 0.95, 13_984.6],
  ["empty buckets between are passed over", counted([1, 1], [1024, 1]), 0.75, 874],
  ["beyond the last bound, that bound is told", counted([900_000, 3]), 0.5, 131_072],
];

describe("a quantile of counted durations:", () => {
  test.each(quantiles)("%s", (_, counts, share, ms) => {
    expect(latencyQuantile(counts, share)).toBe(ms);
  });

  test("lies in the bucket of the value that it stands for", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: 0, max: 130_000 }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (times, share) => {
          const counts = counted(...times.map((ms): [number, number] => [ms, 1]));
          const exact = times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1]!;
          const told = latencyQuantile(counts, share)!;
          const at = latencyBucket(exact);
          expect(told).toBeLessThanOrEqual(latencyBoundsMs[at]! + 0.05);
          expect(told).toBeGreaterThanOrEqual((latencyBoundsMs[at - 1] ?? 0) - 0.05);
        },
      ),
    );
  });
});
