import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ConnectId, DeliveryId } from "../../src/contracts/ids.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { retryDelivery } from "../../src/engine/retry.ts";
import { sendLead } from "../../src/engine/send-lead.ts";
import { testConnect, testUnsavedConnect } from "../../src/engine/test-connect.ts";
import { ConnectSettings } from "../../src/contracts/connect.ts";
import { attemptsOf } from "../../src/store/attempts.ts";
import { findDelivery, type LogRow } from "../../src/store/deliveries.ts";
import { claimDue } from "../../src/store/claim-due.ts";
import { handBack } from "../../src/store/due.ts";
import { settleAttempts } from "../../src/store/settle-attempts.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import { cloneDatabase } from "../clone-database.ts";
import { after, hang } from "../receiver-acts.ts";
import { startReceiver } from "../receiver.ts";
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
let account: TestAccount;
const engines: Engine[] = [];
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop(0);
  await clone.db.query("delete from due");
});

function startEngine(options: { worker?: boolean; heartbeatMs?: number } = {}): Engine {
  const engine = createEngine({
    db: clone.db,
    sender: loopbackSender(),
    secretBox,
    log: quiet,
    worker: true,
    ...options,
  });
  engine.start();
  engines.push(engine);
  return engine;
}

/** Stores without sending: as a process that serves the API only. */
const owing = (): Engine => startEngine({ worker: false });
const source = { kind: "user", id: 1, name: "Ada" } as const;
const owe = (connectId: ConnectId, engine = owing()): Promise<DeliveryId> =>
  sendLead(clone.db, engine, { accountId: account.accountId, leadId: account.leadId, connectId, source });
const rowOf = async (id: DeliveryId): Promise<LogRow> => (await findDelivery(account.scope, id))!;
const inState = (id: DeliveryId, state: LogRow["state"]): Promise<LogRow> =>
  eventually(async () => {
    const row = await rowOf(id);
    return row.state === state ? row : null;
  });
const claimAll = async () =>
  (await claimDue(clone.db, { batchMax: 128, membership: { me: 1, numbers: [1] }, busy: [] })).map(
    ({ claimed }) => claimed,
  );
/** As if the worker that has it had died half a minute ago. */
const killWorker = () => clone.db.query("update due set lease_until = now() where lease_until is not null");

