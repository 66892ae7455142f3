import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AdaptorSettings } from "../../src/contracts/adaptor.ts";
import type { ConnectId, DeliveryId, ReplayId } from "../../src/contracts/ids.ts";
import type { ReplayMode } from "../../src/contracts/replay.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { createReplayer, replayOnce } from "../../src/engine/replay.ts";
import { retryDelivery } from "../../src/engine/retry.ts";
import { sendLead } from "../../src/engine/send-lead.ts";
import { startReplay, type Chosen } from "../../src/engine/start-replay.ts";
import { testConnect } from "../../src/engine/test-connect.ts";
import { attemptsOf } from "../../src/store/attempts.ts";
import { countReplayed } from "../../src/store/count-replayed.ts";
import { findDelivery } from "../../src/store/deliveries.ts";
import { cancelReplay, findReplay, type ReplayRow } from "../../src/store/replays.ts";
import { cloneDatabase } from "../clone-database.ts";
import { eventually, loopbackSender, makeAccount, makeConnect, quiet, secretBox, type TestAccount } from "../engine/fixtures.ts"; // prettier-ignore
import { startReceiver } from "../receiver.ts";
import { carryOut, placesOf, seedDeliveries } from "./fixtures.ts";

const clone = cloneDatabase();
const nobody = "http://127.0.0.1:9/";
let account: TestAccount;
let connect: ConnectId;
let accounts = 0;
const running: { stop: (graceMs: number) => Promise<void> }[] = [];
beforeEach(async () => {
  account = await makeAccount(clone.db, `Acme ${++accounts}`);
  connect = (await makeConnect(account, { api_url: nobody })).id;
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop(0);
  await clone.db.query("delete from due");
  await clone.db.query("delete from replays");
});

function startEngine(): Engine {
  const engine = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: true });
  engine.start();
  running.push(engine);
  return engine;
}
function startReplayer(engine: Engine): void {
  const replayer = createReplayer({ db: clone.db, engine, log: quiet });
  replayer.start();
  running.unshift(replayer);
}
const start = async (chosen: Chosen, how: { mode?: ReplayMode; perSecond?: number; of?: TestAccount } = {}) => {
  const { mode = "as_sent", perSecond = null, of = account } = how;
  const started = await startReplay(clone.db, of.accountId, chosen, { mode, perSecond, createdBy: "Ada" });
  if (started === null) throw new Error("nothing matches");
  return started.id;
};
const failedOf = (id: ConnectId): Chosen => ({ filter: { connect: id, outcome: "failed" } });
const replay = async (id: ReplayId): Promise<ReplayRow> => (await findReplay(account.scope, id))!;
const owedNow = async (ids: readonly DeliveryId[]): Promise<number> =>
  (await clone.db.query("select from due where id = any ($1) and due_at <= now()", [ids])).rowCount!;
/** As if a second had gone by since the last batch. */
const tick = () => clone.db.query("update replays set next_at = now() where state = 'running'");
const sendTo = (connectId: ConnectId, engine: Engine): Promise<DeliveryId> =>
  sendLead(clone.db, engine, {
    accountId: account.accountId,
    leadId: account.leadId,
    connectId,
    source: { kind: "user", id: 1, name: "Ada" },
  });
const settled = (id: DeliveryId) =>
  eventually(async () => {
    const row = await findDelivery(account.scope, id);
    return row?.state === "settled" ? row : null;
  });

