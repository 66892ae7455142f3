import { expect, test } from "vitest";
import { isWithinShare } from "./sticky-percentage.ts";

const leads = Array.from({ length: 100_000 }, (_, index) => index + 1);

test.each([1, 10, 33.3, 50, 90])("%d %% of 100,000 leads is that share ± 0.5", (percentage) => {
  const inside = leads.filter((lead) => isWithinShare(7, lead, percentage)).length;
  expect(Math.abs(inside / 1_000 - percentage)).toBeLessThan(0.5);
});

test("raising the figure only adds leads", () => {
  expect(leads.filter((lead) => isWithinShare(3, lead, 10) && !isWithinShare(3, lead, 11))).toEqual([]);
});

test("two workflows choose different leads", () => {
  const both = leads.filter((lead) => isWithinShare(1, lead, 10) && isWithinShare(2, lead, 10)).length;
  expect(Math.abs(both / 1_000 - 1)).toBeLessThan(0.2);
});

test("0 is nobody and 100 is everybody", () => {
  expect(leads.some((lead) => isWithinShare(1, lead, 0))).toBe(false);
  expect(leads.every((lead) => isWithinShare(1, lead, 100))).toBe(true);
});
