import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "../../src/contracts/endpoint.ts";
import type { Lead, LeadSummary } from "../../src/contracts/lead.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { cloneDatabase } from "../clone-database.ts";
import {
  eventually,
  loopbackSender,
  makeAccount,
  makeConnect,
  quiet,
  secretBox,
  type TestAccount,
} from "../engine/fixtures.ts";
import { startReceiver } from "../receiver.ts";
import { startApi, type TestApi } from "./fixtures.ts";

const clone = cloneDatabase();
let account: TestAccount;
let engine: Engine;
let api: TestApi;
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  engine = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: true });
  engine.start();
  api = await startApi(clone.db, engine);
});
afterAll(async () => {
  await api.app.close();
  await engine.stop(0);
});

type Body = Lead &
  Problem & {
    delivery_id: string;
    items: (LeadSummary & { section: string; key: string; options: string[] })[];
    next_cursor: string | null;
  };
type Problem = { code: string; errors: { path: string; message: string }[] };
async function call(
  method: string,
  path: string,
  body?: object,
  role: Role = "admin",
): Promise<{ status: number; body: Body }> {
  const response = await api.call({ account: account.accountId, role }, method, path, body);
  return { status: response.status, body: (await response.json()) as Body };
}
const list = async (query: string): Promise<LeadSummary[]> => (await call("GET", `/api/leads?${query}`)).body.items;

test("a lead by hand is taken under the rules of leads/insert; each place that can't be is named", async () => {
  const added = await call("POST", "/api/leads", {
    list_id: account.listId,
    phone_number: "(310) 555-0143",
    city: "Ely",
    annual_revenue: 5,
  });
  expect(added).toMatchObject({
    status: 201,
    body: { phone_number: "3105550143", fields: { city: "Ely", annual_revenue: 5 } },
  });
  const events = await clone.db.query("select source from events where lead_id = $1", [added.body.id]);
  expect(events.rows).toEqual([{ source: { kind: "user", id: 1, name: "Ada" } }]);

  const rows: [body: object, path: string][] = [
    [{ list_id: account.listId }, "phone_number"],
    [{ phone_number: "3105550143" }, "list_id"],
    [{ list_id: 99_999, phone_number: "3105550143" }, "list_id"],
    [{ list_id: account.listId, phone_number: "1" }, "phone_number"],
    [{ list_id: account.listId, phone_number: "3105550143", email: "x" }, "email"],
    [{ list_id: account.listId, phone_number: "3105550143", owner_id: "x" }, "owner_id"],
    [{ list_id: account.listId, phone_number: "3105550143", nonsense: "x" }, "nonsense"],
    [{ list_id: account.listId, phone_number: "3105550143", called_count: 4 }, "called_count"],
  ];
  for (const [body, path] of rows)
    expect(await call("POST", "/api/leads", body)).toMatchObject({
      status: 400,
      body: { code: "bad_input", errors: [{ path }] },
    });
});

test("a change keeps what it doesn't name, clears what it empties, and checks what it sets", async () => {
  const { body: lead } = await call("POST", "/api/leads", {
    list_id: account.listId,
    phone_number: "3105550144",
    city: "Ely",
    state: "NV",
  });
  const changed = await call("PATCH", `/api/leads/${lead.id}`, { city: null, first_name: "Grace", status: "HOT" });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({ first_name: "Grace", status: "HOT", phone_number: "3105550144" });
  expect(changed.body.fields).not.toHaveProperty("city");
  expect(changed.body.fields).toMatchObject({ state: "NV" });
  expect(await call("PATCH", `/api/leads/${lead.id}`, { phone_number: "" })).toMatchObject({
    status: 400,
    body: { errors: [{ path: "phone_number" }] },
  });
  expect(await call("PATCH", `/api/leads/${lead.id}`, { email: "x" })).toMatchObject({ status: 400 });
  expect((await call("PATCH", "/api/leads/999999", { city: "x" })).status).toBe(404);
});

