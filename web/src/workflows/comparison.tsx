import { TextInput } from "@mantine/core";
import type { ReactElement } from "react";
import { operatorWords } from "../../../src/contracts/operator-words.ts";
import { operandOf, operators, type Operator } from "../../../src/contracts/workflow.ts";
import { sayDuration } from "../../../src/contracts/time-words.ts";
import type { FieldInfo } from "../ui/fields.ts";
import type { Choice } from "./choices.ts";
import { Codes, Length } from "./inputs.tsx";
import { Pick, Value } from "./value.tsx";
import { anyOf } from "./words.ts";

type Operand = string | number;
export type Comparison = {
  readonly operator: Operator;
  readonly value?: Operand | undefined;
  readonly values?: Operand[] | undefined;
  readonly from?: Operand | undefined;
  readonly to?: Operand | undefined;
};
type Kind = FieldInfo["kind"];

const ofNumbers: readonly Operator[] = [
  "equals", "not_equals", "greater_than", "less_than", "at_least", "at_most", "within", "one_of",
]; // prettier-ignore
const ofDates: readonly Operator[] = ["before", "after", "within_last", "within_next", "equals", "not_equals"];
const blanks: readonly Operator[] = ["is_blank", "not_blank"];

/** What a field of this kind is mostly asked, first; every operator can be asked of every field. */
function operatorsFor(kind: Kind, countOnly: boolean): readonly Operator[] {
  if (countOnly) return ofNumbers;
  const first = kind === "number" ? [...ofNumbers, ...blanks] : isDate(kind) ? [...ofDates, ...blanks] : operators;
  return [...first, ...operators.filter((operator) => !first.includes(operator))];
}

const isDate = (kind: Kind): boolean => kind === "date" || kind === "datetime";

/** Operator and operand, each to be changed where it stands: "is greater than 60". */
export function ComparisonWords({
  label,
  comparison,
  kind,
  countOnly = false,
  suggestions = [],
  fresh = false,
  set,
}: {
  label: string;
  comparison: Comparison;
  kind: Kind;
  countOnly?: boolean;
  suggestions?: readonly Choice[];
  fresh?: boolean;
  set: (comparison: Comparison) => void;
}) {
  const { operator } = comparison;
  return (
    <>
      <Pick
        label={`${label}: operator`}
        value={operator}
        choices={operatorsFor(kind, countOnly).map((value) => ({ value, words: operatorWords[value] }))}
        set={(next) => set(carried(comparison, next))}
      />{" "}
      {operandOf[operator] !== "none" && (
        <Value key={operandOf[operator]} label={label} words={sayOperand(comparison)} fresh={fresh}>
          {() => <Operands label={label} comparison={comparison} kind={kind} suggestions={suggestions} set={set} />}
        </Value>
      )}
    </>
  );
}

function Operands({
  label,
  comparison,
  kind,
  suggestions,
  set,
}: {
  label: string;
  comparison: Comparison;
  kind: Kind;
  suggestions: readonly Choice[];
  set: (comparison: Comparison) => void;
}): ReactElement | string | null {
  const { operator, value, from, to } = comparison;
  const typed = (text: string): Operand =>
    kind === "number" && /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  switch (operandOf[operator]) {
    case "none":
      return null;
    case "duration":
      return <Length label={label} value={String(value ?? "")} set={(length) => set({ operator, value: length })} />;
    case "range":
      return (
        <div style={{ display: "flex", gap: 8 }}>
          <TextInput
            label="From"
            data-autofocus
            value={String(from ?? "")}
            onChange={(event) => set({ operator, to, from: emptied(typed(event.currentTarget.value)) })}
          />
          <TextInput
            label="To"
            value={String(to ?? "")}
            onChange={(event) => set({ operator, from, to: emptied(typed(event.currentTarget.value)) })}
          />
        </div>
      );
    case "value":
    case "values":
      break;
  }
  return operator === "matches" || operator === "before" || operator === "after" ? (
    <TextInput
      label={operator === "matches" ? "Pattern" : "Date"}
      description={
        operator === "matches"
          ? "A regular expression, such as ^\\+?1. Capitals and small letters are the same."
          : "Such as 2026-03-15, or 2026-03-15 14:30 in the account’s zone."
      }
      classNames={operator === "matches" ? { input: "mono" } : {}}
      data-autofocus
      value={String(value ?? "")}
      onChange={(event) => set({ operator, value: emptied(event.currentTarget.value) })}
    />
  ) : (
    <Codes
      label={label}
      values={listOf(comparison).map(String)}
      choices={suggestions}
      help={
        operator.startsWith("not_")
          ? "Enter after each. None of them may match."
          : "Enter after each. One of them has to match."
      }
      set={(list) => set(withList(operator, list.map(typed)))}
    />
  );
}

const emptied = (operand: Operand): Operand | undefined => (operand === "" ? undefined : operand);
const listOf = ({ value, values }: Comparison): readonly Operand[] => values ?? (value === undefined ? [] : [value]);

/** One operand stands as `value`, several as `values`. */
function withList(operator: Operator, list: readonly Operand[]): Comparison {
  if (list.length === 0) return { operator };
  if (operandOf[operator] === "value" && list.length === 1) return { operator, value: list[0] };
  return { operator, values: [...list] };
}

/** Another operator keeps what was typed, where it can be read the same way. */
function carried(comparison: Comparison, operator: Operator): Comparison {
  const was = operandOf[comparison.operator];
  const now = operandOf[operator];
  if (was === now && now !== "value" && now !== "values") return { ...comparison, operator };
  if ((was === "value" || was === "values") && (now === "value" || now === "values"))
    return withList(operator, listOf(comparison));
  return { operator };
}

function sayOperand(comparison: Comparison): string {
  const { operator, value, from, to } = comparison;
  if (operandOf[operator] === "range")
    return from === undefined && to === undefined ? "" : `${from ?? "…"} – ${to ?? "…"}`;
  if (operandOf[operator] === "duration") return value === undefined ? "" : sayDuration(String(value));
  return anyOf(listOf(comparison));
}

/** The condition with this comparison and nothing left of the one before. */
export function compared<C extends Comparison>(condition: C, comparison: Comparison): C {
  const { value: _v, values: _vs, from: _f, to: _t, ...rest } = condition;
  const given = Object.fromEntries(Object.entries(comparison).filter(([, part]) => part !== undefined));
  // what is left out is optional in every condition that compares
  return Object.assign(rest, given) as unknown as C;
}
