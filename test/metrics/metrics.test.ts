import { connect as connectTo } from "node:net";
import { networkInterfaces } from "node:os";
import { beforeAll, describe, expect, test } from "vitest";
import type { AccountId, ConnectId } from "../../src/contracts/ids.ts";
import { createMetrics } from "../../src/engine/metrics.ts";
import { openDatabase } from "../../src/store/database.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import { eventually } from "../engine/fixtures.ts";
import { startPatchbay, type Client } from "../http/patchbay.ts";
import { closedPort, startReceiver } from "../receiver.ts";
import { owe } from "./owed.ts";

const patchbay = startPatchbay({ HOST: "0.0.0.0" });
const workerPort = await closedPort();
startPatchbay({ PATCHBAY_ROLES: "worker", PORT: String(workerPort) });

/** Its series by name and labels, as the text has them. */
type Series = ReadonlyMap<string, number>;
function seriesOf(text: string): Series {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}
const scrape = async (client: Client = patchbay.anonymous): Promise<Series> =>
  seriesOf(await client.ok<string>("GET", "/metrics"));

let own: AccountId;
let other: AccountId;
let ownConnect: ConnectId;
let otherConnect: ConnectId;
let admin: Client;

async function makeConnect(by: Client, url: string): Promise<ConnectId> {
  await by.ok("POST", "/api/leads/sample");
  const { id } = await by.ok<{ id: number }>("POST", "/api/adaptors", {
    name: "Fields",
    fields: [{ section: "lead", field: "phone_number", to: "phone" }],
  });
  const settings = { api_url: url, request_method: "POST", adaptor_id: id, response_data_type: "TEXT" };
  return (await by.ok<{ id: ConnectId }>("POST", "/api/connects", { name: "Secret-Name", ...settings })).id;
}

beforeAll(async () => {
  await using vendor = await startReceiver([200, 422, 503]);
  own = await patchbay.account("Own");
  other = await patchbay.account("Other");
  admin = await patchbay.withToken(own, ["admin"]);
  ownConnect = await makeConnect(admin, vendor.url("/"));
  const theirs = await patchbay.withToken(other, ["admin"]);
  otherConnect = await makeConnect(theirs, "https://crm.example.com/");
  await owe(accountScope(patchbay.db, other), otherConnect, {
    held: "credentials",
    count: 7,
    plannedAt: new Date(Date.now() - 3_600_000),
  });
  const leads = await admin.ok<{ items: { id: number }[] }>("GET", "/api/leads");
  for (let n = 1; n <= 3; n++) {
    await admin.ok("POST", `/api/leads/${leads.items[0]!.id}/send`, { connect_id: ownConnect });
    await vendor.received(n);
  }
  const retried = `patchbay_attempts_unsettled_total{account="${own}",connect="${ownConnect}",end="again"}`;
  await eventually(async () => (await scrape()).get(retried) === 1);
});

describe("/metrics", () => {
  test("counts deliveries by connect and outcome, and how long attempts took", async () => {
    const series = await scrape();
    const of = `account="${own}",connect="${ownConnect}"`;
    expect(series.get(`patchbay_deliveries_total{${of},outcome="accepted"}`)).toBe(1);
    expect(series.get(`patchbay_deliveries_total{${of},outcome="rejected"}`)).toBe(1);
    expect(series.get(`patchbay_attempt_duration_seconds_count{${of}}`)).toBe(3);
    expect(series.get(`patchbay_attempt_duration_seconds_bucket{le="+Inf",${of}}`)).toBe(3);
  });

  test("tells what waits and what is held, and since when, of every account from this machine", async () => {
    const series = await scrape();
    const of = `account="${other}",connect="${otherConnect}",state="held"`;
    expect(series.get(`patchbay_queue_deliveries{${of}}`)).toBe(7);
    expect(series.get(`patchbay_queue_oldest_age_seconds{${of}}`)).toBeGreaterThanOrEqual(3_600);
    expect(series.get(`patchbay_queue_deliveries{account="${own}",connect="${ownConnect}",state="waiting"}`)).toBe(1);
    expect(series.get("patchbay_database_up")).toBe(1);
  });

  test("tells the event loop's lag and the pool's use", async () => {
    await scrape();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const series = await scrape();
    for (const quantile of ["0.5", "0.99", "1"])
      expect(series.get(`patchbay_event_loop_lag_seconds{quantile="${quantile}"}`)).toBeGreaterThanOrEqual(0);
    expect(series.get('patchbay_database_pool_connections{state="total"}')).toBeGreaterThan(0);
    expect(series.get('patchbay_database_pool_connections{state="waiting"}')).toBe(0);
  });

  test("has no name, number or address in it", async () => {
    const { body } = await patchbay.anonymous.call<string>("GET", "/metrics");
    expect(body).not.toMatch(/Secret-Name|3105550142|212555|example\.com|127\.0\.0\.1/);
  });
});

