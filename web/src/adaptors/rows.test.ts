import { describe, expect, test } from "vitest";
import type { AdaptorRow, AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { fieldCatalog } from "../../../src/contracts/fields.ts";
import { addStatic, changedNames, layRows, moveRow, placeOf, saidRows } from "./rows.ts";

const fields = fieldCatalog([{ number: 7, name: "publisher", label: "Publisher", type: "text", personal: false }]).map(
  (field) => ({ system: false, personal: false, type: null, options: [], ...field }),
);
const row = (field: string, to: string): AdaptorRow => ({
  section: "lead", field, to, default: "", required: false, type: "text", value_map: [], date_format: "",
}); // prettier-ignore
const pair: AdaptorRow = { section: "static", to: "campaign", value: "abc", required: false, type: "text" };
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
const settings = (rows: readonly AdaptorRow[]): AdaptorSettings => ({
  name: "Acme",
  active: true,
  leave_out_empty: false,
  fields: [...rows],
});

describe("the page's rows", () => {
  test("every field has a row, in the catalog's order, when nothing is saved", () => {
    expect(ids(layRows([], fields))).toEqual(fields.map(({ section, key }) => `${section}.${key}`));
  });

  test("what is saved comes back in its order, whatever the catalog's is", () => {
    const saved = [row("phone_number", "phone"), pair, row("first_name", "first"), row("id", "id")];
    const said = saidRows(layRows(saved, fields));
    expect(said.map((each) => each.row)).toEqual(saved);
  });

  test("in each section the saved rows come first, the rest in the catalog's order below them", () => {
    const laid = ids(layRows([row("phone_number", "phone"), row("first_name", "first")], fields));
    expect(laid.slice(0, 4)).toEqual(["lead.phone_number", "lead.first_name", "lead.id", "lead.remote_id"]);
    expect(laid.indexOf("call.call_log_id")).toBe(laid.indexOf("lead.field_7") + 1);
  });

  test("saved rows of several sections keep the order among them, however it is mixed", () => {
    const status: AdaptorRow = { ...row("status", "outcome"), section: "call" } as AdaptorRow;
    const saved = [pair, status, row("first_name", "first")];
    expect(saidRows(layRows(saved, fields)).map((each) => each.row)).toEqual(saved);
  });

  test("a row whose field is gone keeps its place and its name", () => {
    expect(saidRows(layRows([row("field_99", "old")], fields))[0]?.field?.label).toBe("field_99");
  });

  test("a default without a target is saved too, an untouched row isn't", () => {
    const laid = layRows([{ ...row("city", ""), default: "Springfield" } as AdaptorRow], fields);
    expect(ids(saidRows(laid))).toEqual(["lead.city"]);
  });
});

const sent = (rows: readonly { id: string; row: AdaptorRow }[]) =>
  rows.filter((each) => each.row.to !== "").map(({ id }) => id);

describe("moving a row", () => {
  const laid = layRows([row("first_name", "a"), row("last_name", "b"), pair], fields);

  test.each([
    ["down past its neighbour", "lead.first_name", 1, ["lead.last_name", "lead.first_name", "static.2"]],
    ["up past its neighbour", "static.2", -1, ["lead.first_name", "static.2", "lead.last_name"]],
    ["not beyond the first", "lead.first_name", -1, ["lead.first_name", "lead.last_name", "static.2"]],
    ["not beyond the last", "static.2", 1, ["lead.first_name", "lead.last_name", "static.2"]],
  ] as const)("goes %s", (_, id, step, expected) => {
    expect(sent(moveRow(laid, id, step))).toEqual(expected);
  });
});

describe("unsaved changes are named", () => {
  const saved = [row("first_name", "a"), row("last_name", "b"), pair];
  const before = layRows(saved, fields);
  const names = (rows: typeof before, change: Partial<AdaptorSettings> = {}) =>
    changedNames(settings(saved), before, { ...settings(saved), ...change }, rows);

  test("by the row's label, and not the order with it", () => {
    const rows = before.map((each) =>
      each.id === "lead.city" && each.field ? { ...each, row: { ...each.row, to: "city" } } : each,
    );
    expect(names(rows)).toEqual(["City"]);
  });
  test("a moved row is a changed order", () => {
    expect(names([...moveRow(before, "lead.first_name", 1)])).toEqual(["Order"]);
  });
  test("moved there and back again is nothing", () => {
    const there = moveRow(before, "lead.first_name", 1);
    expect(names([...moveRow(there, "lead.first_name", -1)])).toEqual([]);
  });
  test("a new pair and a removed one", () => {
    const without = before.filter(({ field }) => field !== null);
    expect(names(without)).toEqual(["Static pair campaign (removed)"]);
    expect(names([...addStatic(before).rows])).toEqual(["A static pair"]);
  });
  test("the adaptor's own settings", () => {
    expect(names(before, { name: "B", active: false, leave_out_empty: true })).toEqual([
      "Name",
      "Active",
      "Leave out empty values",
    ]);
  });
});

test.each([
  ["fields[3].to", { index: 3, part: "to" }],
  ["fields.12.date_format", { index: 12, part: "date_format" }],
  ["adaptor.fields[0]", { index: 0, part: "" }],
  ["name", null],
])("the path %s leads to %o", (path, place) => {
  expect(placeOf(path)).toEqual(place);
});
