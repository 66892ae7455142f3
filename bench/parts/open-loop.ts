import { setTimeout as sleep } from "node:timers/promises";
import type { ClockedVendor } from "./clocked-vendor.ts";
import { openLoad, type Target } from "./http-load.ts";
import { percentile } from "./record.ts";

export type Latency = {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly worst_ms: number;
};

type Options = {
  readonly perSecond: number;
  readonly seconds: number;
  /** Of the beginning, which is not counted. */
  readonly warmUpSeconds: number;
  /** With `@lead` and `@number` in it. */
  readonly body: string;
  /** One event each: by its lead it is known again at the vendor. */
  readonly leads: readonly number[];
};

const connections = 64;

/**
 * Sends events at a fixed rate, whatever the answers take, and tells how long after it was sent each was at the vendor.
 * Fails when one does not come within 60 s.
 */
export async function measureLatency(target: Target, vendor: ClockedVendor, options: Options): Promise<Latency> {
  const { perSecond, seconds, warmUpSeconds, body, leads } = options;
  const count = perSecond * (seconds + warmUpSeconds);
  if (leads.length < count) throw new Error(`${count} leads are needed, and there are ${leads.length}`);
  vendor.arrivals.clear();
  const load = openLoad(target, connections);
  const answers: Promise<number>[] = [];
  const sent: number[] = [];
  const begin = performance.now() + 200;
  for (let n = 0; n < count; n++) {
    const wait = begin + (n * 1000) / perSecond - performance.now();
    if (wait > 0) await sleep(wait);
    // from here: when all connections wait for answers, that is part of what is measured
    sent.push(performance.now());
    answers.push(load.post(body.replaceAll("@lead", String(leads[n]!)).replaceAll("@number", String(n))));
  }
  const statuses = new Set(await Promise.all(answers));
  load.close();
  if (statuses.size !== 1 || !statuses.has(202)) throw new Error(`refused, by status: ${[...statuses].join(", ")}`);
  const until = Date.now() + 60_000;
  while (vendor.arrivals.size < count && Date.now() < until) await sleep(20);
  const late = sent.map((at, n) => {
    const arrival = vendor.arrivals.get(leads[n]!);
    if (arrival === undefined) throw new Error(`the event of lead ${leads[n]} did not reach the vendor within 60 s`);
    return arrival - at;
  });
  late.splice(0, perSecond * warmUpSeconds);
  return {
    p50_ms: percentile(late, 0.5),
    p95_ms: percentile(late, 0.95),
    p99_ms: percentile(late, 0.99),
    worst_ms: percentile(late, 1),
  };
}
