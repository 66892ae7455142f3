import { limits } from "../contracts/limits.ts";
import type { Diagnosis, DiagnosisCode, FixTarget } from "../contracts/outcome.ts";
import type { FaultCode } from "./exchange.ts";
import type { Looks } from "./looks-like.ts";
import { shownSize } from "./shown-measure.ts";

/** Which of the connect's credentials went with the request. */
export type CredentialsSent = {
  readonly authentication: boolean;
  readonly authorization: boolean;
  /** The address vendors see, when it is known. */
  readonly callsFrom: string | null;
};

type Refused = CredentialsSent & { readonly status: 401 | 403 | 407 };
type Unreadable = {
  readonly looks: Looks;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  readonly ended: boolean;
  /** How the answer begins; quoted when it is plain text. */
  readonly opening: string;
};

type Nothing = Readonly<Record<string, never>>;

/** What each diagnosis needs to be put in words. Every text is masked and cut already, and becomes part of a sentence. */
export type Particulars = Record<
  Exclude<FaultCode, "redirect_refused" | "payload_too_large">,
  { readonly detail: string }
> & {
  redirect_refused: { readonly detail: string; readonly following?: boolean };
  /** `detail`: what passed the limit; `setting`: where it stands, the adaptor unless it says otherwise. */
  payload_too_large: { readonly detail: string; readonly setting?: FixTarget };
  http_401: Refused;
  http_403: Refused;
  http_407: Refused;
  http_404: Nothing;
  http_405: { readonly method: string | null };
  http_415: { readonly contentType: string | null };
  /** The wait the vendor asked for, in words. */
  http_429: { readonly wait: string | null };
  http_4xx: { readonly status: number };
  http_5xx: { readonly status: number };
  empty_body: Nothing;
  response_type_mismatch: { readonly chosen: "JSON" | "XML" | "TEXT"; readonly is: "JSON" | "XML" };
  not_json: Unreadable;
  not_xml: Unreadable;
  /** The size up to which answers are read, in words. */
  body_too_large: { readonly limit: string };
  /** `where` is the part of the path that exists; empty: the answer itself. `there` says what stands there. */
  key_missing: { readonly key: string; readonly where: string; readonly there: string };
  value_null: { readonly key: string };
  value_differs: { readonly key: string; readonly value: string; readonly demand: string };
  mapping_empty: Nothing;
  /** `last`: what the last attempt said, with what to do about it and where; null: it said nothing, or there was none. */
  gave_up: {
    readonly attempts: number;
    readonly last: string | null;
    readonly fix?: string | undefined;
    readonly setting?: FixTarget | undefined;
  };
};

/** A code in words: what is so, in one sentence, and the one thing to do, with the setting where it is done. */
export function diagnose<Code extends DiagnosisCode>(code: Code, particulars: Particulars[Code]): Diagnosis {
  const [message, fix, setting] = words[code](particulars);
  return { code, message, fix, ...(setting === undefined ? {} : { setting }) };
}

type Words = readonly [message: string, fix: string, setting?: FixTarget];

