import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Delivery, DeliveryStory } from "../../src/contracts/delivery.ts";
import type { Role } from "../../src/contracts/endpoint.ts";
import type { ConnectId, DeliveryId } from "../../src/contracts/ids.ts";
import type { Diagnosis, Outcome } from "../../src/contracts/outcome.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { sendLead } from "../../src/engine/send-lead.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
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
import { echo } from "../receiver-acts.ts";
import { startReceiver } from "../receiver.ts";
import { startApi, type TestApi } from "./fixtures.ts";

const clone = cloneDatabase();
let account: TestAccount;
let other: TestAccount;
let engine: Engine;
let api: TestApi;
let connect: ConnectId;
let second: ConnectId;

beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  other = await makeAccount(clone.db, "Others");
  engine = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: true });
  api = await startApi(clone.db, engine);
  connect = (await makeConnect(account, { name: "Acme CRM", api_url: "http://127.0.0.1:9/" })).id;
  second = (await makeConnect(account, { name: "Second", api_url: "http://127.0.0.1:9/" })).id;
});
afterAll(async () => {
  await api.app.close();
  await engine.stop(0);
});

type Seed = {
  at: string;
  connect?: ConnectId;
  outcome?: Outcome;
  result?: string | null;
  phone?: string;
  test?: boolean;
  held?: string;
  leased?: boolean;
};
/** A row as the engine leaves it: in `deliveries` with an outcome, else in `due`. */
async function seed({ at, outcome, result = null, held, leased = false, ...row }: Seed): Promise<DeliveryId> {
  const id = newUuidV7At(Date.parse(at));
  const common = [
    account.accountId,
    id,
    row.connect ?? connect,
    account.leadId,
    row.phone ?? "3105550142",
    id,
    "lead.sent",
    row.test ?? false,
  ];
  const columns =
    "account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision, give_up_at, payload";
  const values = "$1, $2, $3, $4, $5, $6, $7, $8, 1, now(), '{}'";
  if (outcome !== undefined)
    await clone.db.query(
      `insert into deliveries (${columns}, outcome, result, http_status, diagnosis, attempts, maybe_sent_twice, duration_ms)
       values (${values}, $9, $10, 200, $11, 1, false, 12.5)`,
      [...common, outcome, result, outcome === "failed" ? JSON.stringify(nullResult) : null],
    );
  else
    await clone.db.query(
      `insert into due (${columns}, due_at, held_because, lease_until, last_result) values (${values}, now() + interval '1 h', $9, $10, $11)`,
      [...common, held ?? null, leased ? new Date(Date.now() + 60_000) : null, result],
    );
  return id;
}
const nullResult: Diagnosis = {
  code: "http_404",
  message: "The vendor knows nothing at this address",
  fix: "Check API URL",
};
/** Ids of a chosen millisecond, whatever was made before. */
function newUuidV7At(ms: number): DeliveryId {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${newUuidV7().slice(13)}` as DeliveryId;
}

const get = async <T>(path: string, role: Role = "operator", of = account): Promise<T> => {
  const response = await api.call({ account: of.accountId, role }, "GET", path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
};
type Page = { items: Delivery[]; next_cursor: string | null };

const seedAs = async (id: DeliveryId): Promise<void> => {
  await clone.db.query(
    `insert into deliveries (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
       give_up_at, payload, outcome, attempts, maybe_sent_twice)
     values ($1, $2, $3, $4, '3105550142', $2, 'lead.sent', false, 1, now(), '{}', 'accepted', 1, false)`,
    [account.accountId, id, connect, account.leadId],
  );
};

const foundBy = async (result: string): Promise<DeliveryId[]> => {
  const query = new URLSearchParams({ result, to: "2026-10-02T00:00:00Z" });
  return (await get<Page>(`/api/deliveries?${query.toString()}`)).items.map(({ id }) => id);
};

describe("the list", () => {
  const ids: Record<string, DeliveryId> = {};
  beforeAll(async () => {
    ids["a"] = await seed({ at: "2026-11-01T10:00:00Z", outcome: "accepted", result: "OK-1" });
    ids["b"] = await seed({ at: "2026-11-01T11:00:00Z", outcome: "failed" });
    ids["c"] = await seed({ at: "2026-11-02T10:00:00Z", outcome: "rejected", result: "NO", phone: "2125550199" });
    ids["d"] = await seed({
      at: "2026-11-02T11:00:00Z",
      connect: second,
      outcome: "accepted",
      result: "OK-2",
      test: true,
    });
    ids["e"] = await seed({ at: "2026-11-03T10:00:00Z" });
    ids["f"] = await seed({ at: "2026-11-03T11:00:00Z", held: "credentials" });
    ids["g"] = await seed({ at: "2026-11-03T12:00:00Z", leased: true });
    ids["h"] = await seed({ at: "2026-11-03T13:00:00Z", outcome: "discarded" });
  });
  const rows: { filter: string; finds: string }[] = [
    { filter: "", finds: "hgfedcba" },
    { filter: "connect=CONNECT", finds: "hgfecba" },
    { filter: "outcome=accepted", finds: "da" },
    { filter: "state=settled", finds: "hdcba" },
    { filter: "state=waiting", finds: "e" },
    { filter: "state=held", finds: "f" },
    { filter: "state=sending", finds: "g" },
    { filter: "state=held&outcome=accepted", finds: "" },
    { filter: "test=true", finds: "d" },
    { filter: "test=0&outcome=accepted", finds: "a" },
    { filter: "phone=%28212%29%20555-0199", finds: "c" },
    { filter: "phone=%2B1%20212%20555%200199", finds: "c" },
    { filter: "lead_id=LEAD&state=held", finds: "f" },
    { filter: "lead_id=999999", finds: "" },
    { filter: "result=OK-1", finds: "a" },
    { filter: "result=OK", finds: "" },
    { filter: "result=OK*", finds: "da" },
    { filter: "result=%25*", finds: "" },
    { filter: "from=2026-11-02T10:00:00Z&to=2026-11-03T10:00:00Z", finds: "edc" },
    { filter: "from=2026-11-02T02:00:00-08:00&to=2026-11-02T10:00:00Z", finds: "c" },
    { filter: "from=2027-01-01T00:00:00Z", finds: "" },
    { filter: "diagnosis=gave_up,http_404", finds: "b" },
    { filter: "diagnosis=gave_up", finds: "" },
    { filter: "settled_before=2026-01-01T00:00:00Z", finds: "" },
    { filter: "settled_before=2099-01-01T00:00:00Z&connect=CONNECT", finds: "hcba" },
    { filter: "settled_before=2099-01-01T00:00:00Z&state=held&connect=CONNECT", finds: "" },
  ];
  test.for(rows)("?$filter finds $finds", async ({ filter, finds }) => {
    const path = `/api/deliveries?${filter.replace("CONNECT", String(connect)).replace("LEAD", String(account.leadId))}`;
    const page = await get<Page>(path);
    expect(page.items.map(({ id }) => id)).toEqual(Array.from(finds, (letter) => ids[letter]));
    expect(page.next_cursor).toBeNull();
  });

  test("a long result is found by the whole of it, and by a beginning of any length", async () => {
    // all letters of two bytes and more: an entry of an index would not hold it
    const beginning = "Schönes Ergebnis 日本 ".repeat(40);
    const one = await seed({ at: "2026-10-01T10:00:00Z", outcome: "accepted", result: `${beginning}one` });
    const two = await seed({ at: "2026-10-01T11:00:00Z", outcome: "accepted", result: `${beginning}two` });
    expect(await foundBy(`${beginning}one`)).toEqual([one]);
    expect(await foundBy(beginning)).toEqual([]);
    expect(await foundBy(`${beginning}*`)).toEqual([two, one]);
    expect(await foundBy(`${beginning}t*`)).toEqual([two]);
    expect(await foundBy("Schön*")).toEqual([two, one]);
    expect(await foundBy("Schon*")).toEqual([]);
    await clone.db.query("delete from deliveries where id = any ($1)", [[one, two]]);
  });

  test("rows have the fixed shape", async () => {
    const page = await get<Page>("/api/deliveries?from=2026-11-01T11:00:00Z&to=2026-11-01T11:00:00Z");
    expect(page.items).toEqual([
      {
        id: ids["b"], connect: { id: connect, name: "Acme CRM" }, lead_id: account.leadId, phone_number: "3105550142",
        event: "lead.sent", state: "settled", held_because: null, outcome: "failed", result: null, http_status: 200,
        diagnosis: nullResult, remark: null, attempts: 1, test: false, created_at: "2026-11-01T11:00:00.000Z", duration_ms: 12.5,
      },
    ]); // prettier-ignore
  });

  test("pages by cursor while newer rows arrive and owed ones are settled: none is missed or seen twice", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await get<Page>(`/api/deliveries?limit=3${cursor === null ? "" : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
      if (seen.length === 3) {
        ids["new"] = await seed({ at: "2026-11-04T10:00:00Z", outcome: "accepted" });
        await clone.db.query("delete from due where id = $1", [ids["e"]]);
        await seedAs(ids["e"]!);
      }
    } while (cursor !== null);
    expect(seen).toEqual(Array.from("hgfedcba", (letter) => ids[letter]));
    await clone.db.query("delete from deliveries where id = any ($1)", [[ids["new"], ids["e"]]]);
    ids["e"] = await seed({ at: "2026-11-03T10:00:00Z" });
  });

  test("counts go by outcome and state", async () => {
    const day = "from=2026-11-01T00:00:00Z&to=2026-11-03T23:00:00Z";
    expect(await get(`/api/deliveries/counts?${day}`)).toEqual({
      accepted: 2, rejected: 1, duplicate: 0, failed: 1, discarded: 1, waiting: 1, sending: 1, held: 1,
    }); // prettier-ignore
    expect(await get(`/api/deliveries/counts?${day}&connect=${second}`)).toMatchObject({
      accepted: 1,
      waiting: 0,
      failed: 0,
    });
    const settled = "settled_before=2099-01-01T00:00:00Z&diagnosis=http_404,gave_up";
    expect(await get(`/api/deliveries/counts?${day}&connect=${connect}&test=false&${settled}`)).toEqual({
      accepted: 0, rejected: 0, duplicate: 0, failed: 1, discarded: 0, waiting: 0, sending: 0, held: 0,
    }); // prettier-ignore
  });

  test("another account sees nothing of it", async () => {
    expect(await get<Page>("/api/deliveries", "admin", other)).toEqual({ items: [], next_cursor: null });
    const story = await api.call({ account: other.accountId, role: "admin" }, "GET", `/api/deliveries/${ids["a"]}`);
    expect(story.status).toBe(404);
  });

  test("a cursor it never gave, and a filter that can't be, are refused by name", async () => {
    for (const [query, path] of [
      ["cursor=abc", "cursor"],
      ["outcome=fine", "outcome"],
      ["limit=0", "limit"],
      ["from=yesterday", "from"],
      ["diagnosis=http_404,nothing_like_it", "diagnosis"],
    ] as const) {
      const response = await api.call({ account: account.accountId, role: "admin" }, "GET", `/api/deliveries?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "bad_input", errors: [{ path }] });
    }
  });

  test("CSV has every row, in the account's time, and no formula", async () => {
    const id = await seed({
      at: "2026-11-05T10:00:00Z",
      outcome: "accepted",
      result: '=HYPERLINK("http://example.com","x")',
    });
    await seed({ at: "2026-11-05T11:00:00Z", outcome: "accepted", result: "@sum, +1\n-2" });
    const response = await api.call(
      { account: account.accountId, role: "operator" },
      "GET",
      "/api/deliveries.csv?from=2026-11-05T00:00:00Z",
    );
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = (await response.text()).trim().split("\n");
    expect(lines[0]).toContain("Id,Date,Connect,Lead ID,Primary Phone,Event");
    expect(lines.join("\n")).toContain(`"'=HYPERLINK(""http://example.com"",""x"")"`);
    expect(lines.join("\n")).toContain(`"'@sum, +1\n-2"`);
    expect(lines.find((line) => line.startsWith(id))).toContain("2026-11-05T02:00:00.000-08:00");
  });

  test("CSV streams more rows than a page of the database has", async () => {
    await clone.db.query(
      `insert into deliveries (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test,
         connect_revision, give_up_at, payload, outcome, attempts, maybe_sent_twice)
       select $1, overlay(gen_random_uuid()::text placing '019b0000-0000-7' from 1 for 15)::uuid, $2, null, '2125550111',
         gen_random_uuid(), 'lead.sent', false, 1, now(), '{}', 'accepted', 1, false from generate_series(1, 2500)`,
      [account.accountId, connect],
    );
    const response = await api.call(
      { account: account.accountId, role: "operator" },
      "GET",
      "/api/deliveries.csv?phone=2125550111",
    );
    const lines = (await response.text()).trim().split("\n").slice(1);
    expect(new Set(lines.map((line) => line.split(",")[0])).size).toBe(2500);
    await clone.db.query("delete from deliveries where phone_number = '2125550111'");
  });
});

const send = async (options: { key?: string } = {}) => {
  const vendor = await startReceiver(echo);
  const made = await makeConnect(account, {
    api_url: `${vendor.origin}/leads/{lead.last_name}?token=url-secret-9`,
    api_authentication: "api_key=auth-secret-8",
    authorization_header: "Authorization: Bearer header-secret-7",
    response_data_type: "TEXT",
    ...(options.key === undefined ? {} : { response_key: options.key }),
  }, [
    { section: "lead", field: "first_name", to: "first", default: "", required: false, type: "text", value_map: [], date_format: "", format: "upper" },
    { section: "lead", field: "phone_number", to: "phone", default: "", required: false, type: "text", value_map: [], date_format: "", format: "e164" },
    { section: "lead", field: "email", to: "email", default: "", required: false, type: "text", value_map: [], date_format: "" },
    { section: "lead", field: "date_of_birth", to: "born", default: "", required: false, type: "text", value_map: [], date_format: "l jS F Y" },
    { section: "lead", field: "industry", to: "industry", default: "", required: false, type: "text", value_map: [], date_format: "" },
  ]); // prettier-ignore
  await account.scope.query(
    `insert into revisions (account_id, kind, target_id, number, data, saved_by)
     select account_id, 'adaptor', id, 1, jsonb_build_object('stored', stored), 'test' from adaptors where account_id = $1 and id = $2`,
    [made.adaptorId],
  );
  const sending = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: true });
  sending.start();
  const id = await sendLead(clone.db, sending, {
    accountId: account.accountId,
    leadId: account.leadId,
    connectId: made.id,
    source: { kind: "user", id: 1, name: "Ada" },
  });
  await eventually(async () => (await get<DeliveryStory>(`/api/deliveries/${id}`)).state === "settled");
  await sending.stop(0);
  await vendor.close();
  return id;
};

describe("one story", () => {
  let id: DeliveryId;
  beforeAll(async () => {
    await account.scope.query(
      `update leads set fields = '{"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
         "date_of_birth": "1985-04-12", "industry": "Insurance"}' where account_id = $1 and id = $2`,
      [account.leadId],
    );
    id = await send();
  });

  test("tells everything, with every secret masked", async () => {
    const story = await get<DeliveryStory>(`/api/deliveries/${id}`);
    expect(story).toMatchObject({
      headline: expect.stringMatching(/accepted the lead$/) as string,
      outcome: "accepted", attempts: 1, next_attempt_at: null, maybe_sent_twice: false,
      revisions: { connect: 1, adaptor: 1, workflow: null },
    }); // prettier-ignore
    const [attempt] = story.attempts_log;
    expect(attempt).toMatchObject({ number: 1, outcome: "accepted", diagnosis: null });
    const [call] = attempt!.calls;
    expect(call?.request.body).toBe(
      '{"first":"ADA","phone":"+13105550142","email":"ada@example.com","born":"Friday 12th April 1985","industry":"Insurance"}',
    );
    expect(call?.request.url).toMatch(/\/leads\/Lovelace\?token=••••••••&api_key=••••••••$/);
    expect(call?.timing.total_ms).toBeGreaterThan(0);
    expect(JSON.stringify(story)).not.toMatch(/url-secret-9|auth-secret-8|header-secret-7/);
  });

  test("no table's columns hold a secret in the open", async () => {
    for (const table of ["due", "deliveries", "attempts", "events", "connects", "adaptors", "idempotency_keys"]) {
      const { rows } = await clone.db.query(`select row_to_json(t) as row from ${table} t`);
      expect(JSON.stringify(rows)).not.toMatch(/url-secret-9|auth-secret-8|header-secret-7/);
    }
  });

  test("a viewer sees no personal value, sent, echoed or listed, however it was written", async () => {
    for (const path of [`/api/deliveries/${id}`, "/api/deliveries?limit=5", "/api/deliveries.csv"]) {
      const response = await api.call({ account: account.accountId, role: "viewer" }, "GET", path);
      const text = await response.text();
      expect(text).not.toMatch(/\bada\b|lovelace|ada@example|3105550142|12th April/i);
      if (path.endsWith(id)) expect(text).toContain("Insurance");
    }
    const story = await get<DeliveryStory>(`/api/deliveries/${id}`, "viewer");
    expect(story.phone_number).toBe("••••••••42");
    expect(story.attempts_log[0]?.calls[0]?.request.body).toBe(
      '{"first":"••••••••","phone":"••••••••","email":"••••••••","born":"••••••••","industry":"Insurance"}',
    );
  });

  test("a field that the account masks in logs is masked for everybody", async () => {
    await clone.db.query("update accounts set fields_masked_in_logs = '{industry,phone_number}' where id = $1", [
      account.accountId,
    ]);
    const text = JSON.stringify(await get(`/api/deliveries/${id}`, "admin"));
    expect(text).not.toMatch(/Insurance|3105550142/);
    expect(text).toContain("Lovelace");
    await clone.db.query("update accounts set fields_masked_in_logs = '{}' where id = $1", [account.accountId]);
  });

  test("an id that isn't there, or is none, is said so", async () => {
    const missing = await api.call(
      { account: account.accountId, role: "admin" },
      "GET",
      `/api/deliveries/${newUuidV7()}`,
    );
    expect(missing.status).toBe(404);
    const odd = await api.call({ account: account.accountId, role: "admin" }, "GET", "/api/deliveries/42");
    expect(odd.status).toBe(400);
  });
});

