import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Delivery, DeliveryStory } from "../../src/contracts/delivery.ts";
import type { AdaptorId, ConnectId, DeliveryId, LeadId } from "../../src/contracts/ids.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
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
import { startApi, type TestApi } from "./fixtures.ts";

// what a delivery's page tells is all of one moment, and true of what stands around it

const clone = cloneDatabase();
let account: TestAccount;
let engine: Engine;
let api: TestApi;
let connect: { id: ConnectId; adaptorId: AdaptorId };

beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  // nothing is sent: what is written is looked at
  engine = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: false });
  api = await startApi(clone.db, engine);
  connect = await makeConnect(account, { name: "Acme CRM", api_url: "http://127.0.0.1:9/" });
});
afterAll(async () => {
  await api.app.close();
  await engine.stop(0);
});

type Row = {
  readonly connect?: ConnectId;
  readonly lead?: LeadId;
  readonly minutesAgo?: number;
  readonly dueIn?: string;
  readonly held?: string;
  readonly leased?: boolean;
  readonly adaptor?: AdaptorId;
};

/** Planned so long ago. */
function idOf(minutesAgo: number): DeliveryId {
  const time = (Date.now() - minutesAgo * 60_000).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${newUuidV7().slice(13)}` as DeliveryId;
}

const common = "account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision, adaptor_id, give_up_at, payload"; // prettier-ignore
const values = "$1, $2, $3, $4, '3105550142', $2, 'lead.sent', false, 1, $5, now() + interval '1 d', '{}'";
const given = (id: DeliveryId, { connect: of = connect.id, lead = account.leadId, adaptor }: Row) =>
  [account.accountId, id, of, lead, adaptor ?? null]; // prettier-ignore

async function owe(row: Row = {}): Promise<DeliveryId> {
  const id = idOf(row.minutesAgo ?? 0);
  await clone.db.query(
    `insert into due (${common}, due_at, held_because, lease_until, attempts) values
       (${values}, now() + $6::interval, $7, case when $8 then now() + interval '10 min' end, 1)`,
    [...given(id, row), row.dueIn ?? "1 h", row.held ?? null, row.leased ?? false],
  );
  return id;
}

async function settle(row: Row & { endedMinutesAgo?: number; remark?: string }): Promise<DeliveryId> {
  const id = idOf(row.minutesAgo ?? 0);
  await clone.db.query(
    `insert into deliveries (${common}, outcome, attempts, maybe_sent_twice, settled_at, remark) values
       (${values}, 'accepted', 1, false, now() - make_interval(mins => $6), $7)`,
    [...given(id, row), row.endedMinutesAgo ?? 0, row.remark ?? null],
  );
  return id;
}

async function get<T>(path: string): Promise<T> {
  const response = await api.call({ account: account.accountId, role: "admin" }, "GET", path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}
const story = (id: DeliveryId) => get<DeliveryStory>(`/api/deliveries/${id}`);
const listed = async (id: DeliveryId): Promise<Delivery> =>
  (await get<{ items: Delivery[] }>("/api/deliveries?limit=200")).items.find((delivery) => delivery.id === id)!;

const standingOf = ({ state, attempts_log: log }: DeliveryStory) => [state, log.length];

test("an attempt that ends while the story is read: it is told before, or after, never half of each", async () => {
  const id = await owe({ leased: true });
  let reading: Promise<DeliveryStory> | undefined;
  await clone.db.transaction(async (tx) => {
    // the story is read as far as its attempts, and waits there
    await tx.query("lock table attempts in access exclusive mode");
    reading = story(id);
    await eventually(async () => {
      const { rows } = await clone.db.query(
        "select from pg_locks where not granted and relation = 'attempts'::regclass",
      );
      return rows.length > 0;
    });
    await tx.query(
      `insert into attempts (account_id, id, delivery_id, number, started_at, outcome, notes, calls, connect_revision)
       values ($1, $2, $3, 1, now(), 'accepted', '[]', '[]', 1)`,
      [account.accountId, newUuidV7(), id],
    );
    await tx.query("delete from due where account_id = $1 and id = $2", [account.accountId, id]);
    await tx.query(
      `insert into deliveries (${common}, outcome, attempts, maybe_sent_twice) values (${values}, 'accepted', 1, false)`,
      given(id, {}),
    );
  });
  expect(standingOf((await reading)!)).toEqual(["sending", 0]);
  expect(standingOf(await story(id))).toEqual(["settled", 1]);
});

describe("the next attempt", () => {
  test("is told while it is to come", async () => {
    const { state, next_attempt_at: next } = await story(await owe({ dueIn: "1 h" }));
    expect(state).toBe("waiting");
    expect(Date.parse(next!)).toBeGreaterThan(Date.now());
  });

  test("has no time once it is due: it would be a time of the past", async () =>
    expect(await story(await owe({ dueIn: "-3 s" }))).toMatchObject({ state: "waiting", next_attempt_at: null }));
});

const freshConnect = async (): Promise<ConnectId> =>
  (await makeConnect(account, { api_url: "http://127.0.0.1:9/" })).id;

/** By its page, and by its row in the log. */
async function expectRemark(id: DeliveryId, remark: string | null): Promise<void> {
  expect((await story(id)).remark).toBe(remark);
  expect((await listed(id)).remark).toBe(remark);
}

describe("out of order", () => {
  const order_group = "alike";
  let grouped: ConnectId;
  let sibling: ConnectId;
  let otherLead: LeadId;
  beforeAll(async () => {
    grouped = (await makeConnect(account, { api_url: "http://127.0.0.1:9/", order_group })).id;
    sibling = (await makeConnect(account, { api_url: "http://127.0.0.1:9/", order_group })).id;
    const { rows } = await clone.db.query<{ id: LeadId }>(
      `insert into leads (account_id, list_id, phone_number, phone_code, status)
       values ($1, $2, '3105550199', '1', 'NEW') returning id`,
      [account.accountId, account.listId],
    );
    otherLead = rows[0]!.id;
  });
  const remark = "out_of_order";
  /** Planned ten minutes ago, left its lane, ended five minutes ago. */
  const left = (through: ConnectId) => settle({ connect: through, minutesAgo: 10, endedMinutesAgo: 5, remark });

  test("is not said of a connect's only delivery", async () => expectRemark(await left(await freshConnect()), null));

  test("is said once another of the lead was planned behind it before it ended", async () => {
    const fresh = await freshConnect();
    const id = await left(fresh);
    await settle({ connect: fresh, minutesAgo: 7 });
    await expectRemark(id, "out_of_order");
  });

  test("is said while the other is still owed", async () => {
    const fresh = await freshConnect();
    const id = await left(fresh);
    await owe({ connect: fresh, minutesAgo: 7 });
    await expectRemark(id, "out_of_order");
  });

  test("is not said for one that was planned after it had ended, or before it", async () => {
    const fresh = await freshConnect();
    await settle({ connect: fresh, minutesAgo: 20 });
    const id = await left(fresh);
    await settle({ connect: fresh, minutesAgo: 3 });
    await expectRemark(id, null);
  });

  test("is not said for another lead's, or another connect's", async () => {
    const fresh = await freshConnect();
    const id = await left(fresh);
    await settle({ connect: fresh, lead: otherLead, minutesAgo: 7 });
    await settle({ connect: grouped, minutesAgo: 7 });
    await expectRemark(id, null);
  });

  test("is said across connects of one order group", async () => {
    const id = await left(grouped);
    await settle({ connect: sibling, minutesAgo: 7 });
    await expectRemark(id, "out_of_order");
  });

  test("is said of one that is still retried, once another is behind it", async () => {
    const fresh = await freshConnect();
    const id = await owe({ connect: fresh, minutesAgo: 10 });
    await clone.db.query("update due set remark = 'out_of_order' where id = $1", [id]);
    await expectRemark(id, null);
    await owe({ connect: fresh, minutesAgo: 7 });
    await expectRemark(id, "out_of_order");
  });
});

describe("what stands around it", () => {
  test("all that holds it is named: its own reason, the switch, the pause", async () => {
    const { id: held } = await makeConnect(account, { api_url: "http://127.0.0.1:9/" });
    const id = await owe({ connect: held, held: "credentials" });
    expect((await story(id)).holds).toEqual(["credentials"]);
    await clone.db.query("update connects set active = false where id = $1", [held]);
    await clone.db.query("insert into connect_states (account_id, connect_id, paused_at) values ($1, $2, now())", [
      account.accountId,
      held,
    ]);
    expect((await story(id)).holds).toEqual(["credentials", "connect_off", "paused"]);
  });

  test("what is not held names none, though its connect is off", async () => {
    const { id: off } = await makeConnect(account, { api_url: "http://127.0.0.1:9/" });
    const id = await settle({ connect: off });
    await clone.db.query("update connects set active = false where id = $1", [off]);
    expect((await story(id)).holds).toEqual([]);
  });

  test("a connect that was deleted is no longer offered, nor an adaptor", async () => {
    const { id: gone, adaptorId } = await makeConnect(account, { name: "Gone", api_url: "http://127.0.0.1:9/" });
    const id = await settle({ connect: gone, adaptor: adaptorId });
    expect(await story(id)).toMatchObject({ connect_deleted: false, adaptor: { id: adaptorId, name: "Gone fields" } });
    await clone.db.query("update connects set deleted_at = now() where id = $1", [gone]);
    await clone.db.query("update adaptors set deleted_at = now() where id = $1", [adaptorId]);
    expect(await story(id)).toMatchObject({ connect_deleted: true, adaptor: null });
  });
});
