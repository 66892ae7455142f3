import { beforeAll, describe, expect, test } from "vitest";
import type { ReplayPreview } from "../../src/contracts/endpoints/replays.ts";
import type { AccountId, ConnectId, DeliveryId, ListId } from "../../src/contracts/ids.ts";
import type { Replay } from "../../src/contracts/replay.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import { eventually, makeConnect, type TestAccount } from "../engine/fixtures.ts";
import { startPatchbay, type Client } from "../http/patchbay.ts";
import { startReceiver, type Receiver } from "../receiver.ts";
import { seedDeliveries } from "./fixtures.ts";

const patchbay = startPatchbay();
let account: TestAccount;
let operator: Client;
let viewer: Client;
let vendor: Receiver;
let connect: ConnectId;
let adaptor: number;

beforeAll(async () => {
  const accountId: AccountId = await patchbay.account("Acme");
  operator = await patchbay.user(accountId, "operator");
  viewer = await patchbay.user(accountId, "viewer");
  const admin = await patchbay.user(accountId, "admin");
  const lead = await admin.ok<{ id: number }>("POST", "/api/leads/sample");
  const scope = accountScope(patchbay.db, accountId);
  account = { scope, accountId, listId: 0 as ListId, leadId: lead.id as TestAccount["leadId"] };
  vendor = await startReceiver();
  const made = await makeConnect(account, { name: "Acme CRM", api_url: vendor.url("/"), api_authentication: "key=top-secret-3" });
  [connect, adaptor] = [made.id, made.adaptorId];
  return () => vendor.close();
}); // prettier-ignore

const failed = (count: number, of = connect): Promise<DeliveryId[]> =>
  seedDeliveries(patchbay.db, account, of, count, { outcome: "failed" });
const retry = (body: object) =>
  operator.ok<{ count: number; replay_id: number }>("POST", "/api/deliveries/retry", body);
const preview = (body: object) => operator.ok<ReplayPreview>("POST", "/api/replays/preview", body);
const show = (id: number, who = operator) => who.ok<Replay>("GET", `/api/replays/${id}`);

