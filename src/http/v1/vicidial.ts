import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { problems } from "../../contracts/problem.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { readVicidial } from "../../core/read-vicidial.ts";
import { BodyTooLarge } from "../read-body.ts";
import { unavailableBy } from "../unavailable.ts";
import type { Admit } from "./admit.ts";
import type { V1Deps } from "./endpoint.ts";
import { Malformed, type Parameters } from "./parameters.ts";
import { readRequest, takeBodiesAsTheyCome } from "./read-request.ts";
import { addVicidialLead, isYes, updateVicidialLead, type VicidialCall } from "./vicidial-leads.ts";

/**
 * What VICIdial calls by itself, and what is written against its non-agent API: variables in the address, `pass` is the
 * API token and `user` its name. Every answer is one line of text, `SUCCESS: …` or `ERROR: …`, as the dialler's own scripts
 * answer: with HTTP 200, unless the request can't be read or Patchbay can't take it now.
 */
export async function registerVicidial(app: FastifyInstance, deps: V1Deps, admit: Admit): Promise<void> {
  await app.register(
    async (vicidial) => {
      takeBodiesAsTheyCome(vicidial);
      vicidial.setErrorHandler(answerError);
      const serve = (
        path: string,
        take: (call: VicidialCall) => Promise<string>,
        endpointOf: (of: Parameters) => string,
      ) =>
        vicidial.route({
          method: ["GET", "POST"],
          url: path,
          exposeHeadRoute: false,
          schema: { hide: true },
          handler: async (request, reply) => {
            const parameters = await readRequest(request);
            const admission = await admit(parameters["pass"]?.trim() ?? "", request.ip, endpointOf(parameters));
            const user = parameters["user"] ?? "";
            if (admission.kind === "unknown") return send(reply, `ERROR: Invalid Username/Password: |${user}|`);
            if (admission.kind === "forbidden")
              return send(reply, `ERROR: USER DOES NOT HAVE PERMISSION TO USE THIS FUNCTION - ${user}`);
            if (admission.kind === "too_many") {
              reply.header("retry-after", String(admission.waitSeconds));
              return send(reply, `ERROR: TOO MANY REQUESTS, THE LIMIT IS ${admission.perSecond} A SECOND - ${user}`);
            }
            if (!(path === "/non_agent_api.php" && onlyLooks(parameters))) deps.room?.require();
            return send(reply, await take({ deps, request, parameters, token: admission.token }));
          },
        });
      serve(
        "/start",
        (call) => takeCall("start", call),
        () => "events",
      );
      serve(
        "/dispo",
        (call) => takeCall("dispo", call),
        () => "events",
      );
      serve("/non_agent_api.php", nonAgentApi, ({ function: name }) =>
        name === "update_lead" ? "leads/update" : "leads/insert",
      );
    },
    { prefix: "/vicidial" },
  );
}

/** Or deletes: what needs no room on disk. */
const onlyLooks = (of: Parameters): boolean =>
  of["function"] === "update_lead" &&
  !isYes(of["insert_if_not_found"]) &&
  (isYes(of["no_update"]) || isYes(of["delete_lead"]));

/** Start Call URL and Dispo Call URL: an event of the call. */
async function takeCall(kind: "start" | "dispo", { deps, request, parameters, token }: VicidialCall): Promise<string> {
  const reading = readVicidial(kind, parameters, token.name);
  if (!reading.ok) return `ERROR: ${kind} ${reading.error}`;
  const [result] = await deps.intake.takeEvents({
    accountId: token.accountId,
    inputs: [reading.event],
    source: { kind: "token", id: token.id, name: token.name },
    diallersLists: true,
    onFault: (error) => request.log.error({ err: error }, "an event of the dialler could not be taken"),
  });
  if (result!.stored) return `SUCCESS: ${kind} EVENT HAS BEEN STORED - ${result!.id}`;
  return `ERROR: ${kind} ${result!.error}${result!.path === "" ? "" : ` - ${result!.path}`}`;
}

async function nonAgentApi(call: VicidialCall): Promise<string> {
  switch (call.parameters["function"] ?? "") {
    case "add_lead":
      return addVicidialLead(call);
    case "update_lead":
      return updateVicidialLead(call);
    case "":
      return "ERROR: NO FUNCTION SPECIFIED";
    default:
      return `ERROR: FUNCTION NOT KNOWN HERE, USE add_lead OR update_lead - ${call.parameters["function"]}`;
  }
}

function send(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("text/plain; charset=utf-8").send(`${text}\n`);
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Malformed) return send(reply.code(400), `ERROR: ${error.message}`);
  if (error instanceof BodyTooLarge) return send(reply.code(413), `ERROR: ${error.message}`);
  const unavailable = unavailableBy(error);
  if (unavailable !== null) {
    request.server.outages.met(error);
    const { words, when, retryAfterSeconds } = unavailable;
    const answer = `ERROR: ${`${words}, send it again ${when}`.toUpperCase()}`;
    return send(reply.code(503).header("retry-after", String(retryAfterSeconds)), answer);
  }
  if (error instanceof ProblemError) return send(reply.code(problems[error.code][0]), `ERROR: ${error.message}`);
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return send(reply.code(statusCode), `ERROR: ${(error as Error).message}`);
  request.log.error({ err: error, route: request.routeOptions.url }, "a request failed");
  return send(reply.code(500), "ERROR: SOMETHING BROKE IN PATCHBAY, ITS LOG HAS THE PARTICULARS");
}