describe("what goes out again", () => {
  test("a filter sends each match once, and neither tests nor what a deleted connect left", async () => {
    await using vendor = await startReceiver(404);
    const { id: live } = await makeConnect(account, { api_url: vendor.url("/") });
    const gone = await makeConnect(account, { api_url: vendor.url("/gone") });
    const engine = startEngine();
    const ids = [await sendTo(live, engine), await sendTo(live, engine), await sendTo(gone.id, engine)];
    const { accountId } = account;
    const source = { kind: "user", id: 1, name: "Ada" } as const;
    const deps = { db: clone.db, engine, secretBox };
    const testId = await testConnect(deps, { accountId, connectId: live, source });
    for (const id of [...ids, testId]) await settled(id);
    await account.scope.query("update connects set deleted_at = now() where account_id = $1 and id = $2", [gone.id]);
    expect(vendor.requests).toHaveLength(4);

    const id = await start({ filter: { outcome: "failed" } });
    startReplayer(engine);
    await eventually(async () => (await replay(id)).outcomes.failed === 2);
    expect(await replay(id)).toMatchObject({ state: "done", total: 3, moved: 2, skipped: { connect_gone: 1 } });
    expect(vendor.requests).toHaveLength(6);
    for (const one of ids.slice(0, 2)) expect((await attemptsOf(account.scope, one)).map(({ number }) => number)).toEqual([1, 2]);
    expect(await startReplay(clone.db, accountId, { ids: [testId] }, { mode: "as_sent", perSecond: null, createdBy: "Ada" })).toBeNull();
    await expect(retryDelivery(clone.db, engine, accountId, testId)).rejects.toMatchObject({ code: "bad_input" });
    await expect(retryDelivery(clone.db, engine, accountId, ids[2]!)).rejects.toMatchObject({ code: "conflict" });
  }); // prettier-ignore

  test.each<[string, ReplayMode, string]>([
    ["as it was sent first, it has the bytes of the first time", "as_sent", '{"firstname":"Old"}'],
    ["mapped anew, it has what today's adaptor makes of what its event knew", "mapped_anew", '{"firstname":"Ada","phone":"3105550142","email":""}'],
  ])("%s; attempts are counted on, and the retry schedule begins anew", async (_name, mode, body) => {
    await using vendor = await startReceiver([503, 200]);
    const { id: to } = await makeConnect(account, { api_url: vendor.url("/"), retry: { schedule: ["1s", "1h"] } });
    const [id] = await seedDeliveries(clone.db, account, to, 1, { outcome: "failed", attempts: 2 });
    await start(failedOf(to), { mode });
    const engine = startEngine();
    startReplayer(engine);
    const row = await eventually(async () => {
      const seen = await findDelivery(account.scope, id!);
      return seen?.outcome === "accepted" ? seen : null;
    });
    expect(row).toMatchObject({ attempts: 4, workflow_revision: 3 });
    expect(vendor.requests.map(({ text }) => text)).toEqual([body, body]);
  }); // prettier-ignore

  test("waiting and held ones go at once, mapped anew where that is wished; those under way are left alone", async () => {
    const waiting = await seedDeliveries(clone.db, account, connect, 2);
    const held = await seedDeliveries(clone.db, account, connect, 2, { held: "answer_lost" });
    const leased = await seedDeliveries(clone.db, account, connect, 1, { leased: true });
    const id = await start({ filter: { connect } }, { mode: "mapped_anew" });
    await carryOut(clone.db);
    expect(await replay(id)).toMatchObject({ state: "done", total: 4, moved: 4, skipped: {} });
    const { rows } = await clone.db.query<{ id: DeliveryId; body: string[]; free: boolean }>(
      "select id, payload -> 'body' as body, held_because is null and due_at <= now() as free from due",
    );
    const now = new Map(rows.map((row) => [row.id, row]));
    for (const one of [...waiting, ...held])
      expect(now.get(one)).toMatchObject({ body: ['{"firstname":"Ada","phone":"3105550142","email":""}'], free: true });
    expect(now.get(leased[0]!)).toMatchObject({ body: ['{"firstname":"Old"}'], free: false });
  });

  test("what can't be mapped anew stays as it is, and the replay says how many and why", async () => {
    const [city] = AdaptorSettings.parse({
      name: "strict",
      fields: [{ section: "lead", field: "city", to: "city", required: true }],
    }).fields;
    const strict = await makeConnect(account, { api_url: nobody }, [city!]);
    const refused = await seedDeliveries(clone.db, account, strict.id, 2, { outcome: "failed" });
    const forgotten = await seedDeliveries(clone.db, account, connect, 1, { outcome: "rejected" });
    await clone.db.query("delete from events where id = (select event_id from deliveries where id = $1)", [forgotten[0]]);
    const before = await clone.db.query("select * from deliveries order by id");
    const id = await start({ ids: [...refused, ...forgotten] }, { mode: "mapped_anew" });
    await carryOut(clone.db);
    expect(await replay(id)).toMatchObject({
      state: "done",
      moved: 0,
      skipped: { mapping_refused: 2, event_gone: 1 },
    });
    expect((await clone.db.query("select * from deliveries order by id")).rows).toEqual(before.rows);
    await clone.db.query("delete from deliveries");
  }); // prettier-ignore

  test("a filter that matches nothing starts nothing", async () => {
    await seedDeliveries(clone.db, account, connect, 1, { outcome: "accepted" });
    const how = { mode: "as_sent", perSecond: null, createdBy: "Ada" } as const;
    expect(await startReplay(clone.db, account.accountId, failedOf(connect), how)).toBeNull();
    expect(await startReplay(clone.db, account.accountId, { ids: [] }, how)).toBeNull();
    expect((await clone.db.query("select from replays")).rowCount).toBe(0);
  });

  test("another account's deliveries are no match", async () => {
    const other = await makeAccount(clone.db, `Others ${accounts}`);
    const ids = await seedDeliveries(clone.db, account, connect, 1, { outcome: "failed" });
    for (const chosen of [{ ids }, failedOf(connect)])
      await expect(start(chosen, { of: other })).rejects.toThrow("nothing matches");
  });
});

