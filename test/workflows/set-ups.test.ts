import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectId, LeadId } from "../../src/contracts/ids.ts";
import { createActor } from "../../src/engine/act-due.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { createMailer } from "../../src/outbound/mail.ts";
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
import { actionsOf, disposition, happen, leadOf, makeLead, makeWorkflow } from "./fixtures.ts";

// The three classic set-ups of a call centre, from the dialler's event to the vendor.
const clone = cloneDatabase();
let clock: Date | null = null;
let engine: Engine;
let account: TestAccount;
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  const mailer = createMailer({ guard: createAddressGuard([]) });
  const actor = createActor({ db: clone.db, mailer, secretBox, log: quiet, now: () => clock ?? new Date() });
  engine = createEngine({
    db: clone.db,
    sender: loopbackSender(),
    secretBox,
    log: quiet,
    worker: true,
    random: () => 0,
    actor,
  });
  engine.start();
});
afterAll(() => engine.stop(1_000));

const row = (section: "lead" | "call", field: string, to: string) =>
  ({
    section,
    field,
    to,
    required: false,
    default: "",
    type: "text" as const,
    value_map: [],
    date_format: "",
  }) as const;

const happened = (type: "call.started" | "call.ended") => [{ type: "happened" as const, types: [type] }];

const sends = (connect_id: ConnectId) => [{ actions: [{ type: "integration" as const, connect_id }] }];

test("on SALE in Campaign A the lead goes to the CRM; on a SALE in another campaign it does not", async () => {
  await using crm = await startReceiver();
  const { id: connect_id } = await makeConnect(account, { api_url: crm.url("/lead") });
  const [campaign] = await account.scope.query<{ id: number }>(
    "insert into campaigns (account_id, name, code) values ($1, 'Campaign A', 'A') returning id",
  );
  await makeWorkflow(account, {
    relation: { kind: "campaign", of: [campaign!.id] },
    events: [{ type: "disposition", statuses: ["SALE"] }],
    action_sets: [{ actions: [{ type: "integration", connect_id }] }],
  });
  const sold = await makeLead(account, { first_name: "Sold" }, "3105550151");
  await happen(clone.db, account, [
    disposition(await makeLead(account, {}, "3105550150"), "SALE", { campaign: "B" }),
    disposition(sold, "NI", { campaign: "A" }),
    disposition(sold, "SALE", { campaign: "A" }),
  ]);
  await crm.received(1);
  await eventually(async () => (await account.scope.query("select 1 from due where account_id = $1")).length === 0);
  expect(crm.requests.map(({ text }) => JSON.parse(text) as object)).toEqual([
    expect.objectContaining({ firstname: "Sold", phone: "3105550151" }),
  ]);
});

test("call start, call stop and disposition go to three connects of a call-guidance vendor, each once, with the right payload", async () => {
  await using vendor = await startReceiver();
  const connectTo = async (path: string, fields: Parameters<typeof makeConnect>[2]): Promise<ConnectId> =>
    (await makeConnect(account, { api_url: vendor.url(path) }, fields)).id;
  const phone = { ...row("call", "phone_number", "phone"), value_map: [] };
  const start = await connectTo("/start", [phone, { ...row("call", "user_id", "agent"), value_map: [] }]);
  const stop = await connectTo("/stop", [phone, { ...row("call", "length_in_sec", "seconds"), value_map: [] }]);
  const disposed = await connectTo("/disposition", [phone, { ...row("call", "status", "status"), value_map: [] }]);
  await makeWorkflow(account, { events: happened("call.started"), action_sets: sends(start) });
  await makeWorkflow(account, { events: happened("call.ended"), action_sets: sends(stop) });
  await makeWorkflow(account, { events: [{ type: "disposition", statuses: ["APPT"] }], action_sets: sends(disposed) });
  const lead = await makeLead(account, {}, "3105550152");
  const call = { call_id: "call-1", agent: "ada" };
  await happen(clone.db, account, [
    { type: "call.started", lead_id: lead, call },
    { type: "call.ended", lead_id: lead, call: { ...call, length_in_sec: 184 } },
    { type: "call.dispositioned", lead_id: lead, call: { ...call, status: "APPT" } },
  ]);
  await vendor.received(3);
  await eventually(
    async () =>
      (await account.scope.query("select 1 from due where account_id = $1 and kind = 'delivery'")).length === 0,
  );
  const received = vendor.requests.map(({ url, text }) => [url, JSON.parse(text)] as [string, object]);
  expect(received.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
    ["/disposition", { phone: "3105550152", status: "APPT" }],
    ["/start", { phone: "3105550152", agent: "ada" }],
    ["/stop", { phone: "3105550152", seconds: "184" }],
  ]);
});

test("after three no-answers, a day later and within 9–5 of the lead's own zone, the status changes and the lead is sent", async () => {
  await using vendor = await startReceiver();
  const { id: connect_id } = await makeConnect(account, { api_url: vendor.url("/again") });
  const id = await makeWorkflow(account, {
    events: [
      { type: "disposition", statuses: ["NA"] },
      { type: "call_count", operator: "equals", value: 3 },
    ],
    schedule: { zone: "lead", days: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], hours: "24hr" }] },
    action_sets: [
      {
        delay: "1d",
        window: "9-5",
        actions: [
          { type: "status", status: "RETRY" },
          { type: "integration", connect_id, latest_values: true },
        ],
      },
    ],
  });
  // in no state, by its area code in New York
  const lead: LeadId = await makeLead(account, {}, "2125550153");
  const noAnswer = (n: number, at: string): Promise<void> =>
    happen(clone.db, account, [
      { type: "call.dispositioned", at, lead_id: lead, call: { call_id: `na-${n}`, status: "NA" } },
    ]);
  await noAnswer(1, "2031-03-06T15:00:00Z");
  await noAnswer(2, "2031-03-07T15:00:00Z");
  expect(await actionsOf(account, id)).toEqual([]);
  // Saturday 20:30 in New York; clocks go forward that night, 2031-03-09
  await noAnswer(3, "2031-03-09T01:30:00Z");
  const waiting = await actionsOf(account, id);
  expect(waiting.map(({ state, due_at: due }) => [state, due?.toISOString()])).toEqual(
    Array.from({ length: 2 }, () => ["pending", "2031-03-10T13:00:00.000Z"]), // Monday 9:00 in New York, by then at -04:00
  );
  clock = new Date("2031-03-10T13:00:00Z");
  await account.scope.query("update due set due_at = now() where account_id = $1 and kind = 'action'");
  engine.wake();
  await vendor.received(1);
  await eventually(async () => (await leadOf(account, lead)).status === "RETRY");
  expect((await actionsOf(account, id)).map(({ type, state }) => [type, state])).toEqual([
    ["status", "done"],
    ["integration", "done"],
  ]);
});
