// Deliveries a second, at the vendor: events told over HTTP one by one, each decided on by a workflow, mapped, delivered
// and logged; against the yardstick, which has the same load, an equal vendor and the same database server. Spec 7: at
// least half of it. Both sides run the whole time and get their rounds in turn: yardstick, dispositions, own events, …
import type pg from "pg";
import { eventBody, type EventKind } from "./parts/busy-account.ts";
import { flags } from "./parts/flags.ts";
import { openPatchbay } from "./parts/patchbay-side.ts";
import { median, medians, record, rounded } from "./parts/record.ts";
import { inTurn, measureRound } from "./parts/round.ts";
import { openYardstick, withStage } from "./parts/stage.ts";

const options = flags({
  rounds: 5,
  seconds: 12,
  "warm-up": 4,
  connections: 64,
  concurrency: 128,
  leads: 60_000,
  owed: 2_000,
  events: "call.dispositioned,x.sale",
});
const kinds = options.events.split(",") as EventKind[];

await withStage(async (stage) => {
  await using yardstick = await openYardstick(stage);
  await using patchbay = await openPatchbay(stage, "patchbay", options);
  const { account } = patchbay;
  const load = (kind: EventKind) => ({
    warmUpSeconds: options["warm-up"],
    seconds: options.seconds,
    inFlight: options.connections,
    owedMax: options.owed,
    body: eventBody(kind, account.campaignId),
    leads: kind === "x.sale" ? account.leads.long : account.leads.short,
  });
  const rounds = await inTurn(["yardstick", ...kinds] as const, options.rounds, (name) =>
    name === "yardstick" ? measureRound(stage, yardstick, load(kinds[0]!)) : measureRound(stage, patchbay, load(name)),
  );
  const ratios = (kind: EventKind): number[] =>
    rounds[kind].map((one, at) => rounded(one.deliveries_per_s / rounds.yardstick[at]!.deliveries_per_s));
  record("throughput", {
    load: `${options.connections} requests in flight, one event of ${load(kinds[0]!).body.length} bytes each; ${options.owed} owed at most; the vendor answers at once with 1 KB`,
    connect: `order per lead, concurrency ${options.concurrency}, ${options.leads} leads, ten rows`,
    rounds: `${options.rounds} of ${options.seconds} s after ${options["warm-up"]} s, in turn; medians; microseconds and bytes are a delivery's`,
    bar: "at least 0.5 of the yardstick",
    ratio: Object.fromEntries(kinds.map((kind) => [kind, median(ratios(kind))])),
    ratios: Object.fromEntries(kinds.map((kind) => [kind, ratios(kind)])),
    ...Object.fromEntries(Object.entries(rounds).map(([name, all]) => [name, medians(all)])),
    tables_bytes_per_delivery: await tablesPerDelivery(patchbay.database),
  });
  if (kinds.some((kind) => median(ratios(kind)) < 0.5)) process.exitCode = 1;
});

/** What the tables and their indexes have come to, by the delivery; a table of partitions in one line. */
async function tablesPerDelivery(db: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await db.query<{ name: string; bytes: number }>(
    `select coalesce(i.inhparent::regclass, c.oid::regclass)::text as name,
       round(sum(pg_total_relation_size(c.oid)) / (select count(*) from deliveries))::int as bytes
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
     group by 1 having sum(pg_total_relation_size(c.oid)) > 1000000 order by 2 desc`,
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
}
