import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";

/**
 * OpenAPI 3.1 of every described endpoint, made of the same schemas that check what comes in: for people at `/api/docs`,
 * for programs at `/api/docs/json`. Register before the routes.
 */
export async function registerOpenapi(
  app: FastifyInstance,
  publicUrl: string | null,
  checkHost: (request: FastifyRequest) => void,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Patchbay",
        version: "1",
        description:
          "The admin API: what the page uses. Send an API token that has the section `admin` as `Authorization: Bearer`. Errors are problem documents (RFC 9457) with a stable `code`; lists page by `cursor`.",
      },
      ...(publicUrl === null ? {} : { servers: [{ url: publicUrl }] }),
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: "patchbay.session_token" },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, {
    routePrefix: "/api/docs",
    // its plain layout: without a bar that asks for another document's address
    uiConfig: { layout: "BaseLayout", docExpansion: "list", tryItOutEnabled: false },
    uiHooks: { onRequest: (request, _reply, done) => refuseHost(request, checkHost, done) },
    theme: { title: "Patchbay API" },
    staticCSP: docsPolicy,
  });
}

function refuseHost(
  request: FastifyRequest,
  checkHost: (request: FastifyRequest) => void,
  done: (error?: Error) => void,
): void {
  try {
    checkHost(request);
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

// scripts and styles from here alone; its drawings are data: images
const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
