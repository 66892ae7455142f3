// What a delivery costs in processor time when two processes share a database, against one on its own. Spec 7: at most
// 1.2 times. Both run the whole time, on two databases of one server, and get their rounds in turn.
import { eventBody, type EventKind } from "./parts/busy-account.ts";
import { flags } from "./parts/flags.ts";
import { openPatchbay } from "./parts/patchbay-side.ts";
import { median, medians, record, rounded } from "./parts/record.ts";
import { inTurn, measureRound } from "./parts/round.ts";
import { withStage } from "./parts/stage.ts";

const options = flags({
  rounds: 5,
  seconds: 12,
  "warm-up": 4,
  connections: 64,
  concurrency: 128,
  leads: 60_000,
  owed: 2_000,
  event: "call.dispositioned",
});
const kind = options.event as EventKind;

await withStage(async (stage) => {
  await using one = await openPatchbay(stage, "patchbay", options);
  await using two = await openPatchbay(stage, "patchbay_two", { ...options, processes: 2 });
  const sides = { one, two };
  const rounds = await inTurn(["one", "two"] as const, options.rounds, (name) => {
    const { account } = sides[name];
    return measureRound(stage, sides[name], {
      warmUpSeconds: options["warm-up"],
      seconds: options.seconds,
      inFlight: options.connections,
      owedMax: options.owed,
      body: eventBody(kind, account.campaignId),
      leads: kind === "x.sale" ? account.leads.long : account.leads.short,
    });
  });
  const cost = ({ app_cpu_us, postgres_cpu_us }: (typeof rounds)["one"][number]): number =>
    app_cpu_us + postgres_cpu_us;
  const ratios = rounds.two.map((both, at) => rounded(cost(both) / cost(rounds.one[at]!)));
  record("two-processes", {
    load: `${options.connections} requests in flight over all processes, one event (${kind}) each; ${options.owed} owed at most; the vendor answers at once with 1 KB`,
    connect: `order per lead, concurrency ${options.concurrency} over all processes, ${options.leads} leads, ten rows`,
    rounds: `${options.rounds} of ${options.seconds} s after ${options["warm-up"]} s, in turn; medians; microseconds and bytes are a delivery's`,
    bar: "processor time of Node and PostgreSQL a delivery at most 1.2 of one process's",
    cpu_ratio: median(ratios),
    cpu_ratios: ratios,
    one: medians(rounds.one),
    two: medians(rounds.two),
  });
  if (median(ratios) > 1.2) process.exitCode = 1;
});
