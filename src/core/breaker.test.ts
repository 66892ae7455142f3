import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { healthy, nextBreaker, type BreakerState, type Sign } from "./breaker.ts";

const minute = 60_000;

/** Attempts a second apart; gives the state after them and what changed on the way. */
function after(signs: readonly Sign[], from: BreakerState = healthy, everyMs = 1_000) {
  let state = from;
  const changes: string[] = [];
  let now = 1_000_000;
  for (const sign of signs) {
    now += everyMs;
    const next = nextBreaker(state, sign, now - 10, now);
    state = next.state;
    if (next.changed !== null) changes.push(`${state.breaker}: ${next.changed}`);
  }
  return { state, changes };
}

const times = (count: number, sign: Sign): Sign[] => Array.from({ length: count }, () => sign);

describe("a breaker", () => {
  const rows: readonly (readonly [string, readonly Sign[], readonly string[]])[] = [
    ["stays closed while the vendor answers", times(200, "works"), []],
    ["stays closed after 19 failures in a row", times(19, "fails"), []],
    ["opens at the 20th failure in a row", times(20, "fails"), ["open: 20 attempts failed in a row"]],
    ["counts anew after an answer", [...times(19, "fails"), "works", ...times(19, "fails")], []],
    [
      "opens when 35 of the last 50 failed, though never 20 in a row",
      Array.from({ length: 50 }, (_, at) => (at % 10 > 6 ? "works" : "fails")),
      ["open: 35 of the last 50 attempts failed"],
    ],
    ["stays closed when 34 of the last 50 failed", [...Array.from({ length: 49 }, (_, at): Sign => (at % 10 > 6 || at === 20 ? "works" : "fails")), "works"], []],
    ["is not opened by 49 attempts, whatever their share", Array.from({ length: 49 }, (_, at) => (at % 10 > 6 ? "works" : "fails")), []],
    ["takes one refusal of the credentials, and two, for no more than that", ["refuses", "refuses", "works", "refuses", "refuses"], []],
    ["ends at the third refusal in a row", times(3, "refuses"), ["refused: the vendor refused the credentials 3 times in a row"]],
    ["does not take refusals for failures", [...times(19, "fails"), "refuses", ...times(19, "fails")], []],
  ]; // prettier-ignore
  test.each(rows)("%s", (_name, signs, changes) => {
    expect(after(signs).changes).toEqual(changes);
  });

  test("forgets what was more than 15 minutes ago", () => {
    const mixed = Array.from({ length: 45 }, (_, at): Sign => (at % 10 > 6 ? "works" : "fails"));
    expect(after(mixed, healthy, minute).changes).toEqual([]);
  });

  test("open, closes at the first answer to an attempt that began since", () => {
    const { state } = after(times(20, "fails"));
    const before = nextBreaker(state, "works", state.since! - 1, state.since! + minute);
    expect(before).toEqual({ state, changed: null });
    const since = nextBreaker(state, "works", state.since! + 30_000, state.since! + minute);
    expect(since).toEqual({ state: healthy, changed: "the vendor answers again" });
  });

  test("open, stays so when the probe fails, and closes when it is told no", () => {
    const { state } = after(times(20, "fails"));
    expect(nextBreaker(state, "fails", state.since! + 30_000, state.since! + minute).state).toBe(state);
    const refused = nextBreaker(state, "refuses", state.since! + 30_000, state.since! + minute);
    expect(refused.state).toMatchObject({ breaker: "closed", refusalsInRow: 1 });
  });

  test("refused, waits for a save, whatever comes in late", () => {
    const { state } = after(times(3, "refuses"));
    for (const sign of ["works", "fails", "refuses"] as const)
      expect(nextBreaker(state, sign, state.since! + minute, state.since! + 2 * minute)).toEqual({
        state,
        changed: null,
      });
  });

  test("of a vendor that always answers remembers nothing, so that nothing need be written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
        expect(after(times(count, "works")).state).toEqual(healthy);
      }),
    );
  });

  test("never remembers more than 50 attempts", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Sign>("works", "fails", "refuses"), { maxLength: 200 }), (signs) => {
        expect(after(signs).state.recent.length).toBeLessThanOrEqual(50);
      }),
    );
  });
});
