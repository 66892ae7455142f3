import dns from "node:dns";
import tls from "node:tls";
import type { Call } from "../contracts/delivery.ts";
import { limits } from "../contracts/limits.ts";
import type { Answer, Exchange, Fault, Timing } from "../core/exchange.ts";
import { maskOpening } from "../core/mask.ts";
import type { RequestPlan } from "../core/request.ts";
import { publicAddress, type AddressGuard } from "./address-guard.ts";
import { complaintAboutTls, metTls } from "./answer-fault.ts";
import { type Connection, type Connections, createConnections } from "./connections.ts";
import { dial, type DialOptions, type Phases, speaksTls } from "./dial.ts";
import { exchangeOn, type OnceEnded } from "./exchange-on.ts";
import { followRedirect } from "./follow-redirect.ts";
import { createMask, type Mask } from "./mask-secrets.ts";
import type { Resolve } from "./open-socket.ts";
import type { OutboundProxy } from "./proxy-tunnel.ts";
import { recordCall } from "./record-call.ts";
import { type HeaderPairs, wireRequest, type WireRequest } from "./wire-request.ts";

export type SenderOptions = {
  readonly guard: AddressGuard;
  /** Default: the system's, hosts file included. */
  readonly resolve?: Resolve;
  /** PEM certificates that are trusted besides the usual ones. */
  readonly ca?: string | readonly string[];
  readonly proxy?: OutboundProxy | null;
  /** How much of an answer's body is read, decompressed. Default 1 MiB. */
  readonly bodyBytesMax?: number;
};

export type SendOptions = {
  /** Over connecting, headers, body and redirects together. */
  readonly timeoutMs: number;
  /** Up to 3 to the same origin; otherwise a 3xx is the answer. */
  readonly followRedirects: boolean;
  /** Sent unless the plan has a header of that name: the delivery's id. */
  readonly extraHeaders?: HeaderPairs;
  /**
   * Not on a kept connection: when one of those closes, nobody can tell whether the vendor took the request, and it would
   * go out once more.
   */
  readonly freshConnection?: boolean;
  /**
   * Awaited when a connection is there, before anything of the first request is written; its time counts for nothing. What
   * it rejects with, `send` rejects with, and the connection is kept.
   */
  readonly beforeWriting?: () => Promise<void>;
};

export type SentCall = {
  /** How it ended, unmasked: for reading, never for storing. */
  readonly exchange: Exchange;
  /** Masked and cut, for the logs. After redirects: the last request and its answer. */
  readonly call: Call;
  /** The calls that were answered by a redirect that was followed, in order; empty without one. */
  readonly redirects: readonly Call[];
  /** Masks what is to be stored of the answer besides `call`: the result, the diagnosis. */
  readonly mask: Mask;
  /** The address of ours that the vendor sees, where that is known: not behind NAT or a proxy. */
  readonly callsFrom: string | null;
};

export type Sender = {
  /** Sends one request. Whatever the vendor, the network or the URL does is a Fault; it rejects for none of it. */
  send(plan: RequestPlan, secrets: Readonly<Record<string, string>>, options: SendOptions): Promise<SentCall>;
  /** Closes idle connections at once, and those in use when their call ends. */
  close(): void;
};

/**
 * The one way out for HTTP (spec 9 "The outside", spec 7 "Sending"): kept-alive HTTP/1.1 connections, every new one judged
 * by the guard on the address it is dialled to.
 */
export function createSender(options: SenderOptions): Sender {
  const connections = createConnections();
  const bodyBytesMax = options.bodyBytesMax ?? limits.answerBytesMax;
  const dialOptions: DialOptions = {
    guard: options.guard,
    resolve: options.resolve ?? systemResolve,
    proxy: options.proxy ?? null,
    secureContext: tls.createSecureContext(
      options.ca === undefined ? {} : { ca: [...tls.getCACertificates("default"), ...[options.ca].flat()] },
    ),
  };
  const masks = new WeakMap<object, Mask>(); // an engine sends many times with one connect's secrets

  return {
    async send(
      plan,
      secrets,
      { timeoutMs, followRedirects, extraHeaders = [], freshConnection = false, beforeWriting },
    ) {
      const began = performance.now();
      let mask = masks.get(secrets);
      if (mask === undefined) masks.set(secrets, (mask = createMask(secrets)));
      const timeout = new AbortController();
      const ring = (): void => timeout.abort(timeoutMs);
      let timer = setTimeout(ring, timeoutMs);
      let heldMs = 0;
      const hold = async (): Promise<void> => {
        const heldFrom = performance.now();
        clearTimeout(timer);
        await beforeWriting?.();
        heldMs += performance.now() - heldFrom;
        timer = setTimeout(ring, began + heldMs + timeoutMs - performance.now());
      };
      const wire = wireRequest(plan, secrets, extraHeaders);
      const redirects: Call[] = [];
      const record = (redirected: WireRequest | null, ended: Ended): Call => {
        const besides = wire.ok ? wire.value.headers : extraHeaders;
        const details = { mask, answerCut: ended.fault !== null };
        return recordCall({ plan, redirected }, besides, ended.answer, ended.timing, details);
      };
      let ended: Ended;
      let redirected: WireRequest | null = null;
      try {
        if (!wire.ok) ended = { answer: null, fault: wire.fault, timing: noTiming(began), localAddress: "" };
        else
          for (let request = wire.value; ;) {
            const kept = freshConnection ? null : connections.takeIdle(request.origin);
            const held = beforeWriting !== undefined && redirects.length === 0 ? hold : null;
            ended = await callOnce(request, kept, connections, dialOptions, bodyBytesMax, timeout.signal, mask, held);
            if (!followRedirects || ended.answer === null || ended.fault !== null) break;
            const redirect = followRedirect(request, ended.answer, redirects.length, mask);
            if (redirect.kind === "refused")
              ended = { ...ended, fault: { code: "redirect_refused", detail: redirect.detail, answerLost: false } }; // prettier-ignore
            if (redirect.kind !== "follow") break;
            redirects.push(record(redirected, ended));
            request = redirected = redirect.request;
          }
      } finally {
        clearTimeout(timer);
      }
      const { answer, timing } = ended;
      const fault = ended.fault && { ...ended.fault, detail: shownDetail(ended.fault.detail, mask) };
      const total = { ...timing, total_ms: rounded(performance.now() - began - heldMs) };
      return {
        exchange: { answer, fault, timing: total },
        call: record(redirected, ended),
        redirects,
        mask,
        callsFrom: dialOptions.proxy === null ? publicAddress(ended.localAddress) : null,
      };
    },
    close: () => connections.close(),
  };
}