describe("several workers", () => {
  test("two engines on one database send every delivery once", async () => {
    await using vendor = await startReceiver(after(5));
    const connect = await makeConnect(account, { api_url: vendor.url("/"), order: "none" });
    const ids = [];
    const api = owing();
    for (let n = 0; n < 120; n++) ids.push(await owe(connect.id, api));
    startEngine();
    startEngine();
    await eventually(async () => {
      const left = await clone.db.query<{ count: number }>("select count(*)::int as count from due");
      return left.rows[0]?.count === 0;
    });
    expect(vendor.requests).toHaveLength(120);
    expect(new Set(vendor.requests.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set(ids));
  });

  test("a late worker's write changes nothing, and logs no attempt", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    const id = await owe(connect.id);
    const [late] = await claimAll();
    await killWorker();
    const [next] = await claimAll();
    expect([late?.id, next?.id]).toEqual([id, id]);
    expect(next).toMatchObject({ takenOver: true, maybeSentTwice: true, fence: late!.fence + 1 });

    const end = (fence: number, outcome: "accepted" | "failed") => ({
      accountId: account.accountId,
      id,
      connectId: connect.id,
      lane: null,
      fence,
      end: { kind: "settled", outcome } as const,
      result: outcome,
      httpStatus: 200,
      diagnosis: null,
      maybeSentTwice: false,
      connectRevision: 1,
      attempt: { id: newUuidV7() as never, startedAt: new Date(), durationMs: 1, notes: [], calls: [] },
    });
    expect((await settleAttempts(clone.db, [end(late!.fence, "failed")])).written).toEqual(new Set());
    expect((await rowOf(id)).state).toBe("sending");
    expect((await settleAttempts(clone.db, [end(next!.fence, "accepted")])).written).toEqual(new Set([id]));
    expect((await settleAttempts(clone.db, [end(late!.fence, "failed")])).written).toEqual(new Set());
    expect(await rowOf(id)).toMatchObject({ outcome: "accepted", maybe_sent_twice: true });
    expect(await attemptsOf(account.scope, id)).toHaveLength(1);
  });

  test("the same write done twice, as when the answer to a commit was lost, counts once", async () => {
    const connect = await makeConnect(account, { api_url: "http://127.0.0.1:9/" });
    const id = await owe(connect.id);
    const [claimed] = await claimAll();
    const ended = {
      accountId: account.accountId,
      id,
      connectId: connect.id,
      lane: null,
      fence: claimed!.fence,
      end: { kind: "again", waitMs: 60_000, usesAttempt: true } as const,
      result: null,
      httpStatus: 500,
      diagnosis: null,
      maybeSentTwice: false,
      connectRevision: 1,
      attempt: { id: newUuidV7() as never, startedAt: new Date(), durationMs: 1, notes: [], calls: [] },
    };
    await settleAttempts(clone.db, [ended]);
    await settleAttempts(clone.db, [ended]);
    expect(await rowOf(id)).toMatchObject({ state: "waiting", attempts: 1 });
    expect(await attemptsOf(account.scope, id)).toHaveLength(1);
  });

  test("what a dead worker had goes out again, marked", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    const id = await owe(connect.id);
    await claimAll();
    await killWorker();
    startEngine();
    expect(await inState(id, "settled")).toMatchObject({ outcome: "accepted", maybe_sent_twice: true });
  });

  test("where the connect says so, it is held for a person, who may retry it", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/"), if_answer_lost: "hold" });
    const id = await owe(connect.id);
    await claimAll();
    await killWorker();
    const engine = startEngine();
    expect(await inState(id, "held")).toMatchObject({ held_because: "answer_lost", attempts: 0 });
    expect(vendor.requests).toHaveLength(0);
    await retryDelivery(clone.db, engine, account.accountId, id);
    expect(await inState(id, "settled")).toMatchObject({ outcome: "accepted" });
  });

  test("a lease ends soon enough for the slowest poll to take over within 30 s", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    await owe(connect.id);
    await claimAll();
    const { rows } = await clone.db.query<{ ok: boolean }>(
      "select lease_until <= now() + interval '25 s' as ok from due where connect_id = $1",
      [connect.id],
    );
    expect(rows).toEqual([{ ok: true }]);
  });

  test("a lease is kept while the vendor takes its time, so that nobody else sends it", async () => {
    await using vendor = await startReceiver(after(900));
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    const first = startEngine({ heartbeatMs: 50 });
    const id = await owe(connect.id, first);
    await vendor.received(1);
    await killWorker(); // the lease runs out now, unless its worker renews it
    await eventually(async () => {
      const { rows } = await clone.db.query<{ ok: boolean }>(
        "select lease_until > now() + interval '20 s' as ok from due",
      );
      return rows[0]?.ok;
    });
    startEngine();
    expect(await inState(id, "settled")).toMatchObject({ outcome: "accepted" });
    expect(vendor.requests).toHaveLength(1);
  });

  test("an engine that stops in mid-attempt hands back what it did not finish", async () => {
    await using vendor = await startReceiver([hang(), 200]);
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    const first = startEngine();
    const id = await owe(connect.id, first);
    await vendor.received(1);
    engines.splice(0);
    await first.stop(10);
    startEngine();
    expect(await inState(id, "settled")).toMatchObject({ outcome: "accepted", maybe_sent_twice: true });
  });

  test("a vendor that hangs takes its own slots only", async () => {
    await using slow = await startReceiver(hang());
    await using quick = await startReceiver();
    const hanging = await makeConnect(account, { api_url: slow.url("/"), order: "none" });
    const other = await makeConnect(account, { api_url: quick.url("/") });
    const api = owing();
    for (let n = 0; n < 60; n++) await owe(hanging.id, api);
    const id = await owe(other.id, api);
    startEngine();
    expect(await inState(id, "settled")).toMatchObject({ outcome: "accepted" });
    await slow.received(32);
    expect(slow.requests).toHaveLength(32);
  });
});