/** The machine's own address that is not loopback, where it has one. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((found) => found?.family === "IPv4" && !found.internal)?.address;
const port = (): string => new URL(patchbay.url).port;

describe("who may read it", () => {
  test("a token with the section metrics, which sees its own account's series", async () => {
    const token = await patchbay.withToken(own, ["metrics"]);
    const series = await scrape(token);
    const accounts = new Set([...series.keys()].map((name) => /account="(\d+)"/.exec(name)?.[1]));
    expect(accounts).toEqual(new Set([undefined, String(own)]));
    expect([series.has("patchbay_database_up"), series.has("patchbay_owed_estimate")]).toEqual([true, false]);
    expect((await scrape()).has("patchbay_owed_estimate")).toBe(true);
  });

  test.each([["leads"], ["admin"]])("no token with the section %s, not even from this machine", async (section) => {
    await (await patchbay.withToken(own, [section])).refused("token_refused", "GET", "/metrics");
  });

  test("no token that is not known", async () => {
    const answer = await patchbay.anonymous.call("GET", "/metrics", undefined, { authorization: "Bearer nonsense" });
    expect(answer.status).toBe(401);
  });

  test("a metrics token opens nothing else", async () => {
    await (await patchbay.withToken(own, ["metrics"])).refused("token_refused", "GET", "/api/connects");
  });

  test("nobody whom a proxy passed on", async () => {
    const forwarded = { "x-forwarded-for": "203.0.113.7" };
    expect((await patchbay.anonymous.call("GET", "/metrics", undefined, forwarded)).status).toBe(401);
  });

  test.runIf(address !== undefined)("nobody from another address without a token", async () => {
    expect((await fetch(`http://${address}:${port()}/metrics`)).status).toBe(401);
  });

  test("no web site that was made to lead here", async () => {
    const socket = connectTo(Number(port()), "127.0.0.1");
    socket.write("GET /metrics HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n");
    const text = (await socket.setEncoding("utf8").toArray()).join("");
    expect(text).toContain("wrong_host");
    expect(text).not.toContain("patchbay_");
  });
});

test("a process that serves no API serves this", async () => {
  const answer = await fetch(`http://127.0.0.1:${workerPort}/metrics`);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(seriesOf(await answer.text()).get("patchbay_database_up")).toBe(1);
  expect((await fetch(`http://127.0.0.1:${workerPort}/api/session`)).status).toBe(404);
});

test("without the database the rest is still told", async () => {
  const nowhere = openDatabase({ host: "127.0.0.1", port: await closedPort(), user: "nobody" });
  const metrics = createMetrics(nowhere, [nowhere]);
  metrics.batch("settle", 3);
  const series = seriesOf(await metrics.text());
  expect(series.get("patchbay_database_up")).toBe(0);
  expect(series.get('patchbay_batch_size_sum{kind="settle"}')).toBe(3);
  metrics.stop();
  await nowhere.close();
});
