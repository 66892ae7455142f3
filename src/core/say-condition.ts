import { operatorWords } from "../contracts/operator-words.ts";
import type { Condition, Operator, RelationKind, SimpleCondition } from "../contracts/workflow.ts";

/** Today's names of what conditions refer to by id or key. */
export type Names = {
  readonly connect: (id: number) => string;
  readonly field: (section: "lead" | "call" | "extra", key: string) => string;
  readonly source: (kind: string, id: number | null) => string;
  readonly related: (kind: RelationKind, id: number) => string;
};

/** A condition as the page reads it back: "Disposition is SALE or APPT". */
export function sayCondition(condition: Condition, names: Names): string {
  if (condition.type === "any_of")
    return `any of: ${condition.events
      .filter((member) => member.active)
      .map((member) => saySimple(member, names))
      .join(" · ")}`;
  return saySimple(condition, names);
}

function saySimple(condition: SimpleCondition, names: Names): string {
  switch (condition.type) {
    case "disposition":
      return `Disposition is ${anyOf(condition.statuses)}`;
    case "redisposition":
      return `Redisposition is ${anyOf(condition.statuses)}`;
    case "call_count":
      return `Call Count ${sayComparison(condition)}`;
    case "call_type":
      return `Call Type is ${anyOf(condition.call_types)}`;
    case "callback":
      return "A callback was scheduled";
    case "hopper_expired":
      return "The hopper entry expired";
    case "lead_action":
      return `Lead Action is ${anyOf(condition.actions.map((action) => action[0]!.toUpperCase() + action.slice(1)))}`;
    case "field":
      return `${names.field(condition.section, condition.field)} ${sayComparison(condition)}`;
    case "lead_status":
      return [
        "Lead Status changed",
        condition.from === undefined ? "" : ` from ${anyOf(condition.from)}`,
        condition.to === undefined ? "" : ` to ${anyOf(condition.to)}`,
      ].join("");
    case "submitted_by":
      return `Submitted By ${anyOf([
        ...(condition.users ?? []).map((id) => names.source("user", id)),
        ...(condition.tokens ?? []).map((id) => names.source("token", id)),
        ...(condition.workflows ?? []).map((id) => names.source("workflow", id)),
      ])}`;
    case "term_reason":
      return `Term Reason is ${anyOf(condition.reasons)}`;
    case "email_event":
      return "An e-mail was opened";
    case "connect_outcome":
      return `${names.connect(condition.connect_id)} says ${anyOf(condition.outcomes)}`;
    case "happened":
      return `What happened is ${anyOf(condition.types)}`;
  }
}

type Comparison = {
  readonly operator: Operator;
  readonly value?: string | number | undefined;
  readonly values?: readonly (string | number)[] | undefined;
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
};

function sayComparison(comparison: Comparison): string {
  const { operator, value, values, from, to } = comparison;
  const operand =
    values !== undefined
      ? anyOf(values)
      : from !== undefined || to !== undefined
        ? `${from ?? ""} – ${to ?? ""}`
        : String(value ?? "");
  return `${operatorWords[operator]} ${operand}`.trimEnd();
}

function anyOf(list: readonly (string | number)[]): string {
  if (list.length < 2) return String(list[0] ?? "nothing");
  return `${list.slice(0, -1).join(", ")} or ${list.at(-1)}`;
}
