import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConnectSettings } from "../../src/contracts/connect.ts";
import type { ConnectId, DeliveryId } from "../../src/contracts/ids.ts";
import { sealConnect } from "../../src/core/seal-connect.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { sendLead } from "../../src/engine/send-lead.ts";
import { attemptsOf } from "../../src/store/attempts.ts";
import { findDelivery, type LogRow } from "../../src/store/deliveries.ts";
import { cloneDatabase } from "../clone-database.ts";
import { hang, hangUp } from "../receiver-acts.ts";
import { startReceiver, type Reply } from "../receiver.ts";
import {
  eventually,
  loopbackSender,
  makeAccount,
  makeConnect,
  quiet,
  secretBox,
  type TestAccount,
} from "./fixtures.ts";

const clone = cloneDatabase();
let engine: Engine;
let account: TestAccount;
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  engine = createEngine({
    db: clone.db,
    sender: loopbackSender(),
    secretBox,
    log: quiet,
    worker: true,
    random: () => 0,
  });
  engine.start();
});
afterAll(() => engine.stop(1_000));

const source = { kind: "user", id: 1, name: "Ada" } as const;
const send = (connectId: ConnectId): Promise<DeliveryId> =>
  sendLead(clone.db, engine, { accountId: account.accountId, leadId: account.leadId, connectId, source });

const rowOf = async (id: DeliveryId): Promise<LogRow> => (await findDelivery(account.scope, id))!;
const settled = (id: DeliveryId): Promise<LogRow> =>
  eventually(async () => {
    const row = await rowOf(id);
    return row.state === "settled" ? row : null;
  });

test("a delivery told 503 and then 200 goes out twice with the same bytes and the same id, and is accepted", async () => {
  await using vendor = await startReceiver([503, { body: { data: { id: "007" } } }]);
  const connect = await makeConnect(account, {
    api_url: vendor.url("/leads"),
    api_authentication: "api_key=secret-value-1",
    response_key: "data.id",
    retry: { schedule: ["1s"] },
  });
  const id = await send(connect.id);
  const row = await settled(id);

  expect(row).toMatchObject({ outcome: "accepted", result: "007", http_status: 200, attempts: 2, diagnosis: null });
  expect(vendor.requests.map(({ url }) => url)).toEqual(Array(2).fill("/leads?api_key=secret-value-1"));
  expect(vendor.requests.map(({ text }) => text)).toEqual(
    Array(2).fill('{"firstname":"Ada","phone":"3105550142","email":"ada@example.com"}'),
  );
  expect(vendor.requests.map(({ headers }) => headers["webhook-id"])).toEqual([id, id]);
  expect(vendor.requests.map(({ headers }) => headers["idempotency-key"])).toEqual([id, id]);

  const log = await attemptsOf(account.scope, id);
  expect(log.map(({ number, outcome, result }) => ({ number, outcome, result }))).toEqual([
    { number: 1, outcome: "again", result: null },
    { number: 2, outcome: "accepted", result: "007" },
  ]);
  expect(log[0]?.diagnosis?.code).toBe("http_5xx");
  expect(JSON.stringify(log)).not.toContain("secret-value-1");
  expect(await clone.db.query("select 1 from due where id = $1", [id])).toMatchObject({ rowCount: 0 });
});