describe("a connect that is off", () => {
  test("holds what is planned, and what is found at the attempt uses none", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/"), active: false });
    const planned = await owe(connect.id);
    expect(await rowOf(planned)).toMatchObject({ state: "held", held_because: "connect_off" });

    await clone.db.query("update due set held_because = null");
    startEngine();
    expect(await inState(planned, "held")).toMatchObject({ held_because: "connect_off", attempts: 0 });
    expect(vendor.requests).toHaveLength(0);
  });

  test("that is deleted meanwhile discards what a worker finds", async () => {
    const connect = await makeConnect(account, { api_url: "http://127.0.0.1:9/" });
    const id = await owe(connect.id);
    await account.scope.query(
      "update connects set deleted_at = now(), active = false where account_id = $1 and id = $2",
      [connect.id],
    );
    startEngine();
    expect(await inState(id, "settled")).toMatchObject({ outcome: "discarded", attempts: 0 });
  });

  test("credentials held for a revision that is not the newest any more are not held", async () => {
    const connect = await makeConnect(account, { api_url: "http://127.0.0.1:9/" });
    const id = await owe(connect.id);
    const [claimed] = await claimAll();
    await account.scope.query("update connects set revision = 2 where account_id = $1 and id = $2", [connect.id]);
    await settleAttempts(clone.db, [
      {
        accountId: account.accountId, id, connectId: connect.id, lane: null, fence: claimed!.fence, end: { kind: "held", reason: "credentials" }, result: null,
        httpStatus: 401, diagnosis: null, maybeSentTwice: false, connectRevision: 1, attempt: null,
      },
    ]); // prettier-ignore
    expect(await rowOf(id)).toMatchObject({ state: "waiting", held_because: null });
  });

  test("what waited beyond its time is given up without an attempt", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/"), give_up_after: "60s" });
    const id = await owe(connect.id);
    await clone.db.query("update due set give_up_at = now() - interval '1 s'");
    startEngine();
    const row = await inState(id, "settled");
    expect(row).toMatchObject({ outcome: "failed", attempts: 0, diagnosis: { code: "gave_up" } });
    expect(vendor.requests).toHaveLength(0);
  });
});

const settings = (url: string, adaptor: number, more: Partial<ConnectSettings> = {}): ConnectSettings =>
  ConnectSettings.parse({ name: "Draft", api_url: url, request_method: "POST", adaptor_id: adaptor, ...more });

describe("Test Connect", () => {
  test("goes out at once from any process, also when the connect is off, and is neither retried nor held", async () => {
    await using vendor = await startReceiver([500, 401]);
    const connect = await makeConnect(account, { api_url: vendor.url("/"), active: false });
    const deps = { db: clone.db, engine: owing(), secretBox };
    for (const code of ["http_5xx", "http_401"]) {
      const id = await testConnect(deps, { accountId: account.accountId, connectId: connect.id, source });
      expect(await inState(id, "settled")).toMatchObject({
        outcome: "failed",
        test: true,
        event_type: "test",
        attempts: 1,
        diagnosis: { code },
      });
    }
    expect(vendor.requests[0]?.text).toContain("Ada");
  });

  test("unsaved settings are used for this one request; their secrets are stored nowhere", async () => {
    await using vendor = await startReceiver({ body: { got: "draft-secret-42" } });
    const connect = await makeConnect(account, {
      api_url: vendor.url("/old"),
      api_authentication: "key=stored-secret-1",
    });
    const deps = { db: clone.db, engine: owing(), secretBox };
    const draft = settings(vendor.url("/new"), connect.adaptorId, {
      api_authentication: "key=••••••••",
      authorization_header: "X-Token: draft-secret-42",
    });
    const id = await testUnsavedConnect(deps, {
      accountId: account.accountId,
      connectId: connect.id,
      connect: draft,
      source,
    });
    const row = await inState(id, "settled");
    expect(row.outcome).toBe("accepted");
    expect(vendor.requests[0]).toMatchObject({
      url: "/new?key=stored-secret-1",
      headers: { "x-token": "draft-secret-42" },
    });
    const everything = await clone.db.query(
      "select row_to_json(d) as row from deliveries d union all select row_to_json(a) from attempts a union all select row_to_json(e) from events e",
    );
    expect(JSON.stringify(everything.rows)).not.toMatch(/draft-secret-42|stored-secret-1/);
  });

  test("a stored secret does not go to another address", async () => {
    await using vendor = await startReceiver();
    await using other = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/"), api_authentication: "key=stored-secret-1" });
    const deps = { db: clone.db, engine: owing(), secretBox };
    const draft = settings(other.url("/"), connect.adaptorId, { api_authentication: "key=••••••••" });
    await expect(
      testUnsavedConnect(deps, { accountId: account.accountId, connectId: connect.id, connect: draft, source }),
    ).rejects.toMatchObject({ code: "bad_input", errors: [{ path: "connect.api_authentication" }] });
    expect(other.requests).toHaveLength(0);
  });

  test("settings that were never saved have a log row too, and one whose process died ends as failed", async () => {
    await using vendor = await startReceiver(hang());
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    const deps = { db: clone.db, engine: owing(), secretBox };
    const id = await testUnsavedConnect(deps, {
      accountId: account.accountId,
      connect: settings(vendor.url("/"), connect.adaptorId),
      source,
    });
    await vendor.received(1);
    expect(await rowOf(id)).toMatchObject({ connect_id: 0, state: "sending", test: true });
    await killWorker();
    startEngine();
    const row = await inState(id, "settled");
    expect(row).toMatchObject({ outcome: "failed", test: true });
    expect(row.diagnosis?.message).toContain("stopped");
    expect(vendor.requests).toHaveLength(1);
  });

  test("call fields of a lead without a call are samples, and the log says so", async () => {
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/") }, [
      {
        section: "call",
        field: "call_type",
        to: "type",
        default: "",
        required: false,
        type: "text",
        value_map: [],
        date_format: "",
      },
    ]);
    const id = await testConnect(
      { db: clone.db, engine: owing(), secretBox },
      { accountId: account.accountId, connectId: connect.id, source },
    );
    await inState(id, "settled");
    expect(vendor.requests[0]?.text).toBe('{"type":"OUTBOUND"}');
    expect((await attemptsOf(account.scope, id))[0]?.notes.join()).toContain("samples");
  });

  test("without any lead it says so", async () => {
    const empty = await makeAccount(clone.db, "Empty");
    const connect = await makeConnect(empty, { api_url: "http://127.0.0.1:9/" });
    await clone.db.query("delete from leads where account_id = $1", [empty.accountId]);
    await expect(
      testConnect(
        { db: clone.db, engine: owing(), secretBox },
        { accountId: empty.accountId, connectId: connect.id, source },
      ),
    ).rejects.toMatchObject({ code: "no_lead" });
  });
});

