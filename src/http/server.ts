import type { IncomingMessage } from "node:http";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import helmet from "helmet";
import type { z } from "zod";
import { limits } from "../contracts/limits.ts";
import { namePlaces, writePath } from "../core/name-places.ts";
import { ProblemError } from "../core/problem-error.ts";
import { walkJson } from "../core/walk-json.ts";
import { unstorablePlaces } from "../store/unstorable-places.ts";
import type { Outages } from "../engine/outages.ts";
import { sendProblem } from "./problems.ts";
import { createBodyReader, discardRest, hasLongBody } from "./read-body.ts";
import { createTurns } from "./take-turns.ts";

export type ServerSettings = {
  readonly trustProxy: false | number | string[];
  readonly log: FastifyBaseLogger;
  /** Where requests tell that the database is gone or full. */
  readonly outages?: Pick<Outages, "met">;
};

declare module "fastify" {
  interface FastifyInstance {
    readonly outages: Pick<Outages, "met">;
  }
}

/** The HTTP server without its routes: limits, headers, error documents, one log line a request. */
export async function createServer(settings: ServerSettings): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: settings.log,
    // its own lines hold addresses; ours is below
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (error, request, reply) => discardRest(request.raw, () => void sendProblem(error, request, reply)),
    trustProxy: trustOf(settings.trustProxy),
    // slow clients are cut off
    connectionTimeout: 60_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: "idle",
  });
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const parsed = schema.safeParse(data);
    const errors = parsed.success ? unstorablePlaces(parsed.data) : namePlaces(parsed.error.issues);
    return parsed.success && errors.length === 0
      ? { value: parsed.data }
      : { error: new ProblemError("bad_input", { errors }) };
  });
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.decorateRequest("caller", null);
  app.decorate("outages", settings.outages ?? { met: () => false });
  const takeTurn = createTurns();
  app.decorate("takeTurn", takeTurn);
  app.decorate("readBody", createBodyReader(takeTurn));
  readJson(app);
  // made once: the headers are the same for every request
  const protect = helmet({
    // what is not the page may load and run nothing; the page and the API's documentation say their own
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    // whether there is TLS in front is the proxy's knowledge
    strictTransportSecurity: false,
    referrerPolicy: { policy: "same-origin" },
  });
  app.addHook("onRequest", (request, reply, done) => {
    refuseSeveralHosts(request.raw);
    protect(request.raw, reply.raw, (error) => done(error as Error | undefined));
  });
  // also of what is refused before its body is read: 401, 404, 415
  app.addHook("onSend", (request, _reply, _payload, done) => discardRest(request.raw, done));
  app.addHook("onResponse", async (request, reply) => {
    // the route's pattern, never the address: tokens and one-time codes travel in addresses
    request.log.debug(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime),
        account_id: request.caller?.accountId ?? null,
      },
      "request",
    );
  });
  return app;
}

/** A number is how many proxies stand in front. */
function trustOf(
  proxies: ServerSettings["trustProxy"],
): boolean | string[] | ((address: string, hop: number) => boolean) {
  return typeof proxies === "number" ? (_address, hop) => hop < proxies : proxies;
}

/** JSON bodies, where an empty one counts as none. */
function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", async (request: FastifyRequest) => {
    const body = await app.readBody(request.raw, limits.bodyBytesMax);
    if (body.length === 0) return undefined;
    const text = body.toString();
    const refused = refusedJson(text);
    if (refused !== null) throw refused;
    if (hasLongBody(request.headers)) await app.takeTurn();
    return new Promise((resolve, reject) => {
      void parse(request, text, (error, value) => (error === null ? resolve(value) : reject(error)));
    });
  });
}

/** What of a body passes the limits, seen before anything is built from it. */
function refusedJson(text: string): ProblemError | null {
  const { depthMax, nameBytesMax, adminNamesMax } = limits;
  const walked = walkJson(text, { depthMax, nameBytesMax, namesMax: adminNamesMax, flat: false });
  if (walked.ok) return null;
  if (walked.because === "not_json") return new ProblemError("unreadable", { detail: `The body ${walked.words}.` });
  const errors = [{ path: writePath(walked.path), message: `this ${walked.words}` }];
  return new ProblemError("unreadable", { detail: `The body ${walked.words}.`, errors });
}

/** A request with several names for its server means different things to different readers of it: it is refused. */
function refuseSeveralHosts({ rawHeaders }: IncomingMessage): void {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 4 && name.toLowerCase() === "host" && ++hosts > 1)
      throw new ProblemError("unreadable", { detail: "The request has several Host headers. Send one." });
  }
}
