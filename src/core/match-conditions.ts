import { fieldCatalog, type CustomField, type FieldKind, type FieldValue, type Snapshot } from "../contracts/fields.ts";
import type { Condition, SimpleCondition } from "../contracts/workflow.ts";
import { compare } from "./compare.ts";
import { sayCondition, type Names } from "./say-condition.ts";

/** An event as conditions see it: what happened, to a lead and a call as they were then. */
export type Happening = {
  readonly type: string;
  readonly at: Temporal.Instant;
  readonly snapshot: Snapshot;
  readonly source: { readonly kind: "user" | "token" | "workflow" | "command" | "system"; readonly id: number | null };
  /** Set when this event changed the lead's status. */
  readonly statusChange: { readonly from: string; readonly to: string } | null;
  /** Set on `delivery.settled`. */
  readonly settled: { readonly connectId: number; readonly outcome: string } | null;
};

/** One condition's verdict, in words: "Disposition is SALE", and what was there instead. `met` null: not asked. */
export type Verdict = {
  readonly says: string;
  readonly met: boolean | null;
  readonly found: string;
  /** Of one that is not met: what was, as part of a sentence: "the disposition was NI". */
  readonly no?: string;
  /** Of a group: its members' verdicts. */
  readonly any?: readonly Verdict[];
};

export type MatchContext = {
  readonly timeZone: string;
  readonly kindOf: (section: "lead" | "call" | "extra", key: string) => FieldKind;
  readonly names: Names;
};

/**
 * All active conditions must match. They are asked in order up to the first that does not; the rest are *not asked*, so
 * that a verdict never claims more than was looked at.
 */
export function matchConditions(
  conditions: readonly Condition[],
  happening: Happening,
  context: MatchContext,
): { met: boolean; verdicts: Verdict[] } {
  let met = true;
  const verdicts = conditions
    .filter((condition) => condition.active)
    .map((condition): Verdict => {
      if (!met) return { says: sayCondition(condition, context.names), met: null, found: "" };
      const verdict = matchCondition(condition, happening, context);
      met = verdict.met === true;
      return verdict;
    });
  return { met, verdicts };
}

/** How a field of each section compares, by key. */
export function fieldKinds(customFields: readonly CustomField[]): MatchContext["kindOf"] {
  const kinds = new Map(fieldCatalog(customFields).map((field) => [`${field.section}.${field.key}`, field.kind]));
  return (section, key) => kinds.get(`${section}.${key}`) ?? "text";
}

function matchCondition(condition: Condition, happening: Happening, context: MatchContext): Verdict {
  if (condition.type !== "any_of") return matchSimple(condition, happening, context);
  const says = sayCondition(condition, context.names);
  const any = condition.events
    .filter((member) => member.active)
    .map((member) => matchSimple(member, happening, context));
  const met = any.some((verdict) => verdict.met);
  if (met) return { says, met, found: "", any };
  const no = any.map((verdict) => verdict.no ?? verdict.found).join(", and ");
  return { says, met, found: "none of them", any, no };
}

function matchSimple(condition: SimpleCondition, happening: Happening, context: MatchContext): Verdict {
  const says = sayCondition(condition, context.names);
  const { met, found, isValue } = ask(condition, happening, context);
  if (met) return { says, met, found };
  return { says, met, found, no: isValue === true ? `${subjectOf(condition, context)} ${found}` : found };
}

function subjectOf(condition: SimpleCondition, { names }: MatchContext): string {
  if (condition.type === "submitted_by") return "it was submitted by";
  if (condition.type === "field") return `${names.field(condition.section, condition.field)} was`;
  return `the ${condition.type.replace("_", " ")} was`;
}

/** `isValue`: what was found is the condition's value, not a sentence. */
type Asked = { met: boolean; found: string; isValue?: true };

