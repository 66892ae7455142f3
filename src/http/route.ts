import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Endpoint, EndpointReply, EndpointRequest, Role } from "../contracts/endpoint.ts";
import { Problem } from "../contracts/problem.ts";
import type { Caller } from "./caller.ts";
import { hasLongBody } from "./read-body.ts";

type Request = { readonly params: unknown; readonly query: unknown; readonly body: unknown };

/** An endpoint of the admin API and what answers it. */
export type Route = {
  readonly endpoint: Endpoint;
  readonly handle: (request: Request, caller: Caller | null, raw: FastifyRequest) => Promise<unknown>;
};

/** Endpoints that need no sign-in get no caller. */
type CallerOf<E extends Endpoint> = E["role"] extends "anyone" ? null : Caller;

/** Ties a handler to an endpoint's description, by which its input is parsed and its answer typed. Refuse by throwing ProblemError. */
export function route<const E extends Endpoint>(
  endpoint: E,
  handler: (request: EndpointRequest<E>, caller: CallerOf<E>, raw: FastifyRequest) => Promise<EndpointReply<E>>,
): Route {
  return { endpoint, handle: handler as unknown as Route["handle"] };
}

/** Lets a request in, or refuses it by throwing ProblemError. */
export type Access = {
  /** An `onRequest` hook: who calls, and whether their role is enough; `request.caller` is set afterwards. */
  readonly require: (role: Role) => (request: FastifyRequest) => Promise<void>;
};

/**
 * The one place that registers endpoints: who may call comes before what was sent is looked at.
 * @param requireRoom throws while no new work is taken.
 */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  access: Access,
  requireRoom: () => void = () => {},
): void {
  // a long body's steps (judging it, working on it, writing the answer) each wait for their turn
  const turnFor = async ({ headers }: FastifyRequest): Promise<void> => {
    if (hasLongBody(headers)) await app.takeTurn();
  };
  for (const { endpoint, handle } of routes) {
    app.route({
      method: endpoint.method,
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      schema: schemaOf(endpoint),
      ...(endpoint.role === "anyone" ? {} : { onRequest: access.require(endpoint.role) }),
      preValidation: async (request) => {
        await turnFor(request);
        if (endpoint.body !== undefined && request.body == null) request.body = {};
      },
      handler: async (request, reply) => {
        const { params, query, body } = request;
        if (endpoint.takesWork === true) requireRoom();
        await turnFor(request);
        const answer = await handle({ params, query, body }, request.caller, request);
        await turnFor(request);
        await reply.code(endpoint.status).send(endpoint.status === 204 ? undefined : answer);
      },
    });
  }
}

function schemaOf(endpoint: Endpoint): Record<string, unknown> {
  const parts: { params?: z.ZodType; querystring?: z.ZodType; body?: z.ZodType } = {};
  if (endpoint.params !== undefined) parts.params = endpoint.params;
  if (endpoint.query !== undefined) parts.querystring = endpoint.query;
  if (endpoint.body !== undefined) parts.body = endpoint.body;
  return {
    ...parts,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: endpoint.role === "anyone" ? "Needs no sign-in." : `Least role: ${endpoint.role}.`,
    security: endpoint.role === "anyone" ? [] : [{ token: [] }, { session: [] }],
    response: {
      [endpoint.status]: endpoint.answer,
      default: {
        description: "A problem document (RFC 9457) with a stable code",
        content: { "application/problem+json": { schema: Problem } },
      },
    },
  };
}
