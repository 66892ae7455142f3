import { describe, expect, test } from "vitest";
import { leadZone } from "../core/lead-zone.ts";
import { createZoneTable } from "./zone-table.ts";

const table = createZoneTable();

describe("the lead's own zone, from the kept tables", () => {
  test.each([
    ["an area code in one zone decides", { phone_code: "1", phone_number: "2125550142" }, "America/New_York"],
    ["a state in one zone decides, whatever the area code", { phone_number: "2125550142", state: "CA" }, "America/Los_Angeles"],
    ["a state may be written out", { phone_number: "8005550142", state: "california" }, "America/Los_Angeles"],
    ["in a state of two zones the area code chooses", { phone_number: "9155550142", state: "TX" }, "America/Denver"],
    ["a state of two zones and a toll-free number: the zone of most of its cities", { phone_number: "8005550142", state: "TX" }, "America/Chicago"],
    ["a province of another country", { phone_number: "4165550142", country: "CA", state: "Ontario" }, "America/Toronto"],
    ["a toll-free number tells nothing: the account's", { phone_number: "8005550142" }, "Europe/Berlin"],
    ["another country's number", { phone_code: "81", phone_number: "312345678" }, "Asia/Tokyo"],
  ])("%s", (_name, lead, zone) => expect(leadZone(lead, "Europe/Berlin", table).timeZone).toBe(zone));
}); // prettier-ignore
