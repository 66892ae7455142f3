import type { FastifyInstance } from "fastify";
import pino from "pino";
import type { AccountId } from "../../src/contracts/ids.ts";
import type { Role } from "../../src/contracts/endpoint.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { deliveryRoutes } from "../../src/http/api/deliveries.ts";
import { registerDeliveryStreams } from "../../src/http/api/delivery-streams.ts";
import { leadRoutes } from "../../src/http/api/leads.ts";
import { replayRoutes } from "../../src/http/api/replays.ts";
import { registerRoutes, type Access } from "../../src/http/route.ts";
import { createServer } from "../../src/http/server.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import type { Database } from "../../src/store/database.ts";
import { secretBox } from "../engine/fixtures.ts";

export type TestApi = {
  readonly app: FastifyInstance;
  readonly base: string;
  /** As a caller of this account and role. */
  readonly call: (
    as: { account: AccountId; role: Role },
    method: string,
    path: string,
    body?: object,
  ) => Promise<Response>;
};

/** The routes of leads, deliveries and replays (which nobody carries out); who calls is said by the test, in headers. */
export async function startApi(db: Database, engine: Engine): Promise<TestApi> {
  const app = await createServer({ trustProxy: false, log: pino({ level: "silent" }) });
  const access: Access = {
    require: () => async (request) => {
      const accountId = Number(request.headers["x-account"]) as AccountId;
      const role = request.headers["x-role"] as Role;
      request.caller = { accountId, role, kind: "user", id: 1, name: "Ada", scope: accountScope(db, accountId) };
    },
  };
  const replays = replayRoutes({ db, replayer: { wake: () => {} } });
  const routes = [...leadRoutes({ db, engine, secretBox }), ...deliveryRoutes({ db, engine }), ...replays];
  registerRoutes(app, routes, access);
  registerDeliveryStreams(app, access);
  const base = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    app,
    base,
    call: ({ account, role }, method, path, body) =>
      fetch(`${base}${path}`, {
        method,
        headers: {
          "x-account": String(account),
          "x-role": role,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}
