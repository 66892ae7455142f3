import { expect, test } from "vitest";
import { WorkflowSettings } from "../contracts/workflow.ts";
import { decideRun, noState, type DecideContext, type RunState } from "./decide-run.ts";
import { fieldKinds, type Happening } from "./match-conditions.ts";
import { isWithinShare } from "./sticky-percentage.ts";
import { triggerTypes } from "./trigger-types.ts";
import { WorkflowIndex, type Belongings, type Workflow } from "./workflow-index.ts";

const belongings: Belongings = {
  campaign: 1,
  list: 2,
  queue: null,
  inbound_number: null,
  email_template: null,
  inbound: false,
};
const context: DecideContext = {
  timeZone: "America/Los_Angeles",
  kindOf: fieldKinds([]),
  names: {
    connect: (id) => `Connect ${id}`,
    field: (_section, key) => key,
    source: (kind, id) => `${kind} ${id}`,
    related: (kind, id) => `${kind} ${id}`,
  },
  belongings,
  scheduleZone: () => ({ timeZone: "America/Los_Angeles", note: "" }),
  status: { reached: false, final: false },
};
const sale: Happening = {
  type: "call.dispositioned",
  at: Temporal.Instant.from("2024-03-15T21:30:00Z"), // Friday 14:30
  snapshot: {
    lead: { id: 5, status: "SALE", state: "CA", called_count: 3 },
    call: { status: "SALE", call_type: "OUTBOUND", term_reason: "AGENT" },
    extra: {},
  },
  source: { kind: "token", id: 9 },
  statusChange: { from: "NEW", to: "SALE" },
  settled: null,
};

function workflow(settings: Partial<Record<keyof WorkflowSettings, unknown>> = {}): Workflow {
  return {
    id: 7,
    revision: 1,
    settings: WorkflowSettings.parse({
      name: "Sales to CRM",
      events: [{ type: "disposition", statuses: ["SALE"] }],
      action_sets: [{ actions: [{ type: "dnc" }] }],
      ...settings,
    }),
  };
}

const state = (changes: Partial<RunState>): RunState => ({ ...noState, ...changes });
const events = (...list: unknown[]): { events: unknown[] } => ({ events: list });
const outside = Array.from({ length: 100 }, (_, index) => index + 1).find((id) => !isWithinShare(7, id, 50))!;

test.each<[string, Workflow, Happening, RunState, Partial<DecideContext>, string | null]>([
  ["all is well", workflow(), sale, noState, {}, null],
  ["it is off", workflow({ active: false }), sale, noState, {}, "active"],
  ["another event happened", workflow(), { ...sale, type: "call.ended" }, noState, {}, "event"],
  ["the campaign is another", workflow({ relation: { kind: "campaign", of: [4] } }), sale, noState, {}, "relation"],
  ["queues are for inbound calls", workflow({ relation: { kind: "queue", of: "all" } }), sale, noState, {}, "relation"],
  [
    "a condition does not match",
    workflow(events({ type: "disposition", statuses: ["NI"] })),
    sale,
    noState,
    {},
    "condition",
  ],
  [
    "a reached status stops it",
    workflow({ stop_if: "reached" }),
    sale,
    noState,
    { status: { reached: true, final: false } },
    "stop",
  ],
  [
    "a final status stops it",
    workflow({ stop_if: "final" }),
    sale,
    noState,
    { status: { reached: false, final: true } },
    "stop",
  ],
  [
    "a lead filter stops it",
    workflow({ stop_if: { filter: [{ type: "field", field: "state", operator: "equals", value: "ca" }] } }),
    sale,
    noState,
    {},
    "stop",
  ],
  ["it was stopped before", workflow(), sale, state({ stopped: true }), {}, "stop"],
  [
    "it is outside the hours",
    workflow({ schedule: { zone: "account", days: [{ days: ["fri"], hours: "9-12" }] } }),
    sale,
    noState,
    {},
    "schedule",
  ],
  [
    "the lead is outside the share",
    workflow({ percentage: 50 }),
    { ...sale, snapshot: { ...sale.snapshot, lead: { id: outside } } },
    noState,
    {},
    "percentage",
  ],
  ["an action is pending", workflow({ skip_if_pending: true }), sale, state({ pendingActions: 1 }), {}, "pending"],
  ["pending is no matter unless set", workflow(), sale, state({ pendingActions: 1 }), {}, null],
  ["it fired nine times in three minutes", workflow(), sale, state({ recentRuns: 9 }), {}, "loop"],
  ["eight times is fine", workflow(), sale, state({ recentRuns: 8 }), {}, null],
  [
    "nine times is fine without loop protection",
    workflow({ loop_protection: false }),
    sale,
    state({ recentRuns: 9 }),
    {},
    null,
  ],
  [
    "its own updates caused 100 runs",
    workflow(),
    { ...sale, source: { kind: "workflow", id: 7 } },
    state({ ownRuns: 100 }),
    {},
    "recursion",
  ],
  [
    "another workflow's updates are no recursion",
    workflow(),
    { ...sale, source: { kind: "workflow", id: 8 } },
    state({ ownRuns: 100 }),
    {},
    null,
  ],
])("%s", (_name, flow, happening, runState, changes, because) => {
  const decision = decideRun(flow, happening, runState, { ...context, ...changes });
  expect(decision.because).toBe(because);
  expect(decision.fires).toBe(because === null);
});

