import { expect, test } from "vitest";
import { outageOf } from "./outage.ts";

const withCode = (code: string, message = "x"): Error => Object.assign(new Error(message), { code });

test.each([
  ["the disk is full", withCode("53100"), "full"],
  ["the quota is used up", withCode("58030", "could not extend file: Disk quota exceeded"), "full"],
  ["the disk is broken", withCode("58030", "could not read block 7: Input/output error"), null],
  ["a query is too large for its temporary files", withCode("53400"), null],
  ["the server is being stopped", withCode("57P01"), "gone"],
  ["a library says so in words of its own", new Error("Failed to get session", { cause: withCode("08006") }), "gone"],
  ["a row is there already", withCode("23505"), null],
  ["not an error", "53100", null],
])("%s", (_, error, expected) => {
  expect(outageOf(error)).toBe(expected);
});
