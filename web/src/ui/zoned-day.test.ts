import { describe, expect, test } from "vitest";
import { addDays, dayIn, startOfDay } from "./zoned-day.ts";

describe("a day begins", () => {
  test.each([
    ["at midnight of the zone", "2026-11-23", "America/New_York", "2026-11-23T05:00:00.000Z"],
    ["at midnight on the day the clocks go forward", "2026-03-08", "America/New_York", "2026-03-08T05:00:00.000Z"],
    ["with the new offset on the day after", "2026-03-09", "America/New_York", "2026-03-09T04:00:00.000Z"],
    ["at midnight on the day the clocks go back", "2026-11-01", "America/New_York", "2026-11-01T04:00:00.000Z"],
    ["where the clocks skip midnight, an hour later", "2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z"],
    ["east of Greenwich", "2026-11-23", "Asia/Kolkata", "2026-11-22T18:30:00.000Z"],
    ["in UTC", "2026-11-23", "UTC", "2026-11-23T00:00:00.000Z"],
  ])("%s", (_, day, zone, instant) => {
    expect(startOfDay(day, zone)).toBe(instant);
  });
});

test("an instant belongs to its zone's day", () => {
  expect(dayIn("America/Los_Angeles", new Date("2026-11-23T05:00:00Z"))).toBe("2026-11-22");
});

test("days are added across months", () => {
  expect(addDays("2026-11-30", 1)).toBe("2026-12-01");
});
