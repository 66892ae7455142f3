import type { Call } from "../contracts/delivery.ts";
import type { Answer, Timing } from "../core/exchange.ts";
import type { RequestPlan } from "../core/request.ts";
import { maskText, type Text } from "../core/text.ts";
import type { Mask } from "./mask-secrets.ts";
import type { HeaderPairs, WireRequest } from "./wire-request.ts";

/** How much of each body is kept in the logs (spec 3 Logs). */
const bodyBytesKept = 65_536;

/** What a redirect changed of the plan: everything else is shown as planned. */
export type Shown = { readonly plan: RequestPlan; readonly redirected: WireRequest | null };

/**
 * The masked record of one request and its answer: secrets are masked at their places in the plan whatever their length,
 * and by their value everywhere else, before anything is cut.
 * @param sentHeaders names and values of what was sent besides the plan's headers.
 */
export function recordCall(
  { plan, redirected }: Shown,
  sentHeaders: HeaderPairs,
  answer: Answer | null,
  timing: Timing,
  { mask, answerCut }: { readonly mask: Mask; readonly answerCut: boolean },
): Call {
  const show = (text: Text): string => storable(mask(maskText(text)));
  const planned = plan.headers.map(({ name, value }): [string, string] => [
    storable(name),
    neverMasked.test(name) ? storable(maskText(value)) : show(value),
  ]);
  const besides = sentHeaders
    .filter(([name]) => !planned.some(([other]) => other.toLowerCase() === name.toLowerCase()))
    .map(([name, value]) => maskHeader([name, value], mask));
  const body = plan.body === null || redirected?.body === null ? null : cut(show(plan.body));
  return {
    request: {
      method: redirected?.method ?? plan.method,
      url: redirected === null ? show(plan.url) : storable(mask(redirected.url.href)),
      headers: [...planned, ...besides].filter(
        ([name]) => redirected === null || redirected.body !== null || !/^content-/i.test(name),
      ),
      body: body?.text ?? null,
      ...(body?.truncated === true ? { truncated: true } : {}),
    },
    status: answer?.status ?? null,
    timing,
    response: answer === null ? null : recordAnswer(answer, mask, answerCut),
  };
}

function recordAnswer(answer: Answer, mask: Mask, answerCut: boolean): Call["response"] {
  const incomplete = answer.truncated || answerCut;
  const body = cut(storable(mask(lenientText(answer), { cut: incomplete })));
  return {
    headers: answer.headers.map((pair) => maskHeader(pair, mask)),
    body: body.text,
    truncated: answer.truncated || body.truncated,
  };
}

/** They hold no secret, and a value that happens to be one elsewhere must not hide what was sent or what came. */
const neverMasked = /^(?:content-type|accept)$/i;

function maskHeader([name, value]: readonly [string, string], mask: Mask): [string, string] {
  return [storable(mask(name)), storable(neverMasked.test(name) ? value : mask(value))];
}

/** The body as text in the charset it claims, or UTF-8, with � where bytes make no sense. For showing, not for reading. */
function lenientText({ headers, body }: Answer): string {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const byteOrder = body[0] === 0xff && body[1] === 0xfe ? "utf-16le" : body[0] === 0xfe && body[1] === 0xff ? "utf-16be" : null; // prettier-ignore
  const label = byteOrder ?? /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1] ?? "utf-8";
  if (/^utf-?8$/i.test(label)) return utf8.decode(body);
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    return utf8.decode(body); // an unknown charset
  }
}

const utf8 = new TextDecoder();

/** PostgreSQL's jsonb takes neither U+0000 nor half a surrogate pair. */
function storable(text: string): string {
  if (!text.includes("\0") && text.isWellFormed()) return text;
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}

/** The first 64 KiB in UTF-8, never within a character. */
function cut(text: string): { text: string; truncated: boolean } {
  if (text.length * 3 <= bodyBytesKept) return { text, truncated: false };
  const bytes = Buffer.from(text);
  if (bytes.length <= bodyBytesKept) return { text, truncated: false };
  let end = bodyBytesKept;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return { text: bytes.toString("utf8", 0, end), truncated: true };
}
