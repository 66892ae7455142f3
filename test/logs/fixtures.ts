import type { FastifyInstance } from "fastify";
import pino from "pino";
import type { AccountId } from "../../src/contracts/ids.ts";
import type { Role } from "../../src/contracts/endpoint.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { deliveryRoutes } from "../../src/http/api/deliveries.ts";
import { registerDeliveryStreams } from "../../src/http/api/delivery-streams.ts";
import { createLiveTail } from "../../src/http/live-tail.ts";
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
  const log = pino({ level: "silent" });
  const app = await createServer({ trustProxy: false, log });
  const sessions = new Map<string, ReturnType<typeof makeSession>>();
  const access: Access = {
    require: () => async (request) => {
      const accountId = Number(request.headers["x-account"]) as AccountId;
      const role = request.headers["x-role"] as Role;
      const key = `${accountId} ${role}`;
      const session = sessions.get(key) ?? makeSession(db, accountId, role);
      sessions.set(key, session);
      const scope = accountScope(db, accountId);
      request.caller = { accountId, role, kind: "user", name: "Ada", scope, ...(await session) };
    },
  };
  const replays = replayRoutes({ db, replayer: { wake: () => {} } });
  const routes = [...leadRoutes({ db, engine, secretBox }), ...deliveryRoutes({ db, engine }), ...replays];
  registerRoutes(app, routes, access);
  registerDeliveryStreams(app, access, { database: db, live: createLiveTail({ database: db, queue: db, log }) });
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

/** A user who is signed in. */
async function makeSession(db: Database, accountId: AccountId, role: Role): Promise<{ id: number; sessionId: string }> {
  const { rows } = await db.query<{ id: number; sessionId: string }>(
    `with person as (
       insert into sign_in_user (name, email, email_verified) values ('Ada', gen_random_uuid() || '@example.com', true) returning id, email
     ), session as (
       insert into sign_in_session (expires_at, token, updated_at, user_id)
       select now() + interval '1 day', gen_random_uuid(), now(), id from person returning id
     ), made as (
       insert into users (account_id, sign_in_user_id, email, name, role) select $1, id, email, 'Ada', $2 from person returning id
     )
     select made.id, session.id as "sessionId" from made, session`,
    [accountId, role],
  );
  return rows[0]!;
}