type Row = {
  name: string;
  reply: Reply;
  settings?: Partial<ConnectSettings>;
  ends: Partial<LogRow> & { code?: string };
};
const rows: Row[] = [
  { name: "2xx with no Response Key is accepted, the body its result", reply: { body: "thanks" }, settings: { response_data_type: "TEXT" }, ends: { outcome: "accepted", result: "thanks" } },
  { name: "204 with no Response Key is accepted", reply: 204, ends: { outcome: "accepted", result: "" } },
  { name: "2xx that can't be read is failed and not sent again", reply: { body: "<html>sign in" }, ends: { outcome: "failed", result: null, code: "not_json" } },
  { name: "2xx without the key is failed and not sent again", reply: { body: { a: 1 } }, settings: { response_key: "data.id" }, ends: { outcome: "failed", code: "key_missing" } },
  { name: "2xx with another value than demanded is rejected", reply: { body: { status: "NO" } }, settings: { response_key: "status=OK" }, ends: { outcome: "rejected", result: "NO", code: "value_differs" } },
  { name: "a redirect that is not followed is failed", reply: { status: 302, headers: { location: "/other" } }, ends: { outcome: "failed", code: "redirect_refused", http_status: 302 } },
  { name: "404 is failed", reply: 404, ends: { outcome: "failed", code: "http_404" } },
  { name: "405 is failed", reply: 405, ends: { outcome: "failed", code: "http_405" } },
  { name: "415 is failed", reply: 415, ends: { outcome: "failed", code: "http_415" } },
  { name: "422 is the vendor's no", reply: 422, ends: { outcome: "rejected", code: "http_4xx", http_status: 422 } },
  { name: "401 is held until the connect is saved anew", reply: 401, ends: { state: "held", held_because: "credentials", code: "http_401", attempts: 1 } },
  { name: "403 is held", reply: 403, ends: { state: "held", held_because: "credentials" } },
  { name: "407 is held", reply: 407, ends: { state: "held", held_because: "credentials" } },
  { name: "408 goes again", reply: 408, ends: { state: "waiting", attempts: 1, code: "http_4xx" } },
  { name: "500 goes again", reply: 500, ends: { state: "waiting", attempts: 1, code: "http_5xx" } },
  { name: "500 with retrying off is failed", reply: 500, settings: { retry: "off" }, ends: { outcome: "failed", code: "http_5xx" } },
  { name: "500 with no time left gives up", reply: 500, settings: { give_up_after: "2s" }, ends: { outcome: "failed", code: "gave_up", attempts: 1 } },
  { name: "a lost answer goes again, marked as maybe sent twice", reply: hangUp(), ends: { state: "waiting", maybe_sent_twice: true, code: "connection_reset" } },
  { name: "a lost answer is held for a person where the connect says so", reply: hangUp(), settings: { if_answer_lost: "hold" }, ends: { state: "held", held_because: "answer_lost", maybe_sent_twice: true } },
  { name: "a time-out goes again", reply: hang(), settings: { timeout_seconds: 1 }, ends: { state: "waiting", code: "response_timeout", maybe_sent_twice: true } },
]; // prettier-ignore

test("a connect that holds when the answer is lost never sends again by itself, whatever became of a kept connection", async () => {
  await using vendor = await startReceiver([200, hangUp(), 200]);
  const connect = await makeConnect(account, { api_url: vendor.url("/"), if_answer_lost: "hold" });
  await settled(await send(connect.id));
  const id = await send(connect.id);
  const row = await eventually(async () => {
    const found = await rowOf(id);
    return found.state === "held" || found.state === "settled" ? found : null;
  });
  expect(row).toMatchObject({ state: "held", held_because: "answer_lost", attempts: 1 });
  expect(vendor.requests.length).toBe(2);
});

test("characters that the database can't hold are replaced, in the result and in the log", async () => {
  await using vendor = await startReceiver({ body: String.raw`{"id":"a\u0000b\ud800c"}` });
  const connect = await makeConnect(account, { api_url: vendor.url("/"), response_key: "id" });
  const id = await send(connect.id);
  expect(await settled(id)).toMatchObject({ outcome: "accepted", result: "a\uFFFDb\uFFFDc" });
  expect(await attemptsOf(account.scope, id)).toHaveLength(1);
});

describe("what comes back decides what happens", () => {
  test.for(rows)("$name", async ({ reply, settings, ends }) => {
    await using vendor = await startReceiver(reply);
    const connect = await makeConnect(account, { api_url: vendor.url("/"), ...settings });
    const id = await send(connect.id);
    const row = await eventually(async () => {
      const seen = await rowOf(id);
      return seen.attempts > 0 && seen.state !== "sending" ? seen : null;
    });
    const { code, ...expected } = ends;
    expect(row).toMatchObject(expected);
    if (code !== undefined) expect(row.diagnosis?.code).toBe(code);
    if (row.outcome === "failed") expect(row.result).toBeNull();
    if (row.state === "settled") expect(vendor.requests).toHaveLength(1);
  });
});

