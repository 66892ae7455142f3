import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LeadId, ListId } from "../../src/contracts/ids.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
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
import { startReceiver } from "../receiver.ts";
import {
  actionsOf,
  changeWorkflow,
  disposition,
  happen,
  leadOf,
  makeLead,
  makeWorkflow,
  runsOf,
  saveLead,
} from "./fixtures.ts";

const clone = cloneDatabase();
let engine: Engine;
let account: TestAccount;
let accounts = 0;
beforeAll(() => {
  engine = createEngine({
    db: clone.db,
    sender: loopbackSender(),
    secretBox,
    log: quiet,
    worker: true,
    random: () => 0,
  });
  engine.start();
});
afterAll(() => engine.stop(1_000));

/** An account of the test's own, so that no other's workflows fire. */
const fresh = async (): Promise<TestAccount> => (account = await makeAccount(clone.db, `Acme ${++accounts}`));
const status = (code: string) => ({ type: "status" as const, status: code });
const onSale = [{ type: "disposition" as const, statuses: ["SALE"] }];

describe("on an event", () => {
  test("a workflow whose conditions match sends the lead through its connect, once, as it was at the event", async () => {
    const { leadId } = await fresh();
    await using vendor = await startReceiver();
    const connect = await makeConnect(account, { api_url: vendor.url("/lead") });
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ actions: [{ type: "integration", connect_id: connect.id }] }],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    await vendor.received(1);
    expect(vendor.requests[0]?.text).toBe('{"firstname":"Ada","phone":"3105550142","email":"ada@example.com"}');
    const [action] = await actionsOf(account, id);
    expect(action).toMatchObject({ type: "integration", state: "done" });
    const settled = await eventually(async () => {
      const { rows } = await clone.db.query(
        "select workflow_id, workflow_revision, event_type, outcome from deliveries where id = $1",
        [action!.delivery_id],
      );
      return rows[0];
    });
    expect(settled).toEqual({
      workflow_id: id,
      workflow_revision: 1,
      event_type: "call.dispositioned",
      outcome: "accepted",
    });
  });

  test("one that does not match leaves a run that says which condition said no, and what was there", async () => {
    const { leadId } = await fresh();
    const id = await makeWorkflow(account, { events: onSale, action_sets: [{ actions: [status("WON")] }] });
    await happen(clone.db, account, [disposition(leadId, "NI")]);
    const [run] = await runsOf(account, id);
    expect(run).toMatchObject({ fired: false, because: "condition" });
    expect(run!.checks.find(({ check }) => check === "condition")).toMatchObject({
      says: "Disposition is SALE",
      met: false,
      found: "NI",
    });
    expect(await leadOf(account, leadId)).toMatchObject({ status: "NI" });
  });

  test("a workflow of another event type or another list is not even asked", async () => {
    const { leadId } = await fresh();
    const other = await account.scope.query<{ id: ListId }>(
      "insert into lists (account_id, name) values ($1, 'Other') returning id",
    );
    const saved = await makeWorkflow(account, {
      events: [{ type: "lead_action", actions: ["delete"] }],
      action_sets: [{ actions: [status("X")] }],
    });
    const elsewhere = await makeWorkflow(account, {
      relation: { kind: "list", of: [other[0]!.id] },
      events: onSale,
      action_sets: [{ actions: [status("X")] }],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect([...(await runsOf(account, saved)), ...(await runsOf(account, elsewhere))]).toEqual([]);
  });

  test("a workflow saved, switched off or deleted a moment ago holds for the next event", async () => {
    const { leadId } = await fresh();
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    const id = await makeWorkflow(account, {
      loop_protection: false,
      events: onSale,
      action_sets: [{ actions: [{ type: "dnc" }] }],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect(await runsOf(account, id)).toHaveLength(1);
    await changeWorkflow(account, id, { active: false });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect(await runsOf(account, id)).toHaveLength(1);
    await changeWorkflow(account, id, { active: true });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect(await runsOf(account, id)).toHaveLength(2);
  });

  test("an action without its connect fails with the reason, and the others of its set are done", async () => {
    const { leadId } = await fresh();
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [
        {
          actions: [{ type: "integration", connect_id: 4_711 }, { type: "sms" }, { type: "revenue", amount: 12.5 }],
        },
      ],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect((await actionsOf(account, id)).map(({ state, note }) => [state, note])).toEqual([
      ["failed", "There is no connect 4711 any more"],
      ["failed", "No connect is chosen for SMS: choose one in Settings"],
      ["done", "12.5"],
    ]);
  });
});

describe("own records, in the transaction of the event", () => {
  test("status, list, fields, callback, hopper, DNC and revenue are changed and logged", async () => {
    const { leadId } = await fresh();
    const [list] = await account.scope.query<{ id: ListId }>(
      "insert into lists (account_id, name) values ($1, 'Won') returning id",
    );
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [
        {
          actions: [
            status("WON"),
            { type: "move", list_id: list!.id },
            { type: "field", field: "city", set: "Berlin" },
            { type: "field", field: "annual_revenue", add: 0.1 },
            { type: "field", field: "annual_revenue", add: 0.2 },
            { type: "field", field: "notes", from: "call.status" },
            { type: "field", field: "email", set: null },
            { type: "callback", in: "2h" },
            { type: "callback_update", in: "1d" },
            { type: "hopper", priority: 7, expires_in: 60 },
            { type: "dnc" },
            { type: "revenue", amount: 99.9 },
          ],
        },
      ],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect((await actionsOf(account, id)).map(({ state }) => state)).toEqual(Array(12).fill("done"));
    expect(await leadOf(account, leadId)).toEqual({
      status: "WON",
      list_id: list!.id,
      fields: { first_name: "Ada", last_name: "Example", city: "Berlin", annual_revenue: 0.3, notes: "SALE" },
    });
    const { rows } = await clone.db.query(
      `select (select count(*) from callbacks where account_id = $1 and callback_at > now() + interval '23 hours') as callbacks,
         (select priority from hopper_entries where account_id = $1) as priority,
         (select phone_number from dnc_numbers where account_id = $1) as dnc,
         (select amount::text from revenues where account_id = $1) as revenue`,
      [account.accountId],
    );
    expect(rows).toEqual([{ callbacks: 1, priority: 7, dnc: "3105550142", revenue: "99.90" }]);
  });

  test("what a workflow changes is one event lead.saved of its own, on which others fire", async () => {
    const { leadId } = await fresh();
    const first = await makeWorkflow(account, {
      name: "First",
      events: onSale,
      action_sets: [{ actions: [status("WON"), { type: "field", field: "city", set: "Bonn" }] }],
    });
    const second = await makeWorkflow(account, {
      events: [
        { type: "lead_status", from: ["SALE"], to: ["WON"] },
        { type: "submitted_by", workflows: [first] },
      ],
      action_sets: [{ actions: [{ type: "field", field: "notes", set: "seen" }] }],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect((await runsOf(account, second)).map(({ fired, type }) => [type, fired])).toEqual([
      ["call.dispositioned", false],
      ["lead.saved", true],
      ["lead.saved", false],
    ]);
    expect((await leadOf(account, leadId)).fields).toMatchObject({ city: "Bonn", notes: "seen" });
    const events = await account.scope.query<{ type: string; source: object }>(
      "select type, source from events where account_id = $1 and type = 'lead.saved' order by id",
    );
    expect(events.map(({ source }) => source)).toEqual([
      { kind: "workflow", id: first, name: "First" },
      expect.objectContaining({ kind: "workflow", id: second }),
    ]);
  });

  test("an action that changes nothing makes no event", async () => {
    const { leadId } = await fresh();
    await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ actions: [status("SALE"), { type: "field", field: "first_name", set: "Ada" }] }],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    expect(await account.scope.query("select 1 from events where account_id = $1 and type = 'lead.saved'")).toEqual([]);
  });

  test("latest values send the lead as the actions before left it; without them it is sent as it was", async () => {
    const { leadId } = await fresh();
    await using vendor = await startReceiver();
    const { id: connect_id } = await makeConnect(account, { api_url: vendor.url("/") });
    await makeWorkflow(account, {
      events: onSale,
      action_sets: [
        {
          actions: [
            { type: "field", field: "first_name", set: "Grace" },
            { type: "integration", connect_id },
            { type: "integration", connect_id, latest_values: true },
          ],
        },
      ],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    await vendor.received(2);
    expect(vendor.requests.map(({ text }) => (JSON.parse(text) as { firstname: string }).firstname).toSorted()).toEqual(
      ["Ada", "Grace"],
    );
  });
});

describe("what keeps a workflow from firing", () => {
  const grow = { type: "field" as const, field: "annual_revenue", add: 1 };
  const every = [{ type: "lead_action" as const, actions: ["save" as const] }];

  test("loop protection: after nine runs for a lead within three minutes; runs that were skipped don't count", async () => {
    const { leadId } = await fresh();
    const id = await makeWorkflow(account, { events: every, action_sets: [{ actions: [grow] }] });
    await saveLead(clone.db, account, leadId, { city: "Bonn" });
    const runs = await runsOf(account, id);
    expect(runs.map(({ fired }) => fired)).toEqual([...Array<boolean>(9).fill(true), false]);
    expect(runs.at(-1)).toMatchObject({ because: "loop" });
    expect((await leadOf(account, leadId)).fields).toMatchObject({ annual_revenue: 9 });
    // another lead has its own count
    const other = await makeLead(account);
    await saveLead(clone.db, account, other, { city: "Bonn" });
    expect((await runsOf(account, id, other)).filter(({ fired }) => fired)).toHaveLength(9);
  });

  test("recursion: a hundred runs by its own updates switch it off, with revision, audit row and notice", async () => {
    const { leadId } = await fresh();
    const id = await makeWorkflow(account, {
      events: every,
      loop_protection: false,
      action_sets: [{ actions: [grow] }],
    });
    await saveLead(clone.db, account, leadId, { city: "Bonn" });
    const runs = await runsOf(account, id);
    // the first is a person's doing; a hundred are its own
    expect(runs.filter(({ fired }) => fired)).toHaveLength(101);
    expect(runs.at(-1)).toMatchObject({ fired: false, because: "recursion" });
    const [row] = await account.scope.query<{ active: boolean; notice: string; revision: number }>(
      "select active, notice, revision from workflows where account_id = $1",
    );
    expect(row).toMatchObject({ active: false, revision: 2 });
    expect(row!.notice).toContain(`lead ${leadId}`);
    expect(await account.scope.query("select actor_kind, action, target_id from audit where account_id = $1")).toEqual([
      { actor_kind: "system", action: "switch off", target_id: String(id) },
    ]);
    await saveLead(clone.db, account, leadId, { city: "Ulm" });
    expect(await runsOf(account, id)).toHaveLength(102);
    // switched on again, it starts from none
    await changeWorkflow(account, id, { active: true, loop_protection: true });
    await saveLead(clone.db, account, leadId, { city: "Kiel" });
    expect((await runsOf(account, id)).at(-1)).toMatchObject({ because: "loop" });
  });

  test("recursion by way of another workflow: two that keep each other going are switched off too", async () => {
    const { leadId } = await fresh();
    const flip = (city: string, to: string) =>
      makeWorkflow(account, {
        loop_protection: false,
        events: [{ type: "field", field: "city", operator: "equals", value: city }, ...every],
        action_sets: [{ actions: [{ type: "field", field: "city", set: to }] }],
      });
    const ids = [await flip("Bonn", "Ulm"), await flip("Ulm", "Bonn")];
    await saveLead(clone.db, account, leadId, { city: "Bonn" });
    const off = await account.scope.query<{ id: number }>(
      "select id from workflows where account_id = $1 and not active",
    );
    expect(off.length).toBeGreaterThan(0);
    expect((await runsOf(account, ids[0]!)).filter(({ fired }) => fired).length).toBeLessThanOrEqual(102);
  });

  test("skip if pending: not while the lead has actions of it that wait", async () => {
    const { leadId } = await fresh();
    const id = await makeWorkflow(account, {
      skip_if_pending: true,
      events: onSale,
      action_sets: [{ delay: "1d", actions: [status("LATE")] }],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    const other = await makeLead(account);
    await happen(clone.db, account, [disposition(other, "SALE")]);
    expect((await runsOf(account, id)).map(({ fired, because }) => [fired, because])).toEqual([
      [true, null],
      [false, "pending"],
      [true, null],
    ]);
  });

  test("stop: a final status cancels what waits, also of a workflow that the event is none of, and for good", async () => {
    const { leadId } = await fresh();
    await account.scope.query("insert into statuses (account_id, code, name, final) values ($1, 'SOLD', 'Sold', true)");
    const id = await makeWorkflow(account, {
      stop_if: "final",
      events: [{ type: "disposition", statuses: ["NI", "SOLD"] }],
      action_sets: [{ delay: "1d", actions: [status("LATE"), { type: "dnc" }] }],
    });
    await happen(clone.db, account, [disposition(leadId, "NI")]);
    expect((await actionsOf(account, id)).map(({ state }) => state)).toEqual(["pending", "pending"]);
    // no disposition: the workflow is not asked about this event
    await saveLead(clone.db, account, leadId, { status: "SOLD" });
    expect((await actionsOf(account, id)).map(({ state, note }) => [state, note])).toEqual(
      Array.from({ length: 2 }, () => ["skipped", "The workflow stopped for this lead: its status is SOLD"]),
    );
    await saveLead(clone.db, account, leadId, { status: "NI" });
    await happen(clone.db, account, [disposition(leadId, "NI")]);
    expect((await runsOf(account, id)).at(-1)).toMatchObject({ fired: false, because: "stop" });
    const other = await makeLead(account);
    await happen(clone.db, account, [disposition(other, "NI")]);
    expect((await runsOf(account, id, other)).at(-1)).toMatchObject({ fired: true });
  });

  test("stop by a filter on the lead", async () => {
    const { leadId } = await fresh();
    const id = await makeWorkflow(account, {
      stop_if: { filter: [{ type: "field", field: "city", operator: "equals", value: "bonn" }] },
      events: onSale,
      action_sets: [{ delay: "1d", actions: [{ type: "dnc" }] }],
    });
    await happen(clone.db, account, [disposition(leadId, "SALE")]);
    await saveLead(clone.db, account, leadId, { city: "Bonn" });
    expect((await actionsOf(account, id)).map(({ state }) => state)).toEqual(["skipped"]);
  });

  test("percentage: the same leads are in every time, and raising it only adds", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      percentage: 30,
      events: onSale,
      action_sets: [{ actions: [{ type: "revenue", amount: 1 }] }],
    });
    const leads: LeadId[] = [];
    for (let i = 0; i < 40; i++) leads.push(await makeLead(account, {}, `31055501${String(i).padStart(2, "0")}`));
    const firedBy = async (): Promise<Set<LeadId>> => {
      await happen(
        clone.db,
        account,
        leads.map((lead) => disposition(lead, "SALE")),
      );
      const rows = await account.scope.query<{ lead_id: LeadId }>(
        "select distinct on (lead_id) lead_id from runs where account_id = $1 and workflow_id = $2 and fired",
        [id],
      );
      return new Set(rows.map((row) => row.lead_id));
    };
    const once = await firedBy();
    expect(await firedBy()).toEqual(once);
    await changeWorkflow(account, id, { percentage: 70 });
    const more = await firedBy();
    expect(once.size).toBeGreaterThan(0);
    expect(more.size).toBeGreaterThan(once.size);
    expect(once.isSubsetOf(more)).toBe(true);
  });

  test("schedule: outside its hours, with the time in its zone, and a note when the lead's zone is an offset", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      schedule: { zone: "lead", days: [{ days: ["mon", "tue", "wed", "thu", "fri"], hours: "9-17" }] },
      events: onSale,
      action_sets: [{ actions: [{ type: "revenue", amount: 1 }] }],
    });
    // 2026-11-17 is a Tuesday; 18:30 UTC is 13:30 in New York, 10:30 in Los Angeles, 02:30 on Wednesday in Tokyo's +08
    const at = "2026-11-17T18:30:00Z";
    const rows = [
      [await makeLead(account, { locale_gmt: "America/New_York" }), true, null],
      [await makeLead(account, { state: "CA" }, "2125550143"), true, null],
      [await makeLead(account, { locale_gmt: "+08:00" }), false, "schedule"],
    ] as const;
    for (const [lead, fired, because] of rows) {
      await happen(clone.db, account, [{ ...disposition(lead, "SALE"), at }]);
      expect((await runsOf(account, id, lead))[0]).toMatchObject({ fired, because });
    }
    const [run] = await runsOf(account, id, rows[2][0]);
    expect(run!.checks.find(({ check }) => check === "schedule")!.found).toBe(
      "2026-11-18 02:30 in +08:00 (locale_gmt is an offset, which does not follow daylight saving)",
    );
  });
});
