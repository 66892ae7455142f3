import { RE2JS } from "re2js";
import { durationMs } from "../contracts/duration.ts";
import type { FieldKind, FieldValue } from "../contracts/fields.ts";
import type { Operator } from "../contracts/workflow.ts";

/** What stands beside the operator. Dates are `2024-03-15` or `2024-03-15 14:30[:00]`, in `timeZone`. */
export type Operands = {
  readonly operator: Operator;
  readonly value?: string | number | undefined;
  readonly values?: readonly (string | number)[] | undefined;
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
};

export type CompareContext = { readonly kind: FieldKind; readonly timeZone: string; readonly now: Temporal.Instant };

/**
 * Spec 4's operators. Text ignores case; an empty value compared with a number is never true, nor is one compared with
 * a date. Several operands: one must match, or for the two "not" operators all must. Never throws: what can't be
 * compared does not match.
 */
export function compare(actual: FieldValue | undefined, operands: Operands, context: CompareContext): boolean {
  const text = actual === undefined || actual === null ? "" : String(actual).trim();
  const { operator } = operands;
  switch (operator) {
    case "is_blank":
      return text === "";
    case "not_blank":
      return text !== "";
    case "is_numeric":
      return numberOf(text) !== null;
    case "within":
      return inNumbers(text, operands.from, operands.to);
    case "between":
      return inTexts(text, operands.from, operands.to);
    case "within_last":
    case "within_next":
      return inTime(text, operands, context);
    case "before":
    case "after":
      return everyOrSome(operands, (operand) => beforeOrAfter(text, String(operand), operator, context));
    case "equals":
    case "not_equals":
    case "one_of":
    case "greater_than":
    case "less_than":
    case "at_least":
    case "at_most":
    case "starts_with":
    case "ends_with":
    case "contains":
    case "not_contains":
    case "matches":
      return everyOrSome(operands, (operand) => compareOne(text, operand, operator, context));
  }
}

/** Operators that compare with one operand at a time. */
type ByOperand = Exclude<
  Operator,
  "is_blank" | "not_blank" | "is_numeric" | "within" | "between" | "within_last" | "within_next" | "before" | "after"
>;

