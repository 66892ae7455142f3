import { expect, test } from "vitest";
import { cloneDatabase } from "../clone-database.ts";

const database = cloneDatabase();

test("a cloned database has the schema and its partitions", async () => {
  const { rows } = await database.db.query<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits",
  );
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(["events_default"]));
});
