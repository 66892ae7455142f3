import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../../store/database.ts";
import { isDatabaseGone } from "../../store/is-database-gone.ts";
import { findToken, touchToken, type FoundToken } from "../../store/tokens.ts";
import { businessError, refuse, sendEnvelope } from "./envelope.ts";
import type { V1Deps, V1Endpoint } from "./endpoint.ts";
import { leadsInsert } from "./leads-insert.ts";
import { createPace } from "./pace.ts";
import { Malformed, readParameters, type Parameters } from "./read-parameters.ts";
import { createWrongTokens } from "./wrong-tokens.ts";

const endpoints: readonly V1Endpoint[] = [leadsInsert];
const bodyBytesMax = 1_048_576;

/**
 * The vendor-facing API (spec 5.1): its own parsers, its own envelope for everything that can go wrong. What travels in
 * its addresses (`auth_token`) is read here and logged nowhere.
 */
export async function registerV1(app: FastifyInstance, deps: V1Deps): Promise<void> {
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
      const pace = createPace();
      const wrongTokens = createWrongTokens();
      const noteUse = noteUses(deps.db);
      for (const endpoint of endpoints) {
        const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
          const parameters = await readParameters(request);
          const secret = secretOf(request, parameters);
          const token = secret === "" ? null : await findToken(deps.db, secret);
          if (token === null) {
            await wrongTokens.slowDown(request.ip);
            return sendEnvelope(reply, businessError(5001));
          }
          const section = endpoint.name.replace(/\/.*$/s, "");
          if (!token.access.includes(section) && !token.access.includes(endpoint.name))
            return sendEnvelope(reply, businessError(403));
          const waitSeconds =
            token.ratePerSecond === null ? 0 : pace.wait(`${token.accountId}/${token.id}`, token.ratePerSecond);
          if (waitSeconds > 0)
            return refuse(reply, 429, `This token may make ${token.ratePerSecond} requests a second`, waitSeconds);
          noteUse(token);
          const key = request.headers["idempotency-key"];
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
  if (endpoints.some(({ name }) => path.replace(/\/$/, "") === `/v1/${name}`))
    return refuse(reply.header("allow", "GET, POST"), 405, `${path} takes GET and POST, not ${request.method}`);
  const known = endpoints.map(({ name }) => `/v1/${name}`).join(", ");
  return refuse(reply, 404, `There is no ${path} here. This API has: ${known}`);
}

/** Keeps "last used" to the minute, without a query a request. */
function noteUses(db: Database): (token: FoundToken) => void {
  const noted = new Map<number, number>();
  return (token) => {
    if (Date.now() - (noted.get(token.id) ?? 0) < 60_000) return;
    if (noted.size > 10_000) noted.clear();
    noted.set(token.id, Date.now());
    void touchToken(db, token).catch(() => {});
  };
}

/** `auth_token` as a parameter, else `Authorization: Bearer`. */
function secretOf(request: FastifyRequest, parameters: Parameters): string {
  const parameter = (parameters["auth_token"] ?? "").trim();
  if (parameter !== "") return parameter;
  return /^bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Malformed) return refuse(reply, 400, error.message);
  if (isDatabaseGone(error)) {
    request.log.warn({ err: error, route: request.routeOptions.url }, "the database is gone");
    return refuse(reply, 503, "The database does not answer. Send it again in a few seconds", 5);
  }
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || code === "FST_REQ_FILE_TOO_LARGE")
    return refuse(reply, 413, "The body is larger than 1 MiB");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refuse(reply, statusCode, `The request can't be read: ${(error as Error).message}`);
  request.log.error({ err: error, route: request.routeOptions.url }, "a request failed");
  return refuse(reply, 500, "Something broke in Patchbay. The server's log has the particulars");
}
