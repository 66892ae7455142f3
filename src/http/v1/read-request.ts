import type { FastifyInstance, FastifyRequest } from "fastify";
import { limits } from "../../contracts/limits.ts";
import type { Parameters } from "./parameters.ts";
import { readParameters } from "./read-parameters.ts";

/** The parameters of a request of whatever kind. Rejects with Malformed, BodyTooLarge or Overloaded. */
export async function readRequest(request: FastifyRequest): Promise<Parameters> {
  return readParameters(request, await request.server.readBody(request.raw, limits.bodyBytesMax));
}

/** Leaves every body to the handler, whatever kind it says it is: one reader counts them all. */
export function takeBodiesAsTheyCome(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
}
