import type { Call } from "../contracts/delivery.ts";
import { limits } from "../contracts/limits.ts";
import type { Answer, Timing } from "../core/exchange.ts";
import { maskOpening } from "../core/mask.ts";
import type { RequestPlan } from "../core/request.ts";
import { storableText } from "../core/storable-text.ts";
import { maskText } from "../core/text.ts";
import type { Mask } from "./mask-secrets.ts";
import type { HeaderPairs, WireRequest } from "./wire-request.ts";

/** What a redirect changed of the plan: everything else is shown as planned. */
export type Shown = { readonly plan: RequestPlan; readonly redirected: WireRequest | null };

/**
 * The masked record of one request and its answer: secrets are masked at their places in the plan whatever their length,
 * and by their value everywhere else, in texts that nothing but cutting is done to afterwards.
 * @param sentHeaders names and values of what was sent besides the plan's headers.
 */
export function recordCall(
  { plan, redirected }: Shown,
  sentHeaders: HeaderPairs,
  answer: Answer | null,
  timing: Timing,
  { mask, answerCut }: { readonly mask: Mask; readonly answerCut: boolean },
): Call {
  const show = (text: string): string => mask(storableText(text));
  const planned = plan.headers.map(({ name, value }): [string, string] => [
    show(name),
    openHeader.test(name) ? storableText(maskText(value)) : show(maskText(value)),
  ]);
  const besides = sentHeaders
    .filter(([name]) => !plan.headers.some((header) => header.name.toLowerCase() === name.toLowerCase()))
    .map(([name, value]): [string, string] => [show(name), show(value)]);
  const body = plan.body === null || redirected?.body === null ? null : logged(maskText(plan.body), mask);
  return {
    request: {
      method: redirected?.method ?? plan.method,
      url: show(redirected === null ? maskText(plan.url) : redirected.url.href),
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

/** The admin's own words, open in the connect's settings too: a secret that happens to be the same hides nothing here. */
const openHeader = /^(?:content-type|accept)$/i;

function recordAnswer(answer: Answer, mask: Mask, answerCut: boolean): Call["response"] {
  const body = logged(lenientText(answer), mask, answer.truncated || answerCut);
  return {
    headers: answer.headers.map(([name, value]) => [mask(storableText(name)), mask(storableText(value))]),
    body: body.text,
    truncated: answer.truncated || body.truncated,
  };
}

/** A body as the logs keep it: masked, then its first 64 KiB in UTF-8, never half a character. */
function logged(body: string, mask: Mask, cut = false): { readonly text: string; readonly truncated: boolean } {
  const bytesMax = limits.loggedBodyBytesMax;
  const text = maskOpening(storableText(body), mask, bytesMax, cut);
  if (text.length * 3 <= bytesMax) return { text, truncated: false };
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return { text, truncated: false };
  let end = bytesMax;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return { text: bytes.toString("utf8", 0, end), truncated: true };
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
