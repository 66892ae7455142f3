import { z } from "zod";
import { Duration } from "./duration.ts";
import { ConnectId, ListId, TokenId, UserId, WorkflowId } from "./ids.ts";

/** Spec 5.2. `x.…` are an account's own. The system's own happenings (`lead.…`, `delivery.…`, `email.…`) are stored too. */
export const diallerEventTypes = [
  "call.started",
  "call.ended",
  "call.dispositioned",
  "call.redispositioned",
  "callback.scheduled",
  "hopper.expired",
  "lead.viewed",
  "email.opened",
] as const;
const CustomEventType = z
  .string()
  .regex(/^x\.[a-z0-9][a-z0-9_.-]{0,60}$/, "an event of your own is named x. and small letters, digits, _ . -");
export const DiallerEventType = z.union([z.enum(diallerEventTypes), CustomEventType]);
export type DiallerEventType = z.infer<typeof DiallerEventType>;

export const operators = [
  "equals",
  "not_equals",
  "greater_than",
  "less_than",
  "at_least",
  "at_most",
  "within",
  "one_of",
  "starts_with",
  "ends_with",
  "contains",
  "not_contains",
  "is_blank",
  "not_blank",
  "is_numeric",
  "between",
  "matches",
  "before",
  "after",
  "within_last",
  "within_next",
] as const;
export const Operator = z.enum(operators);
export type Operator = z.infer<typeof Operator>;

const Value = z.union([z.string().max(2000), z.number()]);
/** `value`, `values`, or `from` and `to`, as the operator needs. */
const comparison = {
  operator: Operator,
  value: Value.optional(),
  values: z.array(Value).min(1).max(500).optional(),
  from: Value.optional(),
  to: Value.optional(),
};
const names = z.array(z.string().min(1).max(200)).min(1, "choose at least one").max(500);
/** Each condition has its own switch; one that is off is as if it were not there. */
const active = { active: z.boolean().default(true) };

/** Numbers compare, texts compare, dates compare: what each operator needs beside the field. */
export const operandOf: Record<Operator, "value" | "values" | "range" | "duration" | "none"> = {
  equals: "value",
  not_equals: "value",
  greater_than: "value",
  less_than: "value",
  at_least: "value",
  at_most: "value",
  within: "range",
  one_of: "values",
  starts_with: "value",
  ends_with: "value",
  contains: "value",
  not_contains: "value",
  is_blank: "none",
  not_blank: "none",
  is_numeric: "none",
  between: "range",
  matches: "value",
  before: "value",
  after: "value",
  within_last: "duration",
  within_next: "duration",
};

export const callTypes = ["OUTBOUND", "INBOUND", "MANUAL", "3WAY"] as const;

const simpleConditions = [
  z.strictObject({ type: z.literal("disposition"), statuses: names, ...active }),
  z.strictObject({ type: z.literal("redisposition"), statuses: names, ...active }),
  z.strictObject({ type: z.literal("call_count"), ...comparison, ...active }),
  z.strictObject({ type: z.literal("call_type"), call_types: z.array(z.enum(callTypes)).min(1), ...active }),
  z.strictObject({ type: z.literal("callback"), ...active }),
  z.strictObject({ type: z.literal("hopper_expired"), ...active }),
  z.strictObject({
    type: z.literal("lead_action"),
    actions: z.array(z.enum(["create", "save", "delete"])).min(1, "choose at least one"),
    ...active,
  }),
  z.strictObject({
    type: z.literal("field"),
    section: z.enum(["lead", "call", "extra"]).default("lead"),
    field: z.string().min(1).max(100),
    ...comparison,
    ...active,
  }),
  z.strictObject({
    type: z.literal("lead_status"),
    from: names.optional(),
    to: names.optional(),
    ...active,
  }),
  z.strictObject({
    type: z.literal("submitted_by"),
    users: z.array(UserId).optional(),
    tokens: z.array(TokenId).optional(),
    workflows: z.array(WorkflowId).optional(),
    ...active,
  }),
  z.strictObject({ type: z.literal("term_reason"), reasons: names, ...active }),
  z.strictObject({ type: z.literal("email_event"), event: z.literal("opened"), ...active }),
  z.strictObject({
    type: z.literal("connect_outcome"),
    connect_id: ConnectId,
    outcomes: z.array(z.enum(["accepted", "rejected", "duplicate", "failed"])).min(1),
    ...active,
  }),
  /** What the dialler told, by its type: a call started, or an event of the account's own. */
  z.strictObject({ type: z.literal("happened"), types: z.array(DiallerEventType).min(1), ...active }),
] as const;
export const SimpleCondition = z.discriminatedUnion("type", simpleConditions);
export type SimpleCondition = z.infer<typeof SimpleCondition>;
const AnyOf = z.strictObject({
  type: z.literal("any_of"),
  events: z.array(SimpleCondition).min(1).max(50),
  ...active,
});
export const Condition = z.discriminatedUnion("type", [...simpleConditions, AnyOf]);
export type Condition = z.infer<typeof Condition>;

export const relationKinds = ["campaign", "list", "queue", "inbound_number", "email_template"] as const;
export type RelationKind = (typeof relationKinds)[number];
/** What the lead or call must belong to: all of a kind, or the chosen ones (ids). */
export const Relation = z.strictObject({
  kind: z.enum(relationKinds),
  of: z.union([z.literal("all"), z.array(z.number().int().positive()).min(1, "choose at least one").max(5000)]),
});
export type Relation = z.infer<typeof Relation>;

