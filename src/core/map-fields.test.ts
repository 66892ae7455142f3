import { describe, expect, test } from "vitest";
import { AdaptorSettings } from "../contracts/adaptor.ts";
import { secretMask } from "../contracts/connect.ts";
import type { CustomField, FieldValues, Snapshot } from "../contracts/fields.ts";
import { mapFields, type MapContext } from "./map-fields.ts";
import { sealAdaptor } from "./seal-adaptor.ts";
import { maskText } from "./text.ts";

const customFields: CustomField[] = [
  { number: 3, name: "publisher", label: "Publisher", type: "text", personal: false },
  { number: 12, name: "renewed_on", label: "Renewed On", type: "date", personal: false },
];
const context: MapContext = {
  customFields,
  timeZone: "America/Los_Angeles",
  dateFormat: "",
  now: Temporal.Instant.from("2026-11-23T20:00:00Z"),
};
const lead: FieldValues = {
  id: 42,
  first_name: "Grace",
  last_name: "",
  email: null,
  phone_number: "3105550142",
  phone_code: "1",
  alt_phone_1: "",
  gender: "M",
  called_count: 0,
  annual_revenue: "12.50",
  created_at: "2024-03-15T21:30:00Z",
  date_of_birth: "1985-04-12",
  notes: "MiXed",
  field_3: "Acme News",
  field_12: "2026-01-02",
};
const snapshot: Snapshot = {
  lead,
  call: { phone_number: "3105550199", status: "HU", call_date: "2024-03-15T21:30:00Z" },
  extra: { agent_full_name: "Ada Agent", status_name: "Hang Up" },
};

function map(
  fields: object[],
  options: { settings?: object; context?: Partial<MapContext>; snapshot?: Snapshot } = {},
) {
  const sealed = sealAdaptor(AdaptorSettings.parse({ name: "CRM", fields, ...options.settings }), null, customFields);
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.problems));
  return mapFields(sealed.stored, options.snapshot ?? snapshot, { ...context, ...options.context });
}
const pairsOf = (mapped: ReturnType<typeof mapFields>) =>
  mapped.pairs.map(({ target, value }) => `${target}=${maskText(value)}`);
const row = (field: string, part: object = {}) => ({ section: "lead", field, to: "x", ...part });

