import { z } from "zod";

/** What the answer means. `discarded` is a person's decision, never an answer's. */
export const outcomes = ["accepted", "rejected", "duplicate", "failed", "discarded"] as const;
export const Outcome = z.enum(outcomes);
export type Outcome = z.infer<typeof Outcome>;

/** Where a delivery is. `waiting` covers the first attempt and every later one. */
export const deliveryStates = ["waiting", "sending", "held", "settled"] as const;
export const DeliveryState = z.enum(deliveryStates);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** How one attempt ended: an outcome, *again* (by schedule), or *held* (for the connect or a person). */
export const AttemptOutcome = z.enum(["accepted", "rejected", "duplicate", "failed", "again", "held"]);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

/**
 * Why a delivery is held:
 * connect_off – the connect is not active; credentials – 401, 403 or 407, until the connect is saved anew;
 * answer_lost – the answer was lost and the connect says "hold for a person";
 * paused – a person paused the connect; breaker – the connect paused itself, since the vendor fails or refuses the
 * credentials. These two are the connect's own state: its deliveries wait where they are.
 */
export const HoldReason = z.enum(["connect_off", "credentials", "answer_lost", "paused", "breaker"]);
export type HoldReason = z.infer<typeof HoldReason>;

/**
 * What the order of a lead's deliveries did to one:
 * out_of_order – it kept the lead's others waiting too long, so that they no longer wait for it;
 * superseded – a newer one for the same lead took its place, and it was discarded.
 */
export const DeliveryRemark = z.enum(["out_of_order", "superseded"]);
export type DeliveryRemark = z.infer<typeof DeliveryRemark>;

/** Spec 3, Diagnosis, in the order in which the first that applies is chosen. */
export const diagnosisCodes = [
  "dns_not_found",
  "blocked_address",
  "connection_refused",
  "connect_timeout",
  "tls_untrusted",
  "tls_expired",
  "tls_hostname",
  "tls_protocol",
  "response_timeout",
  "connection_reset",
  "not_http",
  "bad_encoding",
  "redirect_refused",
  "http_401",
  "http_403",
  "http_404",
  "http_405",
  "http_407",
  "http_415",
  "http_429",
  "http_4xx",
  "http_5xx",
  "empty_body",
  "response_type_mismatch",
  "not_json",
  "not_xml",
  "body_too_large",
  "key_missing",
  "value_null",
  "value_differs",
  "mapping_empty",
  "required_value_missing",
  "payload_too_large",
  "gave_up",
] as const;
export const DiagnosisCode = z.enum(diagnosisCodes);
export type DiagnosisCode = z.infer<typeof DiagnosisCode>;

/** The settings and rows a fix can lead to; the page opens them by this name. */
export const FixTarget = z.enum([
  "api_url",
  "api_authentication",
  "authorization_header",
  "request_method",
  "post_data_type",
  "response_data_type",
  "delimiter",
  "response_key",
  "adaptor_id",
  "timeout_seconds",
  "follow_redirects",
  "if_answer_lost",
]);
export type FixTarget = z.infer<typeof FixTarget>;

/** Beside every `null` or failure: a code, one sentence, one thing to do, and where to do it. */
export const Diagnosis = z.object({
  code: DiagnosisCode,
  message: z.string(),
  fix: z.string(),
  setting: FixTarget.optional(),
});
export type Diagnosis = z.infer<typeof Diagnosis>;
