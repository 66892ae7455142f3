import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { problems, type Problem } from "../contracts/problem.ts";
import { ProblemError } from "../core/problem-error.ts";
import { BodyTooLarge } from "./read-body.ts";
import { unavailableBy } from "./unavailable.ts";

/** Answers a refusal as RFC 9457 says. Surprises go to the log with their cause, and to the caller as `fault`. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  // a database that is gone or full is said once a minute, not once a request
  if (!request.server.outages.met(error) && problem.code === "fault")
    request.log.error({ err: error, route: request.routeOptions.url }, "a request failed");
  if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", String(problem.retryAfterSeconds));
  const document = problemDocument(problem);
  return reply.code(document.status).type("application/problem+json").send(JSON.stringify(document));
}

/** For paths under which there is nothing. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.replace(/[?#].*$/s, "").slice(0, 200);
  const problem = new ProblemError("not_found", { detail: `There is nothing under ${request.method} ${path}.` });
  return sendProblem(problem, request, reply);
}

function problemDocument(problem: ProblemError): Problem {
  const [status, words] = problems[problem.code];
  return {
    type: "about:blank",
    title: words,
    status,
    code: problem.code,
    detail: problem.message,
    errors: [...problem.errors],
    ...(problem.held === undefined ? {} : { held: problem.held }),
    ...(problem.conflict === undefined ? {} : { conflict: problem.conflict }),
  };
}

/** What an error means to the caller. */
function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const unavailable = unavailableBy(error);
  if (unavailable !== null) {
    const { code, words, when, retryAfterSeconds } = unavailable;
    const detail = code === "disk_full" ? { detail: `${words}. Try again ${when}.` } : {};
    return new ProblemError(code, { ...detail, retryAfterSeconds });
  }
  if (error instanceof BodyTooLarge) return new ProblemError("too_large", { detail: `${error.message}.` });
  const { code, message } = error as Partial<FastifyError>;
  switch (code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ProblemError("unreadable", { detail: "Send JSON, with Content-Type: application/json." });
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_BAD_URL":
      return new ProblemError("unreadable", { detail: `The request can't be read: ${message ?? ""}` });
    case undefined:
    default:
      return (
        refusalOf((error as Partial<FastifyError>).statusCode, message) ?? new ProblemError("fault", { cause: error })
      );
  }
}

/** What the framework and its plugins refuse (a path out of the page's folder, a NUL in it) carries a status of 4xx. */
function refusalOf(status: number | undefined, message: string | undefined): ProblemError | null {
  if (status === 403 || status === 404)
    return new ProblemError("not_found", { detail: "There is nothing under this address." });
  if (status === undefined || status < 400 || status > 499) return null;
  return new ProblemError("unreadable", { detail: `The request can't be read: ${message ?? ""}` });
}
