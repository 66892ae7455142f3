import net from "node:net";
import tls from "node:tls";
import type { Fault } from "../core/exchange.ts";
import { connectFaults, inSeconds, notSent, tlsFault } from "./dial-fault.ts";

export type Step<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** All addresses of a name, best first. Rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string }[]>;

/** The addresses of a name; a look-up that outlasts the call is left to end by itself. */
export function lookUp(host: string, resolve: Resolve, timeout: AbortSignal): Promise<Step<string[]>> {
  return new Promise((done) => {
    const finish = (step: Step<string[]>): void => {
      timeout.removeEventListener("abort", onTimeout);
      done(step);
    };
    const onTimeout = (): void =>
      finish(notSent("connect_timeout", `${host} was not looked up within ${inSeconds(timeout)}`));
    timeout.addEventListener("abort", onTimeout, { once: true });
    if (timeout.aborted) return onTimeout();
    resolve(host).then(
      (found) => finish({ ok: true, value: found.map(({ address }) => address) }),
      (cause: unknown) => {
        const unanswered = (cause as NodeJS.ErrnoException).code === "EAI_AGAIN";
        const what = unanswered ? `the name service did not answer for ${host}` : `there is no host named ${host}`;
        finish(notSent("dns_not_found", what));
      },
    );
  });
}

/** RFC 8305 5: the next address is tried when the one before fails, or stays silent this long. */
const nextAddressAfterMs = 250;

/** Connects to the first of the addresses that answers. */
export function connectFirst(
  addresses: readonly string[],
  port: number,
  timeout: AbortSignal,
): Promise<Step<net.Socket>> {
  return new Promise((done) => {
    const open = new Set<net.Socket>();
    const failures: { address: string; code: string }[] = [];
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    let finished = false;
    const finish = (step: Step<net.Socket>): void => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      timeout.removeEventListener("abort", onTimeout);
      for (const socket of open) if (!step.ok || socket !== step.value) socket.destroy();
      done(step);
    };
    const onTimeout = (): void => {
      const places = addresses.map((address) => place(address, port)).join(", ");
      finish(notSent("connect_timeout", `no connection to ${places} within ${inSeconds(timeout)}`));
    };
    const tryNext = (): void => {
      clearTimeout(timer);
      const address = addresses[next++];
      if (address === undefined) return;
      const socket = net.connect({
        host: address,
        port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
      });
      open.add(socket);
      socket.once("connect", () => finish({ ok: true, value: socket }));
      socket.on("error", (error: NodeJS.ErrnoException) => {
        if (finished || !open.delete(socket)) return;
        failures.push({ address: place(address, port), code: error.code ?? error.message });
        if (next < addresses.length) tryNext();
        else if (open.size === 0) finish({ ok: false, fault: connectFaults(failures) });
      });
      if (next < addresses.length) timer = setTimeout(tryNext, nextAddressAfterMs);
    };
    timeout.addEventListener("abort", onTimeout, { once: true });
    if (timeout.aborted) onTimeout();
    else tryNext();
  });
}

/** Agrees on TLS over a connected socket, for HTTP/1.1, checking the certificate against `host`. */
export function secure(
  socket: net.Socket,
  host: string,
  secureContext: tls.SecureContext,
  timeout: AbortSignal,
): Promise<Step<net.Socket>> {
  return new Promise((done) => {
    const name = host.replace(/\.$/, "");
    const secured = tls.connect({
      socket,
      host: name, // what the certificate must name; no connection is made to it
      ...(net.isIP(name) === 0 ? { servername: name } : {}),
      ALPNProtocols: ["http/1.1"],
      secureContext,
    });
    const finish = (step: Step<net.Socket>): void => {
      timeout.removeEventListener("abort", onTimeout);
      secured.off("close", onClose);
      if (!step.ok) {
        secured.destroy();
        socket.destroy();
      }
      done(step);
    };
    const onTimeout = (): void =>
      finish(notSent("connect_timeout", `${host} did not agree on TLS within ${inSeconds(timeout)}`));
    const onClose = (): void =>
      finish(notSent("connection_reset", `${host} closed the connection before TLS was agreed`));
    secured.once("secureConnect", () => finish({ ok: true, value: secured }));
    secured.on("error", (error) => finish({ ok: false, fault: tlsFault(error, host) }));
    secured.once("close", onClose);
    timeout.addEventListener("abort", onTimeout, { once: true });
    if (timeout.aborted) onTimeout();
  });
}

/** An address and port as they are written together: `[2001:db8::1]:443`. */
export function place(address: string, port: number): string {
  return `${net.isIPv6(address) ? `[${address}]` : address}:${port}`;
}
