import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AdaptorSettings } from "../../src/contracts/adaptor.ts";
import { ConnectSettings } from "../../src/contracts/connect.ts";
import type { AdaptorId, ConnectId, DeliveryId, LeadId } from "../../src/contracts/ids.ts";
import { limits } from "../../src/contracts/limits.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { previewReplay } from "../../src/engine/preview-replay.ts";
import { rehearse } from "../../src/engine/rehearse.ts";
import type { Draft } from "../../src/engine/rehearsed.ts";
import { sendLead } from "../../src/engine/send-lead.ts";
import { findDelivery } from "../../src/store/deliveries.ts";
import { cloneDatabase } from "../clone-database.ts";
import { eventually, loopbackSender, makeAccount, makeConnect, quiet, secretBox, type TestAccount } from "../engine/fixtures.ts"; // prettier-ignore
import { startReceiver, type Receiver, type Reply } from "../receiver.ts";
import { seedDeliveries } from "../replays/fixtures.ts";
import { makeLead } from "../workflows/fixtures.ts";

const clone = cloneDatabase();
let engine: Engine;
let account: TestAccount;
let accounts = 0;
beforeAll(() => {
  engine = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: true, random: () => 0 });
  engine.start();
}); // prettier-ignore
afterAll(() => engine.stop(1_000));
beforeEach(async () => {
  account = await makeAccount(clone.db, `Acme ${++accounts}`);
});

const source = { kind: "user", id: 1, name: "Ada" } as const;

/** Sends a lead and waits until the vendor's answer is settled. */
async function deliver(connectId: ConnectId, leadId: LeadId = account.leadId): Promise<DeliveryId> {
  const id = await sendLead(clone.db, engine, { accountId: account.accountId, leadId, connectId, source });
  await eventually(async () => (await findDelivery(account.scope, id))?.state !== "waiting");
  await eventually(async () => (await findDelivery(account.scope, id))?.state !== "sending");
  return id;
}

async function saved(id: ConnectId): Promise<ConnectSettings> {
  const [row] = await account.scope.query<{ settings: ConnectSettings }>(
    "select settings from connects where account_id = $1 and id = $2",
    [id],
  );
  return ConnectSettings.parse(row!.settings);
}

const rehearseDraft = (draft: Draft) => rehearse({ scope: account.scope, secretBox }, draft, { max: 1_000 });

async function adaptorOf(id: AdaptorId): Promise<AdaptorSettings> {
  const [row] = await account.scope.query<{ settings: AdaptorSettings }>(
    "select settings from adaptors where account_id = $1 and id = $2",
    [id],
  );
  return AdaptorSettings.parse(row!.settings);
}

test("another adaptor row changes payloads byte by byte, and what was required and empty would go out no longer", async () => {
  await using vendor = await startReceiver([200]);
  const connect = await makeConnect(account, { api_url: vendor.url("/leads"), api_authentication: "key=top-secret-1" });
  await deliver(connect.id);
  const nameless = await makeLead(account, { first_name: null });
  await deliver(connect.id, nameless);
  const calls = vendor.requests.length;

  const settings = await adaptorOf(connect.adaptorId);
  expect(await rehearseDraft({ of: "adaptor", id: connect.adaptorId, settings })).toMatchObject({
    events: 2,
    answers: 2,
    headline: "Nothing changes",
  });
  const fields = settings.fields.map((row) =>
    row.section !== "static" && row.field === "first_name" ? { ...row, to: "given_name", required: true } : row,
  );
  const found = await rehearseDraft({ of: "adaptor", id: connect.adaptorId, settings: { ...settings, fields } });
  expect(found).toMatchObject({
    headline: "1 payload changes, 1 delivery would no longer go out",
    counts: { payloads: 1, vanish: 1, appear: 0, outcomes: 0 },
    differences: [
      { kind: "vanishes", of: { leadId: nameless }, because: expect.stringContaining("First Name") },
      { kind: "payload", of: { leadId: account.leadId } },
    ],
  });
  const [, payload] = found.differences;
  if (payload?.kind !== "payload") throw new Error("no payload");
  expect(payload.before).toContain('{"firstname":"Ada"');
  expect(payload.after).toContain('{"given_name":"Ada"');
  expect(JSON.stringify(found)).not.toContain("top-secret-1");
  expect(vendor.requests.length).toBe(calls);
});

/** Everything a connect may be told, in the order of the leads. */
const answers: Reply[] = [
  { body: { data: { id: "7", state: "ok" } } },
  { body: { data: { id: null, state: "rejected" } } },
  { body: { state: "ok" } },
  { body: "OK,12", headers: { "content-type": "text/plain" } },
  { body: "<answer><id>9</id></answer>", headers: { "content-type": "text/xml; charset=iso-8859-1" } },
  { body: Uint8Array.from([0x7b, 0x22, 0x73, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d]), headers: { "content-type": "application/json; charset=iso-8859-1" } },
  { status: 404, body: "gone" },
  { status: 409, body: { data: { id: "7" } } },
  { status: 401, body: "no" },
  200,
]; // prettier-ignore