describe("one row", () => {
  test.each([
    ["a value goes out under the vendor's name", row("first_name"), ["x=Grace"], ""],
    ["blank: not sent", row("first_name", { to: " " }), [], ""],
    ["two names by comma: sent under both", row("first_name", { to: "a, b" }), ["a=Grace", "b=Grace"], ""],
    ["a comma of the name itself is written with a backslash", row("first_name", { to: "a\\,b" }), ["a,b=Grace"], ""],
    ["the same name twice is one", row("first_name", { to: "a,a" }), ["a=Grace"], ""],
    ["null is empty, and the default is sent", row("email", { default: "none" }), ["x=none"], "empty: the default value"],
    ["an empty text is empty", row("last_name", { default: "none" }), ["x=none"], "empty: the default value"],
    ["a field the event doesn't know is empty", row("city", { default: "none" }), ["x=none"], "empty: the default value"],
    ["0 is a value", row("called_count"), ["x=0"], ""],
    ["empty and no default: sent empty", row("email"), ["x="], ""],
    ["the value map replaces", row("gender", { value_map: [["M", "Male"], ["M", "Man"]] }), ["x=Male"], "value map: M"],
    ["what the value map doesn't know passes", row("gender", { value_map: [["F", "Female"]] }), ["x=M"], ""],
    ["dates take the account's pattern", row("created_at"), ["x=2024-03-15 14:30:00"], ""],
    ["or the row's", row("created_at", { date_format: "m/d/Y" }), ["x=03/15/2024"], ""],
    ["a date without time doesn't shift", row("date_of_birth", { date_format: "m/d/Y" }), ["x=04/12/1985"], ""],
    ["a custom date field is a date", row("renewed_on", { date_format: "j-m-y" }), ["x=2-01-26"], ""],
    ["HubSpot dates are UTC midnight", row("created_at", { format: "hubspot_date" }), ["x=1710460800000"], ""],
    ["phones are digits", row("phone_number"), ["x=3105550142"], ""],
    ["or as the row says", row("phone_number", { format: "national" }), ["x=(310) 555-0142"], ""],
    ["text as the row says", row("notes", { format: "upper" }), ["x=MIXED"], ""],
    ["what the format can't write goes out as it is", row("notes", { format: "Y_N" }), ["x=MiXed"], "can't be written as Y_N: sent as it is"],
    ["a custom field by its name", row("publisher"), ["x=Acme News"], ""],
    ["a custom field by its key", row("field_3"), ["x=Acme News"], ""],
    ["a custom field among the extra fields", { section: "extra", field: "custom_field_3", to: "x" }, ["x=Acme News"], ""],
    ["an extra field", { section: "extra", field: "status_name", to: "x" }, ["x=Hang Up"], ""],
    ["the call's phone is not the lead's", { section: "call", field: "phone_number", to: "x" }, ["x=3105550199"], ""],
    ["a static pair", { section: "static", to: "campaign", value: "abc" }, ["campaign=abc"], ""],
    ["a static pair with places", { section: "static", to: "x", value: "{lead.first_name} {call.status}!" }, ["x=Grace HU!"], ""],
    ["the first of a place's alternatives that is not empty", { section: "static", to: "x", value: "{lead.alt_phone_1|lead.phone_number}" }, ["x=3105550142"], ""],
    ["a place of a date takes the account's pattern", { section: "static", to: "x", value: "{lead.created_at}" }, ["x=2024-03-15 14:30:00"], ""],
    ["other braces are text", { section: "static", to: "x", value: '{"a":{b}}' }, ['x={"a":{b}}'], ""],
    ["a static pair named like a secret is masked", { section: "static", to: "api_token", value: "abc" }, [`api_token=${secretMask}`], "secret"],
    ["unless it is said not to be one", { section: "static", to: "token", value: "abc", secret: false }, ["token=abc"], ""],
  ])("%s", (_, fields, pairs, note) => {
    const mapped = map([fields]);
    expect(pairsOf(mapped)).toEqual(pairs);
    expect(mapped.trace).toHaveLength(1);
    expect(mapped.trace[0]?.note).toBe(note);
    expect(mapped.trace[0]?.to).toBe(pairs.length === 0 ? null : pairs.map((pair) => pair.split("=")[0]).join(", "));
  }); // prettier-ignore

  test("call rows are empty when the event has no call", () => {
    const rows = [{ section: "call", field: "status", to: "x", default: "none" }];
    expect(pairsOf(map(rows, { snapshot: { ...snapshot, call: null } }))).toEqual(["x=none"]);
  });
  test("samples are marked in the trace", () => {
    const mapped = map([{ section: "call", field: "status", to: "x" }, row("first_name", { to: "y" })], { context: { sampleCall: true } });
    expect(mapped.trace.map(({ note }) => note)).toEqual(["a sample: this lead has no call yet", ""]);
  }); // prettier-ignore
  test("a stored date that is none goes out as it is, with a note", () => {
    const mapped = map([row("created_at")], { snapshot: { ...snapshot, lead: { created_at: "soon" } } });
    expect(pairsOf(mapped)).toEqual(["x=soon"]);
    expect(mapped.trace[0]?.note).toBe("no date: sent as it is");
  });
  test("a custom field that is gone keeps its row, which says so", () => {
    const mapped = map([row("publisher")], { context: { customFields: [] } });
    expect(mapped.trace[0]).toMatchObject({ label: "field_3", note: "this field is no longer there" });
  });
  test("renaming a custom field keeps rows and places", () => {
    const renamed = customFields.map((field) => ({ ...field, name: `new_${field.name}` }));
    const rows = [row("publisher"), { section: "static", to: "y", value: "{lead.publisher}" }];
    expect(pairsOf(map(rows, { context: { customFields: renamed } }))).toEqual(["x=Acme News", "y=Acme News"]);
  });
});

