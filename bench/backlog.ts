// What 1,000,000 waiting deliveries cost: memory of Node and PostgreSQL together (spec 7: under 600 MB), and throughput
// against an empty queue's (within 20 %). Two Patchbays on two databases of one server get their rounds in turn; one has
// the backlog of a second connect: held as for a connect that is off; due later; or all due, with a vendor that hangs.
// `drain`: all due, with a vendor that answers; then the backlog is what is delivered, and no events are told.
import { setTimeout as sleep } from "node:timers/promises";
import { backlogOf } from "./parts/backlog-of.ts";
import { startBadVendor } from "./parts/bad-vendor.ts";
import { eventBody } from "./parts/busy-account.ts";
import { flags } from "./parts/flags.ts";
import { openPatchbay } from "./parts/patchbay-side.ts";
import { startSink } from "./parts/processes.ts";
import { median, medians, record, rounded } from "./parts/record.ts";
import { inTurn, measureRound } from "./parts/round.ts";
import { cpuSeconds, postgresCpuSeconds, pssMegabytes } from "./parts/spent.ts";
import { withStage } from "./parts/stage.ts";

const options = flags({
  rounds: 3,
  seconds: 12,
  "warm-up": 4,
  connections: 64,
  concurrency: 128,
  leads: 60_000,
  owed: 2_000,
  rows: 1_000_000,
  kinds: "held,later,due,drain",
});
const ways = { held: "held", later: { dueInSeconds: 86_400 }, due: { dueInSeconds: 0 } } as const;

await withStage(async (stage) => {
  await using empty = await openPatchbay(stage, "patchbay_empty", options);
  await using full = await openPatchbay(stage, "patchbay", options);
  await using hanging = await startBadVendor();
  hanging.hangs = true;
  await using drained = await startSink();
  const backlog = await backlogOf(full, { name: "Waiting", api_url: `http://127.0.0.1:${hanging.port}/leads` });
  const toDrain = await backlogOf(full, {
    name: "Draining",
    api_url: `http://127.0.0.1:${drained.port}/leads`,
    concurrency: options.concurrency,
  });
  /** Node and PostgreSQL, without the connections of the other database. */
  const memory = async () => {
    const { rows } = await stage.admin.query<{ pid: number }>(
      "select pid from pg_stat_activity where datname is distinct from 'patchbay_empty'",
    );
    const node = Math.round(pssMegabytes(full.pids));
    const postgres = Math.round(pssMegabytes([stage.postmaster, ...rows.map(({ pid }) => pid)]));
    return { node_mb: node, postgres_mb: postgres, both_mb: node + postgres };
  };
  const load = (side: typeof full) => ({
    warmUpSeconds: options["warm-up"],
    seconds: options.seconds,
    inFlight: options.connections,
    owedMax: options.owed,
    body: eventBody("call.dispositioned", side.account.campaignId),
    leads: side.account.leads.short,
  });

  const measured: Record<string, object> = {};
  for (const kind of options.kinds.split(",") as (keyof typeof ways | "drain")[]) {
    const began = performance.now();
    await (kind === "drain" ? toDrain.add(options.rows, ways.due) : backlog.add(options.rows, ways[kind]));
    const filled_s = Math.round((performance.now() - began) / 1000);
    process.stderr.write(`${kind}: ${options.rows} rows in ${filled_s} s\n`);
    if (kind === "drain") {
      await sleep(options["warm-up"] * 1000);
      const look = async () => ({
        at: performance.now(),
        count: await drained.count(),
        app: full.pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
        postgres: postgresCpuSeconds(stage.postmaster),
      });
      const from = await look();
      await sleep(options.seconds * options.rounds * 1000);
      const to = await look();
      const count = to.count - from.count;
      measured[kind] = {
        deliveries_per_s: Math.round((count / (to.at - from.at)) * 1000),
        app_cpu_us: Math.round(((to.app - from.app) / count) * 1e6),
        postgres_cpu_us: Math.round(((to.postgres - from.postgres) / count) * 1e6),
        memory: await memory(),
      };
      await toDrain.remove();
      continue;
    }
    let most: Awaited<ReturnType<typeof memory>> | null = null;
    const rounds = await inTurn(["empty", "full"] as const, options.rounds, async (name) => {
      const round = await measureRound(stage, name === "empty" ? empty : full, {
        ...load(name === "empty" ? empty : full),
        look: async () => {
          const now = await memory();
          if (name === "full" && now.both_mb > (most?.both_mb ?? 0)) most = now;
        },
      });
      return round;
    });
    const left = await backlog.count();
    if (left < options.rows * 0.99) throw new Error(`of ${options.rows} waiting deliveries ${left} are left`);
    const ratios = rounds.full.map((one, at) => rounded(one.deliveries_per_s / rounds.empty[at]!.deliveries_per_s));
    measured[kind] = {
      throughput_ratio: median(ratios),
      throughput_ratios: ratios,
      memory: most,
      empty: medians(rounds.empty),
      full: medians(rounds.full),
    };
    hanging.letGo();
    await backlog.remove();
  }
  record("backlog", {
    load: `${options.connections} requests in flight, one disposition each; ${options.owed} owed at most besides the ${options.rows} rows; the vendor answers at once with 1 KB`,
    rounds: `${options.rounds} of ${options.seconds} s after ${options["warm-up"]} s, in turn; medians; memory: PSS, the most seen in the middle of a round`,
    bar: "throughput at least 0.8 of the empty queue's; memory under 600 MB",
    ...measured,
  });
  const missed = Object.values(measured).some((one) => {
    const { throughput_ratio = 1, memory: of } = one as { throughput_ratio?: number; memory: { both_mb: number } };
    return throughput_ratio < 0.8 || of.both_mb >= 600;
  });
  if (missed) process.exitCode = 1;
});