describe("a replay over the API", () => {
  test("goes on by itself, and tells how far it is and how what it sent has ended", async () => {
    await failed(12);
    vendor.answer([...Array.from({ length: 10 }, () => 200), 404, 422]);
    const filter = { connect, outcome: "failed" };
    const { count, replay_id } = await retry({ filter, mode: "mapped_anew" });
    expect(count).toBe(12);
    const replay = await eventually(async () => {
      const seen = await show(replay_id);
      return seen.state === "done" && seen.owed === 0 ? seen : null;
    });
    expect(replay).toEqual({
      id: replay_id, state: "done", mode: "mapped_anew", per_second: null, connect: { id: connect, name: "Acme CRM" }, filter,
      chosen: null, total: 12, total_capped: false, moved: 12, owed: 0, skipped: 0, note: "", created_by: "A operator",
      outcomes: { accepted: 10, rejected: 1, duplicate: 0, failed: 1, discarded: 0 },
      created_at: expect.any(String) as string, ended_at: expect.any(String) as string,
    });
    expect(new Set(vendor.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(12);
  }); // prettier-ignore

  test("is listed newest first, by state, and can be stopped by an operator, not by a viewer", async () => {
    const ids = await failed(3);
    const { replay_id: id } = await retry({ ids, per_second: 0.01 });
    await eventually(async () => (await show(id)).moved === 1);
    const running = await viewer.ok<{ items: Replay[] }>("GET", "/api/replays?state=running");
    expect(running.items).toMatchObject([{ id, chosen: 3, filter: null, per_second: 0.01, total: 3 }]);
    await viewer.refused("forbidden", "POST", `/api/replays/${id}/cancel`);
    expect(await operator.ok("POST", `/api/replays/${id}/cancel`)).toMatchObject({ state: "cancelled", moved: 1 });
    expect(await operator.ok("POST", `/api/replays/${id}/cancel`)).toMatchObject({ state: "cancelled", moved: 1 });
    const first = await viewer.ok<{ items: Replay[]; next_cursor: string }>("GET", "/api/replays?limit=1");
    expect(first.items).toMatchObject([{ id }]);
    const rest = await viewer.ok<{ items: Replay[] }>("GET", `/api/replays?cursor=${first.next_cursor}`);
    expect(rest.items.map((replay) => replay.id).every((older) => older < id)).toBe(true);
    expect((await viewer.ok<{ items: Replay[] }>("GET", "/api/replays?state=running")).items).toEqual([]);
  });

  test("hides from a viewer the phone and the result that it asks for", async () => {
    await failed(1);
    const filter = { phone: "(310) 555-0142", connect };
    const { replay_id: id } = await retry({ filter });
    expect((await show(id)).filter).toEqual(filter);
    expect(JSON.stringify(await show(id, viewer))).not.toContain("555-0142");
    // or it would send during the next tests, which count what is sent
    await eventually(async () => {
      const { state, owed } = await show(id);
      return state === "done" && owed === 0;
    });
  });

  test("refuses both, neither, a pace that is none, and an id that isn't there", async () => {
    await operator.refused("bad_input", "POST", "/api/deliveries/retry", {});
    await operator.refused("bad_input", "POST", "/api/replays/preview", { ids: [], filter: {} });
    await operator.refused("bad_input", "POST", "/api/deliveries/retry", { filter: { connect }, per_second: 0 });
    await operator.refused("bad_input", "POST", "/api/deliveries/retry", { filter: { connect, test: "true" } });
    await operator.refused("bad_input", "GET", "/api/replays?cursor=abc");
    await operator.refused("not_found", "GET", "/api/replays/999999");
    await operator.refused("not_found", "POST", "/api/replays/999999/cancel");
  });
});

describe("before a replay", () => {
  test("the preview says how many there are and how mapping anew differs, secrets masked; nothing is sent", async () => {
    const ids = await failed(3);
    const held = await seedDeliveries(patchbay.db, account, connect, 1, { held: "credentials" });
    const forgotten = await failed(1);
    await patchbay.db.query("delete from events where id = (select event_id from deliveries where id = $1)", [forgotten[0]]);
    const sent = vendor.requests.length;
    const found = await preview({ ids: [...ids, ...held, ...forgotten], differences_max: 2 });
    expect(found).toMatchObject({
      total: 5, total_capped: false, owed: 1, compared: 4, event_gone: 1, headline: "4 payloads change",
      counts: { payloads: 4, vanish: 0, appear: 0 },
      differences: [{ kind: "payload", connect: "Acme CRM" }, { kind: "payload" }],
    });
    const [difference] = found.differences;
    if (difference?.kind !== "payload") throw new Error("no payload");
    expect(difference.before).toContain('{"firstname":"Old"}');
    expect(difference.after).toContain('{"firstname":"Ada","phone":"3105550142","email":""}');
    expect(JSON.stringify(found)).not.toContain("top-secret-3");
    expect(vendor.requests).toHaveLength(sent);
  }); // prettier-ignore

  test("the preview says why fewer go than were chosen, what waits all the same, and what was accepted", async () => {
    const ids = await failed(2);
    const accepted = await seedDeliveries(patchbay.db, account, connect, 1, { outcome: "accepted" });
    const underWay = await seedDeliveries(patchbay.db, account, connect, 1, { leased: true });
    const tests = await failed(3);
    await patchbay.db.query("update deliveries set test = true where id = any ($1)", [tests]);
    const gone = await makeConnect(account, { name: "Gone", api_url: vendor.url("/") });
    const ofGone = await failed(2, gone.id);
    await patchbay.db.query("update connects set deleted_at = now() where id = $1", [gone.id]);
    const off = await makeConnect(account, { name: "Off", api_url: vendor.url("/") });
    const ofOff = await failed(1, off.id);
    await patchbay.db.query("update connects set active = false where id = $1", [off.id]);
    const paused = await makeConnect(account, { name: "Paused", api_url: vendor.url("/") });
    const ofPaused = await failed(1, paused.id);
    await patchbay.db.query("insert into connect_states (account_id, connect_id, paused_at) values ($1, $2, now())", [account.accountId, paused.id]);
    const nowhere = "01890000-0000-7000-8000-000000000000";
    const all = [...ids, ...accepted, ...underWay, ...tests, ...ofGone, ...ofOff, ...ofPaused, nowhere];
    const found = await preview({ ids: all });
    expect(found).toMatchObject({
      total: 5,
      accepted: 1,
      left_out: [
        { because: "test", count: 3 },
        { because: "connect_deleted", count: 2 },
        { because: "under_way", count: 1 },
        { because: "not_here", count: 1 },
      ],
      waits: [
        { connect: { id: off.id, name: "Off" }, because: "connect_off", count: 1 },
        { connect: { id: paused.id, name: "Paused" }, because: "paused", count: 1 },
      ],
    });
    // what is announced is what is moved
    expect(await retry({ ids: [...tests, nowhere] })).toMatchObject({ count: 0, replay_id: null });
    const { replay_id: id } = await retry({ ids: [...ofOff, ...tests, ...ofGone] });
    const replay = await eventually(async () => {
      const seen = await show(id);
      return seen.state === "done" ? seen : null;
    });
    expect(replay).toMatchObject({ moved: 1, owed: 1, skipped: 2, note: "Left as they were: 2 whose connect was deleted." });
    await patchbay.db.query("delete from due where id = any ($1)", [[...underWay, ...ofOff]]);
  }); // prettier-ignore

  test("a preview over nothing does not say that nothing changes", async () => {
    const tests = await failed(1);
    await patchbay.db.query("update deliveries set test = true where id = any ($1)", [tests]);
    expect(await preview({ ids: tests })).toMatchObject({ total: 0, headline: "Nothing could be compared" });
  });

  test("what is announced is what is sent: unchanged ones are no difference, refused ones stay", async () => {
    const required = { section: "lead", field: "city", to: "city", required: true };
    await patchbay.db.query(
      `update adaptors set stored = jsonb_set(stored, '{fields}', $2) where account_id = $1 and id = $3`,
      [account.accountId, JSON.stringify([{ ...required, default: "", type: "text", value_map: [], date_format: "" }]), adaptor],
    );
    const ids = await failed(2);
    const found = await preview({ ids });
    expect(found).toMatchObject({ headline: "2 deliveries would no longer go out", counts: { vanish: 2, payloads: 0 } });
    const { replay_id: id } = await retry({ ids, mode: "mapped_anew" });
    const replay = await eventually(async () => {
      const seen = await show(id);
      return seen.state === "done" ? seen : null;
    });
    expect(replay).toMatchObject({ moved: 0, skipped: 2, note: "Left as they were: 2 that today's mapping refuses." });
    const refused = await operator.refused("conflict", "POST", `/api/deliveries/${ids[0]}/retry`, { mode: "mapped_anew" });
    expect(refused.detail).toContain("City");
    expect(await operator.ok("POST", `/api/deliveries/${ids[0]}/retry`)).toEqual({ delivery_id: ids[0] });
  }); // prettier-ignore
});
