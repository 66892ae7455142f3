import { expect, test } from "vitest";
import { isDatabaseGone } from "./is-database-gone.ts";

const withCode = (code: string): Error => Object.assign(new Error("x"), { code });

test.each([
  ["the server is being stopped", withCode("57P01"), true],
  ["the server recovers", withCode("57P03"), true],
  ["there are too many connections", withCode("53300"), true],
  ["a connection exception of any kind", withCode("08006"), true],
  ["nobody listens", withCode("ECONNREFUSED"), true],
  ["the socket's file isn't there", withCode("ENOENT"), true],
  ["every address of the host refused", new AggregateError([withCode("ECONNREFUSED"), withCode("ECONNREFUSED")]), true],
  ["the connection broke in a query", new Error("Connection terminated unexpectedly"), true],
  ["the pool had none in time", new Error("timeout exceeded when trying to connect"), true],
  ["a row is there already", withCode("23505"), false],
  ["a statement took too long", withCode("57014"), false],
  ["the password is wrong", withCode("28P01"), false],
  ["a fault of our own", new TypeError("x is undefined"), false],
  ["not an error", "ECONNREFUSED", false],
])("%s", (_, error, expected) => {
  expect(isDatabaseGone(error)).toBe(expected);
});
