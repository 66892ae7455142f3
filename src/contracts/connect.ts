import { z } from "zod";
import { Duration } from "./duration.ts";
import { AdaptorId, ConnectId } from "./ids.ts";
import { DiagnosisCode, HoldReason, Outcome } from "./outcome.ts";

const requestMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export const RequestMethod = z.enum(requestMethods);
export type RequestMethod = z.infer<typeof RequestMethod>;
export const ResponseDataType = z.enum(["JSON", "XML", "TEXT"]);
export type ResponseDataType = z.infer<typeof ResponseDataType>;
const PostDataType = z.enum(["RAW", "JSON"]);
export const ApiIntegrator = z.enum(["None"]);
export type ApiIntegrator = z.infer<typeof ApiIntegrator>;

/** What stands where a stored secret is. Typed back unchanged, it keeps what is stored. */
export const secretMask = "••••••••";

/** Spec 7: waits after the first, second, … failed attempt. After the last, every 24 h until *give up after*. */
export const defaultRetrySchedule: readonly Duration[] = [
  "5s", "30s", "2m", "10m", "30m", "1h", "2h", "4h", "8h", "12h",
]; // prettier-ignore

export const Retry = z.union([
  z.literal("default"),
  z.literal("off"),
  z.strictObject({ schedule: z.array(Duration).min(1).max(50) }),
]);
export type Retry = z.infer<typeof Retry>;

const DeliveryOrder = z.enum(["per_lead", "newest_wins", "none"]);
export type DeliveryOrder = z.infer<typeof DeliveryOrder>;

/** Spec 3, Settings. Texts that hold secrets show them as ••••••••. What the text rules refuse is named by path. */
export const ConnectSettings = z.strictObject({
  name: z.string().trim().min(1, "give the connect a name").max(100),
  api_url: z.string().trim().min(1, "fill in the vendor's address").max(4000),
  api_authentication: z.string().max(4000).default(""),
  authorization_header: z.string().max(8000).default(""),
  request_method: RequestMethod,
  /** GET only. */
  get_mode: z.enum(["send"]).default("send"),
  post_data_type: PostDataType.default("JSON"),
  response_data_type: ResponseDataType.default("JSON"),
  api_integrator: ApiIntegrator.default("None"),
  delimiter: z.string().max(10).default(""),
  response_key: z.string().max(500).default(""),
  adaptor_id: AdaptorId.nullable().default(null),
  active: z.boolean().default(true),
  timeout_seconds: z.number().int().min(1).max(120).default(30),
  give_up_after: Duration.default("8d"),
  if_answer_lost: z.enum(["send_again", "hold"]).default("send_again"),
  /** Up to 3, to the same origin. */
  follow_redirects: z.boolean().default(false),
  retry: Retry.default("default"),
  /** Calls under way at once, over all processes. */
  concurrency: z.number().int().min(1).max(1000).default(32),
  /** No second, wherever it begins, sees more; null: no limit. */
  rate: z
    .strictObject({ per_second: z.number().min(0.01).max(5000) })
    .nullable()
    .default(null),
  /** Within one lead: one after the other; only the newest; as they come. */
  order: DeliveryOrder.default("per_lead"),
  /** Connects that name the same group keep one order among them; empty: the connect itself. */
  order_group: z.string().trim().max(100).default(""),
  /** How long a delivery that fails keeps the lead's next ones waiting. */
  keep_order_for: Duration.default("10m"),
});
export type ConnectSettings = z.infer<typeof ConnectSettings>;

/** How a connect stands at run time, apart from its settings: paused by a person, or by itself. */
export const ConnectStanding = z.object({
  paused_at: z.iso.datetime().nullable(),
  paused_by: z.string().nullable(),
  /** open – too many failures, one delivery is tried from time to time; refused – the credentials were. */
  breaker: z.enum(["closed", "open", "refused"]),
  breaker_since: z.iso.datetime().nullable(),
  breaker_because: z.string().nullable(),
  /** While the breaker is open: when one delivery is tried next. */
  probe_at: z.iso.datetime().nullable(),
});
export type ConnectStanding = z.infer<typeof ConnectStanding>;

/** What the page shows on Show Connect. */
export const ConnectSummary = z.object({
  id: ConnectId,
  name: z.string(),
  api_url: z.string(),
  request_method: RequestMethod,
  active: z.boolean(),
  adaptor: z.object({ id: AdaptorId, name: z.string() }).nullable(),
  /** Empty: the connect itself. */
  order_group: z.string(),
  standing: ConnectStanding,
  /** Held deliveries by reason; absent reasons are zero. No more than 10,000 are counted, of those waiting neither. */
  held: z.partialRecord(HoldReason, z.number().int()),
  waiting: z.number().int(),
  last: z
    .object({
      outcome: Outcome.nullable(),
      result: z.string().nullable(),
      diagnosis: DiagnosisCode.nullable(),
      at: z.iso.datetime(),
    })
    .nullable(),
  /** Nothing but tests was sent so far. */
  tested_only: z.boolean(),
  saved_at: z.iso.datetime(),
});
export type ConnectSummary = z.infer<typeof ConnectSummary>;

export const Warning = z.object({ path: z.string(), message: z.string() });
export type Warning = z.infer<typeof Warning>;

export const Connect = ConnectSettings.extend({
  id: ConnectId,
  revision: z.number().int(),
  saved_at: z.iso.datetime(),
  standing: ConnectStanding,
  /** What was understood but deserves a look: a dropped header, a bare token. */
  warnings: z.array(Warning),
});
export type Connect = z.infer<typeof Connect>;

/** What becomes of held deliveries when a connect is switched on or deleted. */
export const HeldChoice = z.union([
  z.literal("send_all"),
  z.literal("discard"),
  z.strictObject({ newer_than: Duration }),
]);
export type HeldChoice = z.infer<typeof HeldChoice>;

export const HeldWork = z.object({
  count: z.number().int(),
  oldest_at: z.iso.datetime().nullable(),
});
export type HeldWork = z.infer<typeof HeldWork>;
