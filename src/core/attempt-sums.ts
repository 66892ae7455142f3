import type { Call } from "../contracts/delivery.ts";
import type { AttemptOutcome, DiagnosisCode, Outcome } from "../contracts/outcome.ts";
import { latencyBucket, noLatencies } from "./latency.ts";

/** How an attempt ended; `discarded`: nothing was tried, since a person had decided so. */
export type AttemptEnding = AttemptOutcome | Outcome;

/** Steps whose time is kept of a call. */
export const timedSteps = ["dns", "connect", "tls", "first_byte", "total"] as const;
export type TimedStep = (typeof timedSteps)[number];

/** What many attempts come to. Added up in place: one is made for thousands of attempts a second. */
export type AttemptSums = {
  readonly ends: Record<AttemptOutcome, number>;
  /** By the buckets of latency.ts; attempts that made no call are in none. */
  readonly latency: number[];
  readonly steps: Record<TimedStep, { ms: number; calls: number }>;
  /** Why they did not get through. */
  readonly reasons: Map<DiagnosisCode, number>;
};

export function noAttempts(): AttemptSums {
  return {
    ends: { accepted: 0, rejected: 0, duplicate: 0, failed: 0, again: 0, held: 0 },
    latency: noLatencies(),
    steps: { dns: none(), connect: none(), tls: none(), first_byte: none(), total: none() },
    reasons: new Map(),
  };
}

const none = () => ({ ms: 0, calls: 0 });

export type SummedAttempt = {
  readonly end: AttemptEnding;
  readonly durationMs: number;
  /** Of the call that decided; null: none was made. */
  readonly timing: Call["timing"] | null;
  readonly code: DiagnosisCode | null;
};

/** Adds one attempt. What was discarded says nothing about the connect, and counts nowhere. */
export function addAttempt(sums: AttemptSums, { end, durationMs, timing, code }: SummedAttempt): void {
  if (end === "discarded") return;
  sums.ends[end]++;
  // a no is the vendor's answer: it came in nobody's way
  if (code !== null && (end === "failed" || end === "again" || end === "held"))
    sums.reasons.set(code, (sums.reasons.get(code) ?? 0) + 1);
  if (timing === null) return;
  sums.latency[latencyBucket(durationMs)]!++;
  const { dns_ms, connect_ms, tls_ms, total_ms } = timing;
  // no byte came: all the waiting was for the first
  const first_byte_ms =
    timing.first_byte_ms ?? Math.max(0, total_ms - (dns_ms ?? 0) - (connect_ms ?? 0) - (tls_ms ?? 0));
  const { steps } = sums;
  addStep(steps.dns, dns_ms);
  addStep(steps.connect, connect_ms);
  addStep(steps.tls, tls_ms);
  addStep(steps.first_byte, first_byte_ms);
  addStep(steps.total, total_ms);
}

function addStep(step: { ms: number; calls: number }, ms: number | null): void {
  if (ms === null) return;
  step.ms += ms;
  step.calls++;
}

/** Adds what others come to. */
export function addSums(sums: AttemptSums, others: AttemptSums): void {
  for (const end of Object.keys(sums.ends) as AttemptOutcome[]) sums.ends[end] += others.ends[end];
  for (const [at, count] of others.latency.entries()) sums.latency[at]! += count;
  for (const step of timedSteps) {
    sums.steps[step].ms += others.steps[step].ms;
    sums.steps[step].calls += others.steps[step].calls;
  }
  for (const [code, count] of others.reasons) sums.reasons.set(code, (sums.reasons.get(code) ?? 0) + count);
}

export const attemptsIn = ({ ends }: Pick<AttemptSums, "ends">): number =>
  Object.values(ends).reduce((sum, count) => sum + count, 0);
