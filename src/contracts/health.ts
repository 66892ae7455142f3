import { z } from "zod";
import { ConnectId } from "./ids.ts";
import { AttemptOutcome, DiagnosisCode, HoldReason } from "./outcome.ts";

/** How far back a connect's health is told, in hours. */
export const healthHours = [1, 24, 168] as const;
export type HealthHours = (typeof healthHours)[number];

/** The steps of a call, in their order; `rest` is reading the answer. */
export const callSteps = ["dns", "connect", "tls", "first_byte", "rest"] as const;
const CallStep = z.enum(callSteps);
export type CallStep = z.infer<typeof CallStep>;

/** How many attempts ended in each way. A delivery that is retried has several; a test counts nowhere. */
const EndCounts = z.object({
  accepted: z.number().int(),
  rejected: z.number().int(),
  duplicate: z.number().int(),
  failed: z.number().int(),
  again: z.number().int(),
  held: z.number().int(),
});
export type EndCounts = z.infer<typeof EndCounts>;

/** Milliseconds by which half, and 95 of 100, calls had ended; null: no call was made. */
const Latency = z.object({ p50_ms: z.number().nullable(), p95_ms: z.number().nullable() });

const HealthBucket = z.object({ at: z.iso.datetime(), ends: EndCounts, latency: Latency });
export type HealthBucket = z.infer<typeof HealthBucket>;

const Breaker = z.enum(["closed", "open", "refused"]);
export type Breaker = z.infer<typeof Breaker>;

const StepTime = z.object({
  step: CallStep,
  /** Of the calls in which it happened; null: in none. */
  average_ms: z.number().nullable(),
  calls: z.number().int(),
  /** Of the whole time of all calls, 0–1. */
  share: z.number(),
});
export type StepTime = z.infer<typeof StepTime>;

/** Counted up to 10,000, where counting would take long; `oldest_at`: when the oldest of those counted was planned. */
const Queue = z.object({ count: z.number().int(), oldest_at: z.iso.datetime().nullable() });

/** What the Health tab shows. Numbers are up to 10 seconds behind. */
export const ConnectHealth = z.object({
  hours: z.number().int(),
  bucket_seconds: z.number().int(),
  /** One after the other without a gap, the last one under way. */
  buckets: z.array(HealthBucket),
  ends: EndCounts,
  /** Attempts that ended in one of these ways. */
  attempts: z.number().int(),
  /** Of all attempts, those the vendor accepted, 0–1; null: there was none. */
  success_rate: z.number().nullable(),
  latency: Latency,
  timing: z.array(StepTime),
  /** Why attempts failed, go again or are held, the most frequent first. */
  reasons: z.array(z.object({ code: DiagnosisCode, count: z.number().int() })),
  /** Breaker openings and closings, newest first, the last 50 whenever they were. */
  breaker_changes: z.array(z.object({ at: z.iso.datetime(), breaker: Breaker, because: z.string() })),
  waiting: Queue,
  sending: z.number().int(),
  held: Queue.extend({
    /** All that waits, where the connect itself is paused, by a person or by its breaker. */
    because: z.array(HoldReason),
  }),
});
export type ConnectHealth = z.infer<typeof ConnectHealth>;

/** A connect's last 24 hours, oldest first: how many attempts, and the worst end among them. */
export const ConnectHours = z.object({
  id: ConnectId,
  hours: z.array(z.object({ attempts: z.number().int(), worst: AttemptOutcome.nullable() })),
});
export type ConnectHours = z.infer<typeof ConnectHours>;
