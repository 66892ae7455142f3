import { expect, test } from "vitest";
import type { FieldKind, Snapshot } from "../contracts/fields.ts";
import { Action } from "../contracts/workflow.ts";
import { changeField } from "./change-field.ts";

const snapshot: Snapshot = {
  lead: { monthly_revenue: 0.1, field_1: "12", field_2: "about 4k", alt_phone_1: "3105550142", notes: "" },
  call: { status: "SALE" },
  extra: { agent_email: "ada@example.com" },
};
const now = Temporal.Instant.from("2024-03-16T05:30:00Z");

test.each<[string, Record<string, unknown>, FieldKind, unknown]>([
  ["a constant", { field: "notes", set: "hot" }, "text", { ok: true, value: "hot" }],
  ["nothing empties", { field: "notes", set: null }, "text", { ok: true, value: null }],
  ["another field of the lead", { field: "notes", from: "alt_phone_1" }, "text", { ok: true, value: "3105550142" }],
  ["a field of the call", { field: "notes", from: "call.status" }, "text", { ok: true, value: "SALE" }],
  [
    "a name behind the lead",
    { field: "notes", from: "extra.agent_email" },
    "text",
    { ok: true, value: "ada@example.com" },
  ],
  ["adding without noise", { field: "monthly_revenue", add: 0.2 }, "number", { ok: true, value: 0.3 }],
  ["a number kept as text", { field: "field_1", subtract: 2 }, "number", { ok: true, value: 10 }],
  ["an empty field counts as 0", { field: "notes", add: 5 }, "number", { ok: true, value: 5 }],
  ["multiplying", { field: "field_1", multiply: 3 }, "number", { ok: true, value: 36 }],
  ["dividing", { field: "field_1", divide: 8 }, "number", { ok: true, value: 1.5 }],
  [
    "dividing by 0 is refused",
    { field: "field_1", divide: 0 },
    "number",
    { ok: false, because: "nothing can be divided by 0" },
  ],
  [
    "a word is left alone",
    { field: "field_2", add: 1 },
    "number",
    { ok: false, because: 'field_2 holds "about 4k", which is not a number' },
  ],
  ["now, as an instant", { field: "field_3", now: true }, "datetime", { ok: true, value: "2024-03-16T05:30:00Z" }],
  ["now, as the account's date", { field: "start_date", now: true }, "date", { ok: true, value: "2024-03-15" }],
])("%s", (_name, settings, kind, change) => {
  const action = Action.parse({ type: "field", ...settings });
  if (action.type !== "field") throw new Error("not a field action");
  expect(changeField(action, snapshot, kind, now, "America/Los_Angeles")).toEqual(change);
});
