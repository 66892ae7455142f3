import { Writable } from "node:stream";
import pino from "pino";
import { beforeAll, expect, test } from "vitest";
import { ProblemError } from "../../src/core/problem-error.ts";
import { loggableError } from "../../src/store/loggable-error.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, type TestAccount } from "../engine/fixtures.ts";

const clone = cloneDatabase();
let account: TestAccount;
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme");
});

const value = "ada-lovelace@example.com";
test.each([
  ["a row that breaks a rule", "insert into leads (account_id, phone_number, fields) values ($1, '1', jsonb_build_object('email', $2::text))"],
  ["a value that is there already", "insert into lists (account_id, name) select $1, $2 from generate_series(1, 2)"],
  ["a value of another type", "select $1::bigint, $2::uuid"],
])("no log tells %s", async (_, statement) => {
  const error = await account.scope.query(statement, [value]).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(String((error as Error | null)?.stack) + JSON.stringify(error)).toContain("ada-lovelace");
  for (const told of [error, new ProblemError("fault", { cause: error })]) {
    const lines: string[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, __, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    pino({ serializers: { err: loggableError } }, stream).error({ err: told }, "it failed");
    expect(lines.join("")).toContain('"stack"');
    expect(lines.join("")).not.toContain("ada-lovelace");
  }
}); // prettier-ignore