describe("the walk", () => {
  test("goes batch by batch, each delivery in exactly one place at every step, whoever takes the next one", async () => {
    const ids = await seedDeliveries(clone.db, account, connect, 1_200, { outcome: "failed" });
    const id = await start(failedOf(connect));
    while ((await replay(id)).state === "running") {
      // two processes at once
      await Promise.all([replayOnce(clone.db, quiet), replayOnce(clone.db, quiet)]);
      const places = [...(await placesOf(clone.db, ids)).values()];
      expect(places.filter((place) => place.length !== 1)).toEqual([]);
      expect(await owedNow(ids)).toBe((await replay(id)).moved);
    }
    expect(await replay(id)).toMatchObject({ state: "done", total: 1200, moved: 1200, skipped: {} });
    expect(await owedNow(ids)).toBe(1200);
    expect((await clone.db.query("select from replayed where replay_id = $1", [id])).rowCount).toBe(1200);
  });

  test("what fails again at once is not met a second time, nor what fails for the first time meanwhile", async () => {
    const ids = await seedDeliveries(clone.db, account, connect, 600, { outcome: "failed" });
    const id = await start(failedOf(connect));
    await carryOut(clone.db, 2);
    await failAll(ids);
    const newcomers = await seedDeliveries(clone.db, account, connect, 5, { outcome: "failed" });
    await carryOut(clone.db);
    expect(await replay(id)).toMatchObject({ state: "done", moved: 600 });
    expect(await owedNow([...ids, ...newcomers])).toBe(100);
  });

  test("what a person retried meanwhile and failed again is not sent a second time", async () => {
    const ids = await seedDeliveries(clone.db, account, connect, 600, { outcome: "failed" });
    const id = await start(failedOf(connect));
    await carryOut(clone.db, 2);
    const last = ids.at(-1)!;
    await retryDelivery(clone.db, { wake: () => {} }, account.accountId, last);
    await failAll([last]);
    await carryOut(clone.db);
    expect(await replay(id)).toMatchObject({ state: "done", moved: 599 });
    expect((await placesOf(clone.db, [last])).get(last)).toEqual(["deliveries"]);
  });

  test("few matches among many rows are found step by step, none of which looks at all of them", async () => {
    const [first] = await seedDeliveries(clone.db, account, connect, 1, { outcome: "failed" });
    await clone.db.query(
      `insert into deliveries (account_id, id, connect_id, phone_number, event_id, event_type, test, connect_revision,
         outcome, attempts, maybe_sent_twice, give_up_at, payload)
       select account_id, overlay(gen_random_uuid()::text placing substring($2::text for 15) from 1 for 15)::uuid,
         connect_id, phone_number, event_id, event_type, test, connect_revision, 'accepted', attempts, false, give_up_at, '{}'
       from deliveries, generate_series(1, 8000) where account_id = $1`,
      [account.accountId, first],
    );
    const [last] = await seedDeliveries(clone.db, account, connect, 1, { outcome: "failed" });
    const id = await start(failedOf(connect));
    const batches = await carryOut(clone.db);
    expect(batches.length).toBeGreaterThan(3);
    expect(batches.reduce((sum, moved) => sum + moved, 0)).toBe(2);
    expect(await owedNow([first!, last!])).toBe(2);
    expect(await replay(id)).toMatchObject({ state: "done", total: 2, moved: 2 });
  });

  test("of several replays each gets its turn", async () => {
    const other = await makeAccount(clone.db, `Others ${accounts}`);
    const theirs = await makeConnect(other, { api_url: nobody });
    const many = await seedDeliveries(clone.db, account, connect, 2_000, { outcome: "failed" });
    const few = await seedDeliveries(clone.db, other, theirs.id, 10, { outcome: "failed" });
    await start(failedOf(connect));
    await start(failedOf(theirs.id), { of: other });
    await carryOut(clone.db, 4);
    expect(await owedNow(few)).toBe(10);
    expect(await owedNow(many)).toBeLessThan(2_000);
  });

  test("a batch that breaks leaves everything as it was, waits, and others go on; later it succeeds", async () => {
    const cursed = await makeConnect(account, { api_url: nobody });
    const ids = await seedDeliveries(clone.db, account, cursed.id, 3, { outcome: "failed" });
    const well = await seedDeliveries(clone.db, account, connect, 3, { outcome: "failed" });
    await clone.db.query(`alter table due add constraint cursed check (connect_id <> ${cursed.id})`);
    const id = await start(failedOf(cursed.id));
    await start(failedOf(connect));
    const log = { ...quiet, error: () => {} };
    for (let step = 0; step < 6; step++) await replayOnce(clone.db, log);
    expect([...(await placesOf(clone.db, ids)).values()]).toEqual(ids.map(() => ["deliveries"]));
    expect(await owedNow(well)).toBe(3);
    expect(await replay(id)).toMatchObject({ state: "running", moved: 0, note: expect.stringContaining("tried again") as string });
    await clone.db.query("alter table due drop constraint cursed");
    await tick();
    await carryOut(clone.db);
    expect(await replay(id)).toMatchObject({ state: "done", moved: 3, note: "" });
  }); // prettier-ignore
});

