import type { Condition, SimpleCondition } from "../contracts/workflow.ts";
import { leadActionTypes } from "./match-conditions.ts";

/** Asked when no condition says what must happen: once a call, at its disposition, and when a lead comes or changes. */
const defaultTriggers = ["call.dispositioned", "lead.created", "lead.saved"] as const;

/**
 * The event types on which a workflow can fire at all: what the index by event type is made of. Conditions that name
 * what happens narrow it (all of them must agree); those that only look at values (fields, counts, call type, who) don't.
 * An event of no type here is not a candidate and costs nothing.
 */
export function triggerTypes(conditions: readonly Condition[]): readonly string[] {
  // with every event switched off, nothing makes it fire
  if (!conditions.some((condition) => condition.active)) return [];
  let types: ReadonlySet<string> | null = null;
  for (const condition of conditions) {
    if (!condition.active) continue;
    const own = condition.type === "any_of" ? groupTypes(condition.events) : simpleTypes(condition);
    if (own === null) continue;
    types = types === null ? new Set(own) : types.intersection(new Set(own));
  }
  return types === null ? defaultTriggers : [...types].toSorted();
}

/** A group fires where any of its members can; a member that only looks at values can where nothing else says. */
function groupTypes(members: readonly SimpleCondition[]): readonly string[] | null {
  const types = members.filter((member) => member.active).map(simpleTypes);
  if (types.every((own) => own === null)) return null;
  return types.flatMap((own) => own ?? [...defaultTriggers]);
}

/** null: looks at values only. */
function simpleTypes(condition: SimpleCondition): readonly string[] | null {
  switch (condition.type) {
    case "disposition":
      return ["call.dispositioned"];
    case "redisposition":
      return ["call.redispositioned"];
    case "callback":
      return ["callback.scheduled"];
    case "hopper_expired":
      return ["hopper.expired"];
    case "lead_action":
      return condition.actions.map((action) => leadActionTypes[action]);
    case "lead_status":
      return ["lead.created", "lead.saved", "call.dispositioned", "call.redispositioned"];
    case "email_event":
      return ["email.opened"];
    case "connect_outcome":
      return ["delivery.settled"];
    case "happened":
      return condition.types;
    case "call_count":
    case "call_type":
    case "field":
    case "submitted_by":
    case "term_reason":
      return null;
  }
}
