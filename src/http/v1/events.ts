import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { EventResult } from "../../contracts/event.ts";
import { limits } from "../../contracts/limits.ts";
import { secretOf, sendNotAdmitted, type Admission, type Admit } from "./admit.ts";
import type { V1Deps } from "./endpoint.ts";
import { sendEnvelope } from "./envelope.ts";
import { readEventBody } from "./events-body.ts";

/**
 * `POST /v1/events`: one event, an array, or NDJSON. Answers 202 with a line for each event, in their order, once all
 * that are stored are committed; 400 only if nothing can be read. A body larger than one request's usual limit is read
 * only when the token in its address or header is good: who has none can't fill the memory with batches.
 */
export function registerEvents(v1: FastifyInstance, deps: V1Deps, admit: Admit): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const inQuery = new URLSearchParams(/\?(.*)$/s.exec(request.raw.url ?? "")?.[1]).get("auth_token");
    const secret = secretOf(request, inQuery ?? undefined);
    let admission: Admission | null = secret === "" ? null : await admit(secret, request.ip, "events");
    if (admission?.kind === "too_many") return sendNotAdmitted(reply, admission);
    const isKnown = admission?.kind === "admitted";
    const bytes = await v1.readBody(request.raw, isKnown ? limits.batchBodyBytesMax : limits.bodyBytesMax);
    const body = await readEventBody(bytes, request.headers["content-type"] ?? "", v1.takeTurn);
    if (!isKnown && body.authToken !== undefined) admission = await admit(body.authToken.trim(), request.ip, "events");
    admission ??= await admit("", request.ip, "events");
    if (admission.kind !== "admitted") return sendNotAdmitted(reply, admission);
    const { token } = admission;
    deps.room?.require();
    const readable = body.events.flatMap((event) => (event.ok ? [event.value] : []));
    const taken = await deps.intake.takeEvents({
      accountId: token.accountId,
      inputs: readable,
      bytes: bytes.length,
      source: { kind: "token", id: token.id, name: token.name },
      diallersLists: false,
      onFault: (error) => request.log.error({ err: error }, "a batch of events is taken one by one"),
    });
    let at = 0;
    const results = body.events.map((event): EventResult =>
      event.ok ? taken[at++]! : { stored: false, code: "unreadable", error: event.error, path: event.path },
    );
    return sendEnvelope(reply.code(202), { results });
  };
  for (const url of ["/events", "/events/"]) v1.route({ method: "POST", url, schema: { hide: true }, handler: answer });
}
