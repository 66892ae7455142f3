import { limits } from "../contracts/limits.ts";
import type { Fault } from "../core/exchange.ts";
import type { RequestPlan } from "../core/request.ts";
import { sentHeaders, type HeaderPair } from "../core/sent-headers.ts";
import type { Text } from "../core/text.ts";
import { notSent } from "./dial-fault.ts";
import { fillSecrets } from "./fill-secrets.ts";

/** A request as it is written to a socket, secrets and all: never logged, never stored. */
export type WireRequest = {
  readonly method: string;
  readonly url: URL;
  /** `https://api.example.com:8443` */
  readonly origin: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Path and query. */
  readonly path: string;
  /** Values are bytes written as Latin-1, as HTTP/1.1 carries them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | null;
};

export type HeaderPairs = readonly HeaderPair[];

/**
 * The plan with its secrets filled in, ready to send; or why it can't be sent, as a fault. A user and password in the URL
 * become an Authorization header (RFC 7617) unless the plan has one.
 * @param extraHeaders sent unless the plan has a header of that name.
 */
export function wireRequest(
  plan: RequestPlan,
  secrets: Readonly<Record<string, string>>,
  extraHeaders: HeaderPairs,
): { readonly ok: true; readonly value: WireRequest } | { readonly ok: false; readonly fault: Fault } {
  const missing: string[] = [];
  let tooLarge = false;
  const fill = (text: Text): string => {
    const filled = fillSecrets(text, secrets);
    if (filled.ok) return filled.value;
    if ("missing" in filled) missing.push(filled.missing);
    else tooLarge = true;
    return "";
  };
  const address = fill(plan.url);
  const body = plan.body === null ? null : Buffer.from(fill(plan.body));
  const planned = plan.headers.map(({ name, value }) => [name, fill(value)] as const);
  if (missing.length > 0)
    return notSent("required_value_missing", `a secret is no longer stored: ${missing.join(", ")}`);
  if (tooLarge || Buffer.byteLength(address) + (body?.length ?? 0) > limits.payloadBytesMax)
    return notSent("payload_too_large", "its secrets, filled in, pass it");

  const url = URL.parse(address);
  if (url === null) return notSent("dns_not_found", "the address to call can't be read");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return notSent("blocked_address", `only http and https are called, not ${url.protocol}`);

  const login = basicLogin(url);
  const headers = sentHeaders(
    planned.filter(([name]) => !ofTheConnection.test(name)),
    [...(login === null ? [] : [login]), ...extraHeaders],
  ).map(([name, value]) => [name, latin1(value)] as const);
  for (const [name, value] of headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      return notSent("required_value_missing", `"${name}" can't be the name of a header`);
    const at = value.search(/[^\t\x20-\x7e\x80-\xff]/);
    if (at >= 0)
      return notSent(
        "required_value_missing",
        `the header ${name} holds a line break or control character (at ${at + 1}), which no header can carry`,
      );
  }
  return { ok: true, value: { ...whereTo(url), method: plan.method, headers, body } };
}

/** The parts of a URL that sending needs; its user, password and fragment are not among them. */
export function whereTo(address: URL): Pick<WireRequest, "url" | "origin" | "host" | "port" | "secure" | "path"> {
  const { username, password, hash } = address;
  const url = username + password + hash === "" ? address : new URL(address);
  if (url !== address) url.username = url.password = url.hash = "";
  const secure = url.protocol === "https:";
  return {
    url,
    origin: url.origin,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (secure ? 443 : 80),
    secure,
    path: url.pathname + url.search,
  };
}

/** Spec 3 D drops these with a warning when a connect is saved; here nothing can bring them back. */
const ofTheConnection =
  /^(?:content-length|host|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-.*)$/i;

function basicLogin({ username, password }: URL): [string, string] | null {
  if (username === "" && password === "") return null;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return ["Authorization", `Basic ${Buffer.from(pair).toString("base64")}`];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Text beyond ASCII travels as UTF-8 bytes, as curl sends it. */
function latin1(value: string): string {
  return /\P{ASCII}/u.test(value) ? Buffer.from(value).toString("latin1") : value;
}