test("Retry-After is obeyed and does not move the schedule on", async () => {
  await using vendor = await startReceiver([{ status: 429, headers: { "retry-after": "3600" } }, 200]);
  const connect = await makeConnect(account, { api_url: vendor.url("/") });
  const id = await send(connect.id);
  const row = await eventually(async () => {
    const seen = await rowOf(id);
    return seen.state === "waiting" && seen.attempts === 1 ? seen : null;
  });
  const waitMs = row.next_attempt_at!.getTime() - Date.now();
  expect(waitMs).toBeGreaterThan(3_500_000);
  expect(waitMs).toBeLessThanOrEqual(3_600_000);
  const due = await clone.db.query("select attempts_unused from due where id = $1", [id]);
  expect(due.rows).toEqual([{ attempts_unused: 1 }]);
});

test("what the mapping refuses is settled as failed, with the row's name, and nothing is sent", async () => {
  await using vendor = await startReceiver();
  const connect = await makeConnect(account, { api_url: vendor.url("/") }, [
    {
      section: "lead",
      field: "city",
      to: "city",
      required: true,
      default: "",
      type: "text",
      value_map: [],
      date_format: "",
    },
  ]);
  const row = await settled(await send(connect.id));
  expect(row).toMatchObject({ outcome: "failed", attempts: 0, diagnosis: { code: "required_value_missing" } });
  expect(row.diagnosis?.message).toContain("City");
  expect(vendor.requests).toHaveLength(0);
});

test("what is taken fresh at each attempt: address, credentials, and places the address got since", async () => {
  await using vendor = await startReceiver([503, 200]);
  const connect = await makeConnect(account, { api_url: vendor.url("/old"), retry: { schedule: ["1s"] } });
  const id = await send(connect.id);
  await vendor.received(1);
  const sealed = sealConnect(
    ConnectSettings.parse({
      name: "Newer",
      api_url: vendor.url("/new/{lead.last_name}"),
      authorization_header: "X-Key: fresh-secret-5",
      request_method: "POST",
      adaptor_id: connect.adaptorId,
    }),
    null,
  );
  if (!sealed.ok) throw new Error("not sealed");
  await account.scope.query(
    "update connects set texts = $3, secrets = $4, revision = 2 where account_id = $1 and id = $2",
    [
      connect.id,
      JSON.stringify(sealed.texts),
      secretBox.seal(sealed.secrets, { table: "connects", account: account.accountId, id: connect.id }),
    ],
  );
  await settled(id);
  expect(vendor.requests[1]).toMatchObject({ url: "/new/Example", headers: { "x-key": "fresh-secret-5" } });
  expect(vendor.requests[1]?.text).toBe(vendor.requests[0]?.text);
});

test("an address that grew too large since is not called", async () => {
  await using vendor = await startReceiver([503]);
  const connect = await makeConnect(account, { api_url: vendor.url("/old"), retry: { schedule: ["1s"] } });
  await account.scope.query(
    `update leads set fields = fields || jsonb_build_object('notes', repeat('x', 60000)) where account_id = $1`,
  );
  const id = await send(connect.id);
  await vendor.received(1);
  await account.scope.query("update connects set texts = $3, revision = 2 where account_id = $1 and id = $2", [
    connect.id,
    JSON.stringify({ url: [vendor.url(`/?n=${"{lead.notes}".repeat(40)}`)], authentication: [], headers: [] }),
  ]);
  const row = await settled(id);
  expect(row).toMatchObject({ outcome: "failed", attempts: 1, diagnosis: { code: "payload_too_large", setting: "api_url" } }); // prettier-ignore
  expect(vendor.requests).toHaveLength(1);
});

test("credentials go to the address they were saved for and nowhere else, whatever stands in the row", async () => {
  await using vendor = await startReceiver();
  const connect = await makeConnect(account, { api_url: vendor.url("/"), api_authentication: "key=secret-value-2" });
  await account.scope.query("update connects set origin = 'https://example.com' where account_id = $1 and id = $2", [
    connect.id,
  ]);
  const row = await settled(await send(connect.id));
  expect(row).toMatchObject({ outcome: "failed", attempts: 0, diagnosis: { code: "blocked_address" } });
  expect(vendor.requests).toHaveLength(0);
});
