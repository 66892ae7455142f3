import type { Answer } from "../core/exchange.ts";
import type { Mask } from "./mask-secrets.ts";
import { whereTo, type WireRequest } from "./wire-request.ts";

export type Redirect =
  | { readonly kind: "none" }
  | { readonly kind: "follow"; readonly request: WireRequest }
  | { readonly kind: "refused"; readonly detail: string };

const hopsMax = 3;

/**
 * What an answer's redirect asks for. Only the same origin is followed, since the credentials were given for that one.
 * As browsers do (Fetch 4.4, RFC 9110 15.4): 307 and 308 keep method and body; 301 and 302 turn a POST, 303 everything,
 * into a GET without body. A 3xx without a Location that can be read is an answer like any other.
 * @param hops redirects followed before this one.
 */
export function followRedirect(request: WireRequest, answer: Answer, hops: number, mask: Mask): Redirect {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return { kind: "none" };
  const location = answer.headers.find(([name]) => name.toLowerCase() === "location")?.[1] ?? null;
  const url = location === null ? null : URL.parse(location, request.url);
  if (location === null || url === null) return { kind: "none" };
  if (url.origin !== request.origin) {
    // in Punycode nobody would find a secret, and everybody could read it
    const hidden = url.host.includes("xn--") && mask(location) !== location;
    const to = hidden || url.origin === "null" ? url.protocol : url.origin;
    const detail = `the vendor sends the call on to ${to}, another origin than ${request.origin}`;
    return { kind: "refused", detail };
  }
  if (hops >= hopsMax) return { kind: "refused", detail: `the vendor redirects more than ${hopsMax} times` };
  const becomesGet =
    answer.status === 303 || (request.method === "POST" && (answer.status === 301 || answer.status === 302));
  const next = { ...request, ...whereTo(url) };
  if (!becomesGet) return { kind: "follow", request: next };
  const headers = request.headers.filter(([name]) => !/^content-/i.test(name));
  return { kind: "follow", request: { ...next, method: "GET", headers, body: null } };
}
