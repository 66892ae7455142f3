import net from "node:net";
import type tls from "node:tls";
import type { Fault } from "../core/exchange.ts";
import { inSeconds, notSent } from "./dial-fault.ts";
import { connectFirst, lookUp, place, type Resolve, secure, type Step } from "./open-socket.ts";

/** `PATCHBAY_OUTBOUND_PROXY`, read once. It is the operator's, so the address guard does not judge it. */
export type OutboundProxy = {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** `Basic …`, from the user and password of its URL. */
  readonly authorization: string | null;
};

/** Reads `http://[user:password@]host:port`; null for anything that is not such a URL. */
export function readOutboundProxy(text: string): OutboundProxy | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return null;
  const pair = decoded(`${url.username}:${url.password}`);
  if (pair === null) return null;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (url.protocol === "https:" ? 443 : 80),
    secure: url.protocol === "https:",
    authorization: pair === ":" ? null : `Basic ${Buffer.from(pair).toString("base64")}`,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export type TunnelOptions = {
  readonly resolve: Resolve;
  readonly secureContext: tls.SecureContext;
};

/**
 * A connection through the proxy, by CONNECT (RFC 9110 9.3.6) to an address that was resolved and judged here: the proxy
 * gets no name to look up anew. The addresses are tried in order.
 */
export async function openTunnel(
  proxy: OutboundProxy,
  addresses: readonly string[],
  port: number,
  options: TunnelOptions,
  timeout: AbortSignal,
): Promise<Step<net.Socket>> {
  let last: Step<net.Socket> = notSent("dns_not_found", "no address");
  for (const address of addresses) {
    last = await openOne(proxy, place(address, port), options, timeout);
    if (last.ok || timeout.aborted) return last;
  }
  return last;
}

async function openOne(
  proxy: OutboundProxy,
  target: string,
  { resolve, secureContext }: TunnelOptions,
  timeout: AbortSignal,
): Promise<Step<net.Socket>> {
  const found: Step<string[]> =
    net.isIP(proxy.host) === 0 ? await lookUp(proxy.host, resolve, timeout) : { ok: true, value: [proxy.host] };
  if (!found.ok) return named(found);
  const plain = await connectFirst(found.value, proxy.port, timeout);
  if (!plain.ok) return named(plain);
  const socket = proxy.secure ? await secure(plain.value, proxy.host, secureContext, timeout) : plain;
  return socket.ok ? askForTunnel(socket.value, proxy, target, timeout) : named(socket);
}

/** Says of a fault that it is the proxy's, since the vendor has no part in it. */
function named(step: { readonly fault: Fault }): Step<net.Socket> {
  return notSent(step.fault.code, `the outbound proxy: ${step.fault.detail}`);
}

const headBytesMax = 16_384;

function askForTunnel(
  socket: net.Socket,
  { authorization }: OutboundProxy,
  target: string,
  timeout: AbortSignal,
): Promise<Step<net.Socket>> {
  return new Promise((done) => {
    let head = Buffer.alloc(0);
    const finish = (step: Step<net.Socket>): void => {
      timeout.removeEventListener("abort", onTimeout);
      socket.off("data", onData).off("close", onClose).pause();
      if (!step.ok) socket.destroy();
      done(step);
    };
    const onTimeout = (): void =>
      finish(notSent("connect_timeout", `the outbound proxy opened no way to ${target} within ${inSeconds(timeout)}`));
    const onClose = (): void =>
      finish(notSent("connection_refused", `the outbound proxy closed the connection to ${target}`));
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0 && head.length <= headBytesMax) return;
      const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString("latin1")) ?? [];
      if (end < 0 || status === undefined)
        return finish(notSent("connection_refused", "the outbound proxy does not answer in HTTP"));
      if (!status.startsWith("2"))
        return finish(notSent("connection_refused", `the outbound proxy answered ${status} when asked for ${target}`));
      finish({ ok: true, value: socket });
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
    };
    socket.on("data", onData).on("close", onClose).on("error", onClose);
    timeout.addEventListener("abort", onTimeout, { once: true });
    if (timeout.aborted) return onTimeout();
    const credentials = authorization === null ? "" : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`);
  });
}
