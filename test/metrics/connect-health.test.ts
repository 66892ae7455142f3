import { beforeAll, describe, expect, test } from "vitest";
import type { ConnectHealth, ConnectHours } from "../../src/contracts/health.ts";
import type { AccountId, ConnectId } from "../../src/contracts/ids.ts";
import { createTally } from "../../src/engine/tally.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import { eventually, quiet } from "../engine/fixtures.ts";
import { startPatchbay, type Client } from "../http/patchbay.ts";
import { startReceiver } from "../receiver.ts";
import { owe } from "./owed.ts";

const patchbay = startPatchbay();
let accountId: AccountId;
let admin: Client;
let viewer: Client;
beforeAll(async () => {
  accountId = await patchbay.account("Acme Calls");
  admin = await patchbay.withToken(accountId, ["admin"]);
  viewer = await patchbay.user(accountId, "viewer");
  await admin.ok("POST", "/api/leads/sample");
});

async function makeConnect(name: string, url = "https://crm.example.com/", more: object = {}): Promise<ConnectId> {
  const adaptor = await admin.ok<{ id: number }>("POST", "/api/adaptors", {
    name: `${name} fields`,
    fields: [{ section: "lead", field: "phone_number", to: "phone" }],
  });
  const settings = { name, api_url: url, request_method: "POST", adaptor_id: adaptor.id, ...more };
  return (await admin.ok<{ id: ConnectId }>("POST", "/api/connects", settings)).id;
}

const timing = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: 30, total_ms: 40 };
const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
const health = (id: ConnectId, hours = "") => viewer.ok<ConnectHealth>("GET", `/api/connects/${id}/health${hours}`);

test("a connect that never did anything has empty buckets and no rate", async () => {
  const id = await makeConnect("New");
  const found = await health(id);
  expect(found).toMatchObject({
    hours: 24,
    bucket_seconds: 1_800,
    attempts: 0,
    success_rate: null,
    latency: { p50_ms: null, p95_ms: null },
    reasons: [],
    breaker_changes: [],
    waiting: { count: 0, oldest_at: null },
    sending: 0,
    held: { count: 0, oldest_at: null, because: [] },
  });
  expect(found.buckets).toHaveLength(48);
});

describe("what a viewer reads of a connect", () => {
  let id: ConnectId;
  beforeAll(async () => {
    id = await makeConnect("Busy");
    const scope = accountScope(patchbay.db, accountId);
    const tally = createTally(patchbay.db, quiet);
    const attempt = { accountId, connectId: id, at: new Date(), durationMs: 45, timing, code: null };
    for (let n = 0; n < 17; n++) tally.note({ ...attempt, end: "accepted" });
    for (let n = 0; n < 3; n++) tally.note({ ...attempt, end: "again", code: "http_5xx", durationMs: 9_000 });
    tally.note({ ...attempt, end: "rejected", at: hoursAgo(5) });
    tally.note({ ...attempt, end: "failed", code: "http_404", at: hoursAgo(100) });
    await tally.stop();
    for (const [breaker, hours] of [
      ["open", 3],
      ["closed", 2],
    ] as const)
      // prettier-ignore
      await scope.query(
        "insert into breaker_changes (account_id, connect_id, at, breaker, because) values ($1, $2, $3, $4, 'why')",
        [id, hoursAgo(hours), breaker],
      );
    await owe(scope, id, { count: 2, plannedAt: new Date("2026-11-24T09:00:00Z") });
    await owe(scope, id, { held: "answer_lost", plannedAt: new Date("2026-11-24T08:00:00Z") });
  });

  test("is of the last 24 hours", async () => {
    const found = await health(id);
    expect(found.ends).toEqual({ accepted: 17, rejected: 1, duplicate: 0, failed: 0, again: 3, held: 0 });
    expect(found.success_rate).toBeCloseTo(17 / 21);
    expect(found.latency.p50_ms).toBeLessThan(46);
    expect(found.latency.p95_ms).toBeGreaterThan(8_000);
    expect(found.buckets.at(-1)!.ends.accepted + found.buckets.at(-2)!.ends.accepted).toBe(17);
    expect(found.timing.find(({ step }) => step === "rest")).toMatchObject({ average_ms: 10, calls: 21 });
    expect(found.reasons).toEqual([{ code: "http_5xx", count: 3 }]);
    expect(found.breaker_changes.map(({ breaker, because }) => [breaker, because])).toEqual([
      ["closed", "why"],
      ["open", "why"],
    ]);
    expect(found.waiting).toEqual({ count: 2, oldest_at: "2026-11-24T09:00:00.000Z" });
    expect(found.held).toEqual({ count: 1, oldest_at: "2026-11-24T08:00:00.000Z", because: ["answer_lost"] });
  });

  test("is of the last hour, or the last week, when asked for", async () => {
    const [hour, week] = [await health(id, "?hours=1"), await health(id, "?hours=168")];
    expect([hour.attempts, hour.buckets.length, hour.bucket_seconds]).toEqual([20, 60, 60]);
    expect([week.attempts, week.buckets.length, week.ends.failed]).toEqual([22, 56, 1]);
    await viewer.refused("bad_input", "GET", `/api/connects/${id}/health?hours=12`);
  });

  test("Show Connect has 24 bars for it, each with its worst end", async () => {
    const { items } = await viewer.ok<{ items: ConnectHours[] }>("GET", "/api/connects/health");
    const own = items.find((item) => item.id === id)!.hours;
    expect(own).toHaveLength(24);
    expect(own.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(21);
    expect(own.filter(({ worst }) => worst !== null).map(({ worst }) => worst)).toContain("again");
    expect(own.find(({ worst }) => worst === "rejected")).toEqual({ attempts: 1, worst: "rejected" });
  });

  test("and nothing of it is another account's", async () => {
    const stranger = await patchbay.withToken(await patchbay.account("Others"), ["admin"]);
    await stranger.refused("not_found", "GET", `/api/connects/${id}/health`);
    expect(await stranger.ok("GET", "/api/connects/health")).toEqual({ items: [] });
  });
});

test("what is delivered counts within seconds, and a test does not", async () => {
  await using vendor = await startReceiver([{ body: { id: 1 } }, 422, 200]);
  const id = await makeConnect("Real", vendor.url("/leads"), { response_data_type: "TEXT" });
  const leads = await admin.ok<{ items: { id: number }[] }>("GET", "/api/leads");
  for (let n = 1; n <= 2; n++) {
    await admin.ok("POST", `/api/leads/${leads.items[0]!.id}/send`, { connect_id: id });
    await vendor.received(n);
  }
  await admin.ok("POST", `/api/connects/${id}/test`, {});
  await vendor.received(3);
  const found = await eventually(async () => {
    const seen = await health(id, "?hours=1");
    return seen.attempts >= 2 && seen;
  }, 30_000);
  expect(found.ends).toMatchObject({ accepted: 1, rejected: 1 });
  expect(found.attempts).toBe(2);
  expect(found.timing.find(({ step }) => step === "connect")!.calls).toBeGreaterThan(0);
});
