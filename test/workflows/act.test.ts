import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LeadId, WorkflowId } from "../../src/contracts/ids.ts";
import { flushActions, runActionNow } from "../../src/engine/act-due-now.ts";
import { actDueOne } from "../../src/engine/act-due-one.ts";
import { createActor, type Actor } from "../../src/engine/act-due.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { createMailer } from "../../src/outbound/mail.ts";
import type { ClaimedAction } from "../../src/store/actions.ts";
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
  endedActions,
  happen,
  leadOf,
  makeWorkflow,
  runsOf,
  saveLead,
  type ActionSeen,
} from "./fixtures.ts";

const clone = cloneDatabase();
const mailer = createMailer({ guard: createAddressGuard(["127.0.0.0/8"]) });
/** What the actor takes for the time; the database's own clock says what is due. */
let clock: Date | null = null;
const makeActor = (): Actor =>
  createActor({ db: clone.db, mailer, secretBox, log: quiet, now: () => clock ?? new Date(), random: () => 0 });
let engine: Engine;
let account: TestAccount;
let leadId: LeadId;
let accounts = 0;
beforeAll(() => {
  engine = createEngine({
    db: clone.db,
    sender: loopbackSender(),
    secretBox,
    log: quiet,
    worker: true,
    random: () => 0,
    actor: makeActor(),
  });
  engine.start();
});
afterAll(() => engine.stop(1_000));

const fresh = async (): Promise<void> => {
  clock = null;
  account = await makeAccount(clone.db, `Acme ${++accounts}`);
  ({ leadId } = account);
};
const onSale = [{ type: "disposition" as const, statuses: ["SALE"] }];
const status = (code: string) => ({ type: "status" as const, status: code });
const sale = (): Promise<void> => happen(clone.db, account, [disposition(leadId, "SALE")]);

/** Time passes: everything pending is due. */
const passTime = async (): Promise<void> => {
  await account.scope.query("update due set due_at = now() where account_id = $1 and kind = 'action'");
  engine.wake();
};
const over = (id: WorkflowId): Promise<ActionSeen[]> => endedActions(account, id);
const dueIn = async (id: WorkflowId): Promise<number> => {
  const [action] = await actionsOf(account, id);
  return action!.due_at!.getTime() - Date.now();
};

