import { expect, test } from "vitest";
import { AdaptorSettings } from "../contracts/adaptor.ts";
import { fieldCatalog } from "../contracts/fields.ts";
import { generatedData } from "./generated-data.ts";
import { sampleSnapshot, withSampleCall } from "./sample-snapshot.ts";
import { sealAdaptor } from "./seal-adaptor.ts";

const now = Temporal.Instant.from("2026-11-23T20:00:00Z");
const context = { customFields: [], timeZone: "America/Los_Angeles", dateFormat: "", now };

function generate(fields: object[], snapshot = sampleSnapshot(now)) {
  const sealed = sealAdaptor(AdaptorSettings.parse({ name: "CRM", fields }), null, []);
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.problems));
  return generatedData(sealed.stored, snapshot, context);
}

test("the three ways of one adaptor stand side by side", () => {
  const fields = [
    { section: "lead", field: "first_name", to: "contact.name" },
    { section: "call", field: "length_in_sec", to: "seconds", type: "number" },
    { section: "static", to: "token", value: "abc" },
  ];
  expect(generate(fields)).toMatchObject({
    get: "contact.name=Grace&seconds=184&token=••••••••",
    post_raw: "contact.name=Grace&seconds=184&token=••••••••",
    post_json: '{"contact":{"name":"Grace"},"seconds":184,"token":"••••••••"}',
    missing: [],
  });
});

test("a missing required value is named, and the rest is shown all the same", () => {
  const data = generate([{ section: "lead", field: "dba", to: "dba", required: true }]);
  expect(data).toMatchObject({ get: "dba=", post_json: '{"dba":""}', missing: [{ field: "dba" }] });
});

test("an adaptor that sends nothing generates nothing", () => {
  expect(generate([])).toMatchObject({ get: "", post_raw: "", post_json: "" });
});

test("a sample call has every field of a call, and the lead's own phone and name", () => {
  const lead = { id: 7, phone_number: "3105550123", first_name: "Ada", last_name: "" };
  const { snapshot, sampled } = withSampleCall({ lead, call: null, extra: {} }, now);
  expect(sampled).toBe(true);
  expect(snapshot.call).toMatchObject({
    lead_id: 7,
    phone_number: "3105550123",
    first_name: "Ada",
    last_name: "Sample",
  });
  const names = fieldCatalog([]).filter(({ section }) => section === "call");
  expect(names.map(({ key }) => key).filter((key) => snapshot.call?.[key] === undefined)).toEqual([]);
});

test("a real call is never replaced", () => {
  const snapshot = { lead: {}, call: { status: "HU" }, extra: {} };
  expect(withSampleCall(snapshot, now)).toEqual({ snapshot, sampled: false });
});
