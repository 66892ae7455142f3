import { describe, expect, test } from "vitest";
import { timeZones } from "../../../src/contracts/time-zones.ts";
import { findZones, offsetWords } from "./find-zones.ts";

const zones = (typed: string, at?: Date): string[] => findZones(typed, at).map(({ zone }) => zone);

describe("the first that is found", () => {
  test.each([
    ["los angeles", "America/Los_Angeles"],
    ["los_angeles", "America/Los_Angeles"],
    ["Los  Angeles", "America/Los_Angeles"],
    ["angeles", "America/Los_Angeles"],
    ["america/los_angeles", "America/Los_Angeles"],
    ["new york", "America/New_York"],
    ["new york usa", "America/New_York"],
    ["boston", "America/New_York"],
    ["eastern", "America/New_York"],
    ["US eastern", "America/New_York"],
    ["us/eastern", "America/New_York"],
    ["pacific time", "America/Los_Angeles"],
    ["mountain", "America/Denver"],
    ["central", "America/Chicago"],
    ["EST", "America/New_York"],
    ["edt", "America/New_York"],
    ["PDT", "America/Los_Angeles"],
    ["cet", "Europe/Paris"],
    ["IST", "Europe/Dublin"],
    ["germany", "Europe/Berlin"],
    ["usa", "America/New_York"],
    ["united kingdom", "Europe/London"],
    ["england", "Europe/London"],
    ["ivory coast", "Africa/Abidjan"],
    ["sao paulo", "America/Sao_Paulo"],
    ["são paulo", "America/Sao_Paulo"],
    ["curaçao", "America/Curacao"],
    ["calcutta", "Asia/Kolkata"],
    ["mumbai", "Asia/Kolkata"],
    ["kiev", "Europe/Kyiv"],
    ["Pacific Standard Time", "America/Los_Angeles"],
    ["Eastern Daylight Time", "America/New_York"],
    ["(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"],
    ["(GMT+01:00) Berlin", "Europe/Berlin"],
    ["ET", "America/New_York"],
    ["CT", "America/Chicago"],
    ["PT", "America/Los_Angeles"],
    ["NYC", "America/New_York"],
    ["u.k.", "Europe/London"],
    ["U.S.A.", "America/New_York"],
    ["Washington, D.C.", "America/New_York"],
    ["losangeles", "America/Los_Angeles"],
    ["UTC", "UTC"],
  ])("for %j is %s", (typed, zone) => expect(zones(typed)[0]).toBe(zone));
});

test("an abbreviation that several have finds all of them", () => {
  expect(zones("IST")).toEqual(expect.arrayContaining(["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]));
  expect(zones("pst")).toEqual(expect.arrayContaining(["America/Los_Angeles", "Asia/Manila"]));
});

const winter = new Date("2026-01-15T12:00:00Z");
const summer = new Date("2026-07-15T12:00:00Z");

test.each([
  ["-5", -300],
  ["−5", -300],
  ["UTC-05:00", -300],
  ["utc −5", -300],
  ["GMT-5", -300],
  ["gmt+1", 60],
  ["+5:30", 330],
  ["5:30", 330],
  ["UTC+0530", 330],
  ["utc+5.5", 330],
  ["UTC 1", 60],
  ["UTC0", 0],
])("%j finds the zones that are so far from UTC in winter", (typed, offset) => {
  const found = findZones(typed, winter);
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatchObject({ offset });
});

test("an offset finds first who has it now, then who has it when it is winter", () => {
  expect(zones("UTC-5", winter)[0]).toBe("America/New_York");
  const found = zones("UTC-5", summer);
  expect(found[0]).toBe("America/Chicago");
  expect(found).toContain("America/New_York");
  expect(zones("UTC-5", winter)).not.toContain("America/Chicago");
  expect(zones("UTC+0", winter)[0]).toBe("UTC");
});

test("nothing typed: every zone there is", () => expect(new Set(zones(""))).toEqual(new Set(timeZones.keys())));

test("each is found by its own name and by its city", () => {
  const lost = findZones("").filter(
    ({ zone, city }) => zones(zone)[0] !== zone || !zones(city.replace(",", "")).includes(zone),
  );
  expect(lost).toEqual([]);
});

test.each(["nonsense", "xq", "new york germany", "+99", "???"])("%j finds none", (typed) =>
  expect(zones(typed)).toEqual([]),
);

test.each([
  [0, "UTC+00:00"],
  [-300, "UTC−05:00"],
  [345, "UTC+05:45"],
])("%i minutes are %s", (minutes, words) => expect(offsetWords(minutes)).toBe(words));
