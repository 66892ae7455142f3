import type { Fault, FaultCode } from "../core/exchange.ts";

/** A fault before anything of the request was sent. */
export function notSent(code: FaultCode, detail: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: fault(code, detail) };
}

function fault(code: FaultCode, detail: string): Fault {
  return { code, detail, answerLost: false };
}

/** The time-out that a signal carries as its reason, as a person reads it: `30 s`, `0.25 s`. */
export function inSeconds(timeout: AbortSignal): string {
  return `${Number(timeout.reason) / 1000} s`;
}

/** Why none of the addresses took the connection; the last one's reason stands for all. */
export function connectFaults(failures: readonly { readonly address: string; readonly code: string }[]): Fault {
  const places = failures.map(({ address }) => address).join(", ");
  const code = failures.at(-1)?.code ?? "";
  if (code === "ETIMEDOUT") return fault("connect_timeout", `${places} did not answer`);
  if (code === "ECONNREFUSED") return fault("connection_refused", `${places} takes no connections`);
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "EADDRNOTAVAIL")
    return fault("connection_refused", `this server has no route to ${places}`);
  if (code === "ECONNRESET") return fault("connection_reset", `${places} closed the connection at once`);
  return fault("connection_refused", `${places}: ${code}`);
}

/** What a failure while agreeing on TLS, or an alert after it, means. Codes are those of OpenSSL and Node. */
export function tlsFault(error: NodeJS.ErrnoException, host: string): Fault {
  const code = error.code ?? "";
  if (code === "CERT_HAS_EXPIRED") return fault("tls_expired", `the certificate of ${host} has run out`);
  if (code === "CERT_NOT_YET_VALID") return fault("tls_expired", `the certificate of ${host} is not valid yet`);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH")
    return fault("tls_hostname", `the certificate is for ${namesOf(error) || "no name"}, not for ${host}`);
  if (code === "DEPTH_ZERO_SELF_SIGNED_CERT")
    return fault("tls_untrusted", `the certificate of ${host} is signed by nobody but itself`);
  if (code === "SELF_SIGNED_CERT_IN_CHAIN" || code.startsWith("UNABLE_TO_"))
    return fault("tls_untrusted", `the certificate of ${host} is from an authority that is not known here`);
  if (
    code === "ERR_SSL_WRONG_VERSION_NUMBER" ||
    code === "ERR_SSL_PACKET_LENGTH_TOO_LONG" ||
    code === "ERR_SSL_HTTP_REQUEST"
  )
    return fault("tls_protocol", `${host} does not speak TLS on this port`);
  if (code.startsWith("ERR_SSL_") || code === "EPROTO")
    return fault("tls_protocol", `${host} did not agree on TLS: ${reasonOf(error)}`);
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED")
    return fault("connection_reset", `${host} closed the connection before TLS was agreed`);
  if (code === "ETIMEDOUT") return fault("connect_timeout", `${host} stopped answering`);
  return fault("tls_untrusted", `the certificate of ${host}: ${error.message}`);
}

/** The names that a certificate does carry, at most five. */
function namesOf(error: Error & { cert?: { subjectaltname?: string; subject?: { CN?: unknown } } }): string {
  const names = (error.cert?.subjectaltname ?? "")
    .split(", ")
    .map((name) => name.replace(/^(?:DNS|IP Address):/, ""))
    .filter((name) => name !== "");
  if (names.length === 0 && typeof error.cert?.subject?.CN === "string") names.push(error.cert.subject.CN);
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and others` : names.join(", ");
}

/** OpenSSL's own reason, as "sslv3 alert handshake failure", without the codes around it. */
function reasonOf(error: NodeJS.ErrnoException & { reason?: string }): string {
  return error.reason ?? error.code ?? error.message;
}
