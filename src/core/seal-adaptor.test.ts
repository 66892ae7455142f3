import { describe, expect, test } from "vitest";
import { AdaptorSettings } from "../contracts/adaptor.ts";
import { secretMask as mask } from "../contracts/connect.ts";
import type { CustomField } from "../contracts/fields.ts";
import { sealAdaptor } from "./seal-adaptor.ts";

const customFields: CustomField[] = [
  { number: 3, name: "publisher", label: "Publisher", type: "text", personal: false },
];
const seal = (fields: object[], secrets: Record<string, string> | null = null) =>
  sealAdaptor(AdaptorSettings.parse({ name: "CRM", fields }), secrets && { secrets }, customFields);
function sealed(...input: Parameters<typeof seal>) {
  const result = seal(...input);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

describe("what is refused, by its place", () => {
  test.each([
    ["a field that isn't there", { section: "lead", field: "nope" }, "field", '"nope" is no field of the section lead'],
    ["a field of another section", { section: "call", field: "email" }, "field", '"email" is no field of the section call'],
    ["a default for a field the system keeps", { section: "lead", field: "created_at", default: "x" }, "default", "Created At is kept by the system and takes no default value"],
    ["a date letter without meaning", { section: "lead", field: "created_at", date_format: "Y-q" }, "date_format", "The letter q at character 3 has no meaning. Write \\q to have it as it is"],
    ["a place of no field", { section: "static", to: "x", value: "Dear {lead.nope}" }, "value", "{lead.nope} at character 6 is no field of this account"],
    ["a mask where nothing is stored", { section: "static", to: "token", value: mask }, "value", 'Nothing is stored for "token": type the secret again'],
    ["a mask for what is not secret", { section: "static", to: "campaign", value: mask }, "value", "•••••••• stands for a stored secret: type the value again"],
  ])("%s", (_, row, path, message) => {
    expect(seal([row])).toEqual({ ok: false, problems: [{ path: `fields[0].${path}`, message }] });
  }); // prettier-ignore

  test("a field that has a row already, by whichever name", () => {
    const rows = [
      { section: "lead", field: "publisher" },
      { section: "lead", field: "field_3" },
    ];
    expect(seal(rows)).toEqual({
      ok: false,
      problems: [
        { path: "fields[1].field", message: "field_3 is in row 1 already. Write both names there, parted by a comma" },
      ],
    });
  });
  test("but the lead's and the call's phone are two fields", () => {
    expect(seal(["lead", "call"].map((section) => ({ section, field: "phone_number" }))).ok).toBe(true);
  });
});

test("rows and places refer to a custom field by its permanent key", () => {
  const { stored, shown } = sealed([
    { section: "lead", field: "publisher", to: "p" },
    { section: "static", to: "x", value: "{lead.publisher|lead.email}" },
  ]);
  expect(shown.fields).toMatchObject([{ field: "field_3" }, { value: "{lead.field_3|lead.email}" }]);
  expect(stored.fields).toMatchObject([{ field: "field_3" }, { value: ["{lead.field_3|lead.email}"] }]);
});

test("conflicts of targets are warned of at saving, too", () => {
  const rows = ["first_name", "last_name"].map((field) => ({ section: "lead", field, to: "name" }));
  expect(sealed(rows).warnings).toEqual([
    { path: "fields[1].to", message: "First Name has the same target, name. This later row wins" },
  ]);
});

describe("static secrets", () => {
  const rows = [
    { section: "static", to: "token", value: "AAAAAA" },
    { section: "static", to: "note", value: "BBBBBB", secret: true },
    { section: "static", to: "key", value: "pre-{lead.id}" },
    { section: "static", to: "plain", value: "CCCCCC" },
  ];
  const first = sealed(rows);

  test("are places in what is stored and masked in what is shown; fields in them stay to be filled", () => {
    expect(first.secrets).toEqual({ "static.token": "AAAAAA", "static.note": "BBBBBB", "static.key": "pre-" });
    expect(first.shown.fields.map((row) => row.section === "static" && row.value)).toEqual([
      mask,
      mask,
      `${mask}{lead.id}`,
      "CCCCCC",
    ]);
    expect(JSON.stringify([first.stored, first.shown])).not.toMatch(/AAAAAA|BBBBBB|pre-/);
  });
  test("what is shown, given back, seals to the same", () => {
    expect(sealAdaptor(first.shown, first, customFields)).toEqual(first);
  });
  test("are kept by target when rows move", () => {
    const moved = { ...first.shown, fields: first.shown.fields.toReversed() };
    expect(sealAdaptor(moved, first, customFields)).toMatchObject({ ok: true, secrets: first.secrets });
  });
  test("don't follow another target", () => {
    expect(seal([{ section: "static", to: "other_token", value: mask }], { ...first.secrets }).ok).toBe(false);
  });
  test("can't be made readable by saying that they are no secret", () => {
    expect(seal([{ section: "static", to: "token", value: mask, secret: false }], { ...first.secrets }).ok).toBe(false);
  });
});
