import Fastify, { type FastifyInstance } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptLead } from "../../src/engine/accept-lead.ts";
import { takeEvents } from "../../src/engine/take-events.ts";
import { eventSourceRoutes } from "../../src/http/api/event-sources.ts";
import { queueRoutes } from "../../src/http/api/queues.ts";
import type { Caller } from "../../src/http/caller.ts";
import { registerRoutes } from "../../src/http/route.ts";
import { sendProblem } from "../../src/http/problems.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, secretBox, type TestAccount } from "../engine/fixtures.ts";

const clone = cloneDatabase();
let app: FastifyInstance;
let account: TestAccount;
const source = { kind: "token", id: 1, name: "dialler" } as const;

beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  app = Fastify();
  app.setValidatorCompiler<import("zod").ZodType>(({ schema }) => (data) => ({ value: schema.parse(data) }));
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.decorate("outages", { met: () => false });
  app.decorateRequest("caller", null);
  const { accountId, scope } = account;
  const caller: Caller = { accountId, kind: "user", id: 1, name: "Ada", role: "admin", sessionId: null, scope };
  const routes = [
    ...queueRoutes({ database: clone.db, secretBox }),
    ...eventSourceRoutes({ publicUrl: "https://calls.example.com/" }),
  ];
  registerRoutes(app, routes, {
    require: () => async (request) => {
      request.caller = caller;
    },
  });
});
afterAll(() => app.close());

test.for(["queues", "inbound-numbers"])(
  "%s are added, described, listed and deleted, but not while a workflow names them",
  async (path) => {
    const kind = path === "queues" ? "queue" : "inbound_number";
    const made = await app.inject({
      method: "POST",
      url: `/api/${path}`,
      payload: { name: "Sales", code: "8005550100" },
    });
    expect(made.statusCode).toBe(201);
    const { id } = made.json<{ id: number }>();
    const twin = await app.inject({ method: "POST", url: `/api/${path}`, payload: { name: "Sales" } });
    expect([twin.statusCode, twin.json<{ code: string }>().code]).toEqual([409, "name_taken"]);
    const changed = await app.inject({
      method: "PATCH",
      url: `/api/${path}/${id}`,
      payload: { name: "Inbound sales" },
    });
    expect(changed.json()).toEqual({ id, name: "Inbound sales", code: "8005550100", described: true, revision: 2 });

    // a number the dialler names by its code is this one, not a new one
    const call = {
      call_type: "INBOUND",
      ...(path === "queues" ? { queue: "8005550100" } : { inbound_number: "8005550100" }),
    };
    const inputs = [{ type: "call.started", lead_id: account.leadId, call }];
    const taken = await takeEvents(clone.db, { accountId: account.accountId, inputs, source, diallersLists: false });
    expect(taken).toMatchObject([{ stored: true }]);
    const listed = await app.inject({ method: "GET", url: `/api/${path}` });
    expect(listed.json()).toMatchObject({ items: [{ id, name: "Inbound sales" }], next_cursor: null });

    const settings = { relation: { kind, of: [id] }, events: [], action_sets: [] };
    await account.scope.query(
      "insert into workflows (account_id, name, active, settings, revision, version) values ($1, $2, false, $3, 1, 1)",
      [`About ${path}`, JSON.stringify(settings)],
    );
    const refused = await app.inject({ method: "DELETE", url: `/api/${path}/${id}` });
    expect([refused.statusCode, refused.json<{ detail: string }>().detail]).toEqual([
      409,
      expect.stringContaining(`the workflow About ${path}`),
    ]);
    await account.scope.query("update workflows set deleted_at = now() where account_id = $1");
    expect((await app.inject({ method: "DELETE", url: `/api/${path}/${id}` })).statusCode).toBe(204);
  },
);

test("the addresses to paste are the account's own, and fill in what events need", async () => {
  const before = (await app.inject({ method: "GET", url: "/api/event-sources" })).json<Record<string, string>>();
  expect(before["events_url"]).toBe("https://calls.example.com/v1/events");
  expect(before["curl"]).toContain("https://calls.example.com/v1/events");
  const start = new URL(before["vicidial_start_url"]!);
  const dispo = new URL(before["vicidial_dispo_url"]!);
  expect([start.pathname, dispo.pathname]).toEqual(["/vicidial/start", "/vicidial/dispo"]);
  expect(start.searchParams.get("lead_id")).toBe("--A--lead_id--B--");
  expect(dispo.searchParams.get("dispo")).toBe("--A--dispo--B--");
  const at = "2026-03-01T10:00:00.000Z";
  const inputs = [{ type: "lead.viewed", lead_id: account.leadId, at }];
  await takeEvents(clone.db, { accountId: account.accountId, inputs, source, diallersLists: false });
  const after = (await app.inject({ method: "GET", url: "/api/event-sources" })).json<Record<string, string>>();
  expect(after["last_event_at"]).toBe(at);
});

test("a lead that came with many others is an event, on which no workflow fires", async () => {
  const settings = { name: "On create", events: [{ type: "lead_action", actions: ["create"] }] };
  const { WorkflowSettings } = await import("../../src/contracts/workflow.ts");
  const full = WorkflowSettings.parse({
    ...settings,
    action_sets: [{ actions: [{ type: "status", status: "SEEN" }] }],
  });
  await account.scope.query(
    `with saved as (update accounts set workflows_version = workflows_version + 1 where id = $1 returning workflows_version)
     insert into workflows (account_id, name, active, settings, revision, version)
     select $1, 'On create', true, $2, 1, workflows_version from saved`,
    [JSON.stringify(full)],
  );
  const add = async (bulk: boolean) => {
    const parameters = { list_id: String(account.listId), phone_number: "3105550143" };
    const accepted = await acceptLead(clone.db, { accountId: account.accountId, parameters, source, bulk });
    if (!accepted.ok) throw new Error(accepted.detail);
    const [lead] = await account.scope.query<{ status: string }>(
      "select status from leads where account_id = $1 and id = $2",
      [accepted.leadId],
    );
    const events = await account.scope.query<{ type: string }>(
      "select type from events where account_id = $1 and lead_id = $2 order by id",
      [accepted.leadId],
    );
    return { status: lead!.status, events: events.map(({ type }) => type) };
  };
  expect(await add(true)).toEqual({ status: "NEW", events: ["lead.created"] });
  expect(await add(false)).toEqual({ status: "SEEN", events: ["lead.created", "lead.saved"] });
});