describe("the live tail", () => {
  test("tells each change of what matches the filter", async () => {
    const abort = new AbortController();
    const response = await fetch(`${api.base}/api/deliveries/live?connect=${second}`, {
      headers: { "x-account": String(account.accountId), "x-role": "operator" },
      signal: abort.signal,
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    let text = "";
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const reading = (async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        text += value;
      }
    })().catch(() => {});
    const told = (): Delivery[] =>
      [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as Delivery);
    await eventually(async () => text.includes(": watching"));
    const id = await seed({ at: new Date().toISOString(), connect: second });
    await seed({ at: new Date().toISOString() });
    await eventually(async () => told().length === 1);
    expect(told()[0]).toMatchObject({ id, state: "waiting" });
    await clone.db.query("update due set held_because = 'credentials' where id = $1", [id]);
    await eventually(async () => told().length === 2);
    expect(told()[1]).toMatchObject({ id, state: "held", held_because: "credentials" });
    abort.abort();
    await reading;
  });
});

test("retry answers 202 by id, by ids and by filter; asking for neither or both is refused", async () => {
  const as = { account: account.accountId, role: "operator" } as const;
  const id = await seed({ at: "2026-11-06T10:00:00Z", outcome: "failed" });
  const one = await api.call(as, "POST", `/api/deliveries/${id}/retry`);
  expect([one.status, await one.json()]).toEqual([202, { delivery_id: id }]);
  const many = await api.call(as, "POST", "/api/deliveries/retry", { ids: [id] });
  expect([many.status, await many.json()]).toEqual([202, { count: 1, replay_id: expect.any(Number) as number }]);
  const filter = { from: "2026-11-06T10:00:00Z", to: "2026-11-06T10:00:00Z" };
  const filtered = await api.call(as, "POST", "/api/deliveries/retry", { filter });
  expect([filtered.status, await filtered.json()]).toEqual([
    202,
    { count: 1, replay_id: expect.any(Number) as number },
  ]);
  const none = await api.call(as, "POST", "/api/deliveries/retry", { filter: { ...filter, outcome: "rejected" } });
  expect([none.status, await none.json()]).toEqual([202, { count: 0, replay_id: null }]);
  expect((await api.call(as, "POST", "/api/deliveries/retry", {})).status).toBe(400);
  expect((await api.call(as, "POST", "/api/deliveries/retry", { ids: [id], filter: {} })).status).toBe(400);
});
