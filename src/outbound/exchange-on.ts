import type { Dispatcher } from "undici";
import type { Answer, Fault } from "../core/exchange.ts";
import { createBodySink } from "./body-sink.ts";
import { answerFault } from "./answer-fault.ts";
import { type Connection, ConnectionGone } from "./connections.ts";
import { inSeconds } from "./dial-fault.ts";
import type { Mask } from "./mask-secrets.ts";
import type { WireRequest } from "./wire-request.ts";

/** How one request on one connection ended. A fault may come with the part of the answer that was read before it. */
export type OnceEnded = {
  readonly answer: Answer | null;
  readonly fault: Fault | null;
  /** Milliseconds from writing the request to the first byte of the answer. */
  readonly firstByteMs: number | null;
  /** The connection closed before any byte came. On a kept one that says nothing about the vendor. */
  readonly closedUnanswered: boolean;
  /** The connection may carry another request. */
  readonly reusable: boolean;
  /** Something of the request may have been sent. */
  readonly sent: boolean;
};

/**
 * Sends one request on a connection and reads the answer, decompressed, up to `bodyBytesMax`; the rest is not read. Never
 * rejects.
 * @param timeout aborts when the call's time is over, with the time-out in milliseconds as its reason.
 * @param mask what a fault quotes of the answer goes through it.
 */
export function exchangeOn(
  connection: Connection,
  request: WireRequest,
  bodyBytesMax: number,
  timeout: AbortSignal,
  mask: Mask,
): Promise<OnceEnded> {
  return new Promise((done) => {
    let ended = false;
    let controller: Dispatcher.DispatchController | null = null;
    let writtenAt = 0;
    let firstByteMs: number | null = null;
    let head: Pick<Answer, "status" | "headers"> | null = null;
    let body: ReturnType<typeof createBodySink> | null = null;

    const end = (how: { fault?: Fault; truncated?: true; reusable?: true; closedUnanswered?: true } = {}): void => {
      if (ended) return;
      ended = true;
      timeout.removeEventListener("abort", onTimeout);
      const taken = body?.taken() ?? nothing;
      body?.drop();
      if (how.reusable !== true) controller?.abort(new Error("enough"));
      done({
        answer: head === null ? null : { ...head, body: taken, truncated: how.truncated ?? false },
        fault: how.fault ?? null,
        firstByteMs,
        closedUnanswered: how.closedUnanswered ?? false,
        reusable: how.reusable ?? false,
        sent: controller !== null,
      });
    };
    const onTimeout = (): void =>
      end({
        fault: {
          code: controller === null ? "connect_timeout" : "response_timeout",
          detail: `no ${head === null ? "answer" : "whole answer"} within ${inSeconds(timeout)}`,
          answerLost: controller !== null,
        },
      });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(given) {
        if (ended) return given.abort(new Error("too late"));
        controller = given;
        writtenAt = performance.now();
      },
      onResponseStarted() {
        firstByteMs ??= performance.now() - writtenAt;
      },
      onResponseStart(_given, status) {
        if (ended || status < 200) return; // 1xx: the answer is still to come (RFC 9110 15.2)
        const headers = pairsOf(controller?.rawHeaders);
        head = { status, headers };
        const encodings = headers
          .filter(([name]) => name.toLowerCase() === "content-encoding")
          .map(([, value]) => value);
        body = createBodySink(encodings.join(","), bodyBytesMax, mask, {
          whole: () => end({ reusable: true }),
          full: () => end({ truncated: true }),
          broken: (detail) => end({ fault: { code: "bad_encoding", detail, answerLost: false } }),
          pause: () => controller?.pause(),
          resume: () => controller?.resume(),
        });
      },
      onResponseData(_given, chunk) {
        if (!ended) body?.push(chunk);
      },
      onResponseEnd() {
        if (!ended) body?.finish();
      },
      onResponseError(_given, error) {
        const closedUnanswered = error instanceof ConnectionGone || (firstByteMs === null && isClosing(error));
        const fault = answerFault(error, request, { sent: controller !== null, head }, mask);
        end({ fault, ...(closedUnanswered ? { closedUnanswered: true as const } : {}) });
      },
    };

    timeout.addEventListener("abort", onTimeout, { once: true });
    if (timeout.aborted) return onTimeout();
    const { method, path, headers, body: bytes } = request;
    connection.client.dispatch({ method, path, headers: headers.flat(), body: bytes }, handler);
  });
}

const nothing = new Uint8Array();

function isClosing(error: NodeJS.ErrnoException): boolean {
  return ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE", "ECONNABORTED"].includes(error.code ?? "");
}

/** Header bytes are Latin-1 by RFC 9110 5.5; many servers send UTF-8, which is read where it is that. */
function pairsOf(raw: Dispatcher.DispatchController["rawHeaders"]): [string, string][] {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map((part) => (typeof part === "string" ? part : readHeaderBytes(part)));
  return Array.from({ length: texts.length >> 1 }, (_, i) => [texts[2 * i] ?? "", texts[2 * i + 1] ?? ""]);
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

function readHeaderBytes(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return text;
  }
}
