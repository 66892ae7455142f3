import { beforeAll, describe, expect, test } from "vitest";
import type { ConnectStanding, ConnectSummary } from "../../src/contracts/connect.ts";
import type { Delivery, DeliveryStory } from "../../src/contracts/delivery.ts";
import type { AccountId, ConnectId } from "../../src/contracts/ids.ts";
import type { HoldReason } from "../../src/contracts/outcome.ts";
import { newUuidV7, uuidV7At } from "../../src/store/uuid-v7.ts";
import { startReceiver, type Receiver } from "../receiver.ts";
import { startPatchbay, type Client } from "./patchbay.ts";

const patchbay = startPatchbay();
let accountId: AccountId;
let admin: Client;
let operator: Client;
let receiver: Receiver;
let origin: string;
let lead: number;
let names = 0;

beforeAll(async () => {
  receiver = await startReceiver({ body: {} });
  origin = receiver.origin;
  accountId = await patchbay.account("Acme Calls");
  admin = await patchbay.user(accountId, "admin");
  operator = await patchbay.user(accountId, "operator");
  lead = (await admin.ok<{ id: number }>("POST", "/api/leads/sample")).id;
  return () => receiver.close();
});

type Shown = {
  id: ConnectId;
  revision: number;
  standing: ConnectStanding;
  warnings: { path: string; message: string }[];
};
const makeConnect = async (more: object = {}): Promise<ConnectId> => {
  const settings = { name: `Connect ${++names}`, api_url: `${origin}/lead`, request_method: "GET", ...more };
  return (await admin.ok<Shown>("POST", "/api/connects", settings)).id;
};
const show = (id: ConnectId) => admin.ok<Shown>("GET", `/api/connects/${id}`);
const summaryOf = async (id: ConnectId) =>
  (await admin.ok<{ items: ConnectSummary[] }>("GET", "/api/connects?limit=1000")).items.find((row) => row.id === id)!;
const listed = async (id: ConnectId, filter = "") =>
  (await admin.ok<{ items: Delivery[] }>("GET", `/api/deliveries?connect=${id}${filter}`)).items;
const counts = (id: ConnectId) => admin.ok<Record<string, number>>("GET", `/api/deliveries/counts?connect=${id}`);

type Owed = { hold?: HoldReason; test?: boolean; leased?: boolean; daysAgo?: number; attempts?: number };
/** A delivery that is owed and due much later, as the engine leaves it. */
async function owe(connect: ConnectId, { hold, test: isTest = false, leased, daysAgo = 0, attempts = 1 }: Owed = {}) {
  // its id tells when it was planned
  const id = `${uuidV7At(Date.now() - daysAgo * 86_400_000).slice(0, 14)}${newUuidV7().slice(14)}`;
  await patchbay.db.query(
    `insert into due (account_id, id, connect_id, phone_number, event_id, event_type, test, connect_revision, due_at,
       give_up_at, held_because, lease_until, attempts, payload)
     values ($1, $2, $3, '3105550142', $2, 'lead.sent', $4, 1, now() + interval '1 h', now() + interval '8 d', $5,
       case when $6 then now() + interval '1 h' end, $7, '{}')`,
    [accountId, id, connect, isTest, hold ?? null, leased ?? false, attempts],
  );
  return id;
}
const send = async (connect: ConnectId): Promise<string> =>
  (await admin.ok<{ delivery_id: string }>("POST", `/api/leads/${lead}/send`, { connect_id: connect })).delivery_id;
const arrived = () => receiver.requests.filter(({ url }) => url === "/paused").length;
const setBreaker = (connect: ConnectId, breaker: ConnectStanding["breaker"]) =>
  patchbay.db.query(
    `insert into connect_states (account_id, connect_id, breaker, breaker_since, breaker_because, probe_at,
       probe_wait_seconds)
     values ($1, $2, $3, now(), '20 attempts failed in a row', now() + interval '1 h', 60)`,
    [accountId, connect, breaker],
  );
const auditOf = async (connect: ConnectId) => {
  const { rows } = await patchbay.db.query<{ action: string; actor_name: string; before: unknown; after: unknown }>(
    `select action, actor_name, before, after from audit
     where account_id = $1 and target_kind = 'connect' and target_id = $2 order by id`,
    [accountId, String(connect)],
  );
  return rows.slice(1); // its making
};

