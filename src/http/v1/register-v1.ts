import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { limits } from "../../contracts/limits.ts";
import { problems } from "../../contracts/problem.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { BodyTooLarge } from "../read-body.ts";
import { unavailableBy } from "../unavailable.ts";
import { createAdmit, secretOf, sendNotAdmitted } from "./admit.ts";
import { callbackEndpoints } from "./callbacks.ts";
import { dncEndpoints } from "./dnc.ts";
import { refuse, sendEnvelope } from "./envelope.ts";
import type { V1Deps, V1Endpoint } from "./endpoint.ts";
import { TooManyEvents } from "./events-body.ts";
import { registerEvents } from "./events.ts";
import { leadsInsert } from "./leads-insert.ts";
import { Malformed } from "./parameters.ts";
import { readRequest, takeBodiesAsTheyCome } from "./read-request.ts";
import { registerVicidial } from "./vicidial.ts";

const endpoints: readonly V1Endpoint[] = [leadsInsert, ...callbackEndpoints, ...dncEndpoints];

/**
 * The vendor-facing API (spec 5.1): its own parsers, its own envelope for everything that can go wrong. What travels in
 * its addresses (`auth_token`) is read here and logged nowhere.
 */
export async function registerV1(app: FastifyInstance, deps: V1Deps): Promise<void> {
  const admit = createAdmit(deps.db);
  await registerVicidial(app, deps, admit);
  await app.register(
    async (v1) => {
      takeBodiesAsTheyCome(v1);
      v1.setErrorHandler(answerError);
      // routes, not a not-found handler: the page's files would be asked before that one
      v1.all("/*", { schema: { hide: true } }, answerUnknown);
      registerEvents(v1, deps, admit);
      for (const endpoint of endpoints) {
        const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
          const parameters = await readRequest(request);
          const admission = await admit(secretOf(request, parameters["auth_token"]), request.ip, endpoint.name);
          if (admission.kind !== "admitted") return sendNotAdmitted(reply, admission);
          const { token } = admission;
          const key = request.headers["idempotency-key"];
          if (endpoint.takesWork === true) deps.room?.require();
          const idempotencyKey = typeof key === "string" && key.trim() !== "" ? key.trim() : null;
          if (idempotencyKey !== null && idempotencyKey.length > 255)
            return refuse(reply, 400, "The Idempotency-Key is longer than 255 characters");
          return sendEnvelope(reply, await endpoint.handle({ parameters, token, idempotencyKey }, deps));
        };
        for (const url of [`/${endpoint.name}`, `/${endpoint.name}/`])
          v1.route({ method: ["GET", "POST"], url, exposeHeadRoute: false, schema: { hide: true }, handler: answer });
      }
    },
    { prefix: "/v1" },
  );
}

/** For every name and method that no endpoint has. */
function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = (request.raw.url ?? "").replace(/[?#].*$/s, "").slice(0, 200);
  const asked = path.replace(/\/$/, "");
  if (asked === "/v1/events")
    return refuse(reply.header("allow", "POST"), 405, `${path} takes POST, not ${request.method}`);
  if (endpoints.some(({ name }) => asked === `/v1/${name}`))
    return refuse(reply.header("allow", "GET, POST"), 405, `${path} takes GET and POST, not ${request.method}`);
  const known = ["events", ...endpoints.map(({ name }) => name)].map((name) => `/v1/${name}`).join(", ");
  return refuse(reply, 404, `There is no ${path} here. This API has: ${known}`);
}

/** What went wrong on the way, in the envelope of this API. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Malformed) return refuse(reply, 400, error.message, { path: error.path });
  if (error instanceof BodyTooLarge) return refuse(reply, 413, error.message);
  if (error instanceof TooManyEvents)
    return refuse(
      reply,
      413,
      `There are more than ${limits.batchEventsMax} events. Send ${limits.batchEventsMax} at most at once`,
    );
  const unavailable = unavailableBy(error);
  if (unavailable !== null) {
    request.server.outages.met(error);
    const { words, when, retryAfterSeconds } = unavailable;
    return refuse(reply, 503, `${words}. Send it again ${when}`, { retryAfterSeconds });
  }
  if (error instanceof ProblemError) return refuse(reply, problems[error.code][0], error.message);
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refuse(reply, statusCode, `The request can't be read: ${(error as Error).message}`);
  request.log.error({ err: error, route: request.routeOptions.url }, "a request failed");
  return refuse(reply, 500, "Something broke in Patchbay. The server's log has the particulars");
}