/** null when it is a pattern; else what is wrong with it. Look-around and back-references are refused: matching is linear. */
export function checkPattern(pattern: string): string | null {
  try {
    compiled(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "it can't be read";
  }
}

function everyOrSome(operands: Operands, test: (operand: string | number) => boolean): boolean {
  const list = operands.values ?? (operands.value === undefined ? [] : [operands.value]);
  if (list.length === 0) return false;
  return operands.operator === "not_equals" || operands.operator === "not_contains"
    ? list.every(test)
    : list.some(test);
}

function compareOne(text: string, operand: string | number, operator: ByOperand, context: CompareContext): boolean {
  const folded = fold(text);
  const wanted = fold(String(operand).trim());
  switch (operator) {
    case "equals":
    case "one_of":
      return isEqual(text, operand, context) === true;
    case "not_equals":
      return isEqual(text, operand, context) === false;
    case "starts_with":
      return folded.startsWith(wanted);
    case "ends_with":
      return folded.endsWith(wanted);
    case "contains":
      return folded.includes(wanted);
    case "not_contains":
      return !folded.includes(wanted);
    case "matches":
      return matches(text, String(operand));
    case "greater_than":
      return inOrder(text, operand, (left, right) => left > right);
    case "less_than":
      return inOrder(text, operand, (left, right) => left < right);
    case "at_least":
      return inOrder(text, operand, (left, right) => left >= right);
    case "at_most":
      return inOrder(text, operand, (left, right) => left <= right);
  }
}

/** Of two numbers; what is none is in no order. */
function inOrder(text: string, operand: string | number, test: (left: number, right: number) => boolean): boolean {
  const left = numberOf(text);
  const right = numberOf(String(operand));
  return left !== null && right !== null && test(left, right);
}

/** null: not comparable, so neither equal nor unequal. */
function isEqual(text: string, operand: string | number, { kind, timeZone }: CompareContext): boolean | null {
  if (kind === "date" || kind === "datetime") {
    const left = spanOf(text, timeZone);
    const right = spanOf(String(operand), timeZone);
    if (left === null || right === null) return null;
    return left.from < right.to && right.from < left.to;
  }
  const asNumber = numberOf(String(operand));
  if (asNumber !== null && (kind === "number" || typeof operand === "number")) {
    const left = numberOf(text);
    return left === null ? null : left === asNumber;
  }
  return fold(text) === fold(String(operand).trim());
}

function inNumbers(text: string, from: string | number | undefined, to: string | number | undefined): boolean {
  const value = numberOf(text);
  const low = numberOf(String(from ?? ""));
  const high = numberOf(String(to ?? ""));
  return value !== null && low !== null && high !== null && low <= value && value <= high;
}

function inTexts(text: string, from: string | number | undefined, to: string | number | undefined): boolean {
  if (text === "" || from === undefined || to === undefined) return false;
  const value = fold(text);
  return fold(String(from)) <= value && value <= fold(String(to));
}

function inTime(text: string, operands: Operands, { timeZone, now }: CompareContext): boolean {
  const span = spanOf(text, timeZone);
  if (span === null || operands.value === undefined) return false;
  const lengthMs = durationMs(String(operands.value));
  const nowMs = now.epochMilliseconds;
  if (span.isDay) {
    // a day counts as a day: "within the last 3 days" begins at midnight three days ago
    const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
    const day = Temporal.PlainDate.from(text.slice(0, 10));
    const days = Math.floor(lengthMs / 86_400_000);
    const away = today.until(day, { largestUnit: "days" }).days;
    return operands.operator === "within_last" ? away <= 0 && away >= -days : away >= 0 && away <= days;
  }
  return operands.operator === "within_last"
    ? span.from <= nowMs && span.from >= nowMs - lengthMs
    : span.from >= nowMs && span.from <= nowMs + lengthMs;
}

function beforeOrAfter(text: string, operand: string, operator: Operator, { timeZone }: CompareContext): boolean {
  const left = spanOf(text, timeZone);
  const right = spanOf(operand, timeZone);
  if (left === null || right === null) return false;
  return operator === "before" ? left.from < right.from : left.from >= right.to;
}

type Span = { readonly from: number; readonly to: number; readonly isDay: boolean };

/** The milliseconds a date text covers: a day for a date, its own precision for a time of day. */
function spanOf(text: string, timeZone: string): Span | null {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) {
      const day = Temporal.PlainDate.from(text);
      return {
        from: day.toZonedDateTime(timeZone).epochMilliseconds,
        to: day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds,
        isDay: true,
      };
    }
    if (/(Z|[+-]\d\d:?\d\d)$/.test(text)) {
      const at = Temporal.Instant.from(text).epochMilliseconds;
      return { from: at, to: at + 1, isDay: false };
    }
    const local = Temporal.PlainDateTime.from(text.replace(" ", "T"));
    const from = local.toZonedDateTime(timeZone).epochMilliseconds;
    const precisionMs = /\d\d:\d\d:\d\d/.test(text) ? 1_000 : 60_000;
    return { from, to: from + precisionMs, isDay: false };
  } catch {
    return null;
  }
}

/** A plain decimal number, or null. `1,000`, `0x10` and `` are none. */
function numberOf(text: string): number | null {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : null;
}

const fold = (text: string): string => text.toLowerCase();

const cache = new Map<string, RE2JS>();

/** Compiling costs 45 µs, so patterns are kept; the cache is emptied rather than grown without bound. */
function compiled(pattern: string): RE2JS {
  let regex = cache.get(pattern);
  if (regex === undefined) {
    regex = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    if (cache.size > 2_000) cache.clear();
    cache.set(pattern, regex);
  }
  return regex;
}

function matches(text: string, pattern: string): boolean {
  try {
    return compiled(pattern).matcher(text).find();
  } catch {
    return false;
  }
}