describe("a pause", () => {
  test("is shown with since when and by whom, is no setting, and a second one changes nothing", async () => {
    const id = await makeConnect();
    const never = await show(id);
    expect(never.standing).toEqual({
      paused_at: null, paused_by: null, breaker: "closed", breaker_since: null, breaker_because: null, probe_at: null,
    }); // prettier-ignore
    const paused = await operator.ok<ConnectStanding>("POST", `/api/connects/${id}/pause`);
    expect(paused).toMatchObject({ paused_by: "A operator", breaker: "closed" });
    expect(await admin.ok("POST", `/api/connects/${id}/pause`)).toEqual(paused);
    expect(await show(id)).toEqual({ ...never, standing: paused });
    expect((await summaryOf(id)).standing).toEqual(paused);
    expect(await admin.ok("POST", `/api/connects/${id}/resume`)).toEqual(never.standing);
    expect(await admin.ok("POST", `/api/connects/${id}/resume`)).toEqual(never.standing);
    expect(await auditOf(id)).toEqual([
      { action: "pause", actor_name: "A operator", before: { paused: false }, after: { paused: true } },
      { action: "resume", actor_name: "A admin", before: { paused: true }, after: { paused: false } },
    ]);
  });

  test("holds what waits, in the list, its filters, the counts, the story and on Show Connect", async () => {
    const id = await makeConnect();
    const other = await makeConnect();
    const waits = await owe(id);
    const forPerson = await owe(id, { hold: "answer_lost" });
    const sending = await owe(id, { leased: true });
    const trial = await owe(id, { test: true });
    const elsewhere = await owe(other);
    expect((await summaryOf(id)).held).toEqual({ answer_lost: 1 });
    await operator.ok("POST", `/api/connects/${id}/pause`);

    const states = Object.fromEntries((await listed(id)).map((row) => [row.id, [row.state, row.held_because]]));
    expect(states).toEqual({
      [waits]: ["held", "paused"],
      [forPerson]: ["held", "answer_lost"],
      [sending]: ["sending", null],
      [trial]: ["waiting", null],
    });
    const found = async (state: string) => (await listed(id, `&state=${state}`)).map((row) => row.id).toSorted();
    expect(await found("held")).toEqual([waits, forPerson].toSorted());
    expect(await found("waiting")).toEqual([trial]);
    expect(await found("sending")).toEqual([sending]);
    expect(await counts(id)).toMatchObject({ held: 2, waiting: 1, sending: 1 });
    expect(await summaryOf(id)).toMatchObject({ held: { paused: 1, answer_lost: 1 }, waiting: 2 });
    expect((await listed(other)).map((row) => [row.id, row.state])).toEqual([[elsewhere, "waiting"]]);
    const story = await admin.ok<DeliveryStory>("GET", `/api/deliveries/${waits}`);
    expect(story).toMatchObject({ state: "held", held_because: "paused", next_attempt_at: null });
    expect(story.headline).toMatch(/^Connect \d+ is paused$/);

    await operator.ok("POST", `/api/connects/${id}/resume`);
    expect(await counts(id)).toMatchObject({ held: 1, waiting: 2, sending: 1 });
    expect(await summaryOf(id)).toMatchObject({ held: { answer_lost: 1 }, waiting: 3 });
  });

  test("lets nothing but a test out, and what came in meanwhile goes when it ends", async () => {
    const id = await makeConnect({ api_url: `${origin}/paused` });
    await operator.ok("POST", `/api/connects/${id}/pause`);
    const sent = await send(id);
    await operator.ok("POST", `/api/connects/${id}/test`, {});
    await expect.poll(arrived, { timeout: 10_000 }).toBe(1);
    expect((await listed(id, "&test=false")).map((row) => [row.id, row.state, row.attempts])).toEqual([
      [sent, "held", 0],
    ]);
    await operator.ok("POST", `/api/connects/${id}/resume`);
    await expect.poll(arrived, { timeout: 10_000 }).toBe(2);
    await expect.poll(async () => (await listed(id, "&test=false"))[0]?.outcome, { timeout: 10_000 }).toBe("accepted");
  });

  test("of another account's connect is none", async () => {
    const stranger = await patchbay.user(await patchbay.account("Others"), "admin");
    const id = await makeConnect();
    for (const verb of ["pause", "resume", "discard-held"])
      await stranger.refused("not_found", "POST", `/api/connects/${id}/${verb}`, {});
  });
});