describe("empty values", () => {
  const rows = [
    row("email", { to: "a" }),
    row("last_name", { to: "b", default: "none" }),
    row("called_count", { to: "c" }),
  ];
  test("are left out when the adaptor says so; 0 and defaults stay", () => {
    const mapped = map(rows, { settings: { leave_out_empty: true } });
    expect(pairsOf(mapped)).toEqual(["b=none", "c=0"]);
    expect(mapped.trace[0]).toMatchObject({ to: null, note: "empty: left out" });
  });
  test("are left out for integrators", () => {
    expect(pairsOf(map(rows, { context: { forIntegrator: true } }))).toEqual(["b=none", "c=0"]);
  });
  test("of required rows are named", () => {
    const required = [row("email", { required: true }), row("last_name", { to: "b", required: true, default: "none" })];
    expect(map(required).missing).toEqual([{ section: "lead", field: "email", label: "Email" }]);
  });
  test("of required rows that are not sent don't matter", () => {
    expect(map([row("email", { to: "", required: true })]).missing).toEqual([]);
  });
  test("of required static pairs are named by their target", () => {
    const fields = [{ section: "static", to: "x", value: "{lead.email}", required: true }];
    expect(map(fields).missing).toEqual([{ section: "static", field: "x", label: "x" }]);
  });
});

const two = (one: object, other: object) => map([row("first_name", one), row("phone_number", other)]);

describe("two rows with one target", () => {
  test("the later wins, and the page warns beside it", () => {
    const mapped = two({ to: "x,y" }, { to: "x" });
    expect(pairsOf(mapped)).toEqual(["y=Grace", "x=3105550142"]);
    expect(mapped.warnings).toEqual([
      { path: "fields[1].to", message: "First Name has the same target, x. This later row wins" },
    ]);
    expect(mapped.trace[0]).toMatchObject({ to: "y", note: "x: a later row wins" });
  });
  test("a target that ends in [] may occur more than once", () => {
    const mapped = two({ to: "x[]" }, { to: "x[]" });
    expect(pairsOf(mapped)).toEqual(["x[]=Grace", "x[]=3105550142"]);
    expect(mapped.warnings).toEqual([]);
  });
  test.each([
    ["a value and an object", "contact", "contact.phone"],
    ["an object and a value", "contact.phone", "contact"],
    ["a value and a list", "contact", "contact[]"],
    ["an object and a list", "contact.phone", "contact[]"],
  ])("%s of one name can't both stand in JSON", (_, one, other) => {
    const mapped = two({ to: one }, { to: other });
    expect(pairsOf(mapped)).toHaveLength(2);
    expect(mapped.warnings).toEqual([
      {
        path: "fields[1].to",
        message: `In JSON, ${other} and ${one} (First Name) can't both stand. This later row wins`,
      },
    ]);
  });
  test.each([
    ["contact.phone", "contact.name"],
    ["contact\\.phone", "contact"],
    ["a", "A"],
  ])("%s and %s get along", (one, other) => {
    expect(two({ to: one }, { to: other }).warnings).toEqual([]);
  });
  test("an empty later row that is left out takes nothing away", () => {
    const rows = [row("first_name"), row("email")];
    expect(pairsOf(map(rows, { settings: { leave_out_empty: true } }))).toEqual(["x=Grace"]);
  });
});

describe("a type that the value doesn't fit", () => {
  test.each([
    ["number", "MiXed", 1, "no number: JSON sends it as text"],
    ["boolean", "MiXed", 1, "no boolean: JSON sends it as text"],
    ["number", "12.50", 0, ""],
    ["number", "", 0, 'empty, so JSON sends ""'],
  ])("%s of %j: %i warnings", (type, notes, count, note) => {
    const mapped = map([row("notes", { type })], { snapshot: { ...snapshot, lead: { notes } } });
    expect(mapped.warnings).toHaveLength(count);
    expect(mapped.trace[0]?.note).toBe(note);
    expect(pairsOf(mapped)).toEqual([`x=${notes}`]);
  });
});
