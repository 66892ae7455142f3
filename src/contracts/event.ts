import { z } from "zod";
import { LeadInput } from "./lead.ts";
import { callTypes, DiallerEventType } from "./workflow.ts";

/** A name of the dialler's: a positive integer is an id, anything else a code. An unknown code is stored and the thing added. */
const Reference = z.union([z.number().int().positive(), z.string().trim().min(1).max(100)]);
const text = z.string().max(4000);
const count = z.union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?$/, "write a number")]).transform(Number);
/** ISO 8601 with `Z` or an offset; or `Y-m-d H:i:s` in the account's zone. */
const EventTime = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/,
    "write a time such as 2024-03-15T14:30:00Z, or 2024-03-15 14:30:00 in the account's zone",
  );

/** What the dialler knows of the call. Without a `call_id`, the call of the lead that is under way is meant, or a new one. */
const EventCall = z.strictObject({
  call_id: text.min(1).max(200).optional(),
  campaign: Reference.optional(),
  queue: Reference.optional(),
  agent: Reference.optional(),
  originating_agent: Reference.optional(),
  inbound_number: text.optional(),
  caller_id: text.optional(),
  phone_number: text.optional(),
  status: z.string().trim().min(1).max(100).optional(),
  call_type: z.enum(callTypes).optional(),
  term_reason: text.optional(),
  queue_seconds: count.optional(),
  queue_position: count.optional(),
  length_in_sec: count.optional(),
  call_date: EventTime.optional(),
  agent_comment: text.optional(),
  recording: text.optional(),
});
export type EventCall = z.infer<typeof EventCall>;

/** One event of `POST /v1/events` (spec 5.2). Unknown keys are refused by name, so that a typing error is not lost. */
export const EventInput = z
  .strictObject({
    /** The same id again within 7 days is answered as before and does nothing. */
    id: z.string().min(1).max(200).optional(),
    type: DiallerEventType,
    at: EventTime.optional(),
    lead_id: z
      .union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,14}$/, "write the lead's id, a whole number")])
      .transform(Number)
      .optional(),
    phone_number: z
      .union([z.string().min(1).max(40), z.number().int().positive()])
      .transform(String)
      .optional(),
    /** The lead itself, as `leads/insert` takes it; made when it is not known. */
    lead: LeadInput.optional(),
    call: EventCall.optional(),
    callback: z.strictObject({ at: EventTime, agent: Reference.optional(), comments: text.optional() }).optional(),
    /** Of `email.opened`: the e-mail template's id, which workflows may be about. */
    email_template: z.number().int().positive().optional(),
    data: z.record(z.string().max(100), z.json()).optional(),
  })
  .superRefine((event, context) => {
    if (event.lead_id === undefined && event.phone_number === undefined && event.lead === undefined)
      context.addIssue({
        code: "custom",
        path: ["lead_id"],
        message: "name the lead by lead_id, phone_number or lead",
      });
    if (/^call\.(re)?dispositioned$/.test(event.type) && event.call?.status === undefined)
      context.addIssue({ code: "custom", path: ["call", "status"], message: "a disposition needs its status" });
    if (event.type === "callback.scheduled" && event.callback === undefined)
      context.addIssue({ code: "custom", path: ["callback"], message: "a callback needs its time: callback.at" });
  });
export type EventInput = z.infer<typeof EventInput>;

/** The answer's line for one event. */
export const EventResult = z.union([
  z.object({ id: z.string(), stored: z.literal(true) }),
  z.object({ stored: z.literal(false), code: z.union([z.string(), z.number()]), error: z.string(), path: z.string() }),
]);
export type EventResult = z.infer<typeof EventResult>;