function ask(condition: SimpleCondition, happening: Happening, context: MatchContext): Asked {
  const { snapshot } = happening;
  switch (condition.type) {
    case "disposition":
      return askDisposition("call.dispositioned", condition.statuses, happening);
    case "redisposition":
      return askDisposition("call.redispositioned", condition.statuses, happening);
    case "callback":
      return askType(["callback.scheduled"], happening);
    case "hopper_expired":
      return askType(["hopper.expired"], happening);
    case "email_event":
      return askType(["email.opened"], happening);
    case "happened":
      return askType(condition.types, happening);
    case "lead_action":
      return askType(
        condition.actions.map((action) => leadActionTypes[action]),
        happening,
      );
    case "call_count": {
      const count = snapshot.lead["called_count"] ?? 0;
      return {
        met: compare(count, condition, { kind: "number", timeZone: context.timeZone, now: happening.at }),
        found: textOf(count),
        isValue: true,
      };
    }
    case "call_type":
      return askOneOf(snapshot.call?.["call_type"], condition.call_types, happening);
    case "term_reason":
      return askOneOf(snapshot.call?.["term_reason"], condition.reasons, happening);
    case "field": {
      const values = condition.section === "call" ? (snapshot.call ?? {}) : snapshot[condition.section];
      const actual = values[condition.field] ?? null;
      const kind = context.kindOf(condition.section, condition.field);
      return {
        met: compare(actual, condition, { kind, timeZone: context.timeZone, now: happening.at }),
        found: textOf(actual),
        isValue: true,
      };
    }
    case "lead_status": {
      const change = happening.statusChange;
      if (change === null) return { met: false, found: "the status did not change" };
      const met = isOneOf(change.from, condition.from) && isOneOf(change.to, condition.to);
      return { met, found: `it changed from ${change.from || "nothing"} to ${change.to}` };
    }
    case "submitted_by": {
      const { kind, id } = happening.source;
      const list = { user: condition.users, token: condition.tokens, workflow: condition.workflows }[
        kind as "user" | "token" | "workflow"
      ] as readonly number[] | undefined;
      const met = id !== null && (list?.includes(id) ?? false);
      return { met, found: context.names.source(kind, id), isValue: true };
    }
    case "connect_outcome":
      break;
  }
  const { settled } = happening;
  if (settled === null) return { met: false, found: sayEventType(happening.type) };
  const met =
    settled.connectId === condition.connect_id && (condition.outcomes as readonly string[]).includes(settled.outcome);
  return { met, found: `${context.names.connect(settled.connectId)} ${settled.outcome} it` };
}

export const leadActionTypes = { create: "lead.created", save: "lead.saved", delete: "lead.deleted" } as const;

function askType(types: readonly string[], happening: Happening): Asked {
  return { met: types.includes(happening.type), found: sayEventType(happening.type) };
}

function askDisposition(type: string, statuses: readonly string[], happening: Happening): Asked {
  if (happening.type !== type) return { met: false, found: sayEventType(happening.type) };
  return askOneOf(happening.snapshot.call?.["status"], statuses, happening);
}

function askOneOf(actual: FieldValue | undefined, wanted: readonly string[], happening: Happening): Asked {
  if (happening.snapshot.call === null) return { met: false, found: `${sayEventType(happening.type)}, without a call` };
  return { met: isOneOf(textOf(actual ?? null), wanted), found: textOf(actual ?? null), isValue: true };
}

/** No list: any will do. */
function isOneOf(actual: string, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || wanted.some((one) => one.toLowerCase() === actual.toLowerCase());
}

const textOf = (value: FieldValue): string => (value === null || value === "" ? "blank" : String(value));

const eventTypeWords: Readonly<Record<string, string>> = {
  "call.started": "a call started",
  "call.ended": "a call ended",
  "call.dispositioned": "a call was dispositioned",
  "call.redispositioned": "a call was redispositioned",
  "callback.scheduled": "a callback was scheduled",
  "hopper.expired": "the hopper entry expired",
  "lead.viewed": "the lead was viewed",
  "lead.created": "the lead was created",
  "lead.saved": "the lead was saved",
  "lead.deleted": "the lead was deleted",
  "lead.sent": "the lead was sent by hand",
  "email.opened": "an e-mail was opened",
  "delivery.settled": "a delivery was settled",
};

/** "a call ended"; an account's own events go by their name. */
export function sayEventType(type: string): string {
  return eventTypeWords[type] ?? type;
}
