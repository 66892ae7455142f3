import { describe, expect, test } from "vitest";
import type { Schedule } from "../../../src/contracts/workflow.ts";
import { sayDuration } from "../../../src/contracts/time-words.ts";
import { anyOf, hoursByDay, sayDelay, saySchedule, sayWindow, scheduleOf } from "./words.ts";

test.each([
  [["SALE"], "SALE"],
  [["SALE", "APPT", "NI"], "SALE, APPT or NI"],
  [[], ""],
])("%j is said as %s", (list, said) => expect(anyOf(list)).toBe(said));

test.each([
  ["1d", "1 day"],
  ["2d4h", "2 days 4 hours"],
  ["90m", "90 minutes"],
  ["0s", "0 seconds"],
])("%s is said as %s", (duration, said) => expect(sayDuration(duration)).toBe(said));

test.each([
  ["24hr", null],
  ["9-5", "9:00 and 17:00"],
  ["5-9", "17:00 and 21:00"],
  ["5:00-9:00", "5:00 and 9:00"],
  ["9:30-17:15", "9:30 and 17:15"],
])("the window %s is said as %s", (window, said) => expect(sayWindow(window)).toBe(said));

test.each([
  ["none", "At once"],
  ["1d", "1 day after the event"],
  [{ after_last_called: "4h" }, "4 hours after the last call"],
  [{ field: "start_date", offset: "-1d" }, "1 day before Start Date"],
  [{ field: "start_date", offset: "0s" }, "At Start Date"],
] as const)("the delay %j is said as %s", (delay, said) => expect(sayDelay(delay, () => "Start Date")).toBe(said));

describe("a schedule", () => {
  const office: Schedule = {
    zone: "lead",
    days: [
      { days: ["mon", "tue", "wed", "thu", "fri"], hours: "9-12" },
      { days: ["mon", "tue", "wed", "thu", "fri"], hours: "13-17" },
      { days: ["sun"], hours: "24hr" },
    ],
  };
  test("is said by runs of days with the same hours", () =>
    expect(saySchedule(office)).toBe("Monday to Friday 9:00–12:00 and 13:00–17:00, Sunday all day"));
  test("of no day is never, of every day always", () => {
    expect(saySchedule({ zone: "account", days: [] })).toBe("never");
    expect(saySchedule(scheduleOf("lead", hoursByDay("always")))).toBe("always");
  });
  test("survives being taken apart by day", () =>
    expect(hoursByDay(scheduleOf("lead", hoursByDay(office)))).toEqual(hoursByDay(office)));
  test("that is always open keeps the lead's zone, as the windows of action sets follow it", () => {
    expect(scheduleOf("account", hoursByDay("always"))).toBe("always");
    expect(scheduleOf("lead", hoursByDay("always"))).toMatchObject({ zone: "lead" });
  });
});
