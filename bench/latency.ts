// How long after an event was sent it is at the vendor, at a fixed rate far below what can be taken. Spec 7, at 200/s: p50
// at most 5 ms, p95 20, p99 50. The yardstick under the same load stands beside it. Events are sent
// whatever the answers take, so that a stall is not hidden by what could not be sent meanwhile.
import { eventBody, type EventKind } from "./parts/busy-account.ts";
import { startClockedVendor } from "./parts/clocked-vendor.ts";
import { flags } from "./parts/flags.ts";
import { measureLatency } from "./parts/open-loop.ts";
import { openPatchbay } from "./parts/patchbay-side.ts";
import { medians, record } from "./parts/record.ts";
import { inTurn } from "./parts/round.ts";
import { openYardstick, withStage } from "./parts/stage.ts";

const options = flags({ rounds: 5, seconds: 15, "warm-up": 3, rate: 200, events: "call.dispositioned,x.sale" });
const kinds = options.events.split(",") as EventKind[];
const bar = { p50_ms: 5, p95_ms: 20, p99_ms: 50 };

await withStage(async (stage) => {
  await using bareVendor = await startClockedVendor();
  await using vendor = await startClockedVendor();
  await using yardstick = await openYardstick(stage, bareVendor.port);
  const leads = options.rate * (options.seconds + options["warm-up"]);
  await using patchbay = await openPatchbay(stage, "patchbay", { concurrency: 32, leads, vendorPort: vendor.port });
  const { account } = patchbay;
  const load = (kind: EventKind) => ({
    perSecond: options.rate,
    seconds: options.seconds,
    warmUpSeconds: options["warm-up"],
    body: eventBody(kind, account.campaignId),
    leads: kind === "x.sale" ? account.leads.long : account.leads.short,
  });
  const rounds = await inTurn(["yardstick", ...kinds] as const, options.rounds, (name) =>
    name === "yardstick"
      ? measureLatency(yardstick.targets[0]!, bareVendor, load(kinds[0]!))
      : measureLatency(patchbay.targets[0]!, vendor, load(name)),
  );
  const all = Object.fromEntries(Object.entries(rounds).map(([name, of]) => [name, medians(of)]));
  record("latency", {
    load: `${options.rate} events a second, one a request; the vendor answers at once with 1 KB`,
    rounds: `${options.rounds} of ${options.seconds} s after ${options["warm-up"]} s, in turn; medians`,
    bar,
    ...all,
  });
  const missed = kinds.some((kind) => (["p50_ms", "p95_ms", "p99_ms"] as const).some((at) => all[kind]![at] > bar[at]));
  if (missed) process.exitCode = 1;
});