const words: { readonly [Code in DiagnosisCode]: (particulars: Particulars[Code]) => Words } = {
  dns_not_found: ({ detail }) => [
    `The vendor's host is not found${because(detail)}`,
    "Check the spelling of the host in API URL (B)",
    "api_url",
  ],
  blocked_address: ({ detail }) => [
    `Patchbay does not call this address${because(detail)}`,
    "Put the vendor's public address into API URL (B), or have the operator allow it in PATCHBAY_ALLOW_HOSTS",
    "api_url",
  ],
  connection_refused: ({ detail }) => [
    `The vendor's server refuses connections${because(detail)}`,
    "Check host and port in API URL (B); when they are right, ask the vendor whether its server is up",
    "api_url",
  ],
  connect_timeout: ({ detail }) => [
    `The vendor's server did not take the connection in time${because(detail)}`,
    "Check host and port in API URL (B); when they are right, ask the vendor whether a firewall keeps this server out",
    "api_url",
  ],
  tls_untrusted: ({ detail }) => [
    `The vendor's certificate is not trusted${because(detail)}`,
    "Ask the vendor for a certificate from a public authority, with its whole chain",
    "api_url",
  ],
  tls_expired: ({ detail }) => [
    `The vendor's certificate is out of date${because(detail)}`,
    "Ask the vendor to renew its certificate",
    "api_url",
  ],
  tls_hostname: ({ detail }) => [
    `The vendor's certificate is for another host${because(detail)}`,
    "Put the host that the certificate names into API URL (B)",
    "api_url",
  ],
  tls_protocol: ({ detail }) => [
    `Patchbay and the vendor's server speak different protocols${because(detail)}`,
    "Change http:// to https:// in API URL (B), or the other way round, or correct the port",
    "api_url",
  ],
  response_timeout: ({ detail }) => [
    `The vendor did not answer in time${because(detail)}`,
    "Raise Timeout when the vendor is known to be slow; otherwise ask the vendor what keeps it",
    "timeout_seconds",
  ],
  connection_reset: ({ detail }) => [
    `The vendor closed the connection before its answer was whole${because(detail)}`,
    "Ask the vendor why its server closes the connection, when this goes on",
  ],
  not_http: ({ detail }) => [
    `What the vendor's server answered is not HTTP${because(detail)}`,
    "Check scheme and port in API URL (B)",
    "api_url",
  ],
  bad_encoding: ({ detail }) => [
    `The answer's encoding can't be undone${because(detail)}`,
    "Ask the vendor to send UTF-8, and to name the charset and compression it uses",
  ],
  redirect_refused: ({ detail, following }) => [
    `The vendor points to another address, and Patchbay did not go there${because(detail)}`,
    following === true
      ? "Put the address it points to into API URL (B)"
      : "Put the address it points to into API URL (B), or switch on Follow redirects",
    "api_url",
  ],
  http_401: refused,
  http_403: refused,
  http_407: refused,
  http_404: () => [
    "The vendor knows nothing at this address (404)",
    "Compare the path in API URL (B) with the vendor's documentation",
    "api_url",
  ],
  http_405: ({ method }) => [
    `The vendor does not take ${method ?? "this method"} at this address (405)`,
    "Choose the Request Method (E) that the vendor's documentation names",
    "request_method",
  ],
  http_415: ({ contentType }) => [
    `The vendor does not take ${contentType ?? "a request without a content type"} (415)`,
    "Choose another Post Data Type, or name the content type in Authorization Header (D)",
    "post_data_type",
  ],
  http_429: ({ wait }) => [
    `The vendor asks to slow down (429)${wait === null ? "" : `, and to wait ${wait}`}`,
    "Ask the vendor how many requests it allows, when this goes on",
  ],
  http_4xx: ({ status }) =>
    status === 408 || status === 425
      ? [
          `The vendor could not take the request just now (${status})`,
          "Ask the vendor what keeps it, when this goes on",
        ]
      : [
          `The vendor refused the request (${status})`,
          "Read the vendor's answer: it usually names the field; then correct that row of the adaptor",
          "adaptor_id",
        ],
  http_5xx: ({ status }) => [
    `The vendor's server failed (${status})`,
    "Show the vendor this request and its answer, when this goes on",
  ],
  empty_body: () => [
    "The vendor's answer is empty, and Response Key (I) has nothing to read",
    "Clear Response Key (I) when this vendor answers nothing",
    "response_key",
  ],
  response_type_mismatch: ({ chosen, is }) => [
    `You chose ${chosen}, the answer is ${is}`,
    `Set Response Data Type (F) to ${is}`,
    "response_data_type",
  ],
  not_json: (trouble) => unreadable("JSON", trouble),
  not_xml: (trouble) => unreadable("XML", trouble),
  body_too_large: ({ limit }) => [
    `The vendor's answer is larger than ${limit}, and what was read is not the whole`,
    "Ask the vendor for a shorter answer, or for a parameter that makes it so",
    "api_url",
  ],
  key_missing: ({ key, where, there }) => [
    `\`${key}\` is missing. ${where === "" ? "The answer" : `\`${where}\``} ${there}`,
    "Name a key that the answer has in Response Key (I)",
    "response_key",
  ],
  value_null: ({ key }) => [
    `\`${key}\` is null in the vendor's answer`,
    "Name another key in Response Key (I), or ask the vendor why this one is empty",
    "response_key",
  ],
  value_differs: ({ key, value, demand }) => [
    `${key === "" ? "The answer" : `\`${key}\``} is \`${value}\`, and Response Key (I) demands \`${demand}\``,
    "Read the vendor's answer for its reason; when this value is fine too, change Response Key (I)",
    "response_key",
  ],
  mapping_empty: () => [
    "The adaptor leaves nothing to send for this lead",
    "Fill in Mapped to for a row that has a value",
    "adaptor_id",
  ],
  required_value_missing: ({ detail }) => {
    const [fix, setting] = whereMissing(detail);
    return [`The request lacks a value that it needs${because(detail)}`, fix, setting];
  },
  payload_too_large: ({ detail, setting }) => [
    `What would be sent is larger than ${shownSize(limits.payloadBytesMax)}${because(detail)}`,
    "Use fewer places or shorter values there, or shorten the lead's value",
    setting ?? "adaptor_id",
  ],
  gave_up: ({ attempts, last, fix, setting }) => {
    if (attempts === 0)
      return [
        "Patchbay gave up before a first attempt: Give up after had run out",
        "See that the connect is on and not paused, then retry it",
      ];
    const message = `Patchbay gave up after ${attempts === 1 ? "1 attempt" : `${attempts} attempts`}${because(last ?? "")}`;
    if (last === null) return [message, "Ask the vendor whether it takes leads again, then retry it"];
    const toDo = `${fix ?? "Put right what the last attempt says"}; then retry it`;
    return setting === undefined ? [message, toDo] : [message, toDo, setting];
  },
};

