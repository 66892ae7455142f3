import { Duration } from "../contracts/duration.ts";
import type { FieldKind } from "../contracts/fields.ts";
import { operatorWords } from "../contracts/operator-words.ts";
import { operandOf, type Operator, type SimpleCondition } from "../contracts/workflow.ts";
import type { CheckContext, Report } from "./check-context.ts";
import { checkPattern } from "./compare.ts";

/** Checks one condition and settles its field's name to its permanent key. */
export function checkCondition(condition: SimpleCondition, path: string, context: CheckContext): SimpleCondition {
  const { world, fieldOf, report } = context;
  switch (condition.type) {
    case "field": {
      const field = fieldOf(condition.section, condition.field);
      if (field === undefined)
        report(`${path}.field`, `"${condition.field}" is no field of the section ${condition.section}`);
      checkComparison(condition, field?.kind ?? "text", path, report);
      return { ...condition, field: field?.key ?? condition.field };
    }
    case "call_count":
      if (!numberOperators.has(condition.operator))
        report(
          `${path}.operator`,
          `Call Count is a number: "${operatorWords[condition.operator]}" can't be asked of it`,
        );
      else checkComparison(condition, "number", path, report);
      return condition;
    case "submitted_by": {
      const kinds = { users: "user", tokens: "token", workflows: "workflow" } as const;
      const lists = Object.entries(kinds) as [keyof typeof kinds, (typeof kinds)[keyof typeof kinds]][];
      for (const [list, kind] of lists)
        condition[list]?.forEach((id, index) => {
          if (!world.exists(kind, id))
            report(`${path}.${list}[${index}]`, `There is no ${kind === "token" ? "API token" : kind} ${id}`);
        });
      if (lists.every(([list]) => (condition[list] ?? []).length === 0))
        report(`${path}.users`, "Choose a user, an API token or a workflow");
      return condition;
    }
    case "connect_outcome":
      if (world.connect(condition.connect_id) === null)
        report(`${path}.connect_id`, `There is no connect ${condition.connect_id}`);
      return condition;
    case "disposition":
    case "redisposition":
    case "call_type":
    case "callback":
    case "hopper_expired":
    case "lead_action":
    case "lead_status":
    case "term_reason":
    case "email_event":
    case "happened":
      break;
  }
  return condition;
}

const numberOperators: ReadonlySet<Operator> = new Set([
  "equals", "not_equals", "greater_than", "less_than", "at_least", "at_most", "within", "one_of",
]); // prettier-ignore

type Comparison = {
  readonly operator: Operator;
  readonly value?: string | number | undefined;
  readonly values?: readonly (string | number)[] | undefined;
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
};

/** The operator has what it needs, it can be read, and nothing stands beside it that would be ignored. */
function checkComparison(comparison: Comparison, kind: FieldKind, path: string, report: Report): void {
  const { operator, value, values, from, to } = comparison;
  const words = operatorWords[operator];
  const given = { value, values, from, to };
  const refuseOthers = (...allowed: (keyof typeof given)[]): void => {
    for (const name of ["value", "values", "from", "to"] as const)
      if (given[name] !== undefined && !allowed.includes(name))
        report(`${path}.${name}`, `"${words}" takes ${operandWords[operandOf[operator]]}, not ${name}`);
  };
  switch (operandOf[operator]) {
    case "none":
      return refuseOthers();
    case "duration":
      refuseOthers("value");
      if (!Duration.safeParse(value).success || /^0[dhms]?$/.test(String(value)))
        report(`${path}.value`, `"${words}" needs a length of time such as 3d or 90m`);
      return;
    case "range":
      refuseOthers("from", "to");
      if (from === undefined || to === undefined) {
        report(`${path}.${from === undefined ? "from" : "to"}`, `"${words}" needs both from and to`);
        return;
      }
      for (const [name, end] of Object.entries({ from, to }))
        checkOperand(end, `${path}.${name}`, operator, kind, report);
      if (operator === "within" && isNumber(from) && isNumber(to) && Number(from) > Number(to))
        report(`${path}.to`, `${to} is less than ${from}: nothing is within`);
      return;
    case "value":
    case "values": {
      refuseOthers("value", "values");
      if (value !== undefined && values !== undefined) {
        report(`${path}.values`, "Write either value or values, not both");
        return;
      }
      if (value === undefined && values === undefined) {
        report(`${path}.value`, `"${words}" needs a value`);
        return;
      }
      if (value !== undefined) checkOperand(value, `${path}.value`, operator, kind, report);
      values?.forEach((one, index) => checkOperand(one, `${path}.values[${index}]`, operator, kind, report));
    }
  }
}

const operandWords = {
  none: "nothing beside it",
  duration: "a length of time as value",
  range: "from and to",
  value: "value or values",
  values: "values",
} as const;

const comparesNumbers: ReadonlySet<Operator> = new Set(["greater_than", "less_than", "at_least", "at_most", "within"]);
const comparesSame: ReadonlySet<Operator> = new Set(["equals", "not_equals", "one_of"]);

function checkOperand(
  operand: string | number,
  path: string,
  operator: Operator,
  kind: FieldKind,
  report: Report,
): void {
  const words = operatorWords[operator];
  const isDate = kind === "date" || kind === "datetime";
  if (operator === "matches") {
    const trouble = checkPattern(String(operand));
    if (trouble !== null) report(path, `The pattern can't be read: ${trouble}`);
  } else if (String(operand).trim() === "") {
    report(path, comparesSame.has(operator) ? "Empty: use “is blank” or “is not blank”" : `"${words}" needs a value`);
  } else if (operator === "before" || operator === "after" || (comparesSame.has(operator) && isDate)) {
    if (!isReadableDate(String(operand))) report(path, `"${operand}" is no date. Write 2024-03-15 or 2024-03-15 14:30`);
  } else if (comparesNumbers.has(operator) && !isNumber(operand)) {
    report(path, `"${words}" compares numbers, and "${operand}" is none`);
  } else if (comparesSame.has(operator) && kind === "number" && !isNumber(operand)) {
    report(path, `The field holds numbers, and "${operand}" is none`);
  }
}

/** As `compare` reads them. */
const isNumber = (operand: string | number): boolean => /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(String(operand).trim());

function isReadableDate(text: string): boolean {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) Temporal.PlainDate.from(text);
    else if (/(Z|[+-]\d\d:?\d\d)$/.test(text)) Temporal.Instant.from(text);
    else if (/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?$/.test(text)) Temporal.PlainDateTime.from(text.replace(" ", "T"));
    else return false;
    return true;
  } catch {
    return false;
  }
}