test.each<[string, Partial<ConnectSettings>]>([
  ["a Response Key that most answers lack", { response_key: "data.id" }],
  ["a demanded value", { response_key: "data.state=ok" }],
  ["another data type", { response_data_type: "TEXT" }],
  ["XML", { response_data_type: "XML", response_key: "id" }],
  ["a text's item", { response_data_type: "TEXT", delimiter: ",", response_key: "1" }],
])("answers are judged with %s as they would be, had it been saved before", async (_name, changes) => {
  await using vendor = await startReceiver(answers);
  const { id } = await makeConnect(account, { api_url: vendor.url("/leads"), retry: "off", order: "none" });
  const leads: LeadId[] = [];
  for (const index of answers.keys()) leads.push(await makeLead(account, {}, `310555${String(100 + index).padStart(4, "0")}`));
  const before = new Map<LeadId, string>();
  for (const lead of leads) before.set(lead, await outcome(await deliver(id, lead)));
  const settings = { ...(await saved(id)), ...changes };
  const found = await rehearseDraft({ of: "connect", id, settings });
  expect(found).toMatchObject({ events: answers.length, answers: answers.length });
  const expected = new Map(before);
  for (const difference of found.differences)
    if (difference.kind === "outcome") expected.set(difference.of.leadId as LeadId, difference.after.split(":", 1)[0]!);
  expect(found.counts.outcomes).toBeGreaterThan(0);

  await replay(vendor, id, settings);
  for (const lead of leads) expect([lead, await outcome(await deliver(id, lead))]).toEqual([lead, expected.get(lead)]);
}); // prettier-ignore

/** Saves the draft, and the vendor answers from its first line again. */
async function replay(vendor: Receiver, id: ConnectId, settings: ConnectSettings): Promise<void> {
  vendor.answer(answers);
  await account.scope.query(
    "update connects set settings = $3, revision = revision + 1 where account_id = $1 and id = $2",
    [id, JSON.stringify(settings)],
  );
}

async function outcome(id: DeliveryId): Promise<string> {
  const row = await findDelivery(account.scope, id);
  return row?.outcome ?? row?.state ?? "";
}

test("another address, method or switch shows in the payload, and secrets stay masks", async () => {
  await using vendor = await startReceiver([200]);
  const { id } = await makeConnect(account, { api_url: vendor.url("/leads"), api_authentication: "key=top-secret-2" });
  await deliver(id);
  const settings = await saved(id);
  const moved = await rehearseDraft({ of: "connect", id, settings: { ...settings, post_data_type: "RAW" } });
  expect(moved).toMatchObject({ headline: "1 payload changes" });
  expect(moved.differences[0]).toMatchObject({ after: expect.stringContaining("firstname=Ada&phone=3105550142") });
  expect(JSON.stringify(moved)).not.toContain("top-secret-2");
  const off = await rehearseDraft({ of: "connect", id, settings: { ...settings, active: false } });
  expect(off).toMatchObject({ headline: "1 delivery would no longer go out" });
  const refused = rehearseDraft({ of: "connect", id, settings: { ...settings, api_url: "ftp://example.com" } });
  await expect(refused).rejects.toMatchObject({ code: "bad_input", errors: [{ path: "draft.settings.api_url" }] });
  expect(vendor.requests.length).toBe(1);
});

/** Rows that send the lead's notes. */
const rowsOfNotes = (count: number): AdaptorSettings["fields"] =>
  Array.from({ length: count }, (_, row) => ({
    section: "static", to: `t${row}`, value: "{lead.notes}", required: false, type: "text",
  })); // prettier-ignore

test("of large payloads as many are built as the limit lets, few are shown, and what is left out is told", async () => {
  const most = limits.rehearsedBytesMax / limits.payloadBytesMax;
  const small = await makeConnect(account, { api_url: "https://vendor.example.com/" });
  const lead = { notes: "x".repeat(60_000) };
  await seedDeliveries(clone.db, account, small.id, most + 12, { outcome: "accepted", lead });
  const settings = await adaptorOf(small.adaptorId);
  const rehearseRows = (count: number, fields = rowsOfNotes(count)) =>
    rehearseDraft({ of: "adaptor", id: small.adaptorId, settings: { ...settings, fields } });
  // one more notes than fits: what is refused was built up to the limit
  expect(await rehearseRows(18)).toMatchObject({ leftOut: 12, counts: { vanish: most } });
  const large = await rehearseRows(17);
  expect(large.leftOut).toBe(most + 12 - large.counts.payloads);
  expect(large.counts.payloads).toBeGreaterThan(most);
  expect(large.differences.length).toBeLessThan(10);
  expect(await rehearseRows(1)).toMatchObject({ leftOut: 0, counts: { payloads: most + 12 } });
  // little comes of it, but it is much to go through
  const much = [{ ...rowsOfNotes(1)[0]!, value: `{lead.first_name}${"{lead.city}".repeat(95_000)}` }];
  expect((await rehearseRows(1, much)).leftOut).toBeGreaterThan(0);

  const tooLarge = await makeConnect(account, { api_url: "https://vendor.example.com/" }, rowsOfNotes(18));
  const ids = await seedDeliveries(clone.db, account, tooLarge.id, most + 12, { outcome: "accepted", lead });
  expect(await previewReplay(account.scope, { ids }, 100)).toMatchObject({ compared: most, counts: { vanish: most } });
});