describe("sending again", () => {
  test("a settled delivery is owed anew: same payload, attempts counted on", async () => {
    await using vendor = await startReceiver([404, 200]);
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    const engine = startEngine();
    const id = await owe(connect.id, engine);
    expect(await inState(id, "settled")).toMatchObject({ outcome: "failed" });
    await account.scope.query(
      `update leads set fields = '{"first_name": "Changed"}' where account_id = $1 and id = $2`,
      [account.leadId],
    );
    await retryDelivery(clone.db, engine, account.accountId, id);
    const row = await eventually(async () => {
      const seen = await rowOf(id);
      return seen.outcome === "accepted" ? seen : null;
    });
    expect(row.attempts).toBe(2);
    expect(vendor.requests.map(({ text }) => text)).toEqual(Array(2).fill(vendor.requests[0]?.text));
    expect((await attemptsOf(account.scope, id)).map(({ number }) => number)).toEqual([1, 2]);
  });

  test("another account's delivery is not found", async () => {
    const connect = await makeConnect(account, { api_url: "http://127.0.0.1:9/" });
    const id = await owe(connect.id);
    const other = await makeAccount(clone.db, "Others");
    await expect(retryDelivery(clone.db, owing(), other.accountId, id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("what the mapping refused is mapped anew by the adaptor as it is now", async () => {
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
    const engine = startEngine();
    const id = await owe(connect.id, engine);
    expect(await rowOf(id)).toMatchObject({ outcome: "failed" });
    await account.scope.query(
      `update adaptors set stored = jsonb_set(stored, '{fields,0,default}', '"Ely"') where account_id = $1 and id = $2`,
      [connect.adaptorId],
    );
    await retryDelivery(clone.db, engine, account.accountId, id);
    await eventually(async () => (await rowOf(id)).outcome === "accepted");
    expect(vendor.requests[0]?.text).toBe('{"city":"Ely"}');
  });
});

test("what is handed back unsent is waiting, not lost", async () => {
  const connect = await makeConnect(account, { api_url: "http://127.0.0.1:9/" });
  const id = await owe(connect.id);
  const claimed = await claimAll();
  await handBack(
    clone.db,
    claimed.map((row) => ({ ...row, maybeSent: false })),
  );
  expect(await rowOf(id)).toMatchObject({ state: "waiting", maybe_sent_twice: false });
});
