import { expect, test } from "vitest";
import { secretMask } from "../../src/contracts/connect.ts";
import { api } from "../../src/contracts/endpoints/index.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import { findSecrets } from "../find-secrets.ts";
import { startReceiver } from "../receiver.ts";
import { echo } from "../receiver-acts.ts";
import { startPatchbay } from "./patchbay.ts";

const patchbay = startPatchbay();

/** One of each kind of secret, in every place that takes one. */
const planted = {
  url: "url-planted-7f3a",
  user: "user-planted-1c9d",
  pass: "pass-planted-52be",
  query: "query planted+/=&é-88",
  header: "header-planted-0d4f",
  bearer: "bearer-planted-b6e1",
  mail: "mail-planted-3e77",
  pair: "pair-planted-\"'-93c2",
};

test("secrets planted in B, C, D and static pairs never come back, from any route or table", async () => {
  // the vendor echoes all it got, which is where logs could learn them
  await using receiver = await startReceiver(echo);
  const accountId = await patchbay.account("Acme Calls");
  const admin = await patchbay.user(accountId, "admin");
  const lead = await admin.ok<{ id: number }>("POST", "/api/leads/sample");
  const adaptor = await admin.ok<{ id: number }>("POST", "/api/adaptors", {
    name: "CRM",
    fields: [
      { section: "lead", field: "first_name", to: "first" },
      { section: "static", to: "api_token", value: planted.pair },
      { section: "static", to: "plain", value: planted.bearer, secret: true },
    ],
  });
  const origin = receiver.origin.replace("//", `//${planted.user}:${planted.pass}@`);
  const settings = {
    name: "Vendor",
    api_url: `${origin}/lead?token=${planted.url}&campaign=open`,
    api_authentication: `api_key=${encodeURIComponent(planted.query)}`,
    authorization_header: `X-Key: ${planted.header}|Accept: text/plain`,
    request_method: "POST",
    adaptor_id: adaptor.id,
  };
  const connect = await admin.ok<{ id: number }>("POST", "/api/connects", settings);
  await admin.ok("PATCH", `/api/connects/${connect.id}`, { authorization_header: `X-Key: ${planted.header}x` });
  await admin.ok("PATCH", `/api/connects/${connect.id}`, { authorization_header: `X-Key: ${planted.header}` });
  await admin.ok("POST", `/api/connects/${connect.id}/duplicate`);
  await admin.ok("POST", `/api/connects/${connect.id}/test`, {});
  await admin.ok("POST", "/api/connects/test", { connect: { ...settings, name: "Unsaved" } });
  await admin.ok("POST", `/api/leads/${lead.id}/send`, { connect_id: connect.id });
  const sent = await receiver.received(3);
  const sentText = JSON.stringify(sent.map(({ url, headers, text }) => [decodeURIComponent(url), headers, text]));
  for (const secret of [planted.url, planted.header, planted.bearer]) expect(sentText).toContain(secret);
  await settled(admin, 3);
  await admin.ok("PATCH", `/api/adaptors/${adaptor.id}`, {
    fields: [
      { section: "lead", field: "first_name", to: "given" },
      { section: "static", to: "api_token", value: secretMask },
      { section: "static", to: "plain", value: secretMask, secret: true },
    ],
  });
  const which = { filter: { connect: connect.id } };
  const previewed = await admin.ok<{ counts: { payloads: number } }>("POST", "/api/replays/preview", which);
  expect(previewed.counts.payloads).toBe(1);
  const retried = await admin.ok<{ replay_id: number }>("POST", "/api/deliveries/retry", {
    ...which,
    mode: "mapped_anew",
  });
  const again = await receiver.received(4);
  expect(again[3]?.text).toContain(planted.bearer);
  await settled(admin, 3);

  const smtp = { host: "mail.example.com", from: "news@example.com", username: "acme", password: planted.mail };
  await admin.ok("PATCH", "/api/account", { smtp });
  const workflow = await admin.ok<{ id: number }>("POST", "/api/workflows", {
    name: "Sales",
    events: [{ type: "disposition", statuses: ["NEW"] }],
    action_sets: [{ actions: [{ type: "integration", connect_id: connect.id }] }],
  });

  const replay = { id: retried.replay_id };
  const bodies: unknown[] = [previewed];
  for (const endpoint of gets())
    bodies.push(await admin.ok(endpoint.method, pathOf(endpoint, { connect, adaptor, workflow, lead, replay })));
  const { items } = await admin.ok<{ items: { id: string }[] }>("GET", "/api/deliveries");
  expect(items).toHaveLength(3);
  for (const { id } of items) bodies.push(await admin.ok("GET", `/api/deliveries/${id}`));
  bodies.push((await admin.call("GET", "/api/deliveries.csv")).body);
  bodies.push(await admin.ok("POST", "/api/connects/preview", { connect_id: connect.id }));
  bodies.push(await admin.ok("POST", "/api/connects/preview", { connect: settings }));
  bodies.push(await admin.ok("POST", "/api/adaptors/generated-data", { adaptor_id: adaptor.id }));
  const draft = { of: "connect", id: connect.id, settings: { ...settings, post_data_type: "RAW" } };
  const rehearsed = await admin.ok<{ counts: { payloads: number } }>("POST", "/api/rehearsals", { draft });
  expect(rehearsed.counts.payloads).toBe(1);
  expectNone(JSON.stringify([...bodies, rehearsed]));

  const { rows: tables } = await patchbay.db.query<{ name: string }>(
    "select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace",
  );
  for (const { name } of tables) {
    const { rows } = await patchbay.db.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
    expectNone(rows.map(({ row }) => row).join("\n"), name);
  }
});

