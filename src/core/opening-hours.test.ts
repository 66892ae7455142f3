import { expect, test } from "vitest";
import type { Schedule } from "../contracts/workflow.ts";
import { isOpen, nextOpen, openingHours, windowHours } from "./opening-hours.ts";

const newYork = "America/New_York"; // clocks: forward 2024-03-10 02:00, back 2024-11-03 02:00
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const weekdays9to5: Schedule = {
  zone: "account",
  days: [{ days: ["mon", "tue", "wed", "thu", "fri"], hours: "9-17" }],
};

test.each([
  ["24hr", "2024-03-15T03:00:00Z", true],
  ["9-9", "2024-03-15T12:59:59Z", false],
  ["9-9", "2024-03-15T13:00:00Z", true],
  ["9-9", "2024-03-16T00:59:00Z", true],
  ["9-9", "2024-03-16T01:00:00Z", false],
  ["9-5", "2024-03-15T20:59:00Z", true],
  ["9-5", "2024-03-15T21:00:00Z", false],
  ["12-5", "2024-03-15T16:00:00Z", true],
  ["12-5", "2024-03-15T15:59:00Z", false],
  ["12-9", "2024-03-16T00:59:00Z", true],
  ["5-9", "2024-03-15T21:00:00Z", true],
  ["5-9", "2024-03-15T20:59:00Z", false],
  ["8-9", "2024-03-15T12:00:00Z", true],
  ["8-9", "2024-03-15T11:59:00Z", false],
  ["8:30-20", "2024-03-15T12:29:00Z", false],
  ["8:30-20", "2024-03-15T12:30:00Z", true],
  ["22-6", "2024-03-15T09:59:00Z", true],
  ["22-6", "2024-03-15T10:00:00Z", false],
])("window %s at %s in New York: %s", (window, instant, open) => {
  expect(isOpen(windowHours(window), at(instant), newYork)).toBe(open);
});

test.each([
  ["open now: now", "2024-03-15T15:00:00Z", "2024-03-15T15:00:00Z"],
  ["before opening: today at nine", "2024-03-15T11:00:00Z", "2024-03-15T13:00:00Z"],
  ["Friday evening: Monday at nine", "2024-03-15T22:00:00Z", "2024-03-18T13:00:00Z"],
  [
    "over the weekend on which clocks go forward: nine by the new clock",
    "2024-03-08T22:30:00Z",
    "2024-03-11T13:00:00Z",
  ],
  ["over the weekend on which clocks go back: nine by the new clock", "2024-11-01T21:30:00Z", "2024-11-04T14:00:00Z"],
])("weekdays nine to five, %s", (_name, instant, next) => {
  expect(nextOpen(openingHours(weekdays9to5), at(instant), newYork)?.toString()).toBe(next);
});

test("an opening inside the hour that clocks skip begins when they have moved", () => {
  expect(nextOpen(windowHours("2:30-4"), at("2024-03-10T06:00:00Z"), newYork)?.toString()).toBe("2024-03-10T07:30:00Z");
});

test("an opening inside the hour that clocks repeat begins at its first pass", () => {
  expect(nextOpen(windowHours("1:30-4"), at("2024-11-03T04:00:00Z"), newYork)?.toString()).toBe("2024-11-03T05:30:00Z");
});

test("always is open at midnight of a day on which clocks change", () => {
  expect(isOpen(openingHours("always"), at("2024-03-10T05:00:00Z"), newYork)).toBe(true);
});
