import type { Database, Queryable } from "./database.ts";
import { uuidV7At, uuidV7Time } from "./uuid-v7.ts";

/** What is partitioned by the time in its ids, a week (from Monday 00:00 UTC) each; and the column that dates a row. */
const partitioned = { events: "at", deliveries: "settled_at", attempts: "started_at", runs: "at", actions: "done_at" };

const dayMs = 24 * 3_600_000;
const weekMs = 7 * dayMs;
/** 1970-01-05 was a Monday. */
const firstMondayMs = 4 * dayMs;
const weeksAhead = 4;

/**
 * Makes the partitions of last week, this week and four weeks ahead that are missing, and a default one, so that no
 * insert ever fails for want of a partition. Called by every start under the migrations' lock and hourly by the
 * scheduler (see keepPartitions); `client` may be in a transaction or not.
 */
export async function ensurePartitions(client: Queryable, nowMs: number): Promise<void> {
  const there = await existingPartitions(client);
  for (const table of Object.keys(partitioned)) {
    if (!there.has(`${table}_default`)) {
      await client.query(`create table if not exists ${table}_default partition of ${table} default`);
    }
    for (let week = -1; week <= weeksAhead; week++) {
      const startMs = weekStart(nowMs) + week * weekMs;
      if (!there.has(partitionName(table, startMs))) await addPartition(client, table, startMs);
    }
  }
}

/**
 * Drops the partitions that ended more than `retentionDays` ago, and the default one's rows of that age. What belongs to
 * a delivery that is still owed stays, its event and attempts too. Returns the names of what was dropped.
 */
export async function dropOldPartitions(client: Queryable, retentionDays: number, nowMs: number): Promise<string[]> {
  const owed = await client.query<{ event_id: string }>("select event_id from due order by event_id limit 1");
  const oldest = owed.rows[0];
  const cutMs = nowMs - retentionDays * dayMs;
  const keepFromMs = oldest === undefined ? cutMs : Math.min(cutMs, uuidV7Time(oldest.event_id));
  const dropped: string[] = [];
  for (const name of await existingPartitions(client)) {
    const endMs = partitionEnd(name);
    if (endMs === null || endMs > keepFromMs) continue;
    await client.query(`drop table ${name}`);
    dropped.push(name);
  }
  for (const [table, time] of Object.entries(partitioned)) {
    await client.query(`delete from ${table}_default where ${time} < $1`, [new Date(keepFromMs)]);
  }
  return dropped;
}

/**
 * The scheduler's hourly round: what is missing is made, what is too old is dropped. One process at a time; the others
 * return null. Waits 2 s at most for a table that somebody reads, so that inserts never queue up behind it for longer:
 * then it throws (55P03), and the next round does the rest.
 */
export async function keepPartitions(
  database: Database,
  retentionDays: number,
  nowMs: number,
): Promise<string[] | null> {
  const client = await database.pool.connect();
  try {
    await client.query("set lock_timeout = '2s'");
    const lock = await client.query<{ ours: boolean }>("select pg_try_advisory_lock(7262377) as ours");
    if (lock.rows[0]?.ours !== true) return null;
    await ensurePartitions(client, nowMs);
    return await dropOldPartitions(client, retentionDays, nowMs);
  } finally {
    client.release(true); // closing the session gives up its lock and setting
  }
}

/**
 * Attached rather than created in place: that locks the table against no reader or writer. Rows which the default
 * partition took meanwhile move over. One message is one transaction.
 */
async function addPartition(client: Queryable, table: string, startMs: number): Promise<void> {
  const [name, from, to] = [partitionName(table, startMs), uuidV7At(startMs), uuidV7At(startMs + weekMs)];
  await client.query(`
    create table ${name} (like ${table} including all);
    lock table ${table}_default in access exclusive mode;
    with moved as (delete from ${table}_default where id >= '${from}' and id < '${to}' returning *)
    insert into ${name} select * from moved;
    -- rows of a few KB are kept as they are: packing them took a sixth of the database's time
    alter table ${name} set (toast_tuple_target = 8160);
    alter table ${table} attach partition ${name} for values from ('${from}') to ('${to}')`);
}

async function existingPartitions(client: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = any ($1::regclass[]) order by 1`,
    [Object.keys(partitioned)],
  );
  return new Set(rows.map(({ name }) => name));
}

/** As `deliveries_2026w48`: the ISO 8601 week, which belongs to the year of its Thursday. */
export function partitionName(table: string, mondayMs: number): string {
  const year = new Date(mondayMs + 3 * dayMs).getUTCFullYear();
  const week = 1 + Math.floor((mondayMs - firstWeekOf(year)) / weekMs);
  return `${table}_${year}w${String(week).padStart(2, "0")}`;
}

/** When the week in a partition's name ended; null: not a week's partition. */
function partitionEnd(name: string): number | null {
  const found = /_(\d{4})w(\d{2})$/.exec(name);
  return found === null ? null : firstWeekOf(Number(found[1])) + Number(found[2]) * weekMs;
}

/** The Monday of the year's week 1, which is the week of January 4th. */
function firstWeekOf(year: number): number {
  return weekStart(Date.UTC(year, 0, 4));
}

function weekStart(ms: number): number {
  return ms - ((((ms - firstMondayMs) % weekMs) + weekMs) % weekMs);
}
