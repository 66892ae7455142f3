import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formats } from "../contracts/adaptor.ts";
import { formatValue, type Format } from "./format-value.ts";
import { normalizePhone } from "./normalize-phone.ts";

type Row = [
  name: string,
  value: string,
  format: Exclude<Format, "hubspot_date">,
  expected: string | null,
  code?: string,
];

describe("formatValue", () => {
  test.each<Row>([
    ["digits drop everything else", "+1 (310) 555-0142", "digits", "13105550142"],
    ["no digits at all can't be written as digits", "anonymous", "digits", null],
    ["E.164 takes country code 1 unless told otherwise", "3105550142", "e164", "+13105550142"],
    ["E.164 takes the lead's country code", "2079460958", "e164", "+442079460958", "44"],
    ["E.164 keeps the code of a number that has one", "+442079460958", "e164", "+442079460958", "1"],
    ["national is written as its country does", "3105550142", "national", "(310) 555-0142"],
    ["national of another country", "2079460958", "national", "020 7946 0958", "44"],
    ["dashed", "3105550142", "dashed", "310-555-0142"],
    ["dashed of another country", "2079460958", "dashed", "020-7946-0958", "44"],
    ["too short for a phone", "5550142", "dashed", null],
    ["a country code that no country has", "3105550142", "e164", null, "999"],
    ["text as it is", " aB ", "as_is", " aB "],
    ["upper", "straße", "upper", "STRASSE"],
    ["lower", "ÀB", "lower", "àb"],
    ["title", "MARY ANN o'brien-smith", "title", "Mary Ann O'Brien-Smith"],
    ["title leaves what follows an apostrophe", "we don't", "title", "We Don't"],
    ["true/false", "Y", "true_false", "true"],
    ["1/0", "false", "1_0", "0"],
    ["Y/N", "1", "Y_N", "Y"],
    ["yes/no", "0", "yes_no", "no"],
    ["neither yes nor no", "maybe", "Y_N", null],
    ["no word of the language either", "constructor", "Y_N", null],
  ])("%s", (_, value, format, expected, code) => {
    expect(formatValue(value, format, code)).toBe(expected);
  });

  test("never throws", () => {
    const format = fc.constantFrom(...formats.filter((name) => name !== "hubspot_date"));
    fc.assert(fc.property(fc.string({ unit: "binary" }), format, fc.string(), (value, as, code) => {
      formatValue(value, as, code);
    })); // prettier-ignore
  });
});

describe("normalizePhone", () => {
  const us = { ok: true, phone_number: "3105550142", phone_code: "1" };
  test.each([
    ["national digits", "3105550142", undefined, us],
    ["written for people", "(310) 555-0142", undefined, us],
    ["with the country code before it", "1-310-555-0142", undefined, us],
    ["international", "+1 310 555 0142", undefined, us],
    [
      "the + names its own country, whatever the code says",
      "+44 20 7946 0958",
      "1",
      { ok: true, phone_number: "2079460958", phone_code: "44" },
    ],
    ["a code with a plus", "020 7946 0958", "+44", { ok: true, phone_number: "2079460958", phone_code: "44" }],
    ["an empty code is 1", "310.555.0142", "", us],
    ["too short", "555-0142", undefined, { ok: false }],
    ["too long", "310555014299", undefined, { ok: false }],
    ["no number", "call me", undefined, { ok: false }],
    ["a sentence with a number", "call 3105550142 now", undefined, { ok: false }],
    ["empty", "", undefined, { ok: false }],
    ["a country code that no country has", "3105550142", "999", { ok: false }],
  ])("%s", (_, input, code, expected) => {
    expect(normalizePhone(input, code)).toEqual(expected);
  });
  test("a number that the numbering plan doesn't know is taken with a warning", () => {
    expect(normalizePhone("1005550142")).toMatchObject({
      ok: true,
      phone_number: "1005550142",
      warning: expect.any(String),
    });
  });
});
