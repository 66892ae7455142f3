import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { eventBatchMax, type EventResult } from "../../contracts/event.ts";
import { secretOf, sendNotAdmitted, type Admit } from "./admit.ts";
import type { V1Deps } from "./endpoint.ts";
import { refuse, sendEnvelope } from "./envelope.ts";
import { readEventBody } from "./events-body.ts";

const bodyBytesMax = 8 * 1_048_576;

/**
 * Spec 5.2, `POST /v1/events`: one event, an array, or NDJSON. Answers 202 with a line for each event, in their order,
 * once all that are stored are committed; 400 only if nothing can be read.
 */
export function registerEvents(v1: FastifyInstance, deps: V1Deps, admit: Admit): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = readEventBody(request.body, request.headers["content-type"] ?? "");
    const inQuery = new URLSearchParams(/\?(.*)$/s.exec(request.raw.url ?? "")?.[1]).get("auth_token");
    const admission = await admit(secretOf(request, inQuery ?? body.authToken), request.ip, "events");
    if (admission.kind !== "admitted") return sendNotAdmitted(reply, admission);
    const { token } = admission;
    deps.room?.require();
    if (body.events.length > eventBatchMax)
      return refuse(reply, 400, `There are ${body.events.length} events. Send ${eventBatchMax} at most at once`);
    const readable = body.events.flatMap((event) => (event.ok ? [event.value] : []));
    const taken = await deps.intake.takeEvents({
      accountId: token.accountId,
      inputs: readable,
      source: { kind: "token", id: token.id, name: token.name },
      diallersLists: false,
      onFault: (error) => request.log.error({ err: error }, "a batch of events is taken one by one"),
    });
    let at = 0;
    const results = body.events.map((event): EventResult =>
      event.ok ? taken[at++]! : { stored: false, code: "unreadable", error: event.error, path: "" },
    );
    return sendEnvelope(reply.code(202), { results });
  };
  for (const url of ["/events", "/events/"])
    v1.route({ method: "POST", url, schema: { hide: true }, bodyLimit: bodyBytesMax, handler: answer });
}
