import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { DeliveryId, LeadId } from "../../src/contracts/ids.ts";
import { mendLanes } from "../../src/store/lanes.ts";
import { after } from "../receiver-acts.ts";
import { startReceiver, type Received } from "../receiver.ts";
import { eventually, makeConnect } from "./fixtures.ts";
import { sending } from "./sending.ts";

const at = sending();

/** What a vendor got of each lead, by the delivery's id, in the order of arrival; and how many of one lead it had at once. */
function watch() {
  const order = new Map<string, string[]>();
  const underWay = new Map<string, number>();
  let mostAtOnce = 0;
  return {
    order,
    mostAtOnce: () => mostAtOnce,
    act: async ({ text, headers }: Received): Promise<number> => {
      const lead = /"firstname":"([^"]*)"/.exec(text)?.[1] ?? "";
      order.set(lead, [...(order.get(lead) ?? []), headers["webhook-id"] ?? ""]);
      underWay.set(lead, (underWay.get(lead) ?? 0) + 1);
      mostAtOnce = Math.max(mostAtOnce, underWay.get(lead)!);
      await sleep(5);
      underWay.set(lead, underWay.get(lead)! - 1);
      return 200;
    },
  };
}

describe("deliveries of one lead", () => {
  test("go one after the other in the order they were owed, from two workers too", async () => {
    const seen = watch();
    await using vendor = await startReceiver(seen.act);
    const connect = await makeConnect(at.account, { api_url: vendor.url("/") });
    const names = ["Ann", "Ben", "Cid", "Dee", "Eve"];
    const leads: LeadId[] = [];
    for (const name of names) leads.push(await at.newLead(name));
    const owed = new Map<string, DeliveryId[]>(names.map((name) => [name, []]));
    for (let round = 0; round < 12; round++)
      for (const [n, name] of names.entries()) owed.get(name)!.push(await at.owe(connect.id, leads[n]));
    at.start();
    at.start();
    await at.allSettled();
    expect(seen.mostAtOnce()).toBe(1);
    for (const name of names) expect(seen.order.get(name)).toEqual(owed.get(name));
  });

  test("go at once where the connect keeps no order", async () => {
    await using vendor = await startReceiver(after(200));
    const connect = await makeConnect(at.account, { api_url: vendor.url("/"), order: "none" });
    for (let n = 0; n < 8; n++) await at.owe(connect.id);
    at.start();
    await vendor.received(8);
    await at.allSettled();
  });

  test("wait behind one that fails, and pass it when it has kept them waiting for as long as the connect says", async () => {
    await using vendor = await startReceiver([503, 200]);
    const connect = await makeConnect(at.account, {
      api_url: vendor.url("/"),
      retry: { schedule: ["1h"] },
      keep_order_for: "2s",
    });
    const [first, second] = [await at.owe(connect.id), await at.owe(connect.id)];
    at.start();
    await eventually(async () => (await at.rowOf(first)).attempts === 1);
    expect(await at.rowOf(second)).toMatchObject({ state: "waiting", attempts: 0 });
    expect(await at.inState(second, "settled")).toMatchObject({ outcome: "accepted" });
    const { rows } = await at.db.query("select lane, remark from due where id = $1", [first]);
    expect(rows).toEqual([{ lane: null, remark: "out_of_order" }]);
  });

  test("through two connects of one order group keep one order, and the mark stays with what was passed", async () => {
    const seen = watch();
    await using start = await startReceiver(seen.act);
    await using stop = await startReceiver(seen.act);
    const group = { order_group: "Guidance", keep_order_for: "1s" };
    const started = await makeConnect(at.account, { api_url: start.url("/"), ...group });
    const stopped = await makeConnect(at.account, { api_url: stop.url("/"), ...group });
    const lead = await at.newLead("Fay");
    const owed: DeliveryId[] = [];
    for (let n = 0; n < 5; n++) owed.push(await at.owe(started.id, lead), await at.owe(stopped.id, lead));
    at.start();
    await at.allSettled();
    expect(seen.order.get("Fay")).toEqual(owed);

    // while one of them is off, the other waits for no longer than the order is kept
    await at.account.scope.query("update connects set active = false where account_id = $1 and id = $2", [started.id]);
    const held = await at.owe(started.id, lead);
    const next = await at.owe(stopped.id, lead);
    expect(await at.inState(next, "settled")).toMatchObject({ outcome: "accepted" });
    expect(await at.rowOf(held)).toMatchObject({ state: "held", held_because: "connect_off" });
  });

  test("are discarded in favour of the newest, but for the one on its way, where the newest wins", async () => {
    await using vendor = await startReceiver(after(600));
    const connect = await makeConnect(at.account, { api_url: vendor.url("/"), order: "newest_wins" });
    at.start();
    const ids = [await at.owe(connect.id)];
    await vendor.received(1);
    for (let n = 0; n < 4; n++) ids.push(await at.owe(connect.id));
    await at.allSettled();
    const rows = await Promise.all(ids.map(at.rowOf));
    expect(rows.map(({ outcome }) => outcome)).toEqual(["accepted", "discarded", "discarded", "discarded", "accepted"]);
    expect(vendor.requests.map(({ headers }) => headers["webhook-id"])).toEqual([ids[0], ids[4]]);
    const { rows: why } = await at.db.query<{ remark: string }>(
      "select distinct remark from deliveries where outcome = 'discarded'",
    );
    expect(why).toEqual([{ remark: "superseded" }]);
  });

  test("that are off together are discarded together, and the next one goes at once", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(at.account, { api_url: vendor.url("/"), active: false });
    const ids = [await at.owe(connect.id), await at.owe(connect.id), await at.owe(connect.id)];
    const { rows } = await at.db.query("select behind from due order by id");
    expect(rows).toEqual([{ behind: false }, { behind: true }, { behind: true }]);
    await at.db.query("delete from due where id = $1", [ids[0]]);
    await at.db.query("update connects set active = true where id = $1", [connect.id]);
    await at.db.query("update due set held_because = null");

    // what a bulk delete leaves without a head gets one
    expect(await at.db.transaction((tx) => mendLanes(tx, null))).toBeNull();
    expect((await at.db.query("select behind from due order by id")).rows).toEqual([
      { behind: false },
      { behind: true },
    ]);
    at.start();
    await at.allSettled();
    expect(vendor.requests.map(({ headers }) => headers["webhook-id"])).toEqual(ids.slice(1));
  });
});
