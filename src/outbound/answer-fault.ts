import { errors } from "undici";
import type { Answer, Fault, FaultCode } from "../core/exchange.ts";
import { maskOpening } from "../core/mask.ts";
import { tlsFault } from "./dial-fault.ts";
import type { Mask } from "./mask-secrets.ts";
import type { WireRequest } from "./wire-request.ts";

type Progress = { readonly sent: boolean; readonly head: Pick<Answer, "status"> | null };

/** What it means that undici gave up on a request. Its codes: undici/lib/core/errors.js; its parser's errors have none. */
export function answerFault(
  error: NodeJS.ErrnoException & { data?: string },
  { host, secure }: Pick<WireRequest, "host" | "secure">,
  { sent, head }: Progress,
  mask: Mask,
): Fault {
  const code = error.code ?? "";
  const fault = (faultCode: FaultCode, detail: string, answerLost = sent): Fault => ({
    code: faultCode,
    detail,
    answerLost,
  });
  const closed = `${host} closed the connection ${head === null ? "without an answer" : "within the answer"}`;
  // before the head was done: two lengths, or a length and chunks (RFC 9112 6.3)
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" && head === null)
    return fault("not_http", `the headers of ${host} contradict each other about the answer's length`);
  const unparsable = error instanceof errors.HTTPParserError && !/EOF/.test(error.message);
  if (closing.has(code) && !error.message.startsWith("bad ")) return fault("connection_reset", closed);
  if (!secure && head === null && isTlsRecord(error.data ?? "")) return metTls({ host });
  if (code === "UND_ERR_HEADERS_OVERFLOW") return fault("not_http", "the answer's headers are longer than 64 KiB");
  if (unparsable || code === "UND_ERR_SOCKET")
    return fault(
      "not_http",
      head === null
        ? `${host} answered something else than HTTP/1.1${quoted(error.data, mask)}`
        : "the answer's body is not framed as HTTP/1.1 wants it",
    );
  if (code.startsWith("ERR_SSL_")) return { ...tlsFault(error, host), answerLost: sent };
  return fault("connection_reset", closed);
}

/** An alert or handshake of TLS (RFC 8446 5.1): it met plain HTTP, so nothing of the request was understood. */
function isTlsRecord(data: string): boolean {
  return data.charCodeAt(1) === 3 && [20, 21, 22].includes(data.charCodeAt(0));
}

const closing = new Set([
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "CONNECTION_GONE",
]);

/** How the bytes begin, if they can be read at all: a banner such as `SSH-2.0` tells what answers there. */
function quoted(data: string | undefined, mask: Mask): string {
  const [readable] = /^[\x20-\x7e]{4,}/.exec(data ?? "") ?? [];
  if (readable === undefined) return "";
  // what follows may be the rest of a secret
  return `: "${maskOpening(readable, mask, 40, true).slice(0, 40)}"`;
}

/** A page of a server's own is not longer. */
const complaintBytesMax = 16_384;

/** What widespread servers answer, in plain HTTP with status 400, when it meets their TLS port. */
const plainMetTls =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port|Client sent an HTTP request to an HTTPS server|This combination of host and port requires TLS/i;

/** `tls_protocol` when an answer is only the complaint that this port wants TLS. */
export function complaintAboutTls(
  answer: Answer,
  { host, secure }: Pick<WireRequest, "host" | "secure">,
): Fault | null {
  if (secure || answer.status !== 400) return null;
  const opening = Buffer.from(answer.body.subarray(0, complaintBytesMax)).toString("latin1");
  if (!plainMetTls.test(opening)) return null;
  return metTls({ host });
}

/** Plain HTTP met TLS: nothing of the request was understood. */
export function metTls({ host }: Pick<WireRequest, "host">): Fault {
  return { code: "tls_protocol", detail: `${host} speaks TLS on this port: it wants https://`, answerLost: false };
}
