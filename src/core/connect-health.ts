import type { ConnectHealth, EndCounts, HealthHours, StepTime } from "../contracts/health.ts";
import { callSteps } from "../contracts/health.ts";
import type { AttemptOutcome } from "../contracts/outcome.ts";
import { addSums, attemptsIn, noAttempts, type AttemptSums } from "./attempt-sums.ts";
import { latencyQuantile } from "./latency.ts";

export type HealthRange = {
  readonly hours: HealthHours;
  readonly from: Date;
  readonly bucketSeconds: number;
  readonly count: number;
};

/** The buckets of a range that ends now: whole ones since 1970, the last one under way. */
export function healthRange(hours: HealthHours, now: Date): HealthRange {
  const { seconds, count } = layouts[hours];
  const last = Math.floor(now.getTime() / (seconds * 1000));
  return { hours, from: new Date((last - count + 1) * seconds * 1000), bucketSeconds: seconds, count };
}

/** 60, 48 and 56 bars. */
const layouts: Record<HealthHours, { seconds: number; count: number }> = {
  1: { seconds: 60, count: 60 },
  24: { seconds: 1_800, count: 48 },
  168: { seconds: 10_800, count: 56 },
};

type Measured = Omit<ConnectHealth, "breaker_changes" | "waiting" | "sending" | "held">;

/** What the sums of a range's buckets tell. `sums` by the bucket's beginning; those without attempts may be missing. */
export function connectHealth(range: HealthRange, sums: ReadonlyMap<number, AttemptSums>): Measured {
  const whole = noAttempts();
  for (const one of sums.values()) addSums(whole, one);
  const attempts = attemptsIn(whole);
  return {
    hours: range.hours,
    bucket_seconds: range.bucketSeconds,
    buckets: Array.from({ length: range.count }, (_, at) => {
      const ms = range.from.getTime() + at * range.bucketSeconds * 1000;
      const own = sums.get(ms) ?? noAttempts();
      return { at: new Date(ms).toISOString(), ends: own.ends, latency: latencyOf(own) };
    }),
    ends: whole.ends,
    attempts,
    success_rate: attempts === 0 ? null : whole.ends.accepted / attempts,
    latency: latencyOf(whole),
    timing: timingOf(whole),
    reasons: [...whole.reasons].map(([code, count]) => ({ code, count })).toSorted((a, b) => b.count - a.count),
  };
}

const latencyOf = ({ latency }: AttemptSums) => ({
  p50_ms: latencyQuantile(latency, 0.5),
  p95_ms: latencyQuantile(latency, 0.95),
});

/** Where the time of the calls went, step by step; what no step accounts for was reading the answer. */
function timingOf({ steps }: AttemptSums): StepTime[] {
  const { dns, connect, tls, first_byte, total } = steps;
  const known = dns.ms + connect.ms + tls.ms + first_byte.ms;
  const rest = { ms: Math.max(0, total.ms - known), calls: total.calls };
  const whole = known + rest.ms;
  const of = { dns, connect, tls, first_byte, rest };
  return callSteps.map((step) => {
    const { ms, calls } = of[step];
    return { step, average_ms: calls === 0 ? null : ms / calls, calls, share: whole === 0 ? 0 : ms / whole };
  });
}

const worstFirst: readonly AttemptOutcome[] = ["failed", "held", "again", "rejected", "duplicate", "accepted"];

/** The end that deserves a look before the others; null: nothing ended. */
export function worstEnd(ends: EndCounts): AttemptOutcome | null {
  return worstFirst.find((end) => ends[end] > 0) ?? null;
}