describe("a delayed action", () => {
  test("waits, and is carried out once when it is due, its own events decided on in turn", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: "1d", actions: [status("LATE")] }],
    });
    const next = await makeWorkflow(account, {
      events: [{ type: "lead_status", to: ["LATE"] }],
      action_sets: [{ actions: [{ type: "dnc" }] }],
    });
    await sale();
    expect(Math.round((await dueIn(id)) / 3_600_000)).toBe(24);
    expect(await leadOf(account, leadId)).toMatchObject({ status: "SALE" });
    await passTime();
    expect(await over(id)).toMatchObject([{ type: "status", state: "done", note: "SALE → LATE" }]);
    expect(await leadOf(account, leadId)).toMatchObject({ status: "LATE" });
    expect((await runsOf(account, next)).map(({ type, fired }) => [type, fired])).toEqual([
      ["call.dispositioned", false],
      ["lead.saved", true],
    ]);
    expect(await account.scope.query("select 1 from due where account_id = $1 and kind = 'action'")).toEqual([]);
  });

  test("one that was leased by a process that died is taken over when the lease runs out", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: "1d", actions: [{ type: "revenue", amount: 5 }] }],
    });
    await sale();
    await account.scope.query(
      "update due set due_at = now(), lease_until = now() + interval '1 s', fence = 41 where account_id = $1",
    );
    expect(await over(id)).toMatchObject([{ state: "done" }]);
    expect(await account.scope.query("select amount from revenues where account_id = $1")).toHaveLength(1);
  });

  test("a worker slower than its lease changes nothing after another took over", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: "1d", actions: [{ type: "revenue", amount: 5 }] }],
    });
    await sale();
    const [row] = await account.scope.query<{ claimed: ClaimedAction }>(
      `update due set lease_until = now() + interval '1 h', fence = 8 where account_id = $1 and kind = 'action'
       returning jsonb_build_object('accountId', account_id, 'id', id, 'fence', 7, 'leadId', lead_id, 'workflowId', workflow_id,
         'workflowRevision', workflow_revision, 'eventId', event_id, 'eventType', event_type, 'phoneNumber', phone_number,
         'payload', payload) as claimed`,
    );
    const late = { ...row!.claimed, giveUpAt: new Date(Date.now() + 60_000) };
    await actDueOne(clone.db, late, new Date());
    expect(await actionsOf(account, id)).toMatchObject([{ state: "pending" }]);
    expect(await account.scope.query("select 1 from revenues where account_id = $1")).toEqual([]);
    await actDueOne(clone.db, { ...late, fence: 8 }, new Date());
    expect(await actionsOf(account, id)).toMatchObject([{ state: "done" }]);
  });

  test("stop is asked again about the lead as it is then, and a call in progress skips what says so", async () => {
    await fresh();
    await account.scope.query(
      "insert into statuses (account_id, code, name, reached) values ($1, 'TALKED', 'Talked', true)",
    );
    const stopping = await makeWorkflow(account, {
      stop_if: "reached",
      events: onSale,
      action_sets: [{ delay: "1h", actions: [status("LATE")] }],
    });
    const calling = await makeWorkflow(account, {
      events: onSale,
      action_sets: [
        {
          delay: "1h",
          actions: [
            { type: "dnc", skip_if_live_call: true },
            { type: "revenue", amount: 1 },
          ],
        },
      ],
    });
    await sale();
    // behind the engine's back: no event tells of it
    await account.scope.query("update leads set status = 'TALKED' where account_id = $1");
    await happen(clone.db, account, [{ type: "call.started", lead_id: leadId, call: { call_id: "c-1" } }]);
    await passTime();
    expect(await over(stopping)).toMatchObject([
      { state: "skipped", note: "The workflow stopped for this lead: its status is TALKED" },
    ]);
    expect((await over(calling)).map(({ state, note }) => [state, note])).toEqual([
      ["skipped", "A call of the lead is in progress"],
      ["done", "1"],
    ]);
  });

  test("what it sends is the lead as it was at the event, or with latest values as it is then", async () => {
    await fresh();
    await using vendor = await startReceiver();
    const { id: connect_id } = await makeConnect(account, { api_url: vendor.url("/") });
    await makeWorkflow(account, {
      events: onSale,
      action_sets: [
        {
          delay: "1h",
          actions: [
            { type: "integration", connect_id },
            { type: "integration", connect_id, latest_values: true },
          ],
        },
      ],
    });
    await sale();
    await saveLead(clone.db, account, leadId, { first_name: "Grace" });
    await passTime();
    await vendor.received(2);
    expect(vendor.requests.map(({ text }) => (JSON.parse(text) as { firstname: string }).firstname).toSorted()).toEqual(
      ["Ada", "Grace"],
    );
  });

  test("of a workflow that was switched off or deleted meanwhile is skipped, and says so", async () => {
    await fresh();
    const off = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: "1h", actions: [{ type: "dnc" }] }],
    });
    const gone = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: "1h", actions: [{ type: "dnc" }] }],
    });
    await sale();
    await changeWorkflow(account, off, { active: false });
    await changeWorkflow(account, gone, {});
    await account.scope.query("update workflows set deleted_at = now() where account_id = $1 and id = $2", [gone]);
    await passTime();
    expect(await over(off)).toMatchObject([{ state: "skipped", note: "The workflow was switched off" }]);
    expect(await over(gone)).toMatchObject([{ state: "skipped", note: "The workflow was deleted" }]);
  });

  test("that became due while nobody worked waits for its window again", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: "1h", window: "9-5", actions: [{ type: "dnc" }] }],
    });
    await sale();
    clock = new Date("2026-11-18T01:30:00Z"); // 17:30 in Los Angeles
    await passTime();
    await eventually(async () => (await actionsOf(account, id))[0]?.note === "It waits for its window");
    expect(Math.round((await dueIn(id)) / 60_000)).toBe(15.5 * 60);
    clock = new Date("2026-11-18T17:30:00Z"); // 9:30 the next morning
    await passTime();
    expect(await over(id)).toMatchObject([{ state: "done" }]);
  });

  test("a day later is the same time of day across a change of clocks, and the window follows the lead's zone", async () => {
    await fresh();
    await saveLead(clone.db, account, leadId, { locale_gmt: "America/New_York" });
    const zoned = {
      zone: "lead" as const,
      days: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const, hours: "24hr" }],
    };
    const dayLater = await makeWorkflow(account, {
      schedule: { ...zoned, days: [{ ...zoned.days[0]!, days: [...zoned.days[0]!.days] }] },
      events: onSale,
      action_sets: [{ delay: "365d", window: "9-5", actions: [{ type: "dnc" }] }],
    });
    const counted = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: { field: "start_date", offset: "1d" }, window: "9-5", actions: [{ type: "dnc" }] }],
    });
    // clocks in the United States go back on 2031-11-02: midnight of the 2nd plus a day is midnight of the 3rd
    await saveLead(clone.db, account, leadId, { start_date: "2031-11-02" });
    await happen(clone.db, account, [{ ...disposition(leadId, "SALE"), at: "2026-11-17T11:00:00Z" }]);
    expect((await actionsOf(account, counted))[0]!.due_at!.toISOString()).toBe("2031-11-03T17:00:00.000Z"); // 9:00 PST
    expect((await actionsOf(account, dayLater))[0]!.due_at!.toISOString()).toBe("2027-11-17T14:00:00.000Z"); // 9:00 EST
  });

  test("none is at once, although the dialler's clock is ahead", async () => {
    await fresh();
    const id = await makeWorkflow(account, { events: onSale, action_sets: [{ actions: [{ type: "dnc" }] }] });
    const at = new Date(Date.now() + 60_000).toISOString();
    await happen(clone.db, account, [{ ...disposition(leadId, "SALE"), at }]);
    expect(await actionsOf(account, id)).toMatchObject([{ state: "done" }]);
  });

  test("that counts from a field without a date is skipped at once, and says so", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: { field: "start_date", offset: "1d" }, actions: [{ type: "dnc" }] }],
    });
    await sale();
    expect(await actionsOf(account, id)).toMatchObject([
      { state: "skipped", note: "It has no time: start_date holds no date to count from" },
    ]);
  });

  test("is run now by hand whatever its window, or flushed", async () => {
    await fresh();
    const id = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ delay: "1d", window: "9-5", actions: [{ type: "revenue", amount: 3 }, { type: "dnc" }] }],
    });
    await sale();
    const [first, second] = await actionsOf(account, id);
    clock = new Date("2026-11-18T01:30:00Z"); // outside the window
    await runActionNow(clone.db, account.accountId, first!.id);
    await eventually(async () => (await actionsOf(account, id))[0]?.state === "done");
    expect(await flushActions(clone.db, account.accountId, { workflow: id })).toBe(1);
    expect((await actionsOf(account, id))[1]).toMatchObject({
      id: second!.id,
      state: "skipped",
      note: "Flushed by hand",
    });
    await expect(runActionNow(clone.db, account.accountId, first!.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(runActionNow(clone.db, account.accountId, crypto.randomUUID())).rejects.toMatchObject({
      code: "not_found",
    });
    const other = await makeAccount(clone.db, `Other ${accounts}`);
    await expect(runActionNow(clone.db, other.accountId, first!.id)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a delivery's outcome", () => {
  test("fires the workflows that ask about that connect, with the call, in the transaction that settles it", async () => {
    await fresh();
    await using vendor = await startReceiver(422);
    const { id: connect_id } = await makeConnect(account, { api_url: vendor.url("/") });
    const sends = await makeWorkflow(account, {
      events: onSale,
      action_sets: [{ actions: [{ type: "integration", connect_id }] }],
    });
    const asks = await makeWorkflow(account, {
      events: [{ type: "connect_outcome", connect_id, outcomes: ["rejected"] }],
      action_sets: [{ actions: [status("REFUSED"), { type: "field", field: "notes", from: "call.status" }] }],
    });
    await sale();
    await eventually(async () => (await leadOf(account, leadId)).status === "REFUSED");
    expect((await leadOf(account, leadId)).fields).toMatchObject({ notes: "SALE" });
    expect((await runsOf(account, asks))[0]).toMatchObject({ type: "delivery.settled", fired: true });
    expect((await actionsOf(account, sends))[0]).toMatchObject({ state: "done" });
    expect(await account.scope.query("select outcome from deliveries where account_id = $1")).toEqual([
      { outcome: "rejected" },
    ]);
    expect(await account.scope.query("select 1 from attempts where account_id = $1")).toHaveLength(1);
  });

  test("of another connect, or that nobody asks about, is no event", async () => {
    await fresh();
    await using vendor = await startReceiver();
    const { id: connect_id } = await makeConnect(account, { api_url: vendor.url("/") });
    await makeWorkflow(account, { events: onSale, action_sets: [{ actions: [{ type: "integration", connect_id }] }] });
    await makeWorkflow(account, {
      events: [{ type: "connect_outcome", connect_id: 4_711, outcomes: ["accepted"] }],
      action_sets: [{ actions: [status("X")] }],
    });
    await sale();
    await eventually(
      async () => (await account.scope.query("select 1 from deliveries where account_id = $1")).length > 0,
    );
    expect(
      await account.scope.query("select 1 from events where account_id = $1 and type = 'delivery.settled'"),
    ).toEqual([]);
  });

  test("that the mapping refused is asked about too", async () => {
    await fresh();
    await using vendor = await startReceiver();
    const required = {
      section: "lead",
      field: "city",
      to: "city",
      required: true,
      default: "",
      type: "text",
      value_map: [],
      date_format: "",
    } as const;
    const { id: connect_id } = await makeConnect(account, { api_url: vendor.url("/") }, [
      { ...required, value_map: [] },
    ]);
    await makeWorkflow(account, { events: onSale, action_sets: [{ actions: [{ type: "integration", connect_id }] }] });
    await makeWorkflow(account, {
      events: [{ type: "connect_outcome", connect_id, outcomes: ["failed"] }],
      action_sets: [{ actions: [status("NO CITY")] }],
    });
    await sale();
    expect(await leadOf(account, leadId)).toMatchObject({ status: "NO CITY" });
  });
});
