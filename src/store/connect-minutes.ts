import type { ConnectId } from "../contracts/ids.ts";
import type { AccountId } from "../contracts/ids.ts";
import type { AttemptOutcome, DiagnosisCode } from "../contracts/outcome.ts";
import { noAttempts, timedSteps, type AttemptSums } from "../core/attempt-sums.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { unnest, type BatchColumn } from "./unnest.ts";

/** What one connect's attempts of one minute come to. */
export type ConnectMinute = {
  readonly accountId: AccountId;
  readonly connectId: ConnectId;
  /** Its beginning. */
  readonly minute: Date;
  readonly sums: AttemptSums;
};

const ends = ["accepted", "rejected", "duplicate", "failed", "again", "held"] as const satisfies AttemptOutcome[];
const stepColumns = timedSteps.flatMap((step) => [`${step}_ms`, `${step}_count`]);
const columns: readonly BatchColumn<ConnectMinute>[] = [
  ["account_id", "bigint", (row) => row.accountId],
  ["connect_id", "bigint", (row) => row.connectId],
  ["minute", "timestamptz", (row) => row.minute.toISOString()],
  ...ends.map((end): BatchColumn<ConnectMinute> => [end, "integer", (row) => row.sums.ends[end]]),
  // as text: PostgreSQL's arrays of arrays would be taken apart to their last element
  ["latency", "text", (row) => `{${row.sums.latency.join()}}`],
  ...timedSteps.flatMap((step): BatchColumn<ConnectMinute>[] => [
    [`${step}_ms`, "float8", (row) => row.sums.steps[step].ms],
    [`${step}_count`, "integer", (row) => row.sums.steps[step].calls],
  ]),
  ["reasons", "text", (row) => JSON.stringify(Object.fromEntries(row.sums.reasons))],
];
const names = columns.map(([name]) => name);
const casts: Readonly<Record<string, string>> = { latency: "latency::integer[]", reasons: "reasons::jsonb" };

/**
 * Adds to what is there, in one statement. Rows are taken in the order of their key, so that processes which write the
 * same minutes wait for each other instead of locking each other out. Connects that are gone are passed over. Crosses
 * accounts: a worker works for all.
 */
export async function addMinutes(db: Queryable, rows: readonly ConnectMinute[]): Promise<void> {
  const batch = unnest(rows, columns);
  const added = [...ends, ...stepColumns].map((name) => `${name} = m.${name} + excluded.${name}`);
  await db.query({
    name: "add-minutes",
    text: `insert into connect_minutes as m (${names.join(", ")})
      select ${names.map((name) => casts[name] ?? name).join(", ")} from ${batch.from}
      where exists (select from connects c where c.account_id = batch.account_id and c.id = batch.connect_id)
      order by account_id, connect_id, minute
      on conflict (account_id, connect_id, minute) do update set ${added.join(", ")},
        latency = array(select a + b from unnest(m.latency, excluded.latency) with ordinality as l (a, b, n) order by n),
        reasons = case when excluded.reasons = '{}' then m.reasons else (
          select jsonb_object_agg(code, count) from (
            select key as code, sum(value::integer) as count
            from (select * from jsonb_each_text(m.reasons) union all select * from jsonb_each_text(excluded.reasons)) r
            group by key) summed) end`,
    values: batch.values,
  });
}

type SummedRow = Readonly<Record<(typeof ends)[number], number>> &
  Readonly<Record<`${(typeof timedSteps)[number]}_${"ms" | "count"}`, number>> & {
    readonly at: Date;
    readonly latency: number[];
    readonly reasons: Partial<Record<DiagnosisCode, number>>;
  };

/** What a connect's minutes since `from` come to, in buckets of so many seconds, by the bucket's beginning in milliseconds. */
export async function sumMinutes(
  scope: AccountScope,
  connectId: ConnectId,
  from: Date,
  bucketSeconds: number,
): Promise<ReadonlyMap<number, AttemptSums>> {
  const rows = await scope.query<SummedRow>(
    `with minutes as materialized (
       select date_bin(make_interval(secs => $4), minute, $3::timestamptz) as at, * from connect_minutes
       where account_id = $1 and connect_id = $2 and minute >= $3
     ), latencies as (
       select at, array_agg(count order by n) as latency from (
         select at, n, sum(count)::int as count from minutes, unnest(latency) with ordinality as l (count, n) group by at, n
       ) summed group by at
     ), reasons as (
       select at, jsonb_object_agg(code, count) as reasons from (
         select at, key as code, sum(value::int) as count from minutes, jsonb_each_text(reasons) group by at, key
       ) summed group by at
     ), sums as (
       select at, ${ends.map((name) => `sum(${name})::int as ${name}`).join(", ")},
         ${timedSteps.map((step) => `sum(${step}_ms) as ${step}_ms, sum(${step}_count)::int as ${step}_count`).join(", ")}
       from minutes group by at
     )
     select sums.*, latency, coalesce(reasons, '{}') as reasons
     from sums join latencies using (at) left join reasons using (at)`,
    [connectId, from, bucketSeconds],
  );
  return new Map(rows.map((row) => [row.at.getTime(), sumsOf(row)]));
}

function sumsOf(row: SummedRow): AttemptSums {
  const sums = noAttempts();
  for (const end of ends) sums.ends[end] = row[end];
  for (const step of timedSteps) sums.steps[step] = { ms: row[`${step}_ms`], calls: row[`${step}_count`] };
  for (const [code, count] of Object.entries(row.reasons)) sums.reasons.set(code as DiagnosisCode, count);
  return { ...sums, latency: row.latency };
}

export type EndsByHour = { readonly connect_id: ConnectId; readonly at: Date } & Readonly<
  Record<(typeof ends)[number], number>
>;

/** The ends of every connect's attempts since `from`, by the hour. */
export async function endsByHour(scope: AccountScope, from: Date): Promise<EndsByHour[]> {
  return scope.query<EndsByHour>(
    `select c.id as connect_id, hours.* from connects c cross join lateral (
       select date_bin('1 hour', minute, $2::timestamptz) as at, ${ends.map((name) => `sum(${name})::int as ${name}`).join(", ")}
       from connect_minutes where account_id = $1 and connect_id = c.id and minute >= $2 group by 1
     ) hours
     where c.account_id = $1 and c.deleted_at is null order by c.id, hours.at`,
    [from],
  );
}

/** Deletes minutes that are older, along connect_minutes_age. Crosses accounts: housekeeping. */
export async function dropOldMinutes(db: Queryable, retentionDays: number): Promise<void> {
  await db.query("delete from connect_minutes where minute < now() - make_interval(days => $1)", [retentionDays]);
}