export const StopIf = z.union([
  z.enum(["never", "reached", "final"]),
  z.strictObject({ filter: z.array(Condition).min(1).max(50) }),
]);
export type StopIf = z.infer<typeof StopIf>;

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];
/** `9-17`, `9:30-17:15`; the end is not included; `22-6` runs past midnight; `24hr` is all day. */
export const Hours = z
  .string()
  .regex(
    /^(24hr|(?:[01]?\d|2[0-4])(?::[0-5]\d)?-(?:[01]?\d|2[0-4])(?::[0-5]\d)?)$/,
    "write hours such as 9-17, 8:30-20:00 or 24hr",
  );
export type Hours = z.infer<typeof Hours>;
export const Zone = z.enum(["account", "lead"]);
export type Zone = z.infer<typeof Zone>;

/** Working hours by weekday; a day that no entry names is closed. */
export const Schedule = z.union([
  z.literal("always"),
  z.strictObject({
    zone: Zone.default("account"),
    days: z
      .array(z.strictObject({ days: z.array(z.enum(weekdays)).min(1), hours: Hours }))
      .min(1)
      .max(14),
  }),
]);
export type Schedule = z.infer<typeof Schedule>;

/** The named windows of action sets. They read like a clock on the wall: `9-5` ends at 17:00, `9-9` at 21:00. */
export const namedWindows: Readonly<Record<string, Hours>> = {
  "24hr": "24hr",
  "9-9": "9-21",
  "9-5": "9-17",
  "12-5": "12-17",
  "12-9": "12-21",
  "5-9": "17-21",
  "8-9": "8-21",
};
/** A named window, or hours of one's own. */
const Window = z.union([z.enum(Object.keys(namedWindows) as [string, ...string[]]), Hours]);

/** A Duration, or one that goes back: `-1d`. */
const Offset = z
  .string()
  .regex(/^-?(?=\d)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,8}s)?$/, "write a length of time such as 1d, 4h30m or -1d");
export const Delay = z.union([
  z.literal("none"),
  Duration,
  z.strictObject({ after_last_called: Duration }),
  z.strictObject({ field: z.string().min(1).max(100), offset: Offset.default("0s") }),
]);
export type Delay = z.infer<typeof Delay>;

const text = (max: number) => z.string().max(max);
const common = {
  active: z.boolean().default(true),
  skip_if_live_call: z.boolean().default(false),
  /** Act on the lead as it is then, not as it was at the event. */
  latest_values: z.boolean().default(false),
};
const change = z.union([z.string().max(65_536), z.number(), z.boolean(), z.null()]);
export const providerActions = ["sms", "voice_broadcast", "ringless_voicemail"] as const;
export type ProviderAction = (typeof providerActions)[number];

export const Action = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("integration"), connect_id: ConnectId, ...common }),
  z.strictObject({ type: z.literal("status"), status: z.string().min(1).max(100), ...common }),
  z.strictObject({ type: z.literal("move"), list_id: ListId, ...common }),
  z.strictObject({
    type: z.literal("field"),
    field: z.string().min(1).max(100),
    /** Exactly one of these. `from` names a field (`alt_phone_1`, `call.status`). */
    set: change.optional(),
    from: z.string().max(120).optional(),
    add: z.number().optional(),
    subtract: z.number().optional(),
    multiply: z.number().optional(),
    divide: z.number().optional(),
    now: z.literal(true).optional(),
    ...common,
  }),
  z.strictObject({ type: z.literal("callback"), in: Duration, ...common }),
  z.strictObject({
    type: z.literal("callback_update"),
    in: Duration.optional(),
    remove: z.literal(true).optional(),
    ...common,
  }),
  z.strictObject({
    type: z.literal("hopper"),
    priority: z.number().int().min(0).max(99).default(99),
    expires_in: z.number().int().min(1).max(300).optional(),
    ...common,
  }),
  z.strictObject({ type: z.literal("dnc"), ...common }),
  z.strictObject({ type: z.literal("revenue"), amount: z.number(), ...common }),
  z.strictObject({
    type: z.literal("email"),
    to: text(1000),
    subject: text(1000),
    body: text(100_000),
    ...common,
  }),
  ...providerActions.map((type) =>
    /** Without a connect of its own, through the account's provider for it. */
    z.strictObject({ type: z.literal(type), connect_id: ConnectId.nullable().default(null), ...common }),
  ),
]);
export type Action = z.infer<typeof Action>;

export const ActionSet = z.strictObject({
  delay: Delay.default("none"),
  window: Window.default("24hr"),
  actions: z.array(Action).min(1, "add an action").max(50),
});
export type ActionSet = z.infer<typeof ActionSet>;

export const WorkflowSettings = z.strictObject({
  name: z.string().trim().min(1, "give the workflow a name").max(100),
  description: z.string().max(2000).default(""),
  active: z.boolean().default(true),
  relation: Relation.default({ kind: "campaign", of: "all" }),
  stop_if: StopIf.default("never"),
  loop_protection: z.boolean().default(true),
  skip_if_pending: z.boolean().default(false),
  schedule: Schedule.default("always"),
  percentage: z.number().min(0).max(100).default(100),
  events: z.array(Condition).min(1, "add an event: without one it never fires").max(50),
  action_sets: z.array(ActionSet).min(1, "add what is done").max(20),
});
export type WorkflowSettings = z.infer<typeof WorkflowSettings>;
