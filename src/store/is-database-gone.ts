/**
 * Whether an error means that the database can't be reached now and may be later: stopped, restarted, recovering, out of
 * connections, the network cut. A statement of its own that failed (a constraint, a time-out) is not that.
 * Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isDatabaseGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && (goneCodes.has(code) || /^08...$/.test(code))) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseGone);
  // pg gives these no code
  return /^Connection terminated|^timeout (exceeded|expired)|^Client has encountered a connection error/i.test(
    error.message,
  );
}

const goneCodes = new Set([
  "57P01", // the server is being stopped
  "57P02", // another session crashed
  "57P03", // starting, recovering or stopping
  "57P05", // an idle session was closed
  "53300", // too many connections
  "25006", // read-only: a replica after a failover
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ENOENT", // the socket file isn't there
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
