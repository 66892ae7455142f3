import type { Operator } from "./workflow.ts";

/** Spec 4's words for its operators, for the page and for what is read back. */
export const operatorWords: Record<Operator, string> = {
  equals: "is equal to",
  not_equals: "is not equal to",
  greater_than: "is greater than",
  less_than: "is less than",
  at_least: "is greater than or equal to",
  at_most: "is less than or equal to",
  within: "is within",
  one_of: "is one of",
  starts_with: "starts with",
  ends_with: "ends with",
  contains: "contains",
  not_contains: "does not contain",
  is_blank: "is blank",
  not_blank: "is not blank",
  is_numeric: "is numeric",
  between: "is between",
  matches: "matches pattern",
  before: "is before",
  after: "is after",
  within_last: "is within the last",
  within_next: "is within the next",
};