describe("a connect that paused itself", () => {
  test("holds what waits, and says why and how often it is tried", async () => {
    const id = await makeConnect();
    const waits = await owe(id);
    await setBreaker(id, "open");
    expect((await listed(id)).map((row) => [row.id, row.state, row.held_because])).toEqual([
      [waits, "held", "breaker"],
    ]);
    const { standing, held, waiting } = await summaryOf(id);
    expect([held, waiting]).toEqual([{ breaker: 1 }, 0]);
    expect(standing).toMatchObject({
      breaker: "open", breaker_because: "20 attempts failed in a row", paused_at: null, probe_at: expect.stringMatching(/Z$/) as string,
    }); // prettier-ignore
    const story = await admin.ok<DeliveryStory>("GET", `/api/deliveries/${waits}`);
    expect(story.headline).toMatch(/^Connect \d+ is paused by itself$/);
    // a person's pause is named first, and ends without ending the other
    await operator.ok("POST", `/api/connects/${id}/pause`);
    expect((await summaryOf(id)).held).toEqual({ paused: 1 });
    expect((await listed(id))[0]?.held_because).toBe("paused");
    expect(await operator.ok("POST", `/api/connects/${id}/resume`)).toEqual(standing);
  });

  test("over refused credentials goes on when it is saved anew, and that is written down", async () => {
    const id = await makeConnect({ authorization_header: "X-Key: the-first-one" });
    const waits = await owe(id);
    await setBreaker(id, "refused");
    expect((await listed(id)).map((row) => [row.id, row.held_because])).toEqual([[waits, "breaker"]]);
    const saved = await admin.ok<Shown>("PATCH", `/api/connects/${id}`, {
      authorization_header: "X-Key: a-better-one",
    });
    expect(saved.standing).toMatchObject({ breaker: "closed", breaker_since: null, breaker_because: null });
    expect((await listed(id)).map((row) => row.state)).toEqual(["waiting"]);
    const { rows } = await patchbay.db.query("select breaker, because from breaker_changes where connect_id = $1", [
      id,
    ]);
    expect(rows).toEqual([{ breaker: "closed", because: "the connect was saved anew" }]);
  });

  test("over failures goes on at once, too, when it is saved anew", async () => {
    const id = await makeConnect();
    await setBreaker(id, "open");
    const saved = await admin.ok<Shown>("PATCH", `/api/connects/${id}`, { delimiter: ";" });
    expect(saved.standing).toMatchObject({ breaker: "closed", probe_at: null });
  });
});

const outcomesOf = async (id: ConnectId) =>
  Object.fromEntries((await listed(id)).map((row) => [row.id, row.outcome ?? row.state]));

describe("discarding what is held", () => {
  test("takes all that is held, never what is being sent, waits or is a test, and is written down", async () => {
    const id = await makeConnect();
    const forPerson = await owe(id, { hold: "answer_lost" });
    const refused = await owe(id, { hold: "credentials" });
    const sending = await owe(id, { leased: true });
    const waits = await owe(id);
    const trial = await owe(id, { test: true, hold: "credentials" });
    await operator.refused("forbidden", "POST", `/api/connects/${id}/discard-held`, {});
    expect(await admin.ok("POST", `/api/connects/${id}/discard-held`)).toEqual({ count: 2 });
    expect(await outcomesOf(id)).toEqual({
      [forPerson]: "discarded", [refused]: "discarded", [sending]: "sending", [waits]: "waiting", [trial]: "held",
    }); // prettier-ignore
    expect(await admin.ok("POST", `/api/connects/${id}/discard-held`, {})).toEqual({ count: 0 });
    expect(await auditOf(id)).toMatchObject([{ action: "discard held", actor_name: "A admin", after: { count: 2 } }]);
  });

  test("of a paused connect takes what waits for it too, and what it has under way goes on", async () => {
    const id = await makeConnect();
    const waits = await owe(id);
    const sending = await owe(id, { leased: true });
    const forPerson = await owe(id, { hold: "answer_lost" });
    await operator.ok("POST", `/api/connects/${id}/pause`);
    const only = { because: "paused" };
    expect(await admin.ok("POST", `/api/connects/${id}/discard-held`, only)).toEqual({ count: 1 });
    expect(await outcomesOf(id)).toEqual({ [waits]: "discarded", [sending]: "sending", [forPerson]: "held" });
    expect(await auditOf(id)).toMatchObject([{ action: "pause" }, { after: { because: "paused", count: 1 } }]);
  });

  test("of one that paused itself, only what is old, if so wanted", async () => {
    const id = await makeConnect();
    const old = await owe(id, { daysAgo: 3 });
    const young = await owe(id, { daysAgo: 1 });
    await setBreaker(id, "open");
    const body = { because: "breaker", older_than: "2d" };
    expect(await admin.ok("POST", `/api/connects/${id}/discard-held`, body)).toEqual({ count: 1 });
    expect(await outcomesOf(id)).toEqual({ [old]: "discarded", [young]: "held" });
    const refused = await admin.refused("bad_input", "POST", `/api/connects/${id}/discard-held`, {
      older_than: "long",
    });
    expect(refused.errors.map(({ path }) => path)).toEqual(["older_than"]);
  });
});

