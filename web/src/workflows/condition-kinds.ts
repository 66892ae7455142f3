import type { Condition, SimpleCondition } from "../../../src/contracts/workflow.ts";

export type ConditionProps<Type extends SimpleCondition["type"]> = {
  readonly condition: Extract<SimpleCondition, { type: Type }>;
  readonly set: (condition: SimpleCondition) => void;
  /** It was just added: what has to be chosen opens by itself. */
  readonly fresh: boolean;
};

type Kind = SimpleCondition["type"];
type KindInfo = {
  readonly type: Kind;
  readonly label: string;
  /** What it asks, one line in the menu. */
  readonly asks: string;
  readonly blank: SimpleCondition;
};

const on = { active: true } as const;

/** Spec 4's events in its order, with what each begins as. What has to be chosen begins empty. */
export const conditionKinds: readonly KindInfo[] = [
  {
    type: "disposition",
    label: "Disposition",
    asks: "A call ended with one of these statuses",
    blank: { type: "disposition", statuses: [], ...on },
  },
  {
    type: "redisposition",
    label: "Redisposition",
    asks: "A call’s status was changed afterwards",
    blank: { type: "redisposition", statuses: [], ...on },
  },
  {
    type: "call_count",
    label: "Call Count",
    asks: "How often the lead was called",
    blank: { type: "call_count", operator: "equals", ...on },
  },
  {
    type: "call_type",
    label: "Call Type",
    asks: "Outbound, inbound, manual or three-way",
    blank: { type: "call_type", call_types: ["OUTBOUND"], ...on },
  },
  { type: "callback", label: "Callback", asks: "A callback was scheduled", blank: { type: "callback", ...on } },
  {
    type: "hopper_expired",
    label: "Hopper Expired",
    asks: "The lead’s hopper entry ran out uncalled",
    blank: { type: "hopper_expired", ...on },
  },
  {
    type: "lead_action",
    label: "Lead Action",
    asks: "A lead was created, saved or deleted; never on a bulk upload",
    blank: { type: "lead_action", actions: ["create"], ...on },
  },
  {
    type: "field",
    label: "Lead Fields & Call Data",
    asks: "Any field of the lead or call",
    blank: { type: "field", section: "lead", field: "", operator: "equals", ...on },
  },
  {
    type: "lead_status",
    label: "Lead Status",
    asks: "The status changed from or to",
    blank: { type: "lead_status", ...on },
  },
  {
    type: "submitted_by",
    label: "Submitted By",
    asks: "Who brought the change: a user, an API token or a workflow",
    blank: { type: "submitted_by", ...on },
  },
  {
    type: "term_reason",
    label: "Term Reason",
    asks: "Who ended the call",
    blank: { type: "term_reason", reasons: [], ...on },
  },
  {
    type: "email_event",
    label: "Email Event",
    asks: "An e-mail of a workflow was opened",
    blank: { type: "email_event", event: "opened", ...on },
  },
  {
    type: "connect_outcome",
    label: "Connect Outcome",
    asks: "What a vendor said to a delivery",
    // 0: none is chosen yet
    blank: { type: "connect_outcome", connect_id: 0 as never, outcomes: ["accepted"], ...on },
  },
  {
    type: "happened",
    label: "What happened",
    asks: "A call started or ended, a lead was viewed, an event of your own",
    blank: { type: "happened", types: [], ...on },
  },
];

export const labelOf = (condition: Condition): string =>
  condition.type === "any_of"
    ? "Any of"
    : (conditionKinds.find(({ type }) => type === condition.type)?.label ?? condition.type);

/** What the dialler tells, in words. */
export const happenings = [
  { value: "call.started", label: "A call started" },
  { value: "call.ended", label: "A call ended" },
  { value: "call.dispositioned", label: "A call was dispositioned" },
  { value: "call.redispositioned", label: "A call was redispositioned" },
  { value: "callback.scheduled", label: "A callback was scheduled" },
  { value: "hopper.expired", label: "A hopper entry expired" },
  { value: "lead.viewed", label: "A lead was viewed" },
] as const;

/** What is known to end calls; a dialler may tell others. */
export const termReasons = ["AGENT", "CALLEE", "CALLER", "SYSTEM", "QUEUETIMEOUT", "ABANDON", "NOAGENT", "NONE"].map(
  (value) => ({ value, label: value }),
);
