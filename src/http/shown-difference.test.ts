import { expect, test } from "vitest";
import type { Difference } from "../core/rehearse.ts";
import { createLogMask } from "./mask-logs.ts";
import { shownDifference } from "./shown-difference.ts";

const context = { customFields: [], maskedInLogs: [], dateFormat: "Y-m-d", timeZone: "UTC" };
const lead = { notes: "n".repeat(30_000), first_name: "Maximiliano" };
const { text: mask } = createLogMask({
  context,
  viewer: true,
  snapshot: { lead, call: null, extra: {} },
  adaptor: null,
  at: new Date(0),
});

function shownOf(payload: string): string {
  const of = { eventId: "0", leadId: 1, at: "2026-01-01T00:00:00Z" };
  const difference = { kind: "appears", of, connect: { id: 1, name: "CRM" }, before: "", after: payload };
  return (shownDifference(difference as unknown as Difference, mask) as { after: string }).after;
}

test("a payload is shown masked, and cut where it is long", () => {
  expect(shownOf(`{"name":"Maximiliano"}`)).toBe('{"name":"••••••••"}');
  const long = shownOf("x".repeat(100_000));
  expect([long.length, long.endsWith("x…")]).toEqual([20_000, true]);
});

test("what a long payload is cut within is masked too", () => {
  const before = `${lead.notes} ${"x".repeat(9_990)}`;
  for (const kept of [4, 6, 8])
    expect(shownOf(`${before.slice(0, 40_000 - kept - 1)} Maximiliano ${"x".repeat(9_000)}`)).not.toContain("Maxi");
});
