import { expect, test } from "vitest";
import { WorkflowSettings } from "../contracts/workflow.ts";
import type { WorkflowWorld } from "./check-context.ts";
import { checkWorkflow } from "./check-workflow.ts";

const world: WorkflowWorld = {
  customFields: [
    { number: 7, name: "publisher", label: "Publisher", type: "text", personal: false },
    { number: 8, name: "renewal", label: "Renewal", type: "date", personal: false },
  ],
  connect: (id) => ({ 1: { name: "Acme CRM", active: true }, 2: { name: "Off CRM", active: false } })[id] ?? null,
  exists: (_kind, id) => id < 10,
  status: (code) =>
    ({
      NEW: { reached: false, final: false },
      SALE: { reached: true, final: true },
      NI: { reached: true, final: false },
    })[code] ?? null,
  provider: (action) => (action === "sms" ? 1 : null),
  hasMailServer: false,
};

const sale = { type: "disposition", statuses: ["SALE"] };
const send = { type: "integration", connect_id: 1 };
const workflow = (overrides: object): WorkflowSettings =>
  WorkflowSettings.parse({ name: "Sales", events: [sale], action_sets: [{ actions: [send] }], ...overrides });
const events = (...list: object[]) => ({ events: list });
const action = (one: object) => ({ action_sets: [{ actions: [one] }] });
const field = (comparison: object) => events({ type: "field", field: "state", ...comparison });

test.each<[string, object, string]>([
  ["a field that is not there is named", field({ field: "shoe_size", operator: "is_blank" }), "events[0].field"],
  ["a call field is not a lead field", field({ field: "queue_name", operator: "is_blank" }), "events[0].field"],
  ["equals needs a value", field({ operator: "equals" }), "events[0].value"],
  ["an empty value is what is blank is for", field({ operator: "equals", value: " " }), "events[0].value"],
  ["value and values are one too many", field({ operator: "one_of", value: "a", values: ["b"] }), "events[0].values"],
  ["is blank takes nothing beside it", field({ operator: "is_blank", value: "x" }), "events[0].value"],
  ["within needs both ends", field({ operator: "within", from: 1 }), "events[0].to"],
  ["within needs its ends in order", field({ operator: "within", from: 5, to: 1 }), "events[0].to"],
  ["greater than needs a number", field({ operator: "greater_than", value: "many" }), "events[0].value"],
  ["a number field is equal to numbers only", field({ field: "annual_revenue", operator: "equals", value: "a lot" }), "events[0].value"],
  ["a date is readable", field({ field: "renewal", operator: "before", value: "03/15/2024" }), "events[0].value"],
  ["a day exists", field({ field: "renewal", operator: "equals", value: "2024-02-30" }), "events[0].value"],
  ["the last so long needs a length", field({ field: "renewal", operator: "within_last", value: "soon" }), "events[0].value"],
  ["the last 0 days are none", field({ field: "renewal", operator: "within_next", value: "0d" }), "events[0].value"],
  ["a pattern can be read", field({ operator: "matches", value: "(" }), "events[0].value"],
  ["a pattern does not look around", field({ operator: "matches", value: "(?=a)b" }), "events[0].value"],
  ["a count is asked by number operators", events({ type: "call_count", operator: "contains", value: 3 }), "events[0].operator"],
  ["a count is compared with numbers", events({ type: "call_count", operator: "at_least", values: [3, "x"] }), "events[0].values[1]"],
  ["a group's members are checked", events({ type: "any_of", events: [sale, { type: "connect_outcome", connect_id: 9, outcomes: ["failed"] }] }), "events[0].events[1].connect_id"],
  ["somebody submits", events({ type: "submitted_by" }), "events[0].users"],
  ["a user exists", events({ type: "submitted_by", users: [3, 77] }), "events[0].users[1]"],
  ["a stop filter is checked", { stop_if: { filter: [{ type: "field", field: "nope", operator: "is_blank" }] } }, "stop_if.filter[0].field"],
  ["a chosen campaign exists", { relation: { kind: "campaign", of: [1, 99] } }, "relation.of[1]"],
  ["one event at least is on", events({ ...sale, active: false }), "events"],
  ["a connect exists", action({ type: "integration", connect_id: 5 }), "action_sets[0].actions[0].connect_id"],
  ["a list exists", action({ type: "move", list_id: 50 }), "action_sets[0].actions[0].list_id"],
  ["a field action says what", action({ type: "field", field: "publisher" }), "action_sets[0].actions[0].set"],
  ["a field action says one thing", action({ type: "field", field: "publisher", set: "x", now: true }), "action_sets[0].actions[0].now"],
  ["a system field stays the system's", action({ type: "field", field: "called_count", set: 0 }), "action_sets[0].actions[0].field"],
  ["the status has its own action", action({ type: "field", field: "status", set: "SALE" }), "action_sets[0].actions[0].field"],
  ["nothing is divided by 0", action({ type: "field", field: "annual_revenue", divide: 0 }), "action_sets[0].actions[0].divide"],
  ["a field is copied from one that is there", action({ type: "field", field: "publisher", from: "call.nothing" }), "action_sets[0].actions[0].from"],
  ["a callback is moved or removed", action({ type: "callback_update", in: "1h", remove: true }), "action_sets[0].actions[0].in"],
  ["a mail goes to somebody", action({ type: "email", to: "", subject: "Hi", body: "Hello" }), "action_sets[0].actions[0].to"],
  ["a mail's recipients are addresses", action({ type: "email", to: "{lead.email}, Ada", subject: "Hi", body: "Hello" }), "action_sets[0].actions[0].to"],
  ["a mail's places exist", action({ type: "email", to: "{lead.email}", subject: "Hi {lead.nick}", body: "Hello" }), "action_sets[0].actions[0].subject"],
  ["a voice broadcast needs a connect", action({ type: "voice_broadcast" }), "action_sets[0].actions[0].connect_id"],
  ["a delay counts from a date field", { action_sets: [{ delay: { field: "first_name" }, actions: [send] }] }, "action_sets[0].delay.field"],
  ["a day ends at 24:00", { schedule: { days: [{ days: ["mon"], hours: "9-24:30" }] } }, "schedule.days[0].hours"],
])("%s", (_name, overrides, path) => {
  const checked = checkWorkflow(workflow(overrides), world);
  expect(checked.ok ? [] : checked.problems.map((problem) => problem.path)).toEqual([path]);
}); // prettier-ignore

