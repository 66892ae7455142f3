import type {
  DeliveryRemark,
  DeliveryState,
  Diagnosis,
  DiagnosisCode,
  HoldReason,
  Outcome,
} from "../contracts/outcome.ts";

export type HeadlineSubject = {
  readonly state: DeliveryState;
  readonly held_because: HoldReason | null;
  readonly outcome: Outcome | null;
  readonly diagnosis: Pick<Diagnosis, "code"> | null;
  readonly remark: DeliveryRemark | null;
  /** An earlier delivery of the same lead goes first. */
  readonly behind: boolean;
  /** Attempts made so far. */
  readonly attempts: number;
  /** The connect's name; null: a test of settings that were never saved. */
  readonly connect: string | null;
};

/** What became of a delivery, in one short sentence. Times are left to whoever shows it. */
export function headline(delivery: HeadlineSubject): string {
  return byState[delivery.state](delivery);
}

type Line = (delivery: HeadlineSubject) => string;

const byState: Readonly<Record<DeliveryState, Line>> = {
  waiting: ({ attempts, behind }) =>
    behind
      ? "Waiting for its turn: an earlier delivery of this lead goes first"
      : attempts === 0
        ? "Waiting to be sent"
        : `Waiting for its ${ordinal(attempts + 1)} attempt`,
  sending: ({ attempts, connect }) =>
    attempts === 0 ? `Being sent to ${connect ?? "the vendor"}` : `On its ${ordinal(attempts + 1)} attempt`,
  held: (delivery) => (delivery.held_because === null ? "Held" : byHoldReason[delivery.held_because](delivery)),
  settled: (delivery) => {
    const line = byOutcome[delivery.outcome ?? "failed"](delivery);
    return delivery.remark === "out_of_order" && took(delivery.outcome) ? `${line}, sent out of order` : line;
  },
};

/** The vendor has seen it: where it stands in the lead's order matters. */
const took = (outcome: Outcome | null): boolean =>
  outcome === "accepted" || outcome === "rejected" || outcome === "duplicate";

const byHoldReason: Readonly<Record<HoldReason, Line>> = {
  credentials: () => "The vendor refused the credentials",
  answer_lost: () => "The answer was lost, and a person decides whether to send again",
  connect_off: ({ connect }) => `${connect ?? "The connect"} is switched off`,
  paused: ({ connect }) => `${connect ?? "The connect"} is paused`,
  breaker: ({ connect }) => `${connect ?? "The connect"} is paused by itself`,
};

const byOutcome: Readonly<Record<Outcome, Line>> = {
  accepted: ({ connect }) => `${connect ?? "The vendor"} accepted the lead`,
  rejected: ({ connect }) => `${connect ?? "The vendor"} rejected the lead`,
  duplicate: ({ connect }) => `${connect ?? "The vendor"} has this lead already`,
  failed: ({ diagnosis }) => (diagnosis === null ? "The delivery failed" : headlines[diagnosis.code]),
  discarded: ({ remark }) =>
    remark === "superseded" ? "A newer delivery for this lead took its place" : "Discarded, and not sent",
};

const headlines: Readonly<Record<DiagnosisCode, string>> = {
  dns_not_found: "The vendor's host is not found",
  blocked_address: "Patchbay does not call this address",
  connection_refused: "The vendor's server refuses connections",
  connect_timeout: "The vendor's server can't be reached",
  tls_untrusted: "The vendor's certificate is not trusted",
  tls_expired: "The vendor's certificate is out of date",
  tls_hostname: "The vendor's certificate is for another host",
  tls_protocol: "Patchbay and the vendor's server speak different protocols",
  response_timeout: "The vendor did not answer in time",
  connection_reset: "The vendor closed the connection",
  not_http: "What answered is not a web server",
  bad_encoding: "The answer's encoding can't be undone",
  redirect_refused: "The vendor points to another address",
  http_401: "The vendor refused the credentials",
  http_403: "The vendor refused the credentials",
  http_404: "The vendor knows nothing at this address",
  http_405: "The vendor does not take this method",
  http_407: "The vendor refused the credentials",
  http_415: "The vendor does not take this content type",
  http_429: "The vendor asks to slow down",
  http_4xx: "The vendor refused the request",
  http_5xx: "The vendor's server failed",
  empty_body: "The vendor's answer is empty",
  response_type_mismatch: "The answer is of another type than you chose",
  not_json: "The answer is not JSON",
  not_xml: "The answer is not XML",
  body_too_large: "The vendor's answer is too large",
  key_missing: "The answer lacks what Response Key asks for",
  value_null: "The value in the vendor's answer is null",
  value_differs: "The answer is not the one you demand",
  mapping_empty: "The adaptor leaves nothing to send",
  required_value_missing: "A required value is missing",
  payload_too_large: "What would be sent is too large",
  gave_up: "Patchbay gave up",
};

const words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"] as const;

function ordinal(n: number): string {
  const word = words[n - 1];
  if (word !== undefined) return word;
  const ending = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${ending}`;
}
