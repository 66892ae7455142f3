import { describe, expect, test } from "vitest";
import type { ConnectHealth } from "../../../src/contracts/health.ts";
import { sayEnds, showShare, verdictOf } from "./health-words.ts";

const shares: [sentence: string, share: number, shown: string][] = [
  ["all is 100 %", 1, "100 %"],
  ["nothing is 0 %", 0, "0 %"],
  ["one of many that is missing is never rounded away", 0.99999, "99.9 %"],
  ["one of many that is there neither", 0.00001, "0.1 %"],
  ["a whole number has no decimals", 0.5, "50 %"],
  ["others have one", 0.9637, "96.4 %"],
];

describe("a share:", () => {
  test.each(shares)("%s", (_, share, shown) => {
    expect(showShare(share)).toBe(shown);
  });
});

const none = { accepted: 0, rejected: 0, duplicate: 0, failed: 0, again: 0, held: 0 };
const health = (ends: Partial<ConnectHealth["ends"]>, more: Partial<ConnectHealth> = {}): ConnectHealth => ({
  hours: 24,
  bucket_seconds: 1_800,
  buckets: [],
  ends: { ...none, ...ends },
  attempts: Object.values(ends).reduce((sum, count) => sum + count, 0),
  success_rate: null,
  latency: { p50_ms: null, p95_ms: null },
  timing: [],
  reasons: [],
  breaker_changes: [],
  waiting: { count: 0, oldest_at: null },
  sending: 0,
  held: { count: 0, oldest_at: null, because: [] },
  ...more,
});
const verdicts: [sentence: string, of: ConnectHealth, o: string, title: string, evidence: string][] = [
  ["good news is short", health({ accepted: 212 }), "accepted", "The vendor took all 212 attempts", ""],
  ["one is not all", health({ accepted: 1 }), "accepted", "The vendor took the one attempt", ""],
  ["what it had already is no fault", health({ accepted: 9, duplicate: 3 }), "accepted", "The vendor took all 12 attempts", "It had 3 of them already."],
  ["neither is a no", health({ accepted: 9, rejected: 1 }), "accepted", "The vendor answered all 10 attempts", "It said no to 1; that is its answer, not a fault."],
  ["what did not get through is counted, with its most frequent cause", health({ accepted: 198, again: 13, failed: 1 }, { reasons: [{ code: "response_timeout", count: 12 }, { code: "http_5xx", count: 2 }] }), "failed", "14 of 212 attempts did not get through", "Most often: No answer in time (12)."],
  ["retries alone are no failure", health({ accepted: 1, again: 1 }), "retrying", "1 of 2 attempts did not get through", ""],
]; // prettier-ignore

describe("the verdict:", () => {
  test.each(verdicts)("%s", (_, of, o, title, evidence) => {
    expect(verdictOf(of)).toEqual({ o, title, evidence });
  });
});

test("ends are said from the ordinary to what deserves a look, and what is not there is not said", () => {
  expect(sayEnds({ ...none, failed: 1, accepted: 1_200, again: 2 })).toBe("1,200 accepted, 2 retrying, 1 failed");
  expect(sayEnds(none)).toBe("nothing");
});
