import { expect, test } from "vitest";
import { datePatterns, phpDate } from "./php-date.ts";

const at = new Date("2024-03-15T21:30:00Z");
const now = new Date("2026-11-23T12:00:00Z");

// the table of spec 2, Date formats
const table: readonly (readonly [pattern: string, text: string])[] = [
  ["Y-m-d H:i:s", "2024-03-15 14:30:00"],
  ["Y-m-d", "2024-03-15"],
  ["m/d/Y", "03/15/2024"],
  ["D M j G:i:s T Y", "Fri Mar 15 14:30:00 PDT 2024"],
  ["j-m-y", "15-03-24"],
  ["Ymd", "20240315"],
  ["m.d.y", "03.15.24"],
  ["m/d/y g:i a", "03/15/24 2:30 pm"],
  ["m/d/y", "03/15/24"],
  ["F j, Y, g:i a", "March 15, 2024, 2:30 pm"],
  ["j, n, Y", "15, 3, 2024"],
  ["Y-m-d\\TH:i:s", "2024-03-15T14:30:00"],
  ["timestamp", "1710538200"],
  ["age", "2"],
  ["Ymd\\THis\\Z", "20240315T213000Z"],
  ["m/d/Y H:i:s", "03/15/2024 14:30:00"],
  ["iso8601", "2024-03-15T14:30:00-07:00"],
];

test.each(table)("the example of %s is %s", (pattern, text) => {
  expect(phpDate(at, pattern, "America/Los_Angeles", now)).toBe(text);
});

test("every pattern of the list has an example in the table", () => {
  const tested = new Set(table.map(([pattern]) => pattern));
  expect(datePatterns.filter((pattern) => pattern !== "" && !tested.has(pattern))).toEqual([]);
});

test("an age counts whole years: the birthday itself counts, the day before doesn't", () => {
  expect(phpDate(new Date("1990-11-23T12:00:00Z"), "age", "UTC", now)).toBe("36");
  expect(phpDate(new Date("1990-11-24T12:00:00Z"), "age", "UTC", now)).toBe("35");
});
