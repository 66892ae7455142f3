import fc from "fast-check";
import { expect, test } from "vitest";
import { countOf, rateOf, rateWords, unitOf, type RateUnit } from "./rate.ts";

test.each<[count: number, unit: RateUnit, perSecond: number, words: string]>([
  [50, "second", 50, "50 a second"],
  [2.5, "second", 2.5, "2.5 a second"],
  [0.5, "second", 0.5, "30 a minute"],
  [10, "minute", 0.1666, "10 a minute"],
  [100, "minute", 1.6666, "100 a minute"],
  [1000, "minute", 16.6666, "1,000 a minute"],
  [120, "minute", 2, "2 a second"],
])("%d a %s is kept as %d a second and reads %s", (count, unit, per_second, words) => {
  expect(rateOf(count, unit)).toEqual({ per_second });
  expect(rateWords({ per_second })).toBe(words);
});

test("no rate is no limit", () => {
  expect([rateWords(null), unitOf(null)]).toEqual(["no rate limit", "second"]);
});

test("what was typed is shown again, in either unit, and is never exceeded", () => {
  const typed = fc.record({
    // two decimals, as the field takes them
    count: fc.integer({ min: 1, max: 500_000 }).map((hundredths) => hundredths / 100),
    unit: fc.constantFrom<RateUnit>("second", "minute"),
  });
  fc.assert(
    fc.property(typed, ({ count, unit }) => {
      const rate = rateOf(count, unit)!;
      expect(countOf(rate, unit)).toBe(count);
      expect(rate.per_second).toBeLessThanOrEqual((unit === "second" ? count : count / 60) + 1e-9);
    }),
  );
});
