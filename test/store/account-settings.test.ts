import { beforeAll, expect, test } from "vitest";
import type { AccountId } from "../../src/contracts/ids.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import { accountSettings } from "../../src/store/account-settings.ts";
import { eventNames } from "../../src/store/event-names.ts";
import { resolveAgents, resolveCodes, resolveStatuses } from "../../src/store/references.ts";
import { cloneDatabase } from "../clone-database.ts";

const clone = cloneDatabase();
let accountId: AccountId;

beforeAll(async () => {
  const { rows } = await clone.db.query<{ id: AccountId }>("insert into accounts (name) values ('A') returning id");
  accountId = rows[0]!.id;
});

const ofNow = () => accountSettings(accountScope(clone.db, accountId));
const change = (sql: string) => clone.db.query(sql.replaceAll("$account", String(accountId)));

test("what nobody has changed is read once", async () => {
  expect(await ofNow()).toBe(await ofNow());
});

test.each([
  ["accounts", "update accounts set time_zone = 'Europe/Berlin' where id = $account"],
  ["campaigns", "insert into campaigns (account_id, code, name) values ($account, 'c', 'C')"],
  ["campaigns", "update campaigns set name = 'C 2' where account_id = $account"],
  ["campaigns", "delete from campaigns where account_id = $account"],
  ["lists", "insert into lists (account_id, code, name) values ($account, 'l', 'L')"],
  ["queues", "insert into queues (account_id, code, name) values ($account, 'q', 'Q')"],
  ["inbound_numbers", "insert into inbound_numbers (account_id, code, name) values ($account, '5550100', 'I')"],
  ["agents", "insert into agents (account_id, number, code, name) values ($account, 7, 'a', 'A')"],
  ["statuses", "insert into statuses (account_id, code, name) values ($account, 's', 'S')"],
  ["email_templates", "insert into email_templates (account_id, name, subject, body) values ($account, 'E', '', '')"],
  [
    "lead_fields",
    "insert into lead_fields (account_id, number, name, label, type) values ($account, 1, 'f', 'F', 'text')",
  ],
])("a change of %s is seen at once: %s", async (_table, sql) => {
  const before = await ofNow();
  await change(sql);
  const after = await ofNow();
  expect(after).not.toEqual(before);
  expect(await ofNow()).toBe(after);
});

test("another account's change is none of ours", async () => {
  const before = await ofNow();
  await change("insert into accounts (name) values ('B')");
  await change("insert into campaigns (account_id, name) select id, 'B' from accounts where name = 'B'");
  expect(await ofNow()).toBe(before);
});

test("a transaction sees what it has added itself; when it is rolled back nobody has kept that", async () => {
  const rolledBack = clone.db.transaction(async (tx) => {
    const scope = accountScope(tx, accountId);
    await tx.query("savepoint a; select from leads for update"); // neither hides what is its own
    const campaign = (await resolveCodes(scope, "campaigns", ["ours"])).get("ours")!;
    const agent = (await resolveAgents(scope, ["77"])).get("77")!;
    await resolveStatuses(scope, ["OURS"]);
    const names = await eventNames(scope, {
      campaigns: [campaign],
      queues: [],
      inboundNumbers: [],
      agents: [agent],
      leadAgents: ["77"],
      statuses: ["OURS"],
    });
    expect(names.campaign(campaign)).toBe("ours");
    expect(names.agent(agent)).toMatchObject({ kept: "77" });
    expect(names.leadAgent("77")).toMatchObject({ name: "77" });
    expect(names.status("OURS")).toMatchObject({ name: "OURS" });
    // a second look of the same transaction finds it among the settings, and must not leave it to others
    const again = await accountSettings(accountScope(tx, accountId));
    expect(again.coded.campaigns.byText.get("ours")).toMatchObject({ id: campaign });
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  const after = await ofNow();
  expect(after.coded.campaigns.byText.has("ours")).toBe(false);
  expect(after.statuses.has("OURS")).toBe(false);
});
