import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldIndex } from "./field-index.ts";
import { fillPlaces, findPlaces, settlePlaces, unknownPlaces } from "./fill-places.ts";

const fields = fieldIndex([{ number: 3, name: "publisher", label: "Publisher", type: "text", personal: false }]);

describe("places", () => {
  test.each([
    ["a lead's field", "Dear {lead.first_name},", ["lead.first_name"]],
    ["call and extra fields", "{call.status}{extra.status_name}", ["call.status", "extra.status_name"]],
    ["alternatives are one place", "{lead.alt_phone_1|lead.phone_number}", ["lead.alt_phone_1|lead.phone_number"]],
    ["static is none", "{static.x}", []],
    ["other braces are none", '{"a":{"lead.x":1}} {} {lead} { lead.id } {{', []],
    ["the inner of two braces is one", "{{lead.id}}", ["lead.id"]],
  ])("%s", (_, text, names) => {
    expect(findPlaces(text).map(({ name }) => name)).toEqual(names);
  });

  test.each([
    [
      "unknown fields are named with their position, from 1",
      "a {lead.nope}{lead.id}",
      [{ name: "lead.nope", position: 3 }],
    ],
    ["each alternative is asked for", "{lead.id|call.nope}", [{ name: "call.nope", position: 1 }]],
    ["a custom field is known by name and key", "{lead.publisher}{lead.field_3}{extra.custom_field_3}", []],
    ["one that was never made is not", "{lead.field_4}", [{ name: "lead.field_4", position: 1 }]],
  ])("%s", (_, text, unknown) => {
    expect(unknownPlaces(text, fields)).toEqual(unknown);
  });

  test("a custom field's name becomes its permanent key, the rest of the text stays", () => {
    expect(settlePlaces("{x} {lead.email|lead.publisher}}", fields)).toBe("{x} {lead.email|lead.field_3}}");
  });

  test("what is no place is never changed", () => {
    fc.assert(fc.property(fc.string(), (text) => {
      fc.pre(findPlaces(text).length === 0);
      expect(fillPlaces(text, () => "!")).toBe(text);
    })); // prettier-ignore
  });
  test("a value is never read as a place again", () => {
    expect(fillPlaces("{lead.id}{lead.email}", ({ name }) => (name === "lead.id" ? "{lead.email}" : "x"))).toBe(
      "{lead.email}x",
    );
  });
});
