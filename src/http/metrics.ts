import type { FastifyInstance, FastifyRequest } from "fastify";
import { ProblemError } from "../core/problem-error.ts";
import type { Metrics } from "../engine/metrics.ts";
import type { Database } from "../store/database.ts";
import { findToken, touchToken, type FoundToken } from "../store/tokens.ts";
import { fromLoopback } from "./host-check.ts";
import { createWrongTokens } from "./v1/wrong-tokens.ts";

export type MetricsDeps = {
  readonly db: Database;
  readonly metrics: Pick<Metrics, "text" | "contentType">;
  readonly checkHost: (request: FastifyRequest) => void;
};

/**
 * What Prometheus reads, of this process whatever its roles (docs/metrics.md). From the machine itself it is told of all
 * accounts; elsewhere it takes a token with the section `metrics`, and tells of that token's account.
 */
export function registerMetrics(app: FastifyInstance, { db, metrics, checkHost }: MetricsDeps): void {
  const tokenOf = byToken(db);
  app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    const token = await tokenOf(request);
    if (token === null) {
      if (!fromLoopback(request)) throw new ProblemError("not_signed_in", { detail: howToAsk });
      // a web site whose name was made to lead here must not read along
      checkHost(request);
    }
    const text = await metrics.text(token?.accountId);
    return reply.header("cache-control", "no-store").type(metrics.contentType).send(text);
  });
}

const howToAsk = "Ask from the machine itself, or send an API token that has the section metrics.";

function byToken(db: Database): (request: FastifyRequest) => Promise<FoundToken | null> {
  const wrongTokens = createWrongTokens();
  return async (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) return null;
    const secret = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
    const token = secret === undefined ? null : await findToken(db, secret);
    if (token === null) {
      await wrongTokens.slowDown(request.ip);
      throw new ProblemError("not_signed_in", { detail: "This API token is not known, was revoked, or has run out." });
    }
    if (!token.access.includes("metrics"))
      throw new ProblemError("token_refused", { detail: "This API token does not have the section metrics." });
    await touchToken(db, token);
    return token;
  };
}
