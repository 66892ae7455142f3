import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDatePattern } from "./date-pattern.ts";
import { formatDate, formatHubspotDate } from "./format-date.ts";
import { parseDate } from "./parse-date.ts";

const losAngeles = "America/Los_Angeles";
const now = Temporal.Instant.from("2026-11-23T05:00:00Z");
const write = (value: string, pattern: string, zone = losAngeles, kind: "date" | "datetime" = "datetime") =>
  formatDate(value, kind, pattern, zone, now);

describe("every pattern of spec 2 writes 2024-03-15 14:30:00 in Los Angeles", () => {
  test.each([
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
  ])("%s gives %s, and is read back", (pattern, expected) => {
    expect(write("2024-03-15T21:30:00Z", pattern)).toBe(expected);
    if (pattern === "age") return;
    const day = parseDate(expected, pattern, losAngeles, "date");
    expect(day).toBe("2024-03-15");
    if (/[His]|timestamp|iso|g:i/.test(pattern))
      expect(parseDate(expected, pattern, losAngeles, "datetime")).toBe("2024-03-15T21:30:00Z");
  });
});

describe("the days on which the clock changes", () => {
  test.each([
    [
      "the last second before spring forward is standard time",
      "2024-03-10T09:59:59Z",
      "2024-03-10 01:59:59 PST -08:00 0",
    ],
    ["the next second is an hour later, in summer time", "2024-03-10T10:00:00Z", "2024-03-10 03:00:00 PDT -07:00 1"],
    ["the first 01:30 of the fall back day is summer time", "2024-11-03T08:30:00Z", "2024-11-03 01:30:00 PDT -07:00 1"],
    ["the second 01:30 is standard time", "2024-11-03T09:30:00Z", "2024-11-03 01:30:00 PST -08:00 0"],
    ["midnight UTC is still the day before", "2024-03-15T00:00:00Z", "2024-03-14 17:00:00 PDT -07:00 1"],
  ])("%s", (_, value, expected) => {
    expect(write(value, "Y-m-d H:i:s T P I")).toBe(expected);
    expect(parseDate(expected, "Y-m-d H:i:s T P I", losAngeles, "datetime")).toBe(value);
  });

  test.each([
    ["the abbreviation tells which of two equal hours is meant", "2024-11-03 01:30:00 PST", "2024-11-03T09:30:00Z"],
    ["an hour that never was is the one after the gap", "2024-03-10 02:30:00 PST", "2024-03-10T10:30:00Z"],
    ["another American zone's abbreviation is understood", "2024-07-01 12:00:00 EDT", "2024-07-01T16:00:00Z"],
  ])("%s", (_, text, expected) => {
    expect(parseDate(text, "Y-m-d H:i:s T", losAngeles, "datetime")).toBe(expected);
  });
});

describe("every letter of PHP's date()", () => {
  const moment = "2024-03-03T21:05:09.123456Z";
  test.each([
    ["d", "03"], ["D", "Sun"], ["j", "3"], ["l", "Sunday"], ["N", "7"], ["S", "rd"], ["w", "0"], ["z", "62"],
    ["W", "09"], ["F", "March"], ["m", "03"], ["M", "Mar"], ["n", "3"], ["t", "31"], ["L", "1"], ["o", "2024"],
    ["Y", "2024"], ["y", "24"], ["a", "pm"], ["A", "PM"], ["B", "920"], ["g", "1"], ["G", "13"], ["h", "01"], ["H", "13"],
    ["i", "05"], ["s", "09"], ["u", "123456"], ["v", "123"], ["e", losAngeles], ["I", "0"], ["O", "-0800"],
    ["P", "-08:00"], ["p", "-08:00"], ["T", "PST"], ["Z", "-28800"], ["c", "2024-03-03T13:05:09-08:00"],
    ["r", "Sun, 03 Mar 2024 13:05:09 -0800"], ["U", "1709499909"],
    ["\\Y\\e\\a\\r Y", "Year 2024"], ["Y年m月", "2024年03月"], ["\\\\Y", "\\2024"], ["Y\\", "2024\\"],
  ])("%s gives %s", (pattern, expected) => {
    expect(checkDatePattern(pattern)).toEqual({ ok: true });
    expect(write(moment, pattern)).toBe(expected);
  }); // prettier-ignore

  test.each([
    ["1", "st"], ["2", "nd"], ["3", "rd"], ["4", "th"], ["11", "th"], ["12", "th"], ["13", "th"], ["21", "st"], ["22", "nd"], ["31", "st"],
  ])("day %s is followed by %s", (day, suffix) => {
    expect(write(`2024-01-${day.padStart(2, "0")}`, "jS")).toBe(`${day}${suffix}`);
  }); // prettier-ignore

  test.each([
    ["12 hours: midnight is 12 am", "2024-01-01T00:00:00Z", "g a", "UTC", "12 am"],
    ["12 hours: noon is 12 PM", "2024-01-01T12:00:00Z", "h A", "UTC", "12 PM"],
    [
      "the ISO year of the last days of December may be the next",
      "2024-12-30T12:00:00Z",
      "o-W Y",
      "UTC",
      "2025-01 2024",
    ],
    ["p writes Z for UTC", "2024-01-01T00:00:00Z", "Hp", "UTC", "00Z"],
    ["London has its own abbreviation", "2024-07-01T00:00:00Z", "T", "Europe/London", "BST"],
    ["half-hour zones keep their minutes", "2024-07-01T00:00:00Z", "O P", "Asia/Kolkata", "+0530 +05:30"],
    ["a zone without an abbreviation shows its offset", "2024-07-01T00:00:00Z", "T", "Asia/Tashkent", "+05:00"],
    ["before 1970 the timestamp is negative", "1969-12-31T23:59:59Z", "U", "UTC", "-1"],
  ])("%s", (_, value, pattern, zone, expected) => {
    expect(write(value, pattern, zone)).toBe(expected);
  });
});

