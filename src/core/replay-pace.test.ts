import { expect, test } from "vitest";
import { replayBatch, replayWaitMs } from "./replay-pace.ts";

test.each([
  ["without a pace, a transaction's worth goes at a time", null, 500, 0],
  ["one a minute goes alone, and the next a minute later", 1 / 60, 1, 60_000],
  ["one a second goes alone", 1, 1, 1000],
  ["ten a second go in twos, five times a second", 10, 2, 200],
  ["a hundred a second go in a quarter of a second's worth", 100, 25, 250],
  ["five thousand a second go as many at a time as one transaction takes", 5000, 500, 100],
])("%s", (_name, perSecond, batch, waitMs) => {
  expect(replayBatch(perSecond)).toBe(batch);
  expect(replayWaitMs(perSecond, batch)).toBeCloseTo(waitMs);
});
