import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServer } from "../../src/http/server.ts";
import { withoutHandover } from "../../src/engine/handover.ts";
import { createIntake } from "../../src/engine/intake.ts";
import { registerV1 } from "../../src/http/v1/register-v1.ts";
import { openDatabase } from "../../src/store/database.ts";
import { insertToken, revokeToken } from "../../src/store/tokens.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, type TestAccount } from "../engine/fixtures.ts";

const clone = cloneDatabase();
let app: FastifyInstance;
let account: TestAccount;
let token: string;
let base: string;
const logged: string[] = [];

const makeToken = async (access: string[], ratePerSecond: number | null = null): Promise<string> =>
  (await insertToken(account.scope, { name: "vendor", access, ratePerSecond, expiresAt: null })).secret;

beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  token = await makeToken(["leads/insert"]);
  await account.scope.query(
    `insert into agents (account_id, number, code, name) values ($1, 6666, 'ada', 'Ada Agent')`,
  );
  await account.scope.query(
    `insert into lead_fields (account_id, number, name, label, type) values ($1, 7, 'publisher', 'Publisher', 'text'),
     ($1, 8, 'visited', 'Visited', 'datetime')`,
  );
  const log = pino({ level: "trace" }, { write: (line: string) => void logged.push(line) });
  app = await createServer({ trustProxy: false, log });
  await registerV1(app, { db: clone.db, intake: createIntake(clone.db, withoutHandover) });
  base = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => app.close());

const path = "/v1/leads/insert";
const query = (parameters: Record<string, string | number>): string =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])).toString();
const good = () => ({ auth_token: token, list_id: account.listId, phone_number: "310-555-0142" });

type Envelope = {
  success: boolean;
  data?: { lead_id: number };
  id?: number;
  code?: number;
  text?: string;
  message?: string;
  error?: string;
};
const read = async (response: Response): Promise<Envelope> => {
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  return (await response.json()) as Envelope;
};
const post = (body: string | FormData | Buffer, type?: string, search = ""): Promise<Response> =>
  fetch(`${base}${path}${search}`, {
    method: "POST",
    body: body as string,
    headers: type === undefined ? {} : { "content-type": type },
  });
const stored = async (id: number | undefined) =>
  (await clone.db.query("select * from leads where id = $1", [id])).rows[0] as
    | { phone_number: string; phone_code: string; status: string; fields: Record<string, unknown>; list_id: number }
    | undefined;

describe("every transport brings the same lead in", () => {
  const json = "application/json";
  const form = "application/x-www-form-urlencoded";
  const transports: { name: string; send: () => Promise<Response> }[] = [
    { name: "GET with a query", send: () => fetch(`${base}${path}?${query({ ...good(), first_name: "José" })}`) },
    { name: "POST with a query and no body", send: () => fetch(`${base}${path}?${query({ ...good(), first_name: "José" })}`, { method: "POST" }) },
    { name: "POST with a query, a JSON content type and an empty body", send: () => post("", json, `?${query({ ...good(), first_name: "José" })}`) },
    { name: "POST of a form", send: () => post(query({ ...good(), first_name: "José" }), form) },
    { name: "POST of JSON", send: () => post(JSON.stringify({ ...good(), first_name: "José" }), json) },
    { name: "POST of JSON under another type", send: () => post(JSON.stringify({ ...good(), first_name: "José" }), "text/plain") },
    { name: "POST of multipart", send: () => { const body = new FormData(); for (const [name, value] of Object.entries({ ...good(), first_name: "José" })) body.append(name, String(value)); return post(body); } },
    { name: "a mix, in which the body wins", send: () => post(JSON.stringify({ first_name: "José", phone_number: "3105550142" }), json, `?${query({ ...good(), phone_number: "nonsense", first_name: "Ann" })}`) },
    { name: "a token in the Authorization header", send: () => fetch(`${base}${path}?${query({ list_id: account.listId, phone_number: "3105550142", first_name: "José" })}`, { headers: { authorization: `Bearer ${token}` } }) },
    { name: "a form in another charset", send: () => post(Buffer.from(JSON.stringify({ ...good(), first_name: "José" }), "latin1"), `${json}; charset=iso-8859-1`) },
  ]; // prettier-ignore
  test.for(transports)("$name", async ({ send }) => {
    const response = await send();
    expect(response.status).toBe(200);
    const answer = await read(response);
    expect(answer).toEqual({ success: true, data: { lead_id: answer.id }, id: answer.id });
    expect(await stored(answer.id)).toMatchObject({
      phone_number: "3105550142",
      phone_code: "1",
      status: "NEW",
      list_id: account.listId,
      fields: { first_name: "José" },
    });
    const events = await clone.db.query("select type, snapshot from events where lead_id = $1", [answer.id]);
    expect(events.rows).toMatchObject([
      { type: "lead.created", snapshot: { lead: { first_name: "José", id: answer.id } } },
    ]);
  });
});

