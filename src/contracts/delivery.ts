import { z } from "zod";
import { AdaptorId, ConnectId, DeliveryId, EventId, LeadId } from "./ids.ts";
import {
  AttemptOutcome,
  DeliveryRemark,
  DeliveryState,
  Diagnosis,
  DiagnosisCode,
  HoldReason,
  Outcome,
} from "./outcome.ts";

/** Milliseconds; null where the step did not happen. */
const CallTiming = z.object({
  dns_ms: z.number().nullable(),
  connect_ms: z.number().nullable(),
  tls_ms: z.number().nullable(),
  first_byte_ms: z.number().nullable(),
  total_ms: z.number(),
});

/** One HTTP request and its answer, secrets masked. */
export const Call = z.object({
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: z.array(z.tuple([z.string(), z.string()])),
    body: z.string().nullable(),
    /** The body is longer than what is kept of it. */
    truncated: z.boolean().optional(),
  }),
  status: z.number().int().nullable(),
  timing: CallTiming,
  response: z
    .object({
      headers: z.array(z.tuple([z.string(), z.string()])),
      body: z.string(),
      truncated: z.boolean(),
    })
    .nullable(),
});
export type Call = z.infer<typeof Call>;

export const Attempt = z.object({
  number: z.number().int(),
  started_at: z.iso.datetime(),
  outcome: AttemptOutcome,
  result: z.string().nullable(),
  diagnosis: Diagnosis.nullable(),
  /** Remarks on the answer, such as what the tolerant JSON reader let pass. */
  notes: z.array(z.string()),
  calls: z.array(Call),
});
export type Attempt = z.infer<typeof Attempt>;

export const Delivery = z.object({
  id: DeliveryId,
  /** id null: a test of settings that were never saved. */
  connect: z.object({ id: ConnectId.nullable(), name: z.string() }),
  lead_id: LeadId.nullable(),
  phone_number: z.string(),
  /** The event's type: `lead.created`, `lead.sent`, `test`. */
  event: z.string(),
  state: DeliveryState,
  held_because: HoldReason.nullable(),
  outcome: Outcome.nullable(),
  /** null: the systems failed to talk. First 1,000 characters. */
  result: z.string().nullable(),
  http_status: z.number().int().nullable(),
  diagnosis: Diagnosis.nullable(),
  remark: DeliveryRemark.nullable(),
  attempts: z.number().int(),
  test: z.boolean(),
  created_at: z.iso.datetime(),
  duration_ms: z.number().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryStory = Delivery.extend({
  /** What happened, in one sentence. */
  headline: z.string(),
  event_id: EventId,
  attempts_log: z.array(Attempt),
  /** A time-out or reset after sending, a crash or a stop: the vendor may have received it more than once. */
  maybe_sent_twice: z.boolean(),
  next_attempt_at: z.iso.datetime().nullable(),
  /** An earlier delivery of the same lead goes first. */
  behind: z.boolean(),
  give_up_at: z.iso.datetime(),
  /** All that holds it now: ending one hold does not end the others. Empty where it isn't held. */
  holds: z.array(HoldReason),
  /** Its connect is gone: nothing of it can be sent again. */
  connect_deleted: z.boolean(),
  /** What it was mapped by, where that is still there. */
  adaptor: z.object({ id: AdaptorId, name: z.string() }).nullable(),
  revisions: z.object({
    connect: z.number().int(),
    adaptor: z.number().int().nullable(),
    workflow: z.number().int().nullable(),
  }),
});
export type DeliveryStory = z.infer<typeof DeliveryStory>;

export const deliveryPageSizes = [20, 50, 100, 200, 500, 1000] as const;
/** A query's boolean. */
const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

/** Diagnosis codes with commas between them: `http_404,http_405`. */
const codes = z
  .string()
  .max(1000)
  .refine((text) => text.split(",").every((code) => DiagnosisCode.safeParse(code).success), {
    error: "write diagnosis codes with commas between them, such as http_404,http_405",
  });

/** Spec 3, Logs: filters. `result` is exact, or a prefix with a trailing `*`. */
export const DeliveryFilter = z.object({
  connect: ConnectId.optional(),
  outcome: Outcome.optional(),
  state: DeliveryState.optional(),
  test: flag.optional(),
  phone: z.string().max(40).optional(),
  lead_id: LeadId.optional(),
  result: z.string().max(1000).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Why it failed, or waits. */
  diagnosis: codes.optional(),
  /** Only settled ones, and settled before. */
  settled_before: z.iso.datetime({ offset: true }).optional(),
});
export type DeliveryFilter = z.infer<typeof DeliveryFilter>;