describe("pace and cancelling", () => {
  test("at a pace, as many go at each tick as it allows, and no more until the next", async () => {
    const ids = await seedDeliveries(clone.db, account, connect, 4, { outcome: "failed" });
    const id = await start(failedOf(connect), { perSecond: 0.01 });
    const seen: number[] = [];
    for (let n = 0; n < 6; n++) {
      await carryOut(clone.db);
      seen.push(await owedNow(ids));
      expect(await carryOut(clone.db)).toEqual([]);
      await tick();
    }
    expect(seen).toEqual([1, 2, 3, 4, 4, 4]);
    expect(await replay(id)).toMatchObject({ state: "done", moved: 4 });
  });

  test("cancelled, it moves no more; what it moved goes out, the rest stays", async () => {
    const ids = await seedDeliveries(clone.db, account, connect, 700, { outcome: "failed" });
    const id = await start(failedOf(connect));
    await carryOut(clone.db, 2);
    await cancelReplay(account.scope, id);
    expect(await carryOut(clone.db)).toEqual([]);
    expect(await replay(id)).toMatchObject({ state: "cancelled", moved: 500, total: 700 });
    expect(await owedNow(ids)).toBe(500);
    await clone.db.query("delete from deliveries where account_id = $1", [account.accountId]);
  });

  test("one that has ended is not cancelled any more, nor another account's", async () => {
    const other = await makeAccount(clone.db, `Others ${accounts}`);
    await seedDeliveries(clone.db, account, connect, 1, { outcome: "failed" });
    const id = await start(failedOf(connect));
    await cancelReplay(other.scope, id);
    expect((await replay(id)).state).toBe("running");
    await carryOut(clone.db);
    const done = await replay(id);
    await cancelReplay(account.scope, id);
    expect(await replay(id)).toEqual(done);
  });
});

test("outcomes are counted as they come, once each, also after the replay has ended", async () => {
  const ids = await seedDeliveries(clone.db, account, connect, 5, { outcome: "failed" });
  const id = await start(failedOf(connect));
  await carryOut(clone.db);
  const count = async () => {
    await clone.db.query("update replayed set look_at = now()");
    await clone.db.transaction(countReplayed);
    return (await replay(id)).outcomes;
  };
  expect(await count()).toEqual({});
  await failAll(ids.slice(0, 2));
  await failAll(ids.slice(2, 3), "accepted");
  expect(await count()).toEqual({ failed: 2, accepted: 1 });
  // sent again by hand: what the replay counted stays counted
  await retryDelivery(clone.db, { wake: () => {} }, account.accountId, ids[0]!);
  await failAll([ids[3]!], "accepted");
  await clone.db.query("delete from due where id = $1", [ids[4]]);
  expect(await count()).toEqual({ failed: 2, accepted: 2 });
  expect((await clone.db.query("select from replayed where replay_id = $1", [id])).rowCount).toBe(0);
});

/** As the engine does when an attempt ends. */
async function failAll(ids: readonly DeliveryId[], outcome = "failed"): Promise<void> {
  await clone.db.query(
    `with gone as (delete from due where id = any ($1) returning *)
     insert into deliveries (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test,
       connect_revision, outcome, attempts, maybe_sent_twice, give_up_at, payload)
     select account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision, $2,
       attempts + 1, false, give_up_at, payload from gone`,
    [ids, outcome],
  );
}

test("without room on disk nothing is moved, and it goes on when there is room", async () => {
  const ids = await seedDeliveries(clone.db, account, connect, 5, { outcome: "failed" });
  const id = await start(failedOf(connect));
  let [hasRoom, asked] = [false, 0];
  const engine = { wake: () => {} };
  const isRoomy = (): boolean => {
    asked++;
    return hasRoom;
  };
  const replayer = createReplayer({ db: clone.db, engine, log: quiet, hasRoom: isRoomy });
  replayer.start();
  running.unshift(replayer);
  await eventually(async () => asked > 0 || null);
  replayer.wake();
  await eventually(async () => asked > 1 || null);
  expect([(await replay(id)).moved, await owedNow(ids)]).toEqual([0, 0]);
  hasRoom = true;
  replayer.wake();
  await eventually(async () => (await replay(id)).moved === 5 || null);
});
