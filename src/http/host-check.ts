import type { FastifyRequest } from "fastify";
import { ProblemError } from "../core/problem-error.ts";

type Known = { readonly host: string; readonly publicUrl: string | null };

/**
 * Whether the page may be asked for under this name: a loopback name, the address we listen on, or the public one. A
 * foreign name that was made to lead here (DNS rebinding) is refused, so that no web site can act as this page.
 */
export function createHostCheck(known: Known): (request: FastifyRequest) => void {
  const names = new Set<string>();
  if (!wildcards.has(known.host)) names.add(nameOf(known.host.includes(":") ? `[${known.host}]` : known.host));
  if (known.publicUrl !== null) names.add(new URL(known.publicUrl).hostname);
  return (request) => {
    const name = nameOf(request.headers.host ?? "");
    if (isLoopback(name) || names.has(name)) return;
    // listening on all addresses: the one that the request came in by is ours too
    if (wildcards.has(known.host) && name === bracketed(request.socket.localAddress ?? "")) return;
    throw new ProblemError("wrong_host", {
      detail: `The address ${name === "" ? "of this request" : name} is not known to Patchbay. Set PATCHBAY_PUBLIC_URL to it.`,
    });
  };
}

const wildcards = new Set(["0.0.0.0", "::", ""]);

/** The host of a Host header, in lower case and without port. */
function nameOf(host: string): string {
  return URL.parse(`http://${host}`)?.hostname ?? "";
}

function bracketed(address: string): string {
  const plain = address.replace(/^::ffff:/, "");
  return plain.includes(":") ? `[${plain}]` : plain;
}

function isLoopback(name: string): boolean {
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "[::1]" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  );
}

/** Whether the caller sits on the server itself. A request that a proxy passed on does not, wherever the proxy is. */
export function fromLoopback(request: FastifyRequest): boolean {
  const forwarded = ["x-forwarded-for", "forwarded", "x-real-ip"].some((name) => request.headers[name] !== undefined);
  const address = bracketed(request.socket.remoteAddress ?? "");
  return !forwarded && isLoopback(address);
}
