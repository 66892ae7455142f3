import { expect, test } from "vitest";
import type { FieldValues } from "../contracts/fields.ts";
import { leadZone, type ZoneTable } from "./lead-zone.ts";

const table: ZoneTable = {
  byPhone: (_code, phone) =>
    phone.startsWith("310")
      ? ["America/Los_Angeles"]
      : phone.startsWith("850")
        ? ["America/New_York", "America/Chicago"]
        : [],
  byState: (_country, state) =>
    state === "CA" ? ["America/Los_Angeles"] : state === "FL" ? ["America/New_York", "America/Chicago"] : [],
};

test.each<[string, FieldValues, string, string]>([
  ["an IANA name in locale_gmt", { locale_gmt: "America/Denver", state: "CA" }, "America/Denver", "locale_gmt"],
  ["an offset in locale_gmt", { locale_gmt: "-8" }, "-08:00", "locale_gmt"],
  ["an offset with minutes", { locale_gmt: "GMT+5:30" }, "+05:30", "locale_gmt"],
  ["an offset as VICIdial writes it", { locale_gmt: "-8.00" }, "-08:00", "locale_gmt"],
  ["no locale_gmt: the state", { state: "CA", phone_number: "8505550100" }, "America/Los_Angeles", "state"],
  [
    "a state of two zones: the area code chooses among them",
    { state: "FL", phone_number: "8505550100" },
    "America/New_York",
    "area code",
  ],
  [
    "a state of two zones and a phone from elsewhere: the state's first",
    { state: "FL", phone_number: "3105550100" },
    "America/New_York",
    "state",
  ],
  ["no state: the area code", { phone_number: "3105550100" }, "America/Los_Angeles", "area code"],
  ["nothing known: the account's", { phone_number: "9995550100" }, "Europe/Berlin", "account"],
  [
    "a locale_gmt that says nothing is passed over",
    { locale_gmt: "west", state: "CA" },
    "America/Los_Angeles",
    "state",
  ],
])("%s", (_name, lead, timeZone, from) => {
  expect(leadZone(lead, "Europe/Berlin", table)).toMatchObject({ timeZone, from });
});

test("an offset says that it does not follow daylight saving", () => {
  expect(leadZone({ locale_gmt: "-5" }, "UTC", table).note).toMatch(/daylight saving/);
});