describe("a date without a time never shifts", () => {
  test.each(["America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata", "UTC"])("in %s", (zone) => {
    for (const pattern of ["Y-m-d", "m/d/Y", "iso8601", "Ymd\\THis\\Z", "Y-m-d H:i:s"])
      expect(write("1985-04-12", pattern, zone, "date")?.replace(/\D/g, "").slice(0, 8)).toMatch(
        /^(19850412|04121985)$/,
      );
    expect(write("1985-04-12", "timestamp", zone, "date")).toBe("482112000");
    expect(parseDate("482112000", "timestamp", zone, "date")).toBe("1985-04-12");
    expect(formatHubspotDate("1985-04-12", "date", zone)).toBe("482112000000");
  });
  test("a time in a date field is not looked at", () => {
    expect(write("1985-04-12T23:30:00Z", "Y-m-d", "Asia/Kolkata", "date")).toBe("1985-04-12");
  });
});

describe("age counts whole years until today in the account's zone", () => {
  test.each([
    ["the day before the birthday", "1990-11-23", losAngeles, "35"],
    ["the same moment where the birthday has begun", "1990-11-23", "UTC", "36"],
    ["long past the birthday", "1990-01-01", "UTC", "36"],
    ["born today", "2026-11-23", "UTC", "0"],
    ["born on 29 February", "2000-02-29", "UTC", "26"],
  ])("%s", (_, born, zone, expected) => {
    expect(write(born, "age", zone, "date")).toBe(expected);
  });
});

describe("what can't be written or read", () => {
  test.each(["", "yesterday", "2024-13-01", "2024-02-30", "12/31/2024", "2024-03-15 14:30", "٢٠٢٤-٠٣-١٥"])(
    "%j is no stored date",
    (value) => {
      expect(write(value, "Y-m-d")).toBeNull();
    },
  );
  test("an unknown time zone gives null, not a crash", () => {
    expect(write("2024-03-15T21:30:00Z", "Y", "Mars/Olympus")).toBeNull();
  });
  test.each([
    ["Y-m-q", 5, "q"],
    ["x", 1, "x"],
    ["\\QQ", 3, "Q"],
  ])("the unknown letter of %s is named with its position", (pattern, position, letter) => {
    expect(checkDatePattern(pattern)).toEqual({ ok: false, position, letter });
  });
  test.each([
    ["31 April", "04/31/2024", "m/d/Y"],
    ["hour 25", "2024-01-01 25:00", "Y-m-d H:i"],
    ["13 pm", "2024-01-01 13:00 pm", "Y-m-d g:i a"],
    ["text behind the date", "03/15/2024 or so", "m/d/Y"],
    ["a time alone", "14:30", "H:i"],
    ["an age", "36", "age"],
    ["an unknown abbreviation", "2024-01-01 00:00 XQZ", "Y-m-d H:i T"],
  ])("%s can't be read", (_, text, pattern) => {
    expect(parseDate(text, pattern, losAngeles, "datetime")).toBeNull();
  });
  test.each([
    ["2024-03-15 14:30:00", "2024-03-15T21:30:00Z"],
    ["2024-03-15T14:30", "2024-03-15T21:30:00Z"],
    ["2024-03-15T21:30:00Z", "2024-03-15T21:30:00Z"],
    ["2024-03-15T23:30:00+02:00", "2024-03-15T21:30:00Z"],
    ["2024-03-15", "2024-03-15T07:00:00Z"],
  ])("%s is read whatever the pattern says", (text, expected) => {
    expect(parseDate(text, "m/d/Y", losAngeles, "datetime")).toBe(expected);
  });
});

test("neither way ever throws", () => {
  const zone = fc.constantFrom("UTC", losAngeles, "Asia/Kolkata", "nowhere");
  const value = fc.oneof(
    fc.string(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );
  const kind = fc.constantFrom("date" as const, "datetime" as const);
  fc.assert(
    fc.property(value, kind, fc.string({ unit: "binary" }), zone, (text, of, pattern, where) => {
      formatDate(text, of, pattern, where, now);
      parseDate(text, pattern, where, of);
      checkDatePattern(pattern);
    }),
  );
});

test("what a whole pattern writes is read back to the second", () => {
  const patterns = fc.constantFrom(
    "Y-m-d H:i:s P",
    "D, d M Y H:i:s O",
    "c",
    "U",
    "m/d/Y h:i:s A e",
    "Ymd\\THis\\Z",
    "F jS, Y G:i:s p",
  );
  const instant = fc.date({ min: new Date("1930-01-01"), max: new Date("2069-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(patterns, instant, fc.constantFrom("UTC", "Asia/Kolkata", "Asia/Dubai"), (pattern, date, zone) => {
      const value = Temporal.Instant.fromEpochMilliseconds(Math.floor(date.getTime() / 1000) * 1000).toString();
      // Before 1945 these zones have offsets with seconds or changes, which patterns can't name.
      fc.pre(date.getTime() > Date.parse("1946-01-01") || pattern === "U");
      expect(parseDate(write(value, pattern, zone) ?? "", pattern, zone, "datetime")).toBe(value);
    }),
  );
});
