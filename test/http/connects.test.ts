import { beforeAll, describe, expect, test } from "vitest";
import type { AccountId } from "../../src/contracts/ids.ts";
import type { Problem } from "../../src/contracts/problem.ts";
import { startReceiver, type Receiver } from "../receiver.ts";
import { startPatchbay, type Client } from "./patchbay.ts";

const patchbay = startPatchbay();
let accountId: AccountId;
let admin: Client;
let second: Client;
let receiver: Receiver;
let lead: number;
let names = 0;

beforeAll(async () => {
  receiver = await startReceiver({ body: {} });
  accountId = await patchbay.account("Acme Calls");
  admin = await patchbay.user(accountId, "admin");
  second = await patchbay.user(accountId, "admin");
  lead = (await admin.ok<{ id: number }>("POST", "/api/leads/sample")).id;
  return () => receiver.close();
});

type Saved = { id: number; revision: number; api_url: string; active: boolean; warnings: { path: string }[] };

const makeAdaptor = async (more: object = {}): Promise<number> => {
  const fields = [{ section: "lead", field: "first_name", to: "first" }];
  return (await admin.ok<Saved>("POST", "/api/adaptors", { name: `Adaptor ${++names}`, fields, ...more })).id;
};
const makeConnect = async (more: object = {}): Promise<Saved> => {
  const adaptor_id = "adaptor_id" in more ? more.adaptor_id : await makeAdaptor();
  const settings = { name: `Connect ${++names}`, api_url: `${receiver.origin}/lead`, request_method: "POST" };
  return admin.ok<Saved>("POST", "/api/connects", { ...settings, adaptor_id, ...more });
};
const send = async (connect: number): Promise<string> =>
  (await admin.ok<{ delivery_id: string }>("POST", `/api/leads/${lead}/send`, { connect_id: connect })).delivery_id;
const deliveriesOf = async (connect: number) =>
  (await admin.ok<{ items: Listed[] }>("GET", `/api/deliveries?connect=${connect}&test=false`)).items;
