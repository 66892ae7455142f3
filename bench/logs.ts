// The logs with 10,000,000 deliveries of 60 days: how long a page takes through the API, by filter; the newest page, and
// one from the middle. Spec 7: 200 ms at p95. Then whether storing is slower than in a database with empty logs: both get
// rounds of the same load in turn. As far as they fit, tables lie in the page cache.
import { eventBody } from "./parts/busy-account.ts";
import { fillLogs } from "./parts/fill-logs.ts";
import { flags } from "./parts/flags.ts";
import { logQuestions, type Question } from "./parts/log-questions.ts";
import { openPatchbay, type PatchbaySide } from "./parts/patchbay-side.ts";
import { median, medians, percentile, record, rounded } from "./parts/record.ts";
import { inTurn, measureRound } from "./parts/round.ts";
import { withStage } from "./parts/stage.ts";

const options = flags({
  rows: 10_000_000,
  days: 60,
  connects: 20,
  times: 40,
  /** Of one question, after which it is asked no more. */
  "most-seconds": 20,
  rounds: 3,
  seconds: 12,
  "warm-up": 4,
  connections: 64,
  concurrency: 128,
  leads: 60_000,
  owed: 2_000,
});
const barMs = 200;

await withStage(async (stage) => {
  await using full = await openPatchbay(stage, "patchbay", options);
  const load = (side: typeof full, seconds: number) => ({
    warmUpSeconds: options["warm-up"],
    seconds,
    inFlight: options.connections,
    owedMax: options.owed,
    body: eventBody("call.dispositioned", side.account.campaignId),
    leads: side.account.leads.short,
  });
  // so that there is a delivery to copy
  await measureRound(stage, full, load(full, 1));
  const connects = await addConnects(full);
  const began = performance.now();
  await fillLogs(full.database, { ...options, connects });
  const filled = await sizeOf(full.database);
  process.stderr.write(`filled in ${Math.round((performance.now() - began) / 1000)} s: ${JSON.stringify(filled)}\n`);

  const pages: Record<string, Asked> = {};
  const questions = logQuestions(connects);
  for (const [name, question] of Object.entries(questions)) {
    pages[name] = await ask("/api/deliveries", question);
    process.stderr.write(`${name} ${JSON.stringify(pages[name])}\n`);
  }
  const counts: Record<string, Asked> = {};
  for (const name of ["everything", "connect: half of all", "result: none", "a day"])
    counts[name] = await ask("/api/deliveries/counts", questions[name]!);

  await using empty = await openPatchbay(stage, "patchbay_empty", options);
  await addConnects(empty); // the same settings on both
  const sides = { empty, full };
  const rounds = await inTurn(["empty", "full"] as const, options.rounds, (name) =>
    measureRound(stage, sides[name], load(sides[name], options.seconds)),
  );
  const ratios = rounds.full.map((one, at) => rounded(one.deliveries_per_s / rounds.empty[at]!.deliveries_per_s));
  const slow = Object.entries(pages).filter(([, { p95_ms, failed }]) => p95_ms > barMs || failed > 0);
  record("logs", {
    logs: `${options.rows} deliveries of ${options.days} days and ${options.connects} connects; pages of 50`,
    bar: `a page at most ${barMs} ms at p95; storing no slower than with empty logs`,
    slow: slow.map(([name]) => name),
    worst_p95_ms: Math.max(...Object.values(pages).map(({ p95_ms }) => p95_ms)),
    storing_ratio: median(ratios),
    storing_ratios: ratios,
    storing: { empty: medians(rounds.empty), full: medians(rounds.full) },
    bytes: filled,
    pages,
    counts,
  });
  if (slow.length > 0 || median(ratios) < 0.95) process.exitCode = 1;

  async function ask(path: string, question: Question): Promise<Asked> {
    const times: number[] = [];
    let rows = 0;
    let failed = 0;
    const until = performance.now() + options["most-seconds"] * 1000;
    for (let n = 0; n < options.times && performance.now() < until; n++) {
      const url = `${full.patchbays[0]!.url}${path}?${new URLSearchParams(question(n)).toString()}`;
      const from = performance.now();
      const response = await fetch(url, { headers: { authorization: `Bearer ${full.account.secret}` } });
      const body = (await response.json()) as { items?: unknown[] };
      times.push(performance.now() - from);
      if (response.status !== 200) failed++;
      rows += body.items?.length ?? 0;
    }
    const rowsEach = Math.round(rows / times.length);
    return { p50_ms: percentile(times, 0.5), p95_ms: percentile(times, 0.95), times: times.length, rows: rowsEach, failed }; // prettier-ignore
  }
});

async function addConnects(side: PatchbaySide): Promise<number[]> {
  const connects: number[] = [];
  for (let n = 1; n <= options.connects; n++)
    connects.push(await side.addConnect({ name: `Connect ${n}`, api_url: "https://vendor.example.com" }, `x.c${n}`));
  return connects;
}

type Asked = { readonly p50_ms: number; readonly p95_ms: number; readonly times: number; readonly rows: number; readonly failed: number }; // prettier-ignore

/** Of the logs' tables and each kind of their indexes, in megabytes. */
async function sizeOf(db: { query: (sql: string) => Promise<{ rows: unknown[] }> }): Promise<Record<string, number>> {
  const { rows } = await db.query(
    `select coalesce(ip.inhparent::regclass::text, 'table') as name,
       (sum(pg_relation_size(coalesce(i.indexrelid, t.inhrelid))) / 1e6)::int as megabytes
     from pg_inherits t
     left join (select indrelid, indexrelid from pg_index union all select inhrelid, null from pg_inherits) i on i.indrelid = t.inhrelid
     left join pg_inherits ip on ip.inhrelid = i.indexrelid
     where t.inhparent = 'deliveries'::regclass group by 1 order by 2 desc`,
  );
  return Object.fromEntries((rows as { name: string; megabytes: number }[]).map((row) => [row.name, row.megabytes]));
}
