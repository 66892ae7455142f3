import type { DiagnosisCode } from "../contracts/outcome.ts";

/** What keeps a call from being answered, as `outbound` saw it. A subset of the diagnosis codes. */
export type FaultCode = Extract<
  DiagnosisCode,
  | "dns_not_found"
  | "blocked_address"
  | "connection_refused"
  | "connect_timeout"
  | "tls_untrusted"
  | "tls_expired"
  | "tls_hostname"
  | "tls_protocol"
  | "response_timeout"
  | "connection_reset"
  | "not_http"
  | "bad_encoding"
  | "redirect_refused"
  // Nothing was sent: a secret is no longer stored, or a header's value can't be carried.
  | "required_value_missing"
  // Nothing was sent: with its secrets filled in, the request is larger than is built.
  | "payload_too_large"
>;

export type Fault = {
  readonly code: FaultCode;
  /** The particulars in words, without secrets: the host, the address, the certificate's name, the limit. */
  readonly detail: string;
  /** The vendor may have received the request: something was sent and no whole answer came. */
  readonly answerLost: boolean;
};

/** Milliseconds; null where the step did not happen (a kept connection has no DNS, connect or TLS). */
export type Timing = {
  readonly dns_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly total_ms: number;
};

/** What came back for one request, decompressed, cut at the cap. */
export type Answer = {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** The body was longer than the cap and the rest was not read. */
  readonly truncated: boolean;
};

/** One request and how it ended. A fault may come with the part of the answer that was read before it. */
export type Exchange = {
  readonly answer: Answer | null;
  readonly fault: Fault | null;
  readonly timing: Timing;
};