/** Names that a certificate carries may be of any length. */
function shownDetail(detail: string, mask: Mask): string {
  return maskOpening(detail, mask, detailCharactersMax).slice(0, detailCharactersMax);
}

const detailCharactersMax = 500;

type Ended = {
  readonly answer: Answer | null;
  readonly fault: Fault | null;
  readonly timing: Timing;
  /** Of the connection it was sent on; empty: none. */
  readonly localAddress: string;
};

/**
 * One request, on a kept connection when there is one. When that turns out closed before any byte of the answer, the
 * request goes out once more on a fresh one: vendors close idle connections at their own time.
 * @param hold `beforeWriting`, with the time-out standing still meanwhile.
 */
async function callOnce(
  request: WireRequest,
  kept: Connection | null,
  connections: Connections,
  dialOptions: DialOptions,
  bodyBytesMax: number,
  timeout: AbortSignal,
  mask: Mask,
  hold: (() => Promise<void>) | null,
): Promise<Ended> {
  let began = performance.now();
  let phases: Phases = { dns_ms: null, connect_ms: null, tls_ms: null };
  let sentBefore = false;
  let localAddress = kept?.localAddress ?? "";
  const finish = (ended: Pick<OnceEnded, "answer" | "fault" | "firstByteMs">): Ended => {
    const fault = ended.fault ?? (ended.answer === null ? null : complaintAboutTls(ended.answer, request));
    return {
      answer: ended.answer,
      fault: fault !== null && sentBefore ? { ...fault, answerLost: true } : fault,
      timing: {
        dns_ms: roundedOrNull(phases.dns_ms),
        connect_ms: roundedOrNull(phases.connect_ms),
        tls_ms: roundedOrNull(phases.tls_ms),
        first_byte_ms: roundedOrNull(ended.firstByteMs),
        total_ms: rounded(performance.now() - began),
      },
      localAddress,
    };
  };
  const untilItMayGo = async (on: Connection, wait: () => Promise<void>): Promise<void> => {
    const heldFrom = performance.now();
    try {
      await wait();
    } catch (error) {
      connections.giveBack(on);
      throw error;
    }
    began += performance.now() - heldFrom;
  };

  if (kept !== null) {
    if (hold !== null) await untilItMayGo(kept, hold);
    const ended = await exchangeOn(kept, request, bodyBytesMax, timeout, mask);
    release(connections, kept, ended);
    if (!ended.closedUnanswered) return finish(ended);
    sentBefore = ended.sent;
  }
  const dialled = await dial(request, dialOptions, timeout);
  phases = dialled.phases;
  if (!dialled.ok) return finish({ answer: null, fault: dialled.fault, firstByteMs: null });
  const fresh = connections.wrap(request.origin, dialled.socket);
  localAddress = fresh.localAddress;
  if (hold !== null) await untilItMayGo(fresh, hold);
  const ended = await exchangeOn(fresh, request, bodyBytesMax, timeout, mask);
  release(connections, fresh, ended);
  const unexplained = !request.secure && ended.closedUnanswered && ended.fault?.code === "connection_reset";
  if (unexplained && (await speaksTls(request, dialOptions, timeout)))
    return finish({ ...ended, fault: metTls(request) });
  return finish(ended);
}

function release(connections: Connections, connection: Connection, ended: OnceEnded): void {
  if (ended.reusable) connections.giveBack(connection);
  else connection.destroy();
}

const systemResolve: Resolve = (host) => dns.promises.lookup(host, { all: true, order: "verbatim" });

function noTiming(began: number): Timing {
  const total_ms = rounded(performance.now() - began);
  return { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms };
}

/** Milliseconds to a hundredth. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function roundedOrNull(ms: number | null): number | null {
  return ms === null ? null : rounded(ms);
}
