import { beforeAll, expect, test } from "vitest";
import { dispatch } from "../../src/cli/dispatch.ts";
import { commands } from "../../src/cli/index.ts";
import type { AccountId, ListId } from "../../src/contracts/ids.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import { eventually, makeConnect, type TestAccount } from "../engine/fixtures.ts";
import { startPatchbay } from "../http/patchbay.ts";
import { startReceiver } from "../receiver.ts";
import { seedDeliveries } from "./fixtures.ts";

// beside a running server, on its database
const patchbay = startPatchbay();
let account: TestAccount;

beforeAll(async () => {
  const accountId: AccountId = await patchbay.account("Acme");
  const admin = await patchbay.user(accountId, "admin");
  const lead = await admin.ok<{ id: number }>("POST", "/api/leads/sample");
  const scope = accountScope(patchbay.db, accountId);
  account = { scope, accountId, listId: 0 as ListId, leadId: lead.id as TestAccount["leadId"] };
});

async function run(...args: string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const environment = {
    DATABASE_URL: patchbay.databaseUrl,
    PATCHBAY_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
  };
  const code = await dispatch(commands, ["replay", ...args], {
    environment,
    out: (line) => void out.push(line),
    note: (line) => void notes.push(line),
    readInput: () => Promise.resolve(""),
  });
  return { code, out: out.join("\n"), notes: notes.join("\n") };
}

test("the command starts a replay, which the running server carries out", async () => {
  await using vendor = await startReceiver();
  const { id } = await makeConnect(account, { name: "Acme CRM", api_url: vendor.url("/") });
  await seedDeliveries(patchbay.db, account, id, 3, { outcome: "failed" });
  await seedDeliveries(patchbay.db, account, id, 1, { outcome: "rejected" });
  const today = Temporal.Now.plainDateISO("America/Los_Angeles");
  const failed = ["--connect", "Acme CRM", "--outcome", "failed"];
  const yesterday = await run(...failed, "--to", today.subtract({ days: 2 }).toString());
  expect(yesterday).toEqual({ code: 0, out: "", notes: "Nothing matches, so nothing is sent." });
  const started = await run(...failed, "--from", today.subtract({ days: 1 }).toString(), "--to", today.add({ days: 1 }).toString(), "--mapped-anew", "--per-second", "50");
  expect(started.out).toMatch(/^Replay \d+: 3 deliveries go out again\.$/);
  await vendor.received(3);
  expect(vendor.requests.map(({ text }) => text)).toEqual(Array(3).fill('{"firstname":"Ada","phone":"3105550142","email":""}'));
  const [replay] = await eventually(async () => {
    const rows = await account.scope.query<{ state: string }>("select * from replays where account_id = $1");
    return rows[0]?.state === "done" ? rows : null;
  });
  expect(replay).toMatchObject({ mode: "mapped_anew", per_second: 50, created_by: "patchbay command", moved: 3 });
}); // prettier-ignore

test.each<[string, string[], number, RegExp]>([
  ["no connect", ["--outcome", "failed"], 2, /--connect NAME/],
  ["no outcome", ["--connect", "Acme CRM"], 2, /--outcome takes one of accepted/],
  ["a day that is none", ["--connect", "Acme CRM", "--outcome", "failed", "--from", "2026-02-30"], 2, /--from takes a day/],
  ["a pace that is none", ["--connect", "Acme CRM", "--outcome", "failed", "--per-second", "fast"], 2, /--per-second takes/],
  ["a connect that isn't there", ["--connect", "Acme", "--outcome", "failed"], 1, /There is no connect named Acme\. There are:\n {2}Acme CRM/],
])("with %s it says so", async (_name, args, code, words) => {
  const ended = await run(...args);
  expect([ended.code, ended.out]).toEqual([code, ""]);
  expect(ended.notes).toMatch(words);
}); // prettier-ignore
