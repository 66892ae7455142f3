import type { FastifyReply } from "fastify";
import type { LeadRefusal } from "../../engine/accept-lead.ts";

/** Spec 5.1: what each business error says; existing clients know these words. */
const texts = {
  5001: "Auth token is invalid",
  403: "Forbidden",
  6002: "No such List",
  6006: "No such User",
  6007: "The Lead requires a phone number and list id",
  6008: "The phone number is invalid",
  6023: "Required fields are missed",
  6079: "Invalid Email(s)",
} as const satisfies Record<LeadRefusal | 5001 | 403, string>;

export type BusinessError = keyof typeof texts;

/** A business error is HTTP 200: existing clients throw on other statuses. `detail` says what exactly. */
export function businessError(code: BusinessError, detail?: string): object {
  return businessErrorSaying(code, texts[code], detail);
}

/** The same where an endpoint has words of its own for a code: 6006 is another thing to leads than to DNC. */
export function businessErrorSaying(code: number, text: string, detail?: string): object {
  return { ...errorEnvelope(code, text), ...(detail === undefined ? {} : { detail }) };
}

/** A request that can't be dealt with at all: malformed, too large, too many, a fault. */
export function refuse(reply: FastifyReply, status: number, text: string, more: Refusal = {}): FastifyReply {
  if (more.retryAfterSeconds !== undefined) reply.header("retry-after", String(more.retryAfterSeconds));
  const path = more.path === undefined ? {} : { path: more.path };
  return sendEnvelope(reply.code(status), { ...errorEnvelope(status, text), ...path });
}

type Refusal = {
  readonly retryAfterSeconds?: number | undefined;
  /** The place within the body that is at fault. */
  readonly path?: string | undefined;
};

/** Always `application/json`, whatever was asked for. */
export function sendEnvelope(reply: FastifyReply, envelope: object): FastifyReply {
  return reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(envelope));
}

/** Existing clients of one family read `text`, those of the other `message` or `error`. */
function errorEnvelope(code: number, text: string): object {
  return { success: false, code, text, message: text, error: text };
}
