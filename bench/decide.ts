// What an event costs by the number of active workflows (spec 4: 10,000 cost at most twice what 10 cost). Both accounts
// have the same ten workflows on the event's campaign, one of which fires; the other account has 9,990 more on other
// campaigns, half of them asked on the same event type. Events alternate, so that both meet the same machine.
import { benchAccount, disposition, saveWorkflows, tell, type BenchAccount } from "./parts/account.ts";
import { median, record } from "./parts/record.ts";
import { withDatabase } from "./parts/throw-away-database.ts";

const events = 1_000;
const warmUp = 100;

const workflow = (campaign: number, index: number): object => ({
  name: `Workflow ${campaign}/${index}`,
  relation: { kind: "campaign", of: [campaign] },
  events: [
    index % 2 === 0
      ? { type: "disposition", statuses: [index === 0 ? "SALE" : "NI"] }
      : { type: "happened", types: ["call.started"] },
  ],
  action_sets: [{ actions: [{ type: "revenue", amount: 1 }] }],
});
/** The ten that both have: all of them asked on a disposition, one fires. */
const ten = (campaign: number): object[] =>
  Array.from({ length: 10 }, (_, index) => ({ ...workflow(campaign, index * 2), name: `Own ${index}` }));

await withDatabase(async (db) => {
  const few = await benchAccount(db, "Ten", events + warmUp);
  const many = await benchAccount(db, "Ten thousand", events + warmUp);
  await saveWorkflows(few.scope, ten(few.campaignId));
  const others = Array.from({ length: 9_990 }, (_, index) => workflow(1_000_000 + (index % 999), index));
  await saveWorkflows(many.scope, [...ten(many.campaignId), ...others.map((one, index) => ({ ...one, name: `Other ${index}` }))]); // prettier-ignore

  const cost = async (account: BenchAccount, index: number): Promise<number> => {
    const began = performance.now();
    await tell(db, account, [disposition(account.leads[index]!, account.campaignId, "SALE")]);
    return performance.now() - began;
  };
  const firstOfMany = await cost(many, 0);
  await cost(few, 0);
  for (let index = 1; index < warmUp; index++) {
    await cost(few, index);
    await cost(many, index);
  }
  const costs = { few: [] as number[], many: [] as number[] };
  for (let index = warmUp; index < warmUp + events; index++) {
    costs.few.push(await cost(few, index));
    costs.many.push(await cost(many, index));
  }
  const { rows } = await db.query<{ account_id: number; fired: number; runs: number }>(
    "select account_id, count(*) filter (where fired)::int as fired, count(*)::int as runs from runs group by 1 order by 1",
  );
  const few10 = median(costs.few);
  const many10000 = median(costs.many);
  record("decide", {
    events: `${events} each, alternating; each stored and decided on in one transaction`,
    median_ms_with_10_workflows: few10,
    median_ms_with_10000_workflows: many10000,
    ratio: Math.round((many10000 / few10) * 100) / 100,
    first_event_after_start_with_10000_ms: Math.round(firstOfMany),
    runs: rows,
  });
  if (many10000 > 2 * few10) process.exitCode = 1;
});
