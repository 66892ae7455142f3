import { beforeAll, expect, test } from "vitest";
import { AdaptorSettings } from "../../src/contracts/adaptor.ts";
import type { LeadId } from "../../src/contracts/ids.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, makeConnect, type TestAccount } from "../engine/fixtures.ts";
import { actionsOf, disposition, happen, makeLead, makeWorkflow } from "./fixtures.ts";

// What one transaction owes may be many times what a process should hold: it is written in parts.

const clone = cloneDatabase();
let account: TestAccount;
const leads: LeadId[] = [];
const count = 20;
const onSale = [{ type: "disposition" as const, statuses: ["SALE"] }];
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme");
  for (let n = 0; n < count; n++)
    leads.push(await makeLead(account, { notes: "x".repeat(60_000) }, `31055501${String(n).padStart(2, "0")}`));
});
const sales = () => happen(clone.db, account, leads.map((id) => disposition(id, "SALE"))); // prettier-ignore

test("events of one batch, each with a payload of almost 1 MiB, owe all their deliveries", async () => {
  const { fields } = AdaptorSettings.parse({
    name: "Large",
    fields: Array.from({ length: 17 }, (_, row) => ({ section: "static", to: `t${row}`, value: "{lead.notes}" })),
  });
  const connect = await makeConnect(account, { api_url: "https://vendor.example.com/", active: false }, fields);
  await makeWorkflow(account, {
    events: onSale,
    action_sets: [{ actions: [{ type: "integration", connect_id: connect.id }] }],
  });
  await sales();
  const owed = await account.scope.query<{ lead_id: LeadId; bytes: number }>(
    `select lead_id, length(payload ->> 'body') as bytes from due
     where account_id = $1 and connect_id = $2 and held_because = 'connect_off' order by lead_id`,
    [connect.id],
  );
  expect(owed.map(({ lead_id }) => lead_id)).toEqual(leads);
  for (const { bytes } of owed) expect(bytes).toBeGreaterThan(17 * 60_000);
});

test("one event owes many later actions, each with all that it knew", async () => {
  const workflow = await makeWorkflow(account, {
    events: onSale,
    action_sets: [{ delay: "1d", actions: Array.from({ length: 40 }, (_, n) => ({ type: "revenue", amount: n })) }],
  });
  await happen(clone.db, account, [disposition(leads[0]!, "SALE")]);
  expect(await actionsOf(account, workflow)).toHaveLength(40);
  const [kept] = await account.scope.query<{ whole: number }>(
    `select count(*)::int as whole from due where account_id = $1 and workflow_id = $2
     and length(payload #>> '{snapshot,lead,notes}') = 60000`,
    [workflow],
  );
  expect(kept).toEqual({ whole: 40 });
});