test.each<[string, unknown, Partial<Happening>, boolean, string]>([
  ["Disposition names what was there", { type: "disposition", statuses: ["NI", "HU"] }, {}, false, "SALE"],
  [
    "Redisposition is another event",
    { type: "redisposition", statuses: ["SALE"] },
    { type: "call.redispositioned" },
    true,
    "SALE",
  ],
  ["Call Count compares the lead's count", { type: "call_count", operator: "equals", values: [3, 6] }, {}, true, "3"],
  ["Call Type", { type: "call_type", call_types: ["INBOUND"] }, {}, false, "OUTBOUND"],
  ["Callback", { type: "callback" }, { type: "callback.scheduled" }, true, "a callback was scheduled"],
  ["Hopper Expired", { type: "hopper_expired" }, { type: "hopper.expired" }, true, "the hopper entry expired"],
  [
    "Lead Action",
    { type: "lead_action", actions: ["create", "delete"] },
    { type: "lead.deleted" },
    true,
    "the lead was deleted",
  ],
  ["a field of the lead", { type: "field", field: "state", operator: "one_of", values: ["NY"] }, {}, false, "CA"],
  [
    "a field of the call",
    { type: "field", section: "call", field: "term_reason", operator: "equals", value: "agent" },
    {},
    true,
    "AGENT",
  ],
  [
    "Lead Status from and to",
    { type: "lead_status", from: ["NEW"], to: ["SALE"] },
    {},
    true,
    "it changed from NEW to SALE",
  ],
  ["Lead Status, another from", { type: "lead_status", from: ["NI"] }, {}, false, "it changed from NEW to SALE"],
  [
    "Lead Status unchanged",
    { type: "lead_status", to: ["SALE"] },
    { statusChange: null },
    false,
    "the status did not change",
  ],
  ["Submitted By a token", { type: "submitted_by", tokens: [9] }, {}, true, "token 9"],
  ["Submitted By another kind", { type: "submitted_by", users: [9] }, {}, false, "token 9"],
  ["Term Reason", { type: "term_reason", reasons: ["caller"] }, {}, false, "AGENT"],
  ["Email Event", { type: "email_event", event: "opened" }, { type: "email.opened" }, true, "an e-mail was opened"],
  [
    "Connect Outcome",
    { type: "connect_outcome", connect_id: 4, outcomes: ["accepted"] },
    { type: "delivery.settled", settled: { connectId: 4, outcome: "accepted" } },
    true,
    "Connect 4 accepted it",
  ],
  ["an event of the account's own", { type: "happened", types: ["x.signed"] }, { type: "x.signed" }, true, "x.signed"],
  [
    "any of a group",
    { type: "any_of", events: [{ type: "callback" }, { type: "disposition", statuses: ["SALE"] }] },
    {},
    true,
    "",
  ],
  [
    "none of a group",
    {
      type: "any_of",
      events: [
        { type: "disposition", statuses: ["A"] },
        { type: "disposition", statuses: ["B"] },
      ],
    },
    {},
    false,
    "none of them",
  ],
])("condition: %s", (_name, condition, changes, met, found) => {
  const decision = decideRun(workflow(events(condition)), { ...sale, ...changes }, noState, context);
  const verdict = decision.checks.find((check) => check.check === "condition");
  expect(verdict).toMatchObject({ met, found });
});

