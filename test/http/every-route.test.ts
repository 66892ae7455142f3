import { beforeAll, describe, expect, test } from "vitest";
import { roles, type Endpoint, type Role } from "../../src/contracts/endpoint.ts";
import { api } from "../../src/contracts/endpoints/index.ts";
import type { AccountId } from "../../src/contracts/ids.ts";
import { startPatchbay, type Client } from "./patchbay.ts";

const patchbay = startPatchbay();

/** Every described endpoint, so that one that is added is tested with no further ado. */
const endpoints = Object.values(api).flatMap((group) => endpointsIn(group));

function endpointsIn(value: unknown): Endpoint[] {
  if (typeof value !== "object" || value === null || "_zod" in value) return [];
  if ("method" in value && "path" in value) return [value as Endpoint];
  return Object.values(value as Record<string, unknown>).flatMap(endpointsIn);
}

/** Input that would do for the caller's own account, naming the ids of another. */
type Foreign = {
  campaign: number;
  list: number;
  status: number;
  agent: number;
  field: number;
  adaptor: number;
  connect: number;
  lead: number;
  delivery: string;
  replay: number;
  user: number;
  token: number;
  workflow: number;
  action: string;
  queue: number;
  inboundNumber: number;
  template: number;
};
const workflow = (name: string, of: Pick<Foreign, "campaign" | "connect">): object => ({
  name,
  relation: { kind: "campaign", of: [of.campaign] },
  events: [{ type: "lead_action", actions: ["create"] }],
  action_sets: [{ delay: "1d", actions: [{ type: "integration", connect_id: of.connect }] }],
});
const bodies = (of: Foreign): Record<string, unknown> => ({
  "POST /api/setup": {
    account_name: "Second",
    time_zone: "UTC",
    name: "Eve",
    email: "eve@example.com",
    password: "long enough for this",
  },
  "POST /api/invitations": { email: "new@example.com", role: "viewer" },
  "POST /api/invitations/{code}/accept": { name: "Eve", password: "long enough for this" },
  "POST /api/tokens": { name: "t", access: ["leads"] },
  "POST /api/adaptors": { name: `Adaptor ${Math.random()}` },
  "POST /api/adaptors/generated-data": { adaptor_id: of.adaptor },
  "POST /api/connects": {
    name: `Connect ${Math.random()}`,
    api_url: "https://crm.example.com/",
    request_method: "POST",
    adaptor_id: of.adaptor,
  },
  "POST /api/connects/preview": { connect_id: of.connect },
  "POST /api/connects/test": {
    connect_id: of.connect,
    connect: { name: "x", api_url: "https://crm.example.com/", request_method: "GET" },
  },
  "POST /api/deliveries/retry": { ids: [of.delivery] },
  "POST /api/replays/preview": { ids: [of.delivery] },
  "POST /api/leads": { list_id: of.list, phone_number: "3105550188" },
  "POST /api/leads/{id}/send": { connect_id: of.connect },
  "POST /api/campaigns": { name: `Campaign ${Math.random()}` },
  "POST /api/lists": { name: `List ${Math.random()}`, campaign_id: of.campaign },
  "POST /api/statuses": { code: `S${Math.random()}`, name: "S" },
  "POST /api/agents": { name: "Agent" },
  "POST /api/queues": { name: `Queue ${Math.random()}` },
  "POST /api/inbound-numbers": { name: `Number ${Math.random()}` },
  "POST /api/email-templates": { name: `Template ${Math.random()}`, subject: "Hi", body: "Hello" },
  "POST /api/workflows": workflow(`Workflow ${Math.random()}`, of),
  "POST /api/workflows/read-back": workflow("Workflow", of),
  "POST /api/workflows/{id}/why": { lead_id: of.lead },
  "POST /api/actions/flush": { workflow: of.workflow, lead_id: of.lead },
  "POST /api/rehearsals": { draft: { of: "workflow", id: of.workflow, settings: workflow("Workflow", of) } },
  "POST /api/lead-fields": { name: `f${Math.random().toString(36).slice(2)}`, label: "F", type: "text" },
});
const idOf = (path: string, of: Foreign): string | number => {
  const noun = path.split("/")[2] ?? "";
  const known: Record<string, string | number> = {
    campaigns: of.campaign,
    lists: of.list,
    statuses: of.status,
    agents: of.agent,
    "lead-fields": of.field,
    adaptors: of.adaptor,
    connects: of.connect,
    leads: of.lead,
    deliveries: of.delivery,
    replays: of.replay,
    users: of.user,
    tokens: of.token,
    workflows: of.workflow,
    actions: of.action,
    queues: of.queue,
    "inbound-numbers": of.inboundNumber,
    "email-templates": of.template,
  };
  const id = known[noun];
  if (id === undefined) throw new Error(`This test knows no ${noun} of another account: add one`);
  return id;
};