test.each<[string, object, string]>([
  ["two dispositions in one event", events(sale, { type: "disposition", statuses: ["NI"] }), "events[1]"],
  ["a disposition and the lead's creation", events(sale, { type: "lead_action", actions: ["create"] }), "events"],
  ["a count both above 5 and below 3", events(sale, { type: "call_count", operator: "greater_than", value: 5 }, { type: "call_count", operator: "less_than", value: 3 }), "events[2]"],
  ["a state that is CA and blank", events(sale, { type: "field", field: "state", operator: "equals", value: "CA" }, { type: "field", field: "state", operator: "is_blank" }), "events[2]"],
  ["a queue and the lead's creation", { relation: { kind: "queue", of: "all" }, ...events({ type: "lead_action", actions: ["create"] }) }, "relation"],
  ["0 %", { percentage: 0 }, "percentage"],
  ["a stop at the very status", { stop_if: "reached" }, "stop_if"],
  ["an unknown status", events({ type: "disposition", statuses: ["SALE", "SALEE"] }), "events[0].statuses[1]"],
  ["an unknown status to change to", action({ type: "status", status: "XYZ" }), "action_sets[0].actions[0].status"],
  ["a connect that is off", action({ type: "integration", connect_id: 2 }), "action_sets[0].actions[0].connect_id"],
  ["a set with every action off", action({ ...send, active: false }), "action_sets[0]"],
  ["a mail without a server", action({ type: "email", to: "{lead.email}", subject: "", body: "Hello" }), "action_sets[0].actions[0]"],
  ["a window outside the schedule", { schedule: { days: [{ days: ["mon"], hours: "9-17" }] }, action_sets: [{ window: "5-9", actions: [send] }] }, "action_sets[0].window"],
])("is warned of: %s", (_name, overrides, path) => {
  const checked = checkWorkflow(workflow(overrides), world);
  expect(checked.ok && checked.warnings.map((warning) => warning.path)).toEqual([path]);
}); // prettier-ignore

test.each<[string, object]>([
  ["a plain workflow", {}],
  ["a stop that comes later", { stop_if: "final", ...events({ type: "disposition", statuses: ["NI"] }) }],
  ["an SMS through the account's provider", action({ type: "sms" })],
  ["a voice broadcast that is off", { action_sets: [{ actions: [send, { type: "voice_broadcast", active: false }] }] }],
  ["counts that meet", events(sale, { type: "call_count", operator: "at_least", value: 3 }, { type: "call_count", operator: "at_most", value: 3 })],
  ["hours over midnight", { schedule: { days: [{ days: ["sun"], hours: "22-6" }] }, action_sets: [{ window: "5-9", delay: "1h", actions: [send] }] }],
  ["a window that the schedule reaches over midnight", { schedule: { days: [{ days: ["sun"], hours: "22-6" }] }, action_sets: [{ window: "5-6", actions: [send] }] }],
  ["an event that is off while another is on", events(sale, { type: "lead_action", actions: ["create"], active: false })],
])("nothing to say of %s", (_name, overrides) => {
  const checked = checkWorkflow(workflow(overrides), world);
  expect(checked).toEqual({ ok: true, settings: expect.anything(), warnings: [] });
}); // prettier-ignore

test("fields go by their permanent keys, whatever they are called, and a second check changes nothing", () => {
  const input = workflow({
    events: [sale, { type: "field", field: "publisher", operator: "not_blank" }],
    stop_if: { filter: [{ type: "field", field: "renewal", operator: "is_blank" }] },
    action_sets: [
      {
        delay: { field: "renewal", offset: "-1d" },
        actions: [
          { type: "field", field: "publisher", from: "lead.publisher" },
          { type: "email", to: "{lead.email}", subject: "{lead.publisher}", body: "x {lead.renewal}" },
        ],
      },
    ],
  });
  const checked = checkWorkflow(input, world);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(checked.settings).toMatchObject({
    events: [{}, { field: "field_7" }],
    stop_if: { filter: [{ field: "field_8" }] },
    action_sets: [
      {
        delay: { field: "field_8" },
        actions: [
          { field: "field_7", from: "lead.field_7" },
          { subject: "{lead.field_7}", body: "x {lead.field_8}" },
        ],
      },
    ],
  });
  expect(checkWorkflow(checked.settings, world)).toMatchObject({ ok: true, settings: checked.settings });
});
