import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServer } from "../../src/http/server.ts";
import { withoutHandover } from "../../src/engine/handover.ts";
import { createIntake } from "../../src/engine/intake.ts";
import { registerV1 } from "../../src/http/v1/register-v1.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, type TestAccount } from "../engine/fixtures.ts";
import { leadOf, makeWorkflow } from "./fixtures.ts";

const clone = cloneDatabase();
let app: FastifyInstance;
let base: string;
let account: TestAccount;
let token: string;
let campaign: number;
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls"); // America/Los_Angeles
  const { scope } = account;
  token = (
    await insertToken(scope, { name: "dialler", access: ["callbacks", "dnc"], ratePerSecond: null, expiresAt: null })
  ).secret;
  const [row] = await scope.query<{ id: number }>(
    "insert into campaigns (account_id, name, code) values ($1, 'Campaign A', 'CA') returning id",
  );
  campaign = row!.id;
  await scope.query("insert into agents (account_id, number, code, name) values ($1, 6666, 'ada', 'Ada Agent')");
  app = await createServer({ trustProxy: false, log: pino({ level: "silent" }) });
  await registerV1(app, { db: clone.db, intake: createIntake(clone.db, withoutHandover) });
  base = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => app.close());

type Answer = {
  success: boolean;
  code?: number;
  text?: string;
  message?: string;
  id: number;
  data: Record<string, unknown>;
  results: Record<string, unknown>[];
  total: number;
};
const ask = async (endpoint: string, parameters: object, secret = token): Promise<Answer> => {
  const response = await fetch(`${base}/v1/${endpoint}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ auth_token: secret, ...parameters }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
};

describe("callbacks", () => {
  test("are inserted in the account's time, found, changed and deleted; one that is scheduled is an event", async () => {
    const { leadId } = account;
    await makeWorkflow(account, {
      events: [{ type: "callback" }],
      action_sets: [{ actions: [{ type: "status", status: "CALLBK" }] }],
    });
    const made = await ask("callbacks/insert", {
      lead_id: leadId,
      callback_time: "2031-07-04T10:30:00",
      user_id: "ada",
      campaign_id: "CA",
      comments: "ask for Ada",
    });
    expect(made).toMatchObject({ success: true, data: { callback_id: made.id } });
    expect(await leadOf(account, leadId)).toMatchObject({ status: "CALLBK" });
    const found = await ask("callbacks/search", { lead_id: leadId });
    expect(found).toMatchObject({ success: true, total: 1, data: { offset: 0, limit: 10, total: 1 } });
    expect(found.data["results"]).toEqual(found.results);
    expect(found.results).toMatchObject([
      {
        callback_id: made.id,
        lead_id: leadId,
        campaign_id: campaign,
        user_id: "6666",
        callback_time: "2031-07-04 10:30:00",
        comments: "ask for Ada",
        phone_number: "3105550142",
        status: "ACTIVE",
      },
    ]);
    const stored = await account.scope.query<{ at: Date }>(
      "select callback_at as at from callbacks where account_id = $1",
    );
    expect(stored[0]!.at.toISOString()).toBe("2031-07-04T17:30:00.000Z");

    expect(
      await ask("callbacks/update", { callback_id: made.id, callback_time: "2031-07-05 11:00:00", comments: "" }),
    ).toMatchObject({ success: true });
    const later = await ask("callbacks/search", { start_date: "2031-07-05", end_date: "2031-07-05", user_id: 6666 });
    expect(later.results).toMatchObject([{ callback_time: "2031-07-05 11:00:00", comments: "ask for Ada" }]);
    expect(await ask("callbacks/delete", { callback_id: made.id })).toEqual({ success: true });
    expect(await ask("callbacks/search", { lead_id: leadId })).toMatchObject({
      success: false,
      code: 6000,
      text: "Missing callbacks",
    });
  });

  test.each([
    ["callbacks/insert", { callback_time: "2031-07-04 10:30:00" }, 6023, "Required fields are missed"],
    ["callbacks/insert", { lead_id: 1 }, 6023, "Required fields are missed"],
    ["callbacks/insert", { lead_id: 4711, callback_time: "2031-07-04 10:30:00" }, 6001, "No such Lead"],
    ["callbacks/insert", { lead_id: "LEAD", callback_time: "soon" }, 7237, "Invalid callback_time"],
    ["callbacks/insert", { lead_id: "LEAD", callback_time: "2031-02-30 10:30:00" }, 7237, "Invalid callback_time"],
    [
      "callbacks/insert",
      { lead_id: "LEAD", callback_time: "2031-07-04 10:30:00", user_id: "eve" },
      6006,
      "No such User",
    ],
    ["callbacks/update", { callback_id: 4711, comments: "x" }, 6038, "No such Callback"],
    ["callbacks/delete", { callback_id: "x" }, 6038, "No such Callback"],
    ["callbacks/delete", {}, 6023, "Required fields are missed"],
    ["callbacks/search", { offset: -1 }, 7231, "Invalid offset value"],
    ["callbacks/search", { limit: 2001 }, 7230, "Invalid limit value"],
  ])("%s with %j is refused with %i", async (endpoint, parameters, code, text) => {
    const named = Object.entries(parameters).map(([name, value]) => [name, value === "LEAD" ? account.leadId : value]);
    expect(await ask(endpoint, Object.fromEntries(named) as object)).toMatchObject({
      success: false,
      code,
      text,
      message: text,
      error: text,
    });
  });
});

describe("DNC", () => {
  test("takes a number once everywhere and once a campaign, finds it however it is written, and lets go of it", async () => {
    const made = await ask("dnc/insert", { phone_number: "(310) 555-0177", purpose: "asked", reason: "by phone" });
    expect(made).toMatchObject({ success: true, data: { id: made.id } });
    expect(await ask("dnc/insert", { phone_number: "+1 310 555 0177" })).toMatchObject({
      code: 6008,
      text: "The phone number already exists",
    });
    expect(await ask("dnc/insert", { phone_number: "3105550177", campaign_id: campaign })).toMatchObject({
      success: true,
    });
    const found = await ask("dnc/search", { phone_number: "310-555-0177", limit: 1 });
    expect(found).toMatchObject({ success: true, data: { offset: 0, limit: 1, total: 2 } });
    expect(found.data["entries"]).toMatchObject([
      {
        id: made.id,
        phone_number: "3105550177",
        phone_code: "1",
        campaign_id: null,
        purpose: "asked",
        reason: "by phone",
      },
    ]);
    expect(await ask("dnc/delete", { phone_number: "3105550177" })).toEqual({ success: true, data: { deleted: 2 } });
    expect(await ask("dnc/search", { phone_number: "3105550177" })).toMatchObject({ success: true, total: 0 });
  });

  test.each([
    ["dnc/insert", {}, 6007],
    ["dnc/insert", { phone_number: "12" }, 6007],
    ["dnc/insert", { phone_number: "3105550178", campaign_id: "NO" }, 6006],
    ["dnc/insert", { phone_number: "3105550178", purpose: "x".repeat(256) }, 6057],
    ["dnc/insert", { phone_number: "3105550178", reason: "x".repeat(256) }, 6058],
    ["dnc/delete", {}, 6007],
    ["dnc/search", { offset: "x" }, 7231],
  ])("%s with %j is refused with %i", async (endpoint, parameters, code) => {
    expect(await ask(endpoint, parameters)).toMatchObject({ success: false, code });
  });

  test("another account sees and changes nothing of it", async () => {
    const other = await makeAccount(clone.db, "Other");
    const { secret } = await insertToken(other.scope, {
      name: "t",
      access: ["dnc", "callbacks"],
      ratePerSecond: null,
      expiresAt: null,
    });
    const made = await ask("dnc/insert", { phone_number: "3105550179" });
    expect(await ask("dnc/search", {}, secret)).toMatchObject({ total: 0 });
    expect(await ask("dnc/delete", { id: made.id }, secret)).toMatchObject({ code: 6007 });
    expect(
      await ask("callbacks/insert", { lead_id: account.leadId, callback_time: "2031-07-04 10:30:00" }, secret),
    ).toMatchObject({ code: 6001 });
  });
});
