import type pg from "pg";
import { partitionName } from "../../src/store/partitions.ts";
import { uuidV7At } from "../../src/store/uuid-v7.ts";

const dayMs = 24 * 3_600_000;
const weekMs = 7 * dayMs;
/** 1970-01-05 was a Monday. */
const firstMondayMs = 4 * dayMs;

/** How many numbers there are among the leads of the filled logs. */
export const phones = 80_000;
export const leads = 1_000_000;

type Fill = {
  readonly rows: number;
  readonly days: number;
  /** Half of all go to the first, a fifth to the second, one in 10,000 to the last; the others share the rest. */
  readonly connects: readonly number[];
};

/**
 * Deliveries in their partitions, spread evenly over the days up to now, as one that the engine has settled: 95 % accepted,
 * 3 rejected, 1 duplicate, 1 failed; one in 1,000 a test. Each week's table is filled before its indexes are made, which is
 * what its being attached does.
 */
export async function fillLogs(db: pg.Pool, { rows, days, connects }: Fill): Promise<void> {
  const nowMs = Date.now();
  const fromMs = nowMs - days * dayMs;
  const columns = await db.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = 'deliveries'::regclass and attnum > 0 and not attisdropped",
  );
  await db.query("create table bench_delivery as select * from deliveries where payload is not null limit 1");
  await db.query("truncate deliveries, attempts");
  const own: Readonly<Record<string, string>> = {
    // to the microsecond: some thousands share a millisecond nowhere
    id: "uuidv7(to_timestamp($4::float8 + ($5::float8 - $4::float8) * n / $3::bigint) - clock_timestamp())",
    settled_at: "to_timestamp($4::float8 + ($5::float8 - $4::float8) * n / $3::bigint) + interval '1 s'",
    connect_id: `($1::bigint[])[case when c = 0 then $2::int when c < 5000 then 1 when c < 7000 then 2 else 3 + c % ($2::int - 3) end]`,
    lead_id: `1 + l % ${leads}`,
    phone_number: `(200 + l % 800)::text || '55501' || lpad((l / 800 % ${phones / 800})::text, 2, '0')`,
    event_id: "uuidv7(to_timestamp($4::float8 + ($5::float8 - $4::float8) * n / $3::bigint) - clock_timestamp())",
    test: "t = 0",
    outcome:
      "case when o < 95 then 'accepted' when o < 98 then 'rejected' when o < 99 then 'duplicate' else 'failed' end",
    result: `case when o < 95 then case when c between 1 and 4999 then 'success' else 'L-' || to_hex(r) end
      when o < 98 then (array['Invalid phone number', 'Outside of service area', 'Missing consent', 'Invalid state',
        'Do not call', 'Cap reached', 'Rejected by filter 12', 'Unknown campaign'])[1 + r % 8]
      when o < 99 then 'Duplicate lead' end`,
    http_status: "case when o < 99 then 200 end",
    diagnosis: `case when o >= 99 then '{"code": "response_timeout", "message": "The vendor did not answer in time.", "fix": "Ask the vendor."}'::jsonb end`,
  };
  const names = columns.rows.map(({ name }) => name);
  const values = names.map((name) => own[name] ?? name).join(", ");
  for (let monday = mondayOf(fromMs); monday < nowMs; monday += weekMs) {
    const table = partitionName("deliveries", monday);
    const [begin, end] = [Math.max(monday, fromMs), Math.min(monday + weekMs, nowMs)];
    const count = Math.round((rows * (end - begin)) / (nowMs - fromMs));
    if (count === 0) continue;
    await db.query(`drop table if exists ${table}`);
    await db.query(`create table ${table} (like deliveries including defaults including constraints)`);
    await db.query(
      `insert into ${table} (${names.join(", ")}) select ${values} from bench_delivery, (
         select n, ${random(1)} % 10000 as c, ${random(2)} as l, ${random(3)} % 1000 as t, ${random(4)} % 100 as o, ${random(5)} as r
         from generate_series(0, $3::bigint - 1) n) rows`,
      [connects, connects.length, count, begin / 1000, end / 1000],
    );
    await db.query(
      `alter table deliveries attach partition ${table} for values from ('${uuidV7At(monday)}') to ('${uuidV7At(monday + weekMs)}')`,
    );
    await db.query(`vacuum analyze ${table}`);
    process.stderr.write(`${table}: ${count} rows\n`);
  }
  await db.query("analyze deliveries");
}

/** The same in every run. */
function random(seed: number): string {
  return `(hashint8extended(n, ${seed}) & 1073741823)`;
}

function mondayOf(ms: number): number {
  return ms - ((ms - firstMondayMs) % weekMs);
}
