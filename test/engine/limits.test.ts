import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { inChange } from "../../src/admin/change.ts";
import { saveConnect } from "../../src/admin/save-connect.ts";
import type { ConnectId } from "../../src/contracts/ids.ts";
import { startReceiver } from "../receiver.ts";
import { eventually, makeConnect, secretBox } from "./fixtures.ts";
import { sending } from "./sending.ts";

const at = sending();

const stateOf = async (connectId: ConnectId) =>
  (await at.db.query("select breaker, breaker_because, failures_in_row from connect_states where connect_id = $1", [connectId])).rows[0]; // prettier-ignore

describe("concurrency", () => {
  test("is the connect's over all workers, also when one comes in between", async () => {
    let underWay = 0;
    let most = 0;
    await using vendor = await startReceiver(async () => {
      most = Math.max(most, ++underWay);
      await sleep(20);
      underWay--;
      return 200;
    });
    const connect = await makeConnect(at.account, { api_url: vendor.url("/"), concurrency: 5, order: "none" });
    for (let n = 0; n < 150; n++) await at.owe(connect.id);
    at.start();
    await vendor.received(20);
    at.start();
    at.start();
    await at.allSettled();
    expect(vendor.requests).toHaveLength(150);
    expect(most).toBeLessThanOrEqual(5);
  });

  test("of one gives one worker the connect, and it is sent all the same", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(at.account, { api_url: vendor.url("/"), concurrency: 1 });
    at.start();
    at.start();
    at.start();
    for (let n = 0; n < 5; n++) await at.owe(connect.id);
    await at.allSettled();
    expect(vendor.requests).toHaveLength(5);
  });
});

describe("a rate", () => {
  test.each([
    ["keeps its connections", {}],
    ["closes each connection", { connection: "close" }],
  ])(
    "holds for three workers together, where the vendor %s: no second has more than its share, wherever it begins",
    async (_, headers) => {
      const arrivals: number[] = [];
      await using vendor = await startReceiver(() => {
        arrivals.push(performance.now());
        return { headers };
      });
      const rate = { per_second: 20 };
      const connect = await makeConnect(at.account, { api_url: vendor.url("/"), rate, order: "none" });
      for (let n = 0; n < 70; n++) await at.owe(connect.id);
      for (let n = 0; n < 3; n++) at.start();
      await at.allSettled(30_000);
      expect(arrivals).toHaveLength(70);
      for (let n = rate.per_second; n < arrivals.length; n++)
        expect(arrivals[n]! - arrivals[n - rate.per_second]!).toBeGreaterThanOrEqual(1_000);
    },
  );
});

describe("a breaker", () => {
  test("pauses a connect whose vendor fails, tries one delivery, and lets all go when that is answered", async () => {
    await using vendor = await startReceiver(503);
    const connect = await makeConnect(at.account, {
      api_url: vendor.url("/"),
      order: "none",
      concurrency: 4,
      retry: { schedule: ["1h"] },
    });
    for (let n = 0; n < 40; n++) await at.owe(connect.id);
    at.start();
    await eventually(async () => (await stateOf(connect.id))?.breaker === "open");
    expect(await stateOf(connect.id)).toMatchObject({ breaker_because: "20 attempts failed in a row" });
    await eventually(async () => {
      const { rows } = await at.db.query("select from due where lease_until is not null");
      return rows.length === 0;
    });
    const sent = vendor.requests.length;
    expect(sent).toBeLessThan(30);
    await sleep(1_500);
    expect(vendor.requests).toHaveLength(sent);

    // the probe's time has come: it fails, and the next one waits longer
    const probe = () => at.db.query("update connect_states set probe_at = now() where connect_id = $1", [connect.id]);
    await probe();
    await vendor.received(sent + 1);
    await sleep(1_500);
    expect(vendor.requests).toHaveLength(sent + 1);

    vendor.answer(200);
    await probe();
    await eventually(async () => (await stateOf(connect.id))?.breaker === "closed");
    await eventually(async () => {
      const { rows } = await at.db.query("select from due where attempts = 0");
      return rows.length === 0;
    });
    const { rows: changes } = await at.db.query<{ breaker: string }>(
      "select breaker from breaker_changes where connect_id = $1 order by at",
      [connect.id],
    );
    expect(changes.map(({ breaker }) => breaker)).toEqual(["open", "closed"]);
    // a wait for the breaker is no attempt
    const { rows: tries } = await at.db.query("select from deliveries where connect_id = $1 and attempts > 1", [connect.id]); // prettier-ignore
    expect(tries).toHaveLength(0);
  });

  test("that opened for refused credentials waits for a save", async () => {
    await using vendor = await startReceiver(401);
    const connect = await makeConnect(at.account, { api_url: vendor.url("/"), order: "none", concurrency: 1 });
    const ids = [];
    for (let n = 0; n < 8; n++) ids.push(await at.owe(connect.id));
    at.start();
    await eventually(async () => (await stateOf(connect.id))?.breaker === "refused");
    await sleep(300);
    const sent = vendor.requests.length;
    expect(sent).toBeLessThanOrEqual(5);
    vendor.answer(200);
    await sleep(1_500);
    expect(vendor.requests).toHaveLength(sent);

    const actor = { kind: "user", id: 1, name: "Ada" } as const;
    await inChange({ database: at.db, accountId: at.account.accountId, actor, secretBox }, (change) =>
      saveConnect(change, connect.id, { delimiter: ";" }),
    );
    await at.allSettled();
    for (const id of ids) expect(await at.rowOf(id)).toMatchObject({ outcome: "accepted" });
    expect(await stateOf(connect.id)).toMatchObject({ breaker: "closed" });
  });
});

test("a connect that a person paused sends nothing, not even what was claimed before, until it goes on", async () => {
  await using vendor = await startReceiver();
  const connect = await makeConnect(at.account, { api_url: vendor.url("/"), order: "none" });
  await at.db.query("insert into connect_states (account_id, connect_id, paused_at) values ($1, $2, now())", [
    at.account.accountId,
    connect.id,
  ]);
  for (let n = 0; n < 5; n++) await at.owe(connect.id);
  const engine = at.start();
  await sleep(1_200);
  expect(vendor.requests).toHaveLength(0);
  await at.db.query("update connect_states set paused_at = null where connect_id = $1", [connect.id]);
  engine.wake();
  await at.allSettled();
  expect(vendor.requests).toHaveLength(5);
});
