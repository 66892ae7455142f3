// How long a rehearsal takes over 1,000 events in an account with 50 workflows (issue: under 3 s), and a draft of each of
// the 50 in turn. `cpu`: what the process itself spent.
import type { WorkflowId } from "../src/contracts/ids.ts";
import { WorkflowSettings } from "../src/contracts/workflow.ts";
import { rehearse } from "../src/engine/rehearse.ts";
import { createSecretBox } from "../src/store/secret-box.ts";
import { benchAccount, disposition, saveWorkflows, tell } from "./parts/account.ts";
import { median, record } from "./parts/record.ts";
import { withDatabase } from "./parts/throw-away-database.ts";

const events = 1_000;
const workflows = 50;
const secretBox = createSecretBox(new Uint8Array(32).fill(7));
const statuses = ["SALE", "NI", "NA", "CB", "DNC"];

const settings = (index: number): object => ({
  name: `Workflow ${index}`,
  events: [
    { type: "disposition", statuses: [statuses[index % 5]!, statuses[(index + 1) % 5]!] },
    { type: "field", field: "state", operator: "matches", value: "^(CA|TX|NY)$" },
    { type: "call_count", operator: "at_least", value: 1 },
  ],
  schedule: { zone: index % 2 === 0 ? "account" : "lead", days: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], hours: "24hr" }] },
  action_sets: [{ delay: index % 3 === 0 ? "1d" : "none", window: "9-5", actions: [{ type: "revenue", amount: 1 }] }],
}); // prettier-ignore

await withDatabase(async (db) => {
  const account = await benchAccount(db, "Acme", 200);
  for (let from = 0; from < events; from += 100)
    await tell(
      db,
      account,
      Array.from({ length: 100 }, (_, index) =>
        disposition(account.leads[(from + index) % 200]!, account.campaignId, statuses[index % 5]!),
      ),
    );
  await saveWorkflows(
    account.scope,
    Array.from({ length: workflows }, (_, index) => settings(index)),
  );
  const ids = await account.scope.query<{ id: WorkflowId }>("select id from workflows where account_id = $1 order by id"); // prettier-ignore
  const took: number[] = [];
  const cpu = process.cpuUsage();
  let differences = 0;
  for (const [index, { id }] of ids.entries()) {
    const draft = WorkflowSettings.parse({ ...settings(index), events: [{ type: "disposition", statuses: ["SALE"] }] });
    const began = performance.now();
    const found = await rehearse({ scope: account.scope, secretBox }, { of: "workflow", id, settings: draft }, { max: events }); // prettier-ignore
    took.push(performance.now() - began);
    differences += found.counts.appear + found.counts.vanish;
    if (found.events !== events) throw new Error(`${found.events} events were rehearsed`);
  }
  const { user } = process.cpuUsage(cpu);
  record("rehearsal", {
    events,
    workflows,
    first_ms: Math.round(took[0]!),
    median_ms: median(took),
    slowest_ms: Math.round(Math.max(...took)),
    all_50_drafts_ms: Math.round(took.reduce((sum, one) => sum + one, 0)),
    cpu_ms: Math.round(user / 1000),
    differences,
  });
  if (Math.max(...took) > 3_000) process.exitCode = 1;
});
