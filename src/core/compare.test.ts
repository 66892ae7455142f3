import { expect, test } from "vitest";
import fc from "fast-check";
import type { FieldKind, FieldValue } from "../contracts/fields.ts";
import { operators } from "../contracts/workflow.ts";
import { checkPattern, compare, type Operands } from "./compare.ts";

const now = Temporal.Instant.from("2024-03-15T21:30:00Z"); // 14:30 in Los Angeles
const timeZone = "America/Los_Angeles";

type Row = [sentence: string, kind: FieldKind, actual: FieldValue | undefined, operands: Operands, met: boolean];

const rows: Row[] = [
  ["equal texts are equal whatever their case", "text", "Hu", { operator: "equals", value: "hU" }, true],
  ["other texts are not equal", "text", "HU", { operator: "equals", value: "NI" }, false],
  ["space round a text does not count", "text", " HU ", { operator: "equals", value: "HU" }, true],
  ["a number stored as text equals the number", "number", "10.0", { operator: "equals", value: 10 }, true],
  ["in a text field, 007 is not 7", "text", "007", { operator: "equals", value: "7" }, false],
  ["in a number field, 007 is 7", "number", "007", { operator: "equals", value: "7" }, true],
  ["an empty value does not equal a number", "number", "", { operator: "equals", value: 0 }, false],
  ["an empty value is not unequal to a number either", "number", null, { operator: "not_equals", value: 5 }, false],
  ["an empty text is unequal to a text", "text", "", { operator: "not_equals", value: "HU" }, true],
  ["one of several values is enough to be equal", "number", 6, { operator: "equals", values: [3, 6, 9] }, true],
  ["none of several values", "number", 7, { operator: "equals", values: [3, 6, 9] }, false],
  ["not equal means unequal to each", "text", "B", { operator: "not_equals", values: ["A", "B"] }, false],
  [
    "an equal date covers the whole day",
    "datetime",
    "2024-03-15T21:30:00Z",
    { operator: "equals", value: "2024-03-15" },
    true,
  ],
  [
    "the day is the account's day",
    "datetime",
    "2024-03-15T06:30:00Z",
    { operator: "equals", value: "2024-03-15" },
    false,
  ],
  ["10 is greater than 9, as numbers", "text", "10", { operator: "greater_than", value: "9" }, true],
  ["equal is not greater", "number", 9, { operator: "greater_than", value: 9 }, false],
  ["a word is never greater than a number", "text", "about 4k", { operator: "greater_than", value: 1 }, false],
  ["blank is never greater", "number", "", { operator: "greater_than", value: -1 }, false],
  ["less than", "number", "2", { operator: "less_than", value: 10 }, true],
  ["blank is never less", "number", null, { operator: "less_than", value: 10 }, false],
  ["at least holds for the bound", "number", 3, { operator: "at_least", value: 3 }, true],
  ["at least fails below", "number", 2.9, { operator: "at_least", value: 3 }, false],
  ["at most holds for the bound", "number", 3, { operator: "at_most", value: "3" }, true],
  ["at most fails above", "number", 4, { operator: "at_most", value: 3 }, false],
  ["within includes both ends", "number", "20", { operator: "within", from: 10, to: 20 }, true],
  ["outside the range", "number", 21, { operator: "within", from: 10, to: 20 }, false],
  ["blank is within nothing", "number", "", { operator: "within", from: -1, to: 1 }, false],
  ["one of a list, in any case", "text", "ca", { operator: "one_of", values: ["NY", "CA"] }, true],
  ["none of a list", "text", "TX", { operator: "one_of", values: ["NY", "CA"] }, false],
  ["starts with", "text", "Maria Alvarez", { operator: "starts_with", value: "mar" }, true],
  ["does not start with", "text", "Maria", { operator: "starts_with", value: "aria" }, false],
  ["ends with", "text", "ada@example.com", { operator: "ends_with", value: "EXAMPLE.COM" }, true],
  ["does not end with", "text", "ada@example.org", { operator: "ends_with", value: ".com" }, false],
  ["contains", "text", "call me Tuesday", { operator: "contains", value: "tues" }, true],
  ["does not contain it", "text", "call me", { operator: "contains", value: "text" }, false],
  ["does not contain what it contains", "text", "call me", { operator: "not_contains", value: "call" }, false],
  ["a blank contains nothing", "text", "", { operator: "not_contains", value: "x" }, true],
  ["null is blank", "text", null, { operator: "is_blank" }, true],
  ["a missing field is blank", "text", undefined, { operator: "is_blank" }, true],
  ["spaces are blank", "text", "  ", { operator: "is_blank" }, true],
  ["zero is not blank", "number", 0, { operator: "not_blank" }, true],
  ["an empty text is blank", "text", "", { operator: "not_blank" }, false],
  ["false is not blank", "boolean", false, { operator: "is_blank" }, false],
  ["-1.5 is numeric", "text", "-1.5", { operator: "is_numeric" }, true],
  ["1,000 is not numeric", "text", "1,000", { operator: "is_numeric" }, false],
  ["blank is not numeric", "text", "", { operator: "is_numeric" }, false],
  ["between two strings, ends included", "text", "Miller", { operator: "between", from: "m", to: "miller" }, true],
  ["past the second string", "text", "Nolan", { operator: "between", from: "a", to: "m" }, false],
  ["blank is between nothing", "text", "", { operator: "between", from: "", to: "z" }, false],
  ["matches a pattern anywhere, in any case", "text", "Order 77", { operator: "matches", value: "order \\d+" }, true],
  ["does not match", "text", "Order", { operator: "matches", value: "^\\d+$" }, false],
  ["a pattern that can't be read matches nothing", "text", "(", { operator: "matches", value: "(" }, false],
  ["before a day", "datetime", "2024-03-15T06:59:59Z", { operator: "before", value: "2024-03-15" }, true],
  [
    "midnight of the account's zone is not before its day",
    "datetime",
    "2024-03-15T07:00:00Z",
    { operator: "before", value: "2024-03-15" },
    false,
  ],
  [
    "after a day begins with the next",
    "datetime",
    "2024-03-16T07:00:00Z",
    { operator: "after", value: "2024-03-15" },
    true,
  ],
  ["the same day is not after", "datetime", "2024-03-16T06:59:00Z", { operator: "after", value: "2024-03-15" }, false],
  ["after a time of day", "datetime", "2024-03-15T21:30:00Z", { operator: "after", value: "2024-03-15 14:29" }, true],
  ["a date before a date", "date", "1980-05-20", { operator: "before", value: "1980-05-21" }, true],
  ["blank is never before", "date", "", { operator: "before", value: "2100-01-01" }, false],
  ["a word is no date", "text", "soon", { operator: "after", value: "2000-01-01" }, false],
  [
    "a day that clocks went forward has 23 hours",
    "datetime",
    "2024-03-11T06:59:00Z",
    { operator: "equals", value: "2024-03-10" },
    true,
  ],
  ["within the last 30 minutes", "datetime", "2024-03-15T21:00:00Z", { operator: "within_last", value: "30m" }, true],
  ["31 minutes ago is not", "datetime", "2024-03-15T20:59:00Z", { operator: "within_last", value: "30m" }, false],
  ["the future is not the last", "datetime", "2024-03-15T21:31:00Z", { operator: "within_last", value: "30m" }, false],
  ["a date within the last 3 days counts days", "date", "2024-03-12", { operator: "within_last", value: "3d" }, true],
  ["four days ago is not", "date", "2024-03-11", { operator: "within_last", value: "3d" }, false],
  ["today is within the next 0 days", "date", "2024-03-15", { operator: "within_next", value: "0d" }, true],
  ["within the next two hours", "datetime", "2024-03-15T23:30:00Z", { operator: "within_next", value: "2h" }, true],
  ["blank is within no time", "date", null, { operator: "within_next", value: "9d" }, false],
];

test.each(rows)("%s", (_sentence, kind, actual, operands, met) => {
  expect(compare(actual, operands, { kind, timeZone, now })).toBe(met);
});

test("every operator has rows for yes and for no", () => {
  for (const operator of operators) {
    const own = rows.filter(([, , , operands]) => operands.operator === operator).map((row) => row[4]);
    expect([operator, own.includes(true), own.includes(false)]).toEqual([operator, true, true]);
  }
});

test("a pattern that can't be read says why", () => {
  expect(checkPattern("a+")).toBeNull();
  expect(checkPattern("(?=x)")).toMatch(/./);
});

test("nothing that is compared throws", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...operators),
      fc.constantFrom<FieldKind>("text", "number", "date", "datetime", "phone", "email", "boolean"),
      fc.oneof(
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
      fc.string(),
      (operator, kind, actual, operand) => {
        const met = compare(actual, { operator, value: operand, from: operand, to: operand }, { kind, timeZone, now });
        expect(typeof met).toBe("boolean");
      },
    ),
  );
});