describe("business errors are HTTP 200, with the code and words existing clients know", () => {
  const rows: { name: string; change: Record<string, string | number>; code: number; text: string }[] = [
    { name: "no token", change: { auth_token: "" }, code: 5001, text: "Auth token is invalid" },
    { name: "a wrong token", change: { auth_token: "pb_wrong" }, code: 5001, text: "Auth token is invalid" },
    { name: "no phone", change: { phone_number: "" }, code: 6007, text: "The Lead requires a phone number and list id" },
    { name: "no list", change: { list_id: "" }, code: 6007, text: "The Lead requires a phone number and list id" },
    { name: "an unknown list", change: { list_id: 999_999 }, code: 6002, text: "No such List" },
    { name: "a list that is no number", change: { list_id: "x" }, code: 6002, text: "No such List" },
    { name: "an unknown user", change: { user_id: "nobody" }, code: 6006, text: "No such User" },
    { name: "an unknown owner", change: { owner_id: 4 }, code: 6006, text: "No such User" },
    { name: "an impossible phone", change: { phone_number: "12" }, code: 6008, text: "The phone number is invalid" },
    { name: "a bad e-mail", change: { email: "ada@" }, code: 6079, text: "Invalid Email(s)" },
    { name: "one bad e-mail of two", change: { email: "ada@example.com, ada" }, code: 6079, text: "Invalid Email(s)" },
    { name: "an adaptor that isn't there", change: { adaptor_id: 999 }, code: 6023, text: "Required fields are missed" },
    { name: "a missing list before an unknown user", change: { list_id: 9999, user_id: "x", phone_number: "1" }, code: 6002, text: "No such List" },
    { name: "an unknown user before an impossible phone", change: { user_id: "x", phone_number: "1" }, code: 6006, text: "No such User" },
    { name: "an impossible phone before a bad e-mail", change: { phone_number: "1", email: "x" }, code: 6008, text: "The phone number is invalid" },
  ]; // prettier-ignore
  test.for(rows)("$name", async ({ change, code, text }) => {
    const before = await clone.db.query<{ count: number }>("select count(*)::int as count from leads");
    const response = await fetch(`${base}${path}?${query({ ...good(), ...change })}`);
    expect(response.status).toBe(200);
    expect(await read(response)).toMatchObject({ success: false, code, text, message: text, error: text });
    const after = await clone.db.query<{ count: number }>("select count(*)::int as count from leads");
    expect(after.rows).toEqual(before.rows);
  });

  test("a token whose list lacks the endpoint is forbidden", async () => {
    const other = await makeToken(["admin"]);
    expect(await read(await fetch(`${base}${path}?${query({ ...good(), auth_token: other })}`))).toMatchObject({
      code: 403,
      text: "Forbidden",
    });
  });

  test("a revoked token is refused at once", async () => {
    const made = await insertToken(account.scope, {
      name: "gone",
      access: ["leads"],
      ratePerSecond: null,
      expiresAt: null,
    });
    const url = `${base}${path}?${query({ ...good(), auth_token: made.secret })}`;
    expect(await read(await fetch(url))).toMatchObject({ success: true });
    await revokeToken(account.scope, made.id);
    expect(await read(await fetch(url))).toMatchObject({ success: false, code: 5001 });
  });

  test("another account's list is no list", async () => {
    const other = await makeAccount(clone.db, "Others");
    expect(await read(await fetch(`${base}${path}?${query({ ...good(), list_id: other.listId })}`))).toMatchObject({
      code: 6002,
    });
  });
});

