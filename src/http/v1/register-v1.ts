import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { unavailableBy } from "../unavailable.ts";
import { createAdmit, secretOf, sendNotAdmitted } from "./admit.ts";
import { callbackEndpoints } from "./callbacks.ts";
import { dncEndpoints } from "./dnc.ts";
import { refuse, sendEnvelope } from "./envelope.ts";
import type { V1Deps, V1Endpoint } from "./endpoint.ts";
import { registerEvents } from "./events.ts";
import { leadsInsert } from "./leads-insert.ts";
import { Malformed, readParameters } from "./read-parameters.ts";
import { registerVicidial } from "./vicidial.ts";

const endpoints: readonly V1Endpoint[] = [leadsInsert, ...callbackEndpoints, ...dncEndpoints];
const bodyBytesMax = 1_048_576;

/**
 * The vendor-facing API (spec 5.1): its own parsers, its own envelope for everything that can go wrong. What travels in
 * its addresses (`auth_token`) is read here and logged nowhere.
 */
export async function registerV1(app: FastifyInstance, deps: V1Deps): Promise<void> {
  const admit = createAdmit(deps.db);
  await registerVicidial(app, deps, admit);
  await app.register(
    async (v1) => {
      v1.removeAllContentTypeParsers();
      await v1.register(multipart, {
        limits: {
          fields: 2_000,
          parts: 2_100,
          fieldSize: 65_536,
          fieldNameSize: 200,
          fileSize: bodyBytesMax,
          headerPairs: 100,
        },
      });
      v1.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: bodyBytesMax }, (_request, body, done) =>
        done(null, body),
      );
      v1.setErrorHandler(answerError);
      // routes, not a not-found handler: the page's files would be asked before that one
      v1.all("/*", { schema: { hide: true } }, answerUnknown);
      registerEvents(v1, deps, admit);
      for (const endpoint of endpoints) {
        const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
          const parameters = await readParameters(request);
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
  if (error instanceof Malformed) return refuse(reply, 400, error.message);
  const unavailable = unavailableBy(error);
  if (unavailable !== null) {
    request.server.outages.met(error);
    const { words, when, retryAfterSeconds } = unavailable;
    return refuse(reply, 503, `${words}. Send it again ${when}`, retryAfterSeconds);
  }
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || code === "FST_REQ_FILE_TOO_LARGE")
    return refuse(
      reply,
      413,
      `The body is larger than ${(request.routeOptions.bodyLimit ?? bodyBytesMax) / 1_048_576} MiB`,
    );
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refuse(reply, statusCode, `The request can't be read: ${(error as Error).message}`);
  request.log.error({ err: error, route: request.routeOptions.url }, "a request failed");
  return refuse(reply, 500, "Something broke in Patchbay. The server's log has the particulars");
}
