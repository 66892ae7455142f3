import { describe, expect, test } from "vitest";
import { AdaptorSettings } from "../contracts/adaptor.ts";
import type { CustomField } from "../contracts/fields.ts";
import { readFields } from "./read-fields.ts";
import { sealAdaptor } from "./seal-adaptor.ts";

const customFields: CustomField[] = [
  { number: 3, name: "publisher", label: "Publisher", type: "text", personal: false },
];
const context = { customFields, timeZone: "America/Los_Angeles", dateFormat: "m/d/Y H:i" };
function read(fields: object[], parameters: Record<string, string>) {
  const sealed = sealAdaptor(AdaptorSettings.parse({ name: "CRM", fields }), null, customFields);
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.problems));
  return readFields(sealed.stored, parameters, context);
}
const row = (field: string, to: string, part: object = {}) => ({ section: "lead", field, to, ...part });

describe("a vendor's parameters read through an adaptor", () => {
  test.each([
    ["the vendor's name gives our field", [row("first_name", "fname")], { fname: "Grace" }, { first_name: "Grace" }],
    ["any of a row's targets counts, the first non-empty wins", [row("phone_number", "a,b,c")], { a: "", b: "1", c: "2" }, { phone_number: "1" }],
    ["a nested name by its dots", [row("email", "contact.mail")], { "contact.mail": "a@example.com" }, { email: "a@example.com" }],
    ["a literal dot", [row("email", "contact\\.mail")], { "contact.mail": "a@example.com" }, { email: "a@example.com" }],
    ["a list's name without its brackets", [row("email", "mail[]")], { mail: "a@example.com" }, { email: "a@example.com" }],
    ["the value map backwards, the first pair wins", [row("gender", "sex", { value_map: [["M", "Male"], ["X", "Male"]] })], { sex: "Male" }, { gender: "M" }],
    ["what the value map doesn't know passes", [row("gender", "sex", { value_map: [["M", "Male"]] })], { sex: "F" }, { gender: "F" }],
    ["dates by the row's format", [row("date_of_birth", "dob", { date_format: "j-m-y" })], { dob: "5-04-85" }, { date_of_birth: "1985-04-05" }],
    ["dates by the account's format", [row("start_date", "start")], { start: "04/12/2026 10:00" }, { start_date: "2026-04-12" }],
    ["HubSpot's milliseconds", [row("date_of_birth", "dob", { format: "hubspot_date" })], { dob: "482112000000" }, { date_of_birth: "1985-04-12" }],
    ["defaults apply", [row("state", "st", { default: "CA" })], { st: "" }, { state: "CA" }],
    ["a value beats a default", [row("state", "st", { default: "CA" })], { st: "NV" }, { state: "NV" }],
    ["a field's own name beats its default, if no row names it", [row("state", "st", { default: "CA" })], { state: "NV" }, { state: "NV" }],
    ["what no row names but a field does", [row("first_name", "fname")], { email: "a@example.com" }, { email: "a@example.com" }],
    ["a name that a row uses for another field is that field's alone", [row("last_name", "email")], { email: "x" }, { last_name: "x" }],
    ["a row without a target is still found by its field's name", [row("email", "")], { email: "a@example.com" }, { email: "a@example.com" }],
    ["a custom field by its name", [], { publisher: "Acme" }, { field_3: "Acme" }],
    ["a custom field by its keys", [], { field_3: "Acme" }, { field_3: "Acme" }],
    ["a custom field by its number", [], { custom_field_3: "Acme" }, { field_3: "Acme" }],
    ["a custom field's row among the extra fields", [{ section: "extra", field: "custom_field_3", to: "pub" }], { pub: "Acme" }, { field_3: "Acme" }],
    ["static rows are ignored", [{ section: "static", to: "source_id", value: "x" }], { source_id: "5" }, { source_id: "5" }],
    ["call rows are ignored", [{ section: "call", field: "phone_number", to: "phone" }], { phone: "5" }, {}],
    ["what the system keeps can't be set", [row("created_at", "created")], { created: "2024-01-01", id: "7", called_count: "3" }, {}],
    ["unknown parameters are ignored", [], { nope: "1", constructor: "2", __proto__x: "3" }, {}],
    ["empty means absent", [], { email: "" }, {}],
  ])("%s", (_, rows, parameters, values) => {
    expect(read(rows as object[], parameters as unknown as Record<string, string>)).toEqual({ values, notes: [] });
  }); // prettier-ignore

  test("a date that can't be read stays as it came, with a note by its parameter", () => {
    expect(read([row("date_of_birth", "dob")], { dob: "in spring" })).toEqual({
      values: { date_of_birth: "in spring" },
      notes: [{ path: "dob", message: '"in spring" can\'t be read as a date: Date Of Birth keeps the text' }],
    });
  });
  test("without an adaptor names are field names", () => {
    expect(readFields(null, { email: "a@example.com", x: "1" }, context).values).toEqual({ email: "a@example.com" });
  });
});
