import type { Call } from "../contracts/delivery.ts";
import type { Exchange } from "./exchange.ts";

/**
 * The exchanges of a recorded attempt, so that its answers can be read and judged anew; null: the last call was not
 * answered, or its answer is not kept whole. What was masked stays masked. Redirects that were followed are no exchanges
 * of their own.
 */
export function recordedExchanges(calls: readonly Call[]): Exchange[] | null {
  const last = calls.at(-1);
  if (last?.response == null || last.status === null || last.response.truncated) return null;
  return calls
    .filter((call, index) => index === calls.length - 1 || !isRedirect(call))
    .map(({ status, response, timing }) => ({
      answer:
        status === null || response === null
          ? null
          : { status, headers: asUtf8(response.headers), body: encoder.encode(response.body), truncated: false },
      fault: null,
      timing,
    }));
}

const encoder = new TextEncoder();

function isRedirect({ status }: Call): boolean {
  return status !== null && status >= 300 && status < 400;
}

/** The body was decompressed and decoded when it was recorded; its bytes are UTF-8 now, whatever it says of itself. */
function asUtf8(headers: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "text/plain";
  const others = headers.filter(([name]) => !/^(?:content-(?:type|encoding)|transfer-encoding)$/i.test(name));
  return [...others, ["content-type", `${type.replace(/;\s*charset\s*=\s*("[^"]*"|[^;\s]*)/i, "")}; charset=utf-8`]];
}