type Listed = { id: string; state: string; outcome: string | null; held_because: string | null };
const eventually = async (look: () => Promise<boolean>): Promise<void> => {
  for (let n = 0; n < 400 && !(await look()); n++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(await look()).toBe(true);
};

describe("saving a connect", () => {
  test("a name can be taken once, and is free again after deleting", async () => {
    const { id } = await makeConnect({ name: "Twice" });
    const problem = await admin.refused("name_taken", "POST", "/api/connects", {
      name: "Twice",
      api_url: "https://crm.example.com/",
      request_method: "GET",
    });
    expect(problem.errors).toEqual([{ path: "name", message: "Another connect has this name" }]);
    await admin.ok("DELETE", `/api/connects/${id}`);
    await makeConnect({ name: "Twice" });
  });

  test("what a change does not name stays", async () => {
    const { id } = await makeConnect({ timeout_seconds: 7, response_key: "data.id", give_up_after: "60s" });
    const saved = await admin.ok("PATCH", `/api/connects/${id}`, { delimiter: ";" });
    expect(saved).toMatchObject({ timeout_seconds: 7, response_key: "data.id", give_up_after: "60s", delimiter: ";" });
  });

  test("everything wrong is named at once, in words, and nothing is saved", async () => {
    const problem = await admin.refused("bad_input", "POST", "/api/connects", {
      name: "",
      api_url: "https://crm.example.com/",
      request_method: "SEND",
      timeout_seconds: 0,
      follow_redirects: "yes",
      give_up_after: "soon",
      concurrency: 0,
      rate: { per_second: 0 },
      colour: "red",
    });
    expect(problem.errors).toEqual([
      { path: "name", message: "give the connect a name" },
      { path: "request_method", message: "this must be one of GET, POST, PUT, PATCH, DELETE" },
      { path: "timeout_seconds", message: "this must be at least 1" },
      { path: "give_up_after", message: "write a length of time such as 30s, 10m, 4h or 8d" },
      { path: "follow_redirects", message: "this must be true or false" },
      { path: "concurrency", message: "this must be at least 1" },
      { path: "rate.per_second", message: "this must be at least 0.01" },
      { path: "colour", message: "Patchbay does not know this name" },
    ]);
  });

  test("the text rules refuse too", async () => {
    const problem = await admin.refused("bad_input", "POST", "/api/connects", {
      name: "Bad texts",
      api_url: "ftp://crm.example.com/",
      request_method: "POST",
    });
    expect(problem.errors.map(({ path }) => path)).toEqual(["api_url", "adaptor_id"]);
  });

  test("an adaptor that is not there or off can't be chosen", async () => {
    const off = await makeAdaptor({ active: false });
    for (const adaptor_id of [999_999, off]) {
      const body = { name: `X${adaptor_id}`, api_url: "https://a.example.com", request_method: "POST", adaptor_id };
      const { errors } = await admin.refused("bad_input", "POST", "/api/connects", body);
      expect(errors.map(({ path }) => path)).toEqual(["adaptor_id"]);
    }
  });

  test("dropped headers are told of, then and later", async () => {
    const { id, warnings } = await makeConnect({ authorization_header: "Host: x|X-Key: abcdef" });
    expect(warnings.map(({ path }) => path)).toEqual(["authorization_header"]);
    expect((await admin.ok<Saved>("GET", `/api/connects/${id}`)).warnings).toEqual(warnings);
  });

  test.each([
    ["Authorization: Authorization: Bearer t-odd-1", "The header Authorization says its own name twice"],
    ["X-A: a|Authorization: Bearer Bearer t-odd-1", "The header Authorization says Bearer twice"],
    ['Authorization: Bearer "t-odd-1"', "The header Authorization has its token in quotes"],
    ["X-Api-Key: t-odd-1,", "The header X-Api-Key ends with a comma"],
  ])("%s is sent as it is, and told of without its value", async (authorization_header, message) => {
    const { id, warnings } = await makeConnect({ authorization_header });
    expect(warnings).toContainEqual({ path: "authorization_header", message });
    expect(JSON.stringify(warnings)).not.toContain("t-odd-1");
    const got = receiver.requests.length;
    await admin.ok("POST", `/api/connects/${id}/test`, {});
    const { headers } = (await receiver.received(got + 1)).at(-1)!;
    const name = /x-api-key/i.test(authorization_header) ? "x-api-key" : "authorization";
    expect(`|${authorization_header}`).toContain(`: ${headers[name]}`);
  });

  test.each([
    ["authorization_header", "Authorization: Bearer t-odd-1\nX-Team: north", "The headers stand on several lines"],
    ["authorization_header", "X-A: a|Authorization: Bearer t-odd-1\r\nabc", "has a line break in its value"],
    ["authorization_header", "X-A: a|X-Key: “t-odd-1”", "The header X-Key has a quote (“) in its value"],
    ["authorization_header", "Content Type: t-odd-1", "The first header has a space in its name"],
    ["authorization_header", "curl -H 'X-Key: t-odd-1' https://a.example.com", "This is a curl command"],
    ["authorization_header", "X-A: a|t-odd-1", "The second header is a token without a header's name"],
    ["api_authentication", "api_key=t-odd-1\nteam=2", "Api Authentication has a line break"],
  ])("%s %j is refused by its header's name, and what was stored stays", async (setting, text, words) => {
    const { id } = await makeConnect({ [setting]: setting === "api_authentication" ? "api_key=old" : "X-Key: old-1" });
    const { errors } = await admin.refused("bad_input", "PATCH", `/api/connects/${id}`, { [setting]: text });
    expect(errors).toEqual([{ path: setting, message: expect.stringContaining(words) as string }]);
    expect(errors[0]?.message).not.toMatch(/t-odd-1|[Cc]haracter \d/);
    expect((await admin.ok<Saved>("GET", `/api/connects/${id}`)).revision).toBe(1);
  });

  test("on an old revision it is refused; of two at once, one", async () => {
    const { id, revision } = await makeConnect();
    await admin.ok("PATCH", `/api/connects/${id}`, { delimiter: ";", revision });
    await admin.refused("conflict", "PATCH", `/api/connects/${id}`, { delimiter: "|", revision });
    const two = ["+", "-"].map((delimiter) =>
      admin.call("PATCH", `/api/connects/${id}`, { delimiter, revision: revision + 1 }),
    );
    expect((await Promise.all(two)).map(({ status }) => `${status}`).toSorted()).toEqual(["200", "409"]);
  });

  test("each save appends a revision and an audit row; one that changes nothing does neither", async () => {
    const { id } = await makeConnect({ authorization_header: "X-Key: first-secret" });
    await admin.ok("PATCH", `/api/connects/${id}`, { timeout_seconds: 9 });
    await admin.ok("PATCH", `/api/connects/${id}`, { timeout_seconds: 9, authorization_header: "X-Key: ••••••••" });
    await admin.ok("PATCH", `/api/connects/${id}`, { authorization_header: "X-Key: second-secret" });
    await admin.ok("PATCH", `/api/connects/${id}`, { active: false });
    const { rows } = await patchbay.db.query<{ number: number; sealed: boolean }>(
      `select number, secrets is not null as sealed from revisions
       where account_id = $1 and kind = 'connect' and target_id = $2 order by number`,
      [accountId, id],
    );
    expect(rows).toEqual([1, 2, 3, 4].map((number) => ({ number, sealed: true })));
    expect(await admin.ok("GET", `/api/connects/${id}`)).toMatchObject({ revision: 4 });
    const { items } = await admin.ok<{ items: Entry[] }>("GET", "/api/audit?limit=4");
    expect(items.map(({ action, actor }) => [action, actor])).toEqual([
      ["switch off", "A admin"],
      ["update", "A admin"],
      ["update", "A admin"],
      ["create", "A admin"],
    ]);
    expect(items[2]).toMatchObject({ before: { timeout_seconds: 30 }, after: { timeout_seconds: 9 } });
  });

  test("a save that fails leaves neither", async () => {
    await makeConnect({ name: "Holds the name" });
    const { id } = await makeConnect();
    const before = await patchbay.db.query(
      "select (select count(*) from revisions) as r, (select count(*) from audit) as a",
    );
    await admin.refused("name_taken", "PATCH", `/api/connects/${id}`, { name: "Holds the name" });
    const after = await patchbay.db.query(
      "select (select count(*) from revisions) as r, (select count(*) from audit) as a",
    );
    expect(after.rows).toEqual(before.rows);
  });

  test("a copy is off, has the secrets, and a name of its own", async () => {
    const { id } = await makeConnect({ name: "Original", api_authentication: "api_key=copied-secret" });
    const copy = await admin.ok<Saved & { name: string }>("POST", `/api/connects/${id}/duplicate`);
    expect(copy).toMatchObject({ name: "Original copy", active: false, api_authentication: "api_key=••••••••" });
    expect(await admin.ok("POST", `/api/connects/${id}/duplicate`)).toMatchObject({ name: "Original copy 2" });
    const earlier = receiver.requests.length;
    await admin.ok("POST", `/api/connects/${copy.id}/test`, {});
    expect((await receiver.received(earlier + 1)).at(-1)?.url).toContain("api_key=copied-secret");
  });
});

type Entry = { action: string; actor: string; before: unknown; after: unknown };

describe("switching", () => {
  test("off holds what comes; on asks what becomes of it", async () => {
    const { id } = await makeConnect({ active: false });
    await send(id);
    await send(id);
    const problem = await admin.refused("held_work", "PATCH", `/api/connects/${id}`, { active: true });
    expect(problem.held?.count).toBe(2);
    expect(Date.parse(problem.held?.oldest_at ?? "")).toBeGreaterThan(Date.now() - 60_000);
    expect(problem.detail).toMatch(/^2 deliveries are held/);
    expect((await deliveriesOf(id)).map(({ state, held_because }) => [state, held_because])).toEqual([
      ["held", "connect_off"],
      ["held", "connect_off"],
    ]);
    await admin.ok("PATCH", `/api/connects/${id}`, { active: true, held: "send_all" });
    await eventually(async () => (await deliveriesOf(id)).every(({ outcome }) => outcome === "accepted"));
  });

  test("discard settles them as discarded, in the log", async () => {
    const { id } = await makeConnect({ active: false });
    await send(id);
    await admin.ok("PATCH", `/api/connects/${id}`, { active: true, held: "discard" });
    expect((await deliveriesOf(id)).map(({ state, outcome }) => [state, outcome])).toEqual([["settled", "discarded"]]);
  });

  test("only newer ones sends those and discards the rest", async () => {
    const { id } = await makeConnect({ active: false });
    const [old, young] = [await send(id), await send(id)];
    // made two days ago: the id tells when
    const past = (Date.now() - 2 * 86_400_000).toString(16).padStart(12, "0");
    const aged = `${past.slice(0, 8)}-${past.slice(8)}${old.slice(13)}`;
    await patchbay.db.query("update due set id = $1 where id = $2", [aged, old]);
    await admin.ok("PATCH", `/api/connects/${id}`, { active: true, held: { newer_than: "1d" } });
    await eventually(async () => {
      const outcomes = new Map((await deliveriesOf(id)).map((row) => [row.id, row.outcome]));
      return outcomes.get(aged) === "discarded" && outcomes.get(young) === "accepted";
    });
  });

  test("off holds what waits for its next attempt", async () => {
    const { id } = await makeConnect();
    receiver.answer(503);
    await send(id);
    await eventually(async () => (await deliveriesOf(id))[0]?.state === "waiting");
    await eventually(async () => {
      const { rows } = await patchbay.db.query(
        "select 1 from due where connect_id = $1 and attempts = 1 and lease_until is null",
        [id],
      );
      return rows.length === 1;
    });
    await admin.ok("PATCH", `/api/connects/${id}`, { active: false });
    expect((await deliveriesOf(id))[0]).toMatchObject({ state: "held", held_because: "connect_off" });
    receiver.answer({ body: {} });
  });

  test("saving anew lets go what waited for better credentials", async () => {
    const { id } = await makeConnect();
    receiver.answer(401);
    await send(id);
    await eventually(async () => (await deliveriesOf(id))[0]?.held_because === "credentials");
    receiver.answer({ body: {} });
    await admin.ok("PATCH", `/api/connects/${id}`, { authorization_header: "X-Key: right-this-time" });
    await eventually(async () => (await deliveriesOf(id))[0]?.outcome === "accepted");
  });

  test("deleting with deliveries owed asks once, then discards them", async () => {
    const { id } = await makeConnect({ active: false });
    await send(id);
    expect((await admin.refused("held_work", "DELETE", `/api/connects/${id}`)).held?.count).toBe(1);
    await admin.ok("DELETE", `/api/connects/${id}?held=discard`);
    await admin.refused("not_found", "GET", `/api/connects/${id}`);
    expect((await deliveriesOf(id)).map(({ outcome }) => outcome)).toEqual(["discarded"]);
  });
});

describe("stored secrets", () => {
  test("stay where they were saved for", async () => {
    const { id } = await makeConnect({ api_authentication: "api_key=kept-secret" });
    const moved = { api_url: "http://127.0.0.1:1/lead" };
    const problem = await admin.refused("bad_input", "PATCH", `/api/connects/${id}`, moved);
    expect(problem.errors).toMatchObject([{ path: "api_authentication" }]);
    await admin.ok("PATCH", `/api/connects/${id}`, { api_url: `${receiver.origin}/elsewhere` });
    await admin.ok("PATCH", `/api/connects/${id}`, { ...moved, api_authentication: "api_key=typed-again" });
  });

  test("an adaptor's go where its connects went when they were typed, and further by who typed them", async () => {
    const adaptor_id = await makeAdaptor({ fields: [{ section: "static", to: "token", value: "the-secret-value" }] });
    // the first connect binds it
    const connect = { name: "Binds", api_url: `${receiver.origin}/a`, request_method: "POST", adaptor_id };
    const { id } = await admin.ok<Saved>("POST", "/api/connects", connect);
    const elsewhere = { ...connect, name: "Elsewhere", api_url: "https://other.example.com/" };
    const problem = await second.refused("bad_input", "POST", "/api/connects", elsewhere);
    expect(problem.errors).toMatchObject([{ path: "adaptor_id" }]);
    expect(problem.errors[0]?.message).toMatch(/^The secret value of token in .+ type it again in the adaptor$/);
    await second.refused("bad_input", "PATCH", `/api/connects/${id}`, { api_url: "https://other.example.com/" });
    // who typed it knows it
    await admin.ok("POST", "/api/connects", elsewhere);
    await second.ok("PATCH", `/api/connects/${id}`, { api_url: "https://other.example.com/" });
  });

  test("an adaptor's are typed again by who wants them elsewhere", async () => {
    const row = { section: "static", to: "token", value: "the-secret-value" };
    const adaptor_id = await makeAdaptor({ fields: [row] });
    await makeConnect({ adaptor_id });
    const elsewhere = { name: "Again", api_url: "https://other.example.com/", request_method: "POST", adaptor_id };
    await second.refused("bad_input", "POST", "/api/connects", elsewhere);
    await second.ok("PATCH", `/api/adaptors/${adaptor_id}`, { fields: [{ ...row, value: "typed-once-more" }] });
    await second.ok("POST", "/api/connects", elsewhere);
  });
});

describe("adaptors", () => {
  test("one in use is neither deleted nor switched off", async () => {
    const adaptor_id = await makeAdaptor();
    await makeConnect({ name: "Uses it", adaptor_id });
    const deleting = await admin.refused("in_use", "DELETE", `/api/adaptors/${adaptor_id}`);
    const switching = await admin.refused("in_use", "PATCH", `/api/adaptors/${adaptor_id}`, { active: false });
    for (const { detail } of [deleting, switching]) expect(detail).toContain("is used by Uses it");
    expect(await admin.ok("GET", `/api/adaptors/${adaptor_id}`)).toMatchObject({ used_by: [{ name: "Uses it" }] });
  });

  test("a bad row is refused with its place", async () => {
    const fields = [
      { section: "lead", field: "first_name", to: "a" },
      { section: "lead", field: "id", to: "b", default: "7" },
      { section: "lead", field: "shoe_size", to: "c" },
      { section: "lead", field: "created_at", to: "d", date_format: "Y-Q" },
      { section: "attic", field: "x", to: "e" },
    ];
    const whole = await admin.refused("bad_input", "POST", "/api/adaptors", { name: "Bad", fields });
    expect(whole.errors.map(({ path }) => path)).toEqual(["fields[4].section"]);
    const rules = await admin.refused("bad_input", "POST", "/api/adaptors", {
      name: "Bad",
      fields: fields.slice(0, 4),
    });
    expect(rules.errors.map(({ path }) => path)).toEqual([
      "fields[1].default",
      "fields[2].field",
      "fields[3].date_format",
    ]);
  });
});

describe("preview and Generated Data", () => {
  type Preview = { requests: { url: string; body: string }[]; trace: { note: string }[]; warnings: { path: string }[] };

  test("the preview is what goes out, secrets masked", async () => {
    const { id } = await makeConnect({ api_authentication: "api_key=previewed", post_data_type: "RAW" });
    const preview = await admin.ok<Preview>("POST", "/api/connects/preview", { connect_id: id, lead_id: lead });
    expect(preview.requests).toMatchObject([{ method: "POST", url: `${receiver.origin}/lead?api_key=••••••••` }]);
    const earlier = receiver.requests.length;
    await admin.ok("POST", `/api/connects/${id}/test`, { lead_id: lead });
    const sent = (await receiver.received(earlier + 1)).at(-1);
    expect(sent?.text).toBe(preview.requests[0]?.body);
    expect(sent?.url).toBe("/lead?api_key=previewed");
  });

  test("unsaved settings, with a stored secret behind its mask, are an admin's", async () => {
    const { id } = await makeConnect({ api_authentication: "api_key=previewed" });
    const connect = {
      name: "x",
      api_url: "https://elsewhere.example.com/",
      api_authentication: "api_key=••••••••",
      request_method: "POST",
    };
    const adaptor = { name: "x", fields: [{ section: "call", field: "status", to: "disposition" }] };
    const preview = await admin.ok<Preview>("POST", "/api/connects/preview", { connect_id: id, connect, adaptor });
    expect(preview.requests).toMatchObject([
      { url: "https://elsewhere.example.com/?api_key=••••••••", body: '{"disposition":"SALE"}' },
    ]);
    expect(preview.warnings.map(({ path }) => path)).toContain("api_url");
    const operator = await patchbay.user(accountId, "operator");
    await operator.refused("forbidden", "POST", "/api/connects/preview", { connect_id: id, connect });
    await operator.ok("POST", "/api/connects/preview", { connect_id: id });
    const data = { adaptor, lead_id: lead };
    await operator.refused("forbidden", "POST", "/api/adaptors/generated-data", data);
    expect(await admin.ok("POST", "/api/adaptors/generated-data", data)).toMatchObject({
      get: "disposition=SALE",
      raw: "disposition=SALE",
      json: '{"disposition":"SALE"}',
      lead_id: lead,
    });
  });

  test("without a lead there are samples", async () => {
    const empty = await patchbay.user(await patchbay.account("Empty"), "admin");
    const adaptor = { name: "x", fields: [{ section: "lead", field: "first_name", to: "n" }] };
    const data = await empty.ok("POST", "/api/adaptors/generated-data", { adaptor });
    expect(data).toMatchObject({ get: "n=Grace", lead_id: null });
  });

  test("what can't be sent is said", async () => {
    const connect = { name: "x", api_url: "https://a.example.com/", request_method: "POST" };
    const adaptor = { name: "x", fields: [{ section: "lead", field: "dba", to: "dba", required: true }] };
    const preview = await admin.ok<Preview>("POST", "/api/connects/preview", { connect, adaptor });
    expect([preview.requests, preview.warnings.length > 0]).toEqual([[], true]);
  });
});

test("problem documents are RFC 9457", async () => {
  const answer = await admin.call<Problem>("GET", "/api/connects/999999");
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json\b/);
  expect(answer.body).toEqual({
    type: "about:blank",
    title: "There is nothing here under this id.",
    status: 404,
    code: "not_found",
    detail: "There is no connect 999999.",
    errors: [],
  });
});
