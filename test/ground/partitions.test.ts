import { expect, test } from "vitest";
import { dropOldPartitions, ensurePartitions, keepPartitions, partitionName } from "../../src/store/partitions.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import { cloneDatabase } from "../clone-database.ts";

const database = cloneDatabase();
const day = 24 * 3_600_000;
const now = Date.now();
/** A time-ordered id of any time; newUuidV7 would go on from the latest one. */
const idAt = (ms: number): string =>
  `${ms.toString(16).padStart(12, "0").replace(/^.{8}/, "$&-")}${newUuidV7().slice(13)}`;

async function insertEvent(ms: number): Promise<string> {
  const id = idAt(ms);
  await database.db.query(
    "insert into events (account_id, id, at, type, source, snapshot) values (1, $1, $2, 'test', '{}', '{}')",
    [id, new Date(ms)],
  );
  return id;
}

async function homeOf(id: string): Promise<string | undefined> {
  const { rows } = await database.db.query<{ home: string }>(
    "select tableoid::regclass::text as home from events where id = $1",
    [id],
  );
  return rows[0]?.home;
}

const monday = (ms: number): number => ms - ((ms - 4 * day) % (7 * day));

test.each([
  ["2026-11-23", "x_2026w48"],
  ["2026-12-28", "x_2026w53"],
  ["2024-12-30", "x_2025w01"],
  ["2021-01-04", "x_2021w01"],
])("the week of Monday %s is %s", (date, name) => {
  expect(partitionName("x", Date.parse(date))).toBe(name);
});

test("a row lands in the partition of its id's week, from last week to four weeks ahead", async () => {
  for (let week = -1; week <= 4; week++) {
    const ms = monday(now) + week * 7 * day;
    expect(await homeOf(await insertEvent(ms))).toBe(partitionName("events", ms));
    expect(await homeOf(await insertEvent(ms + 7 * day - 1))).toBe(partitionName("events", ms));
  }
});

test("a row beyond them is never refused, and moves to its week's partition once that is made", async () => {
  const later = now + 9 * 7 * day;
  const id = await insertEvent(later);
  expect(await homeOf(id)).toBe("events_default");
  await ensurePartitions(database.db, later);
  expect(await homeOf(id)).toBe(partitionName("events", monday(later)));
});

test("old partitions and old rows of the default one go, young ones stay", async () => {
  const then = now - 100 * 7 * day;
  await ensurePartitions(database.db, then);
  const [old, stray, young] = [await insertEvent(then), await insertEvent(then - 300 * day), await insertEvent(now)];
  const dropped = await dropOldPartitions(database.db, 90, now);
  expect(dropped).toContain(partitionName("events", monday(then)));
  expect(dropped).toContain(partitionName("attempts", monday(then)));
  expect([await homeOf(old), await homeOf(stray)]).toEqual([undefined, undefined]);
  expect(await homeOf(young)).toBeDefined();
});

test("the event of a delivery that is still owed stays, however old", async () => {
  const then = now - 110 * 7 * day;
  await ensurePartitions(database.db, then);
  const event = await insertEvent(then);
  await database.db.query(
    `insert into due (account_id, id, connect_id, phone_number, event_id, event_type, connect_revision, due_at, give_up_at, payload)
     values (1, $1, 1, '3105550142', $2, 'test', 1, now(), now(), '{}')`,
    [idAt(then), event],
  );
  await dropOldPartitions(database.db, 90, now);
  expect(await homeOf(event)).toBe(partitionName("events", monday(then)));
  await database.db.query("delete from due");
  await dropOldPartitions(database.db, 90, now);
  expect(await homeOf(event)).toBeUndefined();
});

test("of several schedulers one does the round", async () => {
  const rounds = await Promise.all([1, 2, 3].map(() => keepPartitions(database.db, 90, now + 30 * 7 * day)));
  expect(rounds.filter((dropped) => dropped !== null).length).toBeGreaterThanOrEqual(1);
  expect(await homeOf(await insertEvent(now + 30 * 7 * day))).toBe(partitionName("events", monday(now + 30 * 7 * day)));
});

test("a table that somebody reads for long isn't waited for, and nothing is lost", async () => {
  const then = now - 120 * 7 * day;
  await ensurePartitions(database.db, then);
  const reader = await database.db.pool.connect();
  await reader.query("begin");
  await reader.query("select count(*) from events");
  await expect(keepPartitions(database.db, 90, now)).rejects.toMatchObject({ code: "55P03" });
  await reader.query("commit");
  reader.release();
  expect(await keepPartitions(database.db, 90, now)).toContain(partitionName("events", monday(then)));
});
