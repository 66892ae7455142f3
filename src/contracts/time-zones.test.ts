import { expect, test } from "vitest";
import { canonicalZone, timeZones } from "./time-zones.ts";

test("every zone of this process is in the list, by the name it is kept under", () => {
  const missing = Intl.supportedValuesOf("timeZone").filter((zone) => !timeZones.has(canonicalZone(zone) ?? ""));
  expect(missing).toEqual([]);
});

test("every zone of the list is one that this process knows", () => {
  const unknown = [...timeZones.keys()].filter((zone) => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone === undefined;
    } catch {
      return true;
    }
  });
  expect(unknown).toEqual([]);
});

test.each([
  ["America/New_York", "America/New_York"],
  ["america/new_york", "America/New_York"],
  [" America/New_York ", "America/New_York"],
  ["US/Pacific", "America/Los_Angeles"],
  ["us/eastern", "America/New_York"],
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Europe/Kiev", "Europe/Kyiv"],
  ["GB", "Europe/London"],
  ["Japan", "Asia/Tokyo"],
  ["Etc/UTC", "UTC"],
  ["Etc/GMT", "UTC"],
  ["Zulu", "UTC"],
  ["utc", "UTC"],
  ["Pacific/Ponape", "Pacific/Pohnpei"],
  ["Iceland", "Atlantic/Reykjavik"],
  ["etc/gmt+5", "Etc/GMT+5"],
])("%j is %s", (name, zone) => expect(canonicalZone(name)).toBe(zone));

test.each(["", "EST", "+02:00", "UTC+2", "Mars/Olympus", "America/New York City", "eastern"])("%j is none", (name) =>
  expect(canonicalZone(name)).toBe(null),
);