/** A missing secret is named by its place: `static.api_token` is an adaptor's, `api_url.key` stands in API URL. */
function whereMissing(detail: string): [fix: string, setting: FixTarget] {
  const place = /\b(static|api_url|api_authentication|authorization_header)\.(\S[^,]*)/.exec(detail);
  if (place?.[1] === "static") return [`Type the value of ${place[2]} into its row of the adaptor again`, "adaptor_id"];
  if (place?.[1] === "api_url") return ["Type the secret into API URL (B) again", "api_url"];
  if (place?.[1] === "api_authentication") return ["Type it into Api Authentication (C) again", "api_authentication"];
  return ["Type the header into Authorization Header (D) again", "authorization_header"];
}

const because = (detail: string): string => (detail === "" ? "" : `: ${detail}`);

function refused({ status, authentication, authorization, callsFrom }: Refused): Words {
  const sent = authorization
    ? `Authorization Header (D)${authentication ? " and Api Authentication (C)" : ""}`
    : "Api Authentication (C)";
  const addresses =
    callsFrom === null
      ? "it may also allow only known addresses"
      : `it may also allow only known addresses, and this server calls from ${callsFrom}`;
  if (!authorization && !authentication) {
    return [
      `The vendor wants credentials, and none were sent: it answered ${status}; ${addresses}`,
      "Put the vendor's token into Authorization Header (D) or Api Authentication (C)",
      "authorization_header",
    ];
  }
  return [
    `The vendor refused the credentials: it answered ${status} to ${sent}; ${addresses}`,
    `Put a new token into ${authorization ? "Authorization Header (D)" : "Api Authentication (C)"}`,
    authorization ? "authorization_header" : "api_authentication",
  ];
}

function unreadable(chosen: "JSON" | "XML", { looks, line, column, problem, ended, opening }: Unreadable): Words {
  if (looks === "sign_in_page") return ["The vendor answered HTML, probably a sign-in page", wrongAddress, "api_url"];
  if (looks === "web_page") return ["The vendor answered HTML, a page made for people", wrongAddress, "api_url"];
  if (looks === "bytes") return [`The answer is bytes, not ${chosen}`, wrongAddress, "api_url"];
  if (looks === "text") {
    const message = `The answer is plain text, not ${chosen}: "${opening}"`;
    return [message, "Set Response Data Type (F) to TEXT", "response_data_type"];
  }
  const kind = looks === "json" ? "JSON" : "XML";
  const what = ended
    ? `The answer is cut off within its ${kind}, at`
    : `The answer looks like ${kind} and can't be read at`;
  return [
    `${what} line ${line}, column ${column}: ${problem}`,
    "Show the vendor this answer, or set Response Data Type (F) to TEXT",
    "response_data_type",
  ];
}

const wrongAddress = "Check that API URL (B) is the address of the vendor's API, not of a page";
