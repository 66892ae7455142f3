import { expect, test } from "vitest";
import { createTrouble } from "./trouble.ts";

function start() {
  const clock = { now: 0 };
  const lines: string[] = [];
  const words = {
    say: (times: number) => void lines.push(`on ${times}`),
    sayOver: (seconds: number, times: number) => void lines.push(`over ${seconds} s ${times}`),
  };
  return { clock, lines, trouble: createTrouble(words, () => clock.now) };
}

test("what is met a thousand times a minute is one line a minute, with how often, and one when it is over", () => {
  const { clock, lines, trouble } = start();
  for (let n = 0; n < 3_000; n++, clock.now += 60) trouble.met();
  trouble.over();
  expect(lines).toEqual(["on 1", "on 1000", "on 1000", "over 180 s 3000"]);
  expect(trouble.isOn()).toBe(false);
});

test("what comes and goes every second stays at two lines a minute", () => {
  const { clock, lines, trouble } = start();
  for (let n = 0; n < 120; n++, clock.now += 500) (n % 2 === 0 ? trouble.met : trouble.over)();
  trouble.met();
  expect(lines).toEqual(["on 1", "over 1 s 1", "on 60"]);
});

test("what never was is not said to be over", () => {
  const { lines, trouble } = start();
  trouble.over();
  expect(lines).toEqual([]);
});