describe("the table", () => {
  beforeAll(async () => {
    for (const [first_name, last_name, phone_number, email] of [
      ["Grace", "Hopper_1", "2125550101", "Grace.H@example.com"],
      ["Alan", "Turing", "2125550102", "alan@example.com"],
    ])
      await call("POST", "/api/leads", { list_id: account.listId, first_name, last_name, phone_number, email });
  });
  const rows: [name: string, search: string, phones: string[]][] = [
    ["a phone however it is written", "(212) 555-0101", ["2125550101"]],
    ["a phone with its country code", "+1 212 555 0101", ["2125550101"]],
    ["an e-mail in any case", "grace.h@EXAMPLE.com", ["2125550101"]],
    ["a part of a name", "turi", ["2125550102"]],
    ["first and last name", "alan turing", ["2125550102"]],
    ["a text with a sign that LIKE knows", "hopper_", ["2125550101"]],
    ["nothing that is there", "nobody", []],
  ];
  test.for(rows)("finds %s", async ([, search, phones]) => {
    expect((await list(`search=${encodeURIComponent(search)}`)).map(({ phone_number }) => phone_number)).toEqual(
      phones,
    );
  });
  test("finds an id, filters by list and status, and pages newest first", async () => {
    expect((await list(`search=${account.leadId}`)).map(({ id }) => id)).toEqual([account.leadId]);
    expect(await list("status=NOPE")).toEqual([]);
    const all = await list(`list=${account.listId}`);
    const paged: number[] = [];
    let cursor = "";
    for (;;) {
      const { body } = await call("GET", `/api/leads?limit=2${cursor}`);
      paged.push(...body.items.map(({ id }) => id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    expect(paged).toEqual(paged.toSorted((a, b) => b - a));
  });
});

test("a sample lead makes its list where there is none, and belongs to nobody", async () => {
  const empty = await makeAccount(clone.db, "Empty");
  await clone.db.query("delete from leads where account_id = $1", [empty.accountId]);
  await clone.db.query("delete from lists where account_id = $1", [empty.accountId]);
  const response = await api.call({ account: empty.accountId, role: "admin" }, "POST", "/api/leads/sample");
  expect(response.status).toBe(201);
  const lead = (await response.json()) as Lead;
  expect(lead.list.name).toBe("Sample leads");
  expect(lead.phone_number).toMatch(/^\d{3}55501\d\d$/);
  expect(lead.email).toMatch(/@example\.com$/);
});

test("a viewer sees no personal data of a lead", async () => {
  const { body } = await call("GET", `/api/leads/${account.leadId}`, undefined, "viewer");
  expect(body).toMatchObject({ first_name: "••••••••", phone_number: "••••••••42", email: "••••••••", status: "NEW" });
  expect(JSON.stringify(body)).not.toMatch(/Ada|Example|3105550142/);
  const table = await call("GET", "/api/leads", undefined, "viewer");
  expect(JSON.stringify(table.body)).not.toMatch(/Ada|3105550142/);
});

test("a lead sent through a connect is owed at once and delivered", async () => {
  await using vendor = await startReceiver();
  const connect = await makeConnect(account, { api_url: vendor.url("/") });
  const sent = await call("POST", `/api/leads/${account.leadId}/send`, { connect_id: connect.id }, "operator");
  expect(sent.status).toBe(202);
  await vendor.received(1);
  await eventually(async () => {
    const { rows } = await clone.db.query("select outcome from deliveries where id = $1", [sent.body.delivery_id]);
    return rows.length > 0;
  });
  expect((await call("POST", `/api/leads/${account.leadId}/send`, { connect_id: 99_999 })).status).toBe(404);
});

test("every field an adaptor can name is listed in order, custom ones under their permanent key", async () => {
  await account.scope.query(
    `insert into lead_fields (account_id, number, name, label, type, options) values ($1, 3, 'plan', 'Plan', 'dropdown', '{a,b}')`,
  );
  const { body } = await call("GET", "/api/fields");
  expect(body.items[0]).toMatchObject({ section: "lead", key: "id", system: true });
  expect(body.items.filter(({ options }) => options.length > 0)).toMatchObject([
    { section: "lead", key: "field_3", name: "plan", type: "dropdown", options: ["a", "b"] },
    { section: "extra", key: "custom_field_3", type: "dropdown", options: ["a", "b"] },
  ]);
});