test("after a no, the rest is not asked", () => {
  const flow = workflow(
    events({ type: "disposition", statuses: ["NI"] }, { type: "call_count", operator: "at_least", value: 1 }),
  );
  const { checks } = decideRun(flow, sale, noState, context);
  expect(checks.map((check) => [check.check, check.met])).toEqual([
    ["active", true],
    ["event", true],
    ["relation", true],
    ["condition", false],
    ["condition", null],
    ["stop", null],
    ["schedule", null],
    ["percentage", null],
    ["pending", null],
    ["loop", null],
    ["recursion", null],
  ]);
});

test("a condition that is off is as if it were not there", () => {
  const flow = workflow(events({ type: "disposition", statuses: ["SALE"] }, { type: "callback", active: false }));
  expect(decideRun(flow, sale, noState, context).fires).toBe(true);
});

test.each<[string, unknown[], readonly string[]]>([
  ["a disposition", [{ type: "disposition", statuses: ["A"] }], ["call.dispositioned"]],
  [
    "values only",
    [{ type: "call_count", operator: "equals", value: 3 }],
    ["call.dispositioned", "lead.created", "lead.saved"],
  ],
  [
    "two that agree",
    [
      { type: "lead_status", to: ["A"] },
      { type: "lead_action", actions: ["create", "save"] },
    ],
    ["lead.created", "lead.saved"],
  ],
  ["two that exclude each other", [{ type: "callback" }, { type: "hopper_expired" }], []],
  [
    "a group",
    [{ type: "any_of", events: [{ type: "callback" }, { type: "happened", types: ["x.a"] }] }],
    ["callback.scheduled", "x.a"],
  ],
])("triggers of %s", (_name, list, types) => {
  expect(triggerTypes(workflow(events(...list)).settings.events)).toEqual(types);
});

const make = (id: number, settings: Partial<Record<keyof WorkflowSettings, unknown>>): Workflow => ({
  ...workflow(settings),
  id,
});

test("the index finds those that can fire, and follows saves", () => {
  const index = new WorkflowIndex();
  index.put(make(1, {}));
  index.put(make(2, { relation: { kind: "campaign", of: [1, 3] } }));
  index.put(make(3, { relation: { kind: "campaign", of: [3] } }));
  index.put(make(4, { relation: { kind: "list", of: [2] } }));
  index.put(make(5, { relation: { kind: "queue", of: "all" } }));
  index.put(make(6, events({ type: "callback" })));
  const found = (changes: Partial<Belongings> = {}): number[] =>
    index.candidates("call.dispositioned", { ...belongings, ...changes }).map((flow) => flow.id);
  expect(found()).toEqual([1, 2, 4]);
  expect(found({ inbound: true })).toEqual([1, 2, 4, 5]);
  index.put(make(2, { active: false }));
  index.put(make(3, { relation: { kind: "campaign", of: [1] } }));
  index.remove(4);
  expect(found()).toEqual([1, 3]);
});
