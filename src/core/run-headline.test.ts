import { expect, test } from "vitest";
import { WorkflowSettings } from "../contracts/workflow.ts";
import { decideRun, noState, type DecideContext, type RunState } from "./decide-run.ts";
import { fieldKinds, type Happening } from "./match-conditions.ts";
import { runFix, runHeadline } from "./run-headline.ts";
import { sayEvent, titleOfEvent } from "./say-event.ts";

const context: DecideContext = {
  timeZone: "America/Los_Angeles",
  kindOf: fieldKinds([]),
  names: {
    connect: (id) => `Connect ${id}`,
    field: (_section, key) => (key === "state" ? "State" : key),
    source: (kind, id) => `${kind} ${id}`,
    related: (kind, id) => `${kind} ${id}`,
  },
  belongings: { campaign: 1, list: 1, queue: null, inbound_number: null, email_template: null, inbound: false },
  scheduleZone: () => ({ timeZone: "America/Los_Angeles", note: "" }),
  status: { reached: true, final: false },
};
const disposition: Happening = {
  type: "call.dispositioned",
  at: Temporal.Instant.from("2024-03-15T23:30:00Z"),
  snapshot: {
    lead: { id: 7, status: "NI", state: "CA", called_count: 2 },
    call: { status: "NI", call_type: "OUTBOUND" },
    extra: {},
  },
  source: { kind: "token", id: 4 },
  statusChange: { from: "NEW", to: "NI" },
  settled: null,
};
const sale = { type: "disposition", statuses: ["SALE"] };
const ni = { type: "disposition", statuses: ["NI"] };

test.each<[string, object, Partial<RunState>, Partial<Happening>]>([
  ["It fired", {}, {}, {}],
  ["It did not fire: it was switched off", { active: false }, {}, {}],
  ["It did not fire: a call ended, and it is not asked on that", {}, {}, { type: "call.ended" }],
  ["It did not fire: the lead or call belongs elsewhere", { relation: { kind: "campaign", of: [2] } }, {}, {}],
  ["It did not fire: the disposition was NI", { events: [sale] }, {}, {}],
  ["It did not fire: State was CA", { events: [ni, { type: "field", field: "state", operator: "equals", value: "TX" }] }, {}, {}],
  ["It did not fire: the call count was 2", { events: [ni, { type: "call_count", operator: "at_least", value: 3 }] }, {}, {}],
  ["It did not fire: it was submitted by token 4", { events: [ni, { type: "submitted_by", users: [1] }] }, {}, {}],
  ["It did not fire: it changed from NEW to NI", { events: [{ type: "lead_status", to: ["SALE"] }] }, {}, {}],
  ["It did not fire: the disposition was NI, and the call count was 2", { events: [{ type: "any_of", events: [sale, { type: "call_count", operator: "at_least", value: 3 }] }] }, {}, {}],
  ["It did not fire: the lead's status is NI", { stop_if: "reached" }, {}, {}],
  ["It did not fire: it was stopped for this lead", {}, { stopped: true }, {}],
  ["It did not fire: it was 2024-03-15 16:30 in America/Los_Angeles, outside its schedule", { schedule: { days: [{ days: ["mon"], hours: "9-17" }] } }, {}, {}],
  ["It did not fire: the lead is not among the 0 %", { percentage: 0 }, {}, {}],
  ["It did not fire: an action of it was pending for this lead", { skip_if_pending: true }, { pendingActions: 1 }, {}],
  ["It did not fire: 2 actions of it were pending for this lead", { skip_if_pending: true }, { pendingActions: 2 }, {}],
  ["It did not fire: it had fired 9 times for this lead within 3 minutes", {}, { recentRuns: 9 }, {}],
  ["It did not fire: its own updates caused 100 runs for this lead", {}, { ownRuns: 100 }, { source: { kind: "workflow", id: 5 } }],
])("%s", (headline, overrides, state, happened) => {
  const settings = WorkflowSettings.parse({
    name: "Flow",
    events: [ni],
    action_sets: [{ actions: [{ type: "dnc" }] }],
    ...overrides,
  });
  const decision = decideRun({ id: 5, revision: 1, settings }, { ...disposition, ...happened }, { ...noState, ...state }, context);
  expect(runHeadline(decision.checks)).toBe(headline);
  expect(runFix(decision.checks) === "").toBe(decision.fires);
}); // prettier-ignore

test.each([
  ["call.dispositioned", "a call was dispositioned as NI", "A call was dispositioned as NI"],
  ["lead.saved", "the lead was saved, its status changed from NEW to NI", "The lead was saved, its status changed from NEW to NI"],
  ["lead.created", "the lead was created", "The lead was created"],
  ["x.form.sent", "x.form.sent, its status changed from NEW to NI", "x.form.sent, its status changed from NEW to NI"],
])("an event %s is said", (type, words, title) => {
  const event = { type, call: { status: "NI" }, statusChange: { from: "NEW", to: "NI" } };
  expect(sayEvent(event)).toBe(words);
  expect(titleOfEvent(event)).toBe(title);
}); // prettier-ignore