let foreign: Foreign;
let other: AccountId;
const clients = new Map<Role | "anonymous" | "admin token" | "leads token", Client>();

beforeAll(async () => {
  const own = await patchbay.account("Own");
  other = await patchbay.account("Other");
  foreign = { ...(await fill(await patchbay.withToken(other, ["admin"]))), replay: await replayOf(other) };
  clients.set("anonymous", patchbay.anonymous);
  for (const role of roles) clients.set(role, await patchbay.user(own, role));
  clients.set("admin token", await patchbay.withToken(own, ["admin"]));
  clients.set("leads token", await patchbay.withToken(own, ["leads"]));
  await clients.get("admin")!.ok("POST", "/api/leads/sample");
});

/** One that waits for its next turn longer than this test takes. */
async function replayOf(account: AccountId): Promise<number> {
  const { rows } = await patchbay.db.query<{ id: number }>(
    `insert into replays (account_id, filter, mode, total, total_capped, not_after, created_by, next_at)
     values ($1, '{"phone": "theirs"}', 'as_sent', 1, false, gen_random_uuid(), 'Theirs', now() + interval '1 d')
     returning id`,
    [account],
  );
  return rows[0]!.id;
}

async function fill(admin: Client): Promise<Omit<Foreign, "replay">> {
  const made = async (path: string, body: unknown) => (await admin.ok<{ id: number }>("POST", path, body)).id;
  const campaign = await made("/api/campaigns", { name: "Their campaign" });
  const list = await made("/api/lists", { name: "Their list", campaign_id: campaign });
  const status = await made("/api/statuses", { code: "THEIRS", name: "Theirs" });
  const agent = await made("/api/agents", { name: "Their agent", number: 6666 });
  const field = await made("/api/lead-fields", { name: "theirs", label: "Theirs", type: "text" });
  const fields = [{ section: "lead", field: "first_name", to: "first" }];
  const adaptor = await made("/api/adaptors", { name: "Their adaptor", fields });
  const connect = await made("/api/connects", {
    name: "Their connect",
    api_url: "https://crm.example.com/lead",
    api_authentication: "api_key=their-own-secret",
    request_method: "POST",
    adaptor_id: adaptor,
    active: false,
  });
  const queue = await made("/api/queues", { name: "Their queue" });
  const inboundNumber = await made("/api/inbound-numbers", { name: "Their number" });
  const template = await made("/api/email-templates", { name: "Their template", subject: "theirs", body: "theirs" });
  const flow = await made("/api/workflows", workflow("Their workflow", { campaign, connect }));
  const lead = await made("/api/leads", { list_id: list, phone_number: "3105550177", first_name: "Theirs" });
  const { delivery_id } = await admin.ok<{ delivery_id: string }>("POST", `/api/leads/${lead}/send`, {
    connect_id: connect,
  });
  const users = await admin.ok<{ items: { id: number }[] }>("GET", "/api/users");
  const tokens = await admin.ok<{ items: { id: number }[] }>("GET", "/api/tokens");
  const [user, token] = [users.items[0]!.id, tokens.items[0]!.id];
  const actions = await admin.ok<{ items: { id: string }[] }>("GET", `/api/actions?workflow=${flow}`);
  const action = actions.items[0]!.id;
  const dialler = { campaign, list, status, agent, field, queue, inboundNumber, template };
  return { ...dialler, adaptor, connect, lead, delivery: delivery_id, user, token, workflow: flow, action };
}

/** Everything the other account owns. */
async function everythingOf(account: AccountId): Promise<unknown> {
  const { rows } = await patchbay.db.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id'
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const tables: Record<string, unknown> = {};
  for (const { name } of rows.filter((row) => !row.name.startsWith("sign_in_"))) {
    const found = await patchbay.db.query(
      // when a token was last used is no setting
      `select to_jsonb(t) - 'last_used_at' as row from ${name} t where account_id = $1 order by to_jsonb(t)::text`,
      [account],
    );
    tables[name] = found.rows;
  }
  return tables;
}

