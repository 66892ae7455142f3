// What one connect's bad vendor costs another connect: how long after an event its delivery is at the vendor, at a fixed
// rate, alone; while 100,000 deliveries of the other connect wait for a vendor that hangs until the time-out; and while
// they wait for one that answers 500. Spec 7: p95 rises by at most 10 %.
import { setTimeout as sleep } from "node:timers/promises";
import { backlogOf } from "./parts/backlog-of.ts";
import { startBadVendor } from "./parts/bad-vendor.ts";
import { eventBody } from "./parts/busy-account.ts";
import { startClockedVendor } from "./parts/clocked-vendor.ts";
import { flags } from "./parts/flags.ts";
import { measureLatency } from "./parts/open-loop.ts";
import { openPatchbay } from "./parts/patchbay-side.ts";
import { median, medians, record, rounded } from "./parts/record.ts";
import { inTurn } from "./parts/round.ts";
import { withStage } from "./parts/stage.ts";

const options = flags({ rounds: 5, seconds: 15, "warm-up": 5, rate: 200, rows: 100_000, timeout: 10 });
const kinds = ["alone", "hanging", "failing"] as const;

await withStage(async (stage) => {
  await using vendor = await startClockedVendor();
  await using bad = await startBadVendor();
  const leads = options.rate * (options.seconds + options["warm-up"]);
  await using patchbay = await openPatchbay(stage, "patchbay", { concurrency: 32, leads, vendorPort: vendor.port });
  const backlog = await backlogOf(patchbay, {
    name: "Bad",
    api_url: `http://127.0.0.1:${bad.port}/leads`,
    timeout_seconds: options.timeout,
  });
  const load = {
    perSecond: options.rate,
    seconds: options.seconds,
    warmUpSeconds: options["warm-up"],
    body: eventBody("x.sale", patchbay.account.campaignId),
    leads: patchbay.account.leads.long,
  };
  const rounds = await inTurn(kinds, options.rounds, async (kind) => {
    bad.hangs = kind === "hanging";
    const before = bad.requests;
    if (kind !== "alone") await backlog.add(options.rows, { dueInSeconds: 0 });
    await stage.admin.query("checkpoint");
    const latency = await measureLatency(patchbay.targets[0]!, vendor, load);
    const asked = bad.requests - before;
    if (kind !== "alone" && asked === 0) throw new Error("the bad vendor was asked nothing");
    bad.letGo();
    await backlog.remove();
    await sleep(1_000);
    return { ...latency, bad_vendor_asked: asked };
  });
  const ratio = (kind: "hanging" | "failing"): number =>
    median(rounds[kind].map((one, at) => rounded(one.p95_ms / rounds.alone[at]!.p95_ms)));
  const ratios = { hanging: ratio("hanging"), failing: ratio("failing") };
  record("isolation", {
    load: `${options.rate} events a second for one connect; ${options.rows} deliveries due of another, concurrency 32, time-out ${options.timeout} s`,
    rounds: `${options.rounds} of ${options.seconds} s after ${options["warm-up"]} s, in turn; medians, and the ratio of p95 pair by pair`,
    bar: "p95 at most 1.1 of its own alone",
    p95_ratio: ratios,
    ...Object.fromEntries(kinds.map((kind) => [kind, medians(rounds[kind])])),
  });
  if (Math.max(...Object.values(ratios)) > 1.1) process.exitCode = 1;
});
