import { beforeAll, beforeEach, expect, test } from "vitest";
import { leaveLate, type Queryable } from "../../src/store/database.ts";
import { cloneDatabase } from "../clone-database.ts";

const clone = cloneDatabase();

beforeAll(() => clone.db.query("create table notes (note text primary key)"));
beforeEach(() => clone.db.query("truncate notes"));

const write = (tx: Queryable, note: string) => tx.query("insert into notes values ($1)", [note]);
const stored = async () => (await clone.db.query<{ note: string }>("select note from notes order by 1")).rows;

test("what is left late is committed with the rest", async () => {
  await clone.db.transaction(async (tx, late) => {
    await write(tx, "a");
    leaveLate(late, [write(tx, "b"), write(tx, "c")]);
  });
  expect(await stored()).toEqual([{ note: "a" }, { note: "b" }, { note: "c" }]);
});

test("where a late one fails nothing is committed, and its fault is told", async () => {
  const failing = clone.db.transaction(async (tx, late) => {
    await write(tx, "a");
    leaveLate(late, [write(tx, "b"), write(tx, "a"), write(tx, "c")]);
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await stored()).toEqual([]);
});

test("its fault is told too where a statement that is awaited after it finds the transaction failed", async () => {
  const failing = clone.db.transaction(async (tx, late) => {
    await write(tx, "a");
    leaveLate(late, [write(tx, "a")]);
    await write(tx, "b");
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await stored()).toEqual([]);
});
