import type net from "node:net";
import type tls from "node:tls";
import type { Fault } from "../core/exchange.ts";
import type { AddressGuard } from "./address-guard.ts";
import { notSent } from "./dial-fault.ts";
import { readIpAddress } from "./ip-address.ts";
import { connectFirst, lookUp, type Resolve, secure, type Step } from "./open-socket.ts";
import { openTunnel, type OutboundProxy } from "./proxy-tunnel.ts";

export type DialOptions = {
  readonly guard: AddressGuard;
  readonly resolve: Resolve;
  /** Certificates that are trusted. One for all connections: building it costs milliseconds. */
  readonly secureContext: tls.SecureContext;
  readonly proxy: OutboundProxy | null;
};

/** `host` as the URL parser writes it, without brackets. */
export type DialTarget = { readonly host: string; readonly port: number; readonly secure: boolean };

/** Milliseconds; null where the step did not happen. */
export type Phases = { dns_ms: number | null; connect_ms: number | null; tls_ms: number | null };

export type Dialled =
  | { readonly ok: true; readonly socket: net.Socket; readonly phases: Phases }
  | { readonly ok: false; readonly fault: Fault; readonly phases: Phases };

/**
 * Opens a connection: resolves the name, lets the guard judge every address, dials those very addresses (there is no
 * second look-up in which DNS could change its mind), and agrees on TLS.
 * @param timeout aborts when the call's time is over; its `reason` is the time-out in milliseconds.
 */
export async function dial(target: DialTarget, options: DialOptions, timeout: AbortSignal): Promise<Dialled> {
  const phases: Phases = { dns_ms: null, connect_ms: null, tls_ms: null };
  const found = await timed(phases, "dns_ms", () => findAddresses(target, options, timeout));
  if (!found.ok) return { ...found, phases };
  const connected = await timed(phases, "connect_ms", () =>
    options.proxy === null
      ? connectFirst(found.value, target.port, timeout)
      : openTunnel(options.proxy, found.value, target.port, options, timeout),
  );
  if (!connected.ok) return { ...connected, phases };
  if (!target.secure) return { ok: true, socket: connected.value, phases };
  const secured = await timed(phases, "tls_ms", () =>
    secure(connected.value, target.host, options.secureContext, timeout),
  );
  return secured.ok ? { ok: true, socket: secured.value, phases } : { ...secured, phases };
}

const probeMs = 2_000;

/**
 * Whether TLS is what a port wants that closed on plain HTTP without a word, as many servers do. An answer in TLS is yes,
 * whatever its certificate is worth; nothing is sent.
 */
export async function speaksTls(target: DialTarget, options: DialOptions, timeout: AbortSignal): Promise<boolean> {
  const brief = AbortSignal.any([timeout, AbortSignal.timeout(probeMs)]);
  const probe = await dial({ ...target, secure: true }, options, brief);
  if (probe.ok) probe.socket.destroy();
  return probe.ok || ["tls_untrusted", "tls_expired", "tls_hostname"].includes(probe.fault.code);
}

/** A literal address needs no look-up, so its DNS time stays null. */
async function timed<T>(phases: Phases, phase: keyof Phases, step: () => Promise<Step<T>> | Step<T>): Promise<Step<T>> {
  const began = performance.now();
  const made = step();
  if (!(made instanceof Promise)) return made;
  const done = await made;
  phases[phase] = performance.now() - began;
  return done;
}

function findAddresses(
  { host, port }: DialTarget,
  { guard, resolve }: DialOptions,
  timeout: AbortSignal,
): Promise<Step<string[]>> | Step<string[]> {
  const judge = (addresses: readonly string[]): Step<string[]> => {
    const judged = addresses.map((address) => ({ address, verdict: guard(host, port, address) }));
    const allowed = judged.filter(({ verdict }) => verdict.allowed).map(({ address }) => address);
    if (allowed.length > 0) return { ok: true, value: allowed };
    const [first] = judged;
    if (first === undefined) return notSent("dns_not_found", `${host} has no address`);
    const why = first.verdict.allowed ? "" : first.verdict.why;
    const place = first.address === host ? host : `${host} is at ${first.address}, which`;
    return notSent("blocked_address", `${place} is ${why}`);
  };
  if (readIpAddress(host) !== null) return judge([host]);
  return lookUp(host, resolve, timeout).then((found) => (found.ok ? judge(found.value) : found));
}