const callOf = (client: Client, endpoint: Endpoint) => {
  const { method, path } = endpoint;
  const body = bodies(foreign)[`${method} ${path}`] ?? (endpoint.body === undefined ? undefined : {});
  const query = path === "/api/search" ? "?q=their" : "";
  const url = path.replace("{id}", () => String(idOf(path, foreign))).replace("{code}", "x".repeat(24)) + query;
  return client.call<{ code?: string; items?: unknown[] }>(method, url, body);
};

const allowed = (role: Role, least: Endpoint["role"]): boolean =>
  least === "anyone" || roles.indexOf(role) >= roles.indexOf(least);

function testStrangers(name: string, endpoint: Endpoint): void {
  test(`${name} wants a sign-in`, async () => {
    const { status, body } = await callOf(clients.get("anonymous")!, endpoint);
    expect([status, body.code]).toEqual([401, "not_signed_in"]);
  });

  test(`${name} refuses a token without the section admin`, async () => {
    const { status, body } = await callOf(clients.get("leads token")!, endpoint);
    expect([status, body.code]).toEqual([403, "token_refused"]);
  });
}

describe("every endpoint", () => {
  test("is there to be tested", () => {
    expect(endpoints.length).toBeGreaterThan(50);
  });

  for (const endpoint of endpoints) {
    const name = `${endpoint.method} ${endpoint.path}`;
    const open = endpoint.role === "anyone";

    if (!open) testStrangers(name, endpoint);

    for (const who of [...roles, "admin token"] as const) {
      const role = who === "admin token" ? "admin" : who;
      const may = allowed(role, endpoint.role);
      test(`${name} ${may ? "lets" : "refuses"} ${who}${may ? ", and shows and changes nothing of another account" : ""}`, async () => {
        const before = await everythingOf(other);
        const { status, body } = await callOf(clients.get(who)!, endpoint);
        if (!may) expect([status, body.code]).toEqual([403, "forbidden"]);
        else if (endpoint.path.includes("{id}")) expect([status, body.code]).toEqual([404, "not_found"]);
        else expect([401, 403, 500, 503].includes(status) ? [status, body] : "let in").toBe("let in");
        expect(JSON.stringify(body)).not.toMatch(/Their |THEIRS|theirs/);
        expect(await everythingOf(other)).toEqual(before);
      });
    }
  }

  test("a body that names another account's things finds none", async () => {
    const admin = clients.get("admin")!;
    const sent = bodies(foreign);
    await admin.refused("bad_input", "POST", "/api/connects", sent["POST /api/connects"]);
    await admin.refused("not_found", "POST", "/api/connects/preview", sent["POST /api/connects/preview"]);
    await admin.refused("not_found", "POST", "/api/connects/test", sent["POST /api/connects/test"]);
    await admin.refused("bad_input", "POST", "/api/adaptors/generated-data", { adaptor_id: foreign.adaptor });
    await admin.refused("bad_input", "POST", "/api/lists", sent["POST /api/lists"]);
    await admin.refused("bad_input", "POST", "/api/leads", sent["POST /api/leads"]);
    await admin.refused("bad_input", "POST", "/api/workflows", sent["POST /api/workflows"]);
    await admin.refused("not_found", "POST", "/api/rehearsals", sent["POST /api/rehearsals"]);
    const flushed = await admin.ok<{ count: number }>("POST", "/api/actions/flush", sent["POST /api/actions/flush"]);
    expect(flushed.count).toBe(0);
    const retried = await admin.ok("POST", "/api/deliveries/retry", { ids: [foreign.delivery] });
    expect(retried).toEqual({ count: 0, replay_id: null });
    const previewed = await admin.ok("POST", "/api/replays/preview", { ids: [foreign.delivery] });
    expect(previewed).toMatchObject({ total: 0, compared: 0, differences: [] });
  });

  test("the streams ask who calls too", async () => {
    for (const path of ["/api/deliveries.csv", "/api/deliveries/live"]) {
      expect((await clients.get("anonymous")!.call("GET", path)).status).toBe(401);
      expect((await clients.get("leads token")!.call("GET", path)).status).toBe(403);
    }
    const csv = await clients.get("viewer")!.call<string>("GET", "/api/deliveries.csv");
    expect([csv.status, csv.body.includes(foreign.delivery)]).toEqual([200, false]);
  });
});