test("whoever was behind a discarded delivery of the same lead is next", async () => {
  const id = await makeConnect({ api_url: `${origin}/lane` });
  await operator.ok("POST", `/api/connects/${id}/pause`);
  const [first, second] = [await send(id), await send(id)];
  // planned two days ago: the id tells when
  const aged = `${uuidV7At(Date.now() - 2 * 86_400_000).slice(0, 14)}${first.slice(14)}`;
  await patchbay.db.query("update due set id = $1 where id = $2", [aged, first]);
  expect(await admin.ok("POST", `/api/connects/${id}/discard-held`, { older_than: "1d" })).toEqual({ count: 1 });
  await operator.ok("POST", `/api/connects/${id}/resume`);
  await expect
    .poll(async () => Object.fromEntries((await listed(id)).map((row) => [row.id, row.outcome])), { timeout: 10_000 })
    .toEqual({ [aged]: "discarded", [second]: "accepted" });
});

test("what the order of a lead's deliveries did to one is said in the list, the story and the CSV", async () => {
  const id = await makeConnect();
  const late = await owe(id, { hold: "answer_lost" });
  const replaced = await owe(id, { hold: "answer_lost", attempts: 0 });
  await patchbay.db.query("update due set remark = case when id = $1 then 'out_of_order' else 'superseded' end where connect_id = $2", [late, id]); // prettier-ignore
  const remarks = async () => Object.fromEntries((await listed(id)).map((row) => [row.id, row.remark]));
  expect(await remarks()).toEqual({ [late]: "out_of_order", [replaced]: "superseded" });
  await admin.ok("POST", `/api/connects/${id}/discard-held`);
  expect(await remarks()).toEqual({ [late]: "out_of_order", [replaced]: "superseded" });
  expect(await admin.ok("GET", `/api/deliveries/${replaced}`)).toMatchObject({
    headline: "A newer delivery for this lead took its place",
    remark: "superseded",
  });
  const csv = await admin.call<string>("GET", `/api/deliveries.csv?connect=${id}`);
  expect(csv.body.split("\n")[0]?.trim()).toMatch(/,Remark$/);
  expect(
    csv.body
      .split("\n")
      .find((line) => line.startsWith(late))
      ?.trim(),
  ).toMatch(/,out of order$/);
});

describe("warnings", () => {
  test("name the connects of an order group that are ordered otherwise, saved or not, and end with the reason", async () => {
    const order_group = "Acme calls";
    const first = await makeConnect({ name: "Call start", order_group });
    const second = await makeConnect({ name: "Disposition", order_group, order: "newest_wins" });
    expect((await show(first)).warnings).toEqual([
      {
        path: "order",
        message:
          "This connect is Keep order per lead, but in its order group Acme calls there is Disposition (Newest wins). Set all connects of the group alike",
      },
    ]);
    const preview = (order: string) => {
      const connect = { name: "x", api_url: `${origin}/lead`, request_method: "GET", order, order_group };
      const body = { connect_id: second, connect };
      return admin.ok<{ warnings: { path: string }[] }>("POST", "/api/connects/preview", body);
    };
    expect((await preview("newest_wins")).warnings).toMatchObject([{ path: "order" }]);
    expect((await preview("per_lead")).warnings).toEqual([]);
    await admin.ok("PATCH", `/api/connects/${second}`, { order: "per_lead" });
    expect((await show(first)).warnings).toEqual([]);
    // another account's group of the same name is another group
    const stranger = await patchbay.user(await patchbay.account("Strangers"), "admin");
    const theirs = { name: "Theirs", api_url: `${origin}/lead`, request_method: "GET", order: "none", order_group };
    await stranger.ok("POST", "/api/connects", theirs);
    expect((await show(first)).warnings).toEqual([]);
  });

  test("of settings that fight stand with the saved connect", async () => {
    const id = await makeConnect({ give_up_after: "3s" });
    expect((await show(id)).warnings.map(({ path }) => path)).toEqual(["give_up_after"]);
    const saved = await admin.ok<Shown>("PATCH", `/api/connects/${id}`, { give_up_after: "8d" });
    expect(saved.warnings).toEqual([]);
  });
});