test("an API token's secret is shown once and kept as its hash", async () => {
  const admin = await patchbay.user(await patchbay.account("Tokens"), "admin");
  const made = await admin.ok<{ id: number; secret: string }>("POST", "/api/tokens", { name: "t", access: ["admin"] });
  expect(made.secret.length).toBeGreaterThan(32);
  expect(JSON.stringify(await admin.ok("GET", "/api/tokens"))).not.toContain(made.secret);
  expect(JSON.stringify(await admin.ok("GET", "/api/audit"))).not.toContain(made.secret);
  const { rows } = await patchbay.db.query("select * from api_tokens");
  expect(JSON.stringify(rows)).not.toContain(made.secret);
  const bearer = { authorization: `Bearer ${made.secret}` };
  expect((await patchbay.anonymous.call("GET", "/api/session", undefined, bearer)).status).toBe(200);
  await admin.ok("DELETE", `/api/tokens/${made.id}`);
  expect((await patchbay.anonymous.call("GET", "/api/session", undefined, bearer)).status).toBe(401);
  await admin.refused("not_found", "DELETE", `/api/tokens/${made.id}`);
});

test("a token that has run out works no more", async () => {
  const admin = await patchbay.user(await patchbay.account("Expiry"), "admin");
  const token = { name: "t", access: ["admin"] };
  await admin.refused("bad_input", "POST", "/api/tokens", { ...token, expires_at: "2020-01-01T00:00:00Z" });
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  const { id, secret } = await admin.ok<{ id: number; secret: string }>("POST", "/api/tokens", {
    ...token,
    expires_at,
  });
  const ask = () => patchbay.anonymous.call("GET", "/api/session", undefined, { authorization: `Bearer ${secret}` });
  expect((await ask()).status).toBe(200);
  await patchbay.db.query("update api_tokens set expires_at = now() - interval '1 s' where id = $1", [id]);
  expect((await ask()).status).toBe(401);
});

/** Every described GET. */
function gets(): Endpoint[] {
  const within = (value: unknown): Endpoint[] => {
    if (typeof value !== "object" || value === null || "_zod" in value) return [];
    if ("method" in value && "path" in value) return value.method === "GET" ? [value as Endpoint] : [];
    return Object.values(value as Record<string, unknown>).flatMap(within);
  };
  return within(api).filter(({ path }) => !path.includes("{code}") && path !== "/api/deliveries/{id}");
}

type Made = Readonly<Record<"connect" | "adaptor" | "workflow" | "lead" | "replay", { readonly id: number }>>;

function pathOf({ path }: Endpoint, made: Made): string {
  const noun =
    (["connect", "adaptor", "workflow", "replay"] as const).find((one) => path.includes(`/${one}s/`)) ?? "lead";
  return path.replace("{id}", String(made[noun].id)) + (path === "/api/search" ? "?q=e" : "");
}

function expectNone(text: string, where = "an answer"): void {
  const basic = `${planted.user}:${planted.pass}`;
  expect(findSecrets(text, { ...planted, basic }).map((found) => `${found} in ${where}`)).toEqual([]);
}

async function settled(admin: { ok: <B>(method: string, path: string) => Promise<B> }, count: number): Promise<void> {
  for (let n = 0; n < 400; n++) {
    const { items } = await admin.ok<{ items: { state: string }[] }>("GET", "/api/deliveries");
    if (items.filter(({ state }) => state === "settled").length === count) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