describe("what can't be dealt with says why, in the same envelope", () => {
  const rows: { name: string; send: () => Promise<Response>; status: number; words: RegExp }[] = [
    { name: "JSON that isn't", send: () => post('{"a":', "application/json"), status: 400, words: /not JSON/ },
    { name: "a JSON list", send: () => post("[1]", "application/json"), status: 400, words: /object/ },
    { name: "a NUL character", send: () => post(`${query(good())}&first_name=A%00B`, "application/x-www-form-urlencoded"), status: 400, words: /first_name holds a NUL/ },
    { name: "half of a surrogate pair", send: () => post(String.raw`{"first_name":"\ud800"}`, "application/json"), status: 400, words: /first_name holds half of a surrogate pair/ },
    { name: "an escape that is not UTF-8", send: () => fetch(`${base}${path}?first_name=%ff`), status: 400, words: /not UTF-8/ },
    { name: "a body that is not UTF-8", send: () => post(Buffer.from([0x7b, 0xff]), "application/json"), status: 400, words: /UTF-8/ },
    { name: "a charset nobody knows", send: () => post("{}", "application/json; charset=klingon"), status: 400, words: /klingon/ },
    { name: "deep JSON", send: () => post(`${'{"a":'.repeat(50)}1${"}".repeat(50)}`, "application/json"), status: 400, words: /^a\.a\..* is nested deeper than 32 levels$/ },
    { name: "endlessly deep JSON", send: () => post("[".repeat(500_000), "application/json"), status: 400, words: /JSON/ },
    { name: "JSON deeper than its parser goes", send: () => post('{"a":'.repeat(50_000) + "1" + "}".repeat(50_000), "application/json"), status: 400, words: /^a\.a\..* is nested deeper than 32 levels$/ },
    { name: "too many parameters", send: () => post("a&".repeat(3000), "application/x-www-form-urlencoded"), status: 400, words: /1000 parameters/ },
    { name: "a body that is too large", send: () => post("a".repeat(1_100_000), "application/json"), status: 413, words: /1 MiB/ },
    { name: "a broken multipart body", send: () => post("nonsense", "multipart/form-data; boundary=x"), status: 400, words: /multipart/ },
    { name: "an endpoint that isn't there", send: () => fetch(`${base}/v1/leads/nothing`), status: 404, words: /leads\/insert/ },
    { name: "a method that the endpoint does not have", send: () => fetch(`${base}${path}`, { method: "PUT" }), status: 405, words: /takes GET and POST, not PUT/ },
  ]; // prettier-ignore
  test.for(rows)("$name", async ({ send, status, words }) => {
    const response = await send();
    expect(response.status).toBe(status);
    const answer = await read(response);
    expect(answer).toMatchObject({ success: false, code: status });
    expect(answer.text).toMatch(words);
    expect(answer.message).toBe(answer.text);
    expect(answer.error).toBe(answer.text);
  });

  test("a token that is too fast gets 429 with Retry-After", async () => {
    const slow = await makeToken(["leads"], 1);
    const url = `${base}${path}?${query({ ...good(), auth_token: slow, phone_number: "1" })}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(url)));
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await read(refused!)).toMatchObject({ success: false, code: 429 });
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });
});

const insert = async (parameters: Record<string, string>) => {
  const answer = await read(await post(JSON.stringify({ ...good(), ...parameters }), "application/json"));
  expect(answer).toMatchObject({ success: true });
  return (await stored(answer.id))!;
};

const insertUnder = (key: string, change: Record<string, string> = {}) =>
  fetch(`${base}${path}?${query({ ...good(), ...change })}`, { headers: { "idempotency-key": key } }).then(read);

describe("values", () => {
  test("custom fields go by name and by number; dates are read in the account's zone", async () => {
    const lead = await insert({ publisher: "P", field_8: "2024-03-15 14:30:00", date_of_birth: "1990-02-03" });
    expect(lead.fields).toEqual({ field_7: "P", field_8: "2024-03-15T21:30:00Z", date_of_birth: "1990-02-03" });
  });
  test("empty values, lead_id=0, unknown names and fields kept by the system are left aside", async () => {
    const lead = await insert({
      lead_id: "0",
      city: " ",
      nonsense: "1",
      called_count: "9",
      id: "5",
      created_at: "x",
      check_dup: "1",
      age: "30",
    });
    expect(lead.fields).toEqual({});
  });
  test("an agent may be named by number, by code or by id, and is kept by number", async () => {
    const [agent] = await account.scope.query<{ id: number }>("select id from agents where account_id = $1");
    for (const name of ["6666", "ada", String(agent!.id)])
      expect((await insert({ user_id: name })).fields).toEqual({ user_id: "6666" });
  });
  test("digits are kept as they came, unless a number field loses none of them", async () => {
    const answer = await read(
      await post(
        `{"auth_token":"${token}","list_id":${account.listId},"phone_number":3105550142,"remote_id":12345678901234567890,"annual_revenue":"12.50","monthly_revenue":7}`,
        "application/json",
      ),
    );
    expect((await stored(answer.id))?.fields).toEqual({
      remote_id: "12345678901234567890",
      annual_revenue: "12.50",
      monthly_revenue: 7,
    });
  });
  test("a phone with a country code is taken apart; a new status is noted as seen", async () => {
    const lead = await insert({ phone_number: "+44 20 7946 0958", status: "WEB" });
    expect(lead).toMatchObject({ phone_number: "2079460958", phone_code: "44", status: "WEB" });
    expect(await account.scope.query("select described from statuses where account_id = $1 and code = 'WEB'")).toEqual([
      { described: false },
    ]);
  });
});

describe("Idempotency-Key", () => {
  test("the same key gets the first answer again, and makes no second lead", async () => {
    const first = await insertUnder("k-1");
    expect(await insertUnder("k-1")).toEqual(first);
    expect((await insertUnder("k-2")).id).not.toBe(first.id);
  });
  test("two at once make one lead", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => insertUnder("k-3")));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });
  test("after 24 hours the key is free again", async () => {
    const first = await insertUnder("k-4");
    await clone.db.query("update idempotency_keys set expires_at = now() where key = 'k-4'");
    expect((await insertUnder("k-4")).id).not.toBe(first.id);
  });
});

test("a HEAD request stores nothing", async () => {
  const before = await clone.db.query("select count(*) from leads");
  await fetch(`${base}${path}?${query(good())}`, { method: "HEAD" });
  expect((await clone.db.query("select count(*) from leads")).rows).toEqual(before.rows);
});

test("the token reaches no log line", () => {
  expect(logged.length).toBeGreaterThan(20);
  expect(logged.join("")).not.toContain(token);
});

test("without the database the answer is 503 with Retry-After, in the same envelope", async () => {
  const gone = openDatabase({ host: "127.0.0.1", port: 1 });
  const without = await createServer({ trustProxy: false, log: pino({ level: "silent" }) });
  await registerV1(without, { db: gone, intake: createIntake(gone, withoutHandover) });
  const address = await without.listen({ port: 0, host: "127.0.0.1" });
  const response = await fetch(`${address}${path}?${query(good())}`);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
  expect(await read(response)).toMatchObject({ success: false, code: 503 });
  await without.close();
  await gone.close();
});
