import type { AccountId, LeadId } from "../../src/contracts/ids.ts";
import { WorkflowSettings } from "../../src/contracts/workflow.ts";
import { takeEvents } from "../../src/engine/take-events.ts";
import { accountScope, type AccountScope } from "../../src/store/account-scope.ts";
import type { Database } from "../../src/store/database.ts";

export type BenchAccount = {
  readonly scope: AccountScope;
  readonly accountId: AccountId;
  readonly campaignId: number;
  readonly leads: readonly LeadId[];
};

/** An account with a campaign, a list in it, and leads. */
export async function benchAccount(db: Database, name: string, leadCount: number): Promise<BenchAccount> {
  const { rows } = await db.query<{ id: AccountId }>(
    "insert into accounts (name, time_zone) values ($1, 'America/Los_Angeles') returning id",
    [name],
  );
  const accountId = rows[0]!.id;
  const scope = accountScope(db, accountId);
  const [campaign] = await scope.query<{ id: number }>(
    "insert into campaigns (account_id, name) values ($1, 'Campaign A') returning id",
  );
  const [list] = await scope.query<{ id: number }>(
    "insert into lists (account_id, name, campaign_id) values ($1, 'Web leads', $2) returning id",
    [campaign!.id],
  );
  const leads = await scope.query<{ id: LeadId }>(
    `insert into leads (account_id, list_id, phone_number, fields)
     select $1, $2, '310555' || lpad((n % 100 + 100)::text, 4, '0'), '{"first_name":"Ada","state":"CA"}'
     from generate_series(1, $3) n returning id`,
    [list!.id, leadCount],
  );
  return { scope, accountId, campaignId: campaign!.id, leads: leads.map(({ id }) => id) };
}

/** Saved as `admin` saves them, many at once. */
export async function saveWorkflows(scope: AccountScope, all: readonly object[]): Promise<void> {
  const settings = all.map((one, index) => WorkflowSettings.parse({ name: `Workflow ${index}`, ...one }));
  await scope.query(
    `insert into workflows (account_id, name, active, settings, revision, version)
     select $1, w ->> 'name', true, w, 1, row_number() over () from jsonb_array_elements($2::jsonb) w`,
    [JSON.stringify(settings)],
  );
  await scope.query("update accounts set workflows_version = $2 where id = $1", [settings.length]);
}

/** One event, as a dialler tells it: stored and decided on when this resolves. */
export async function tell(db: Database, { accountId }: BenchAccount, inputs: readonly object[]): Promise<void> {
  const source = { kind: "token", id: 1, name: "dialler" } as const;
  const results = await takeEvents(db, { accountId, inputs, source, diallersLists: true, onFault: console.error });
  const refused = results.filter((result) => !result.stored);
  if (refused.length > 0) throw new Error(JSON.stringify(refused[0]));
}

export const disposition = (leadId: LeadId, campaign: number, status: string): object => ({
  type: "call.dispositioned",
  lead_id: leadId,
  call: { status, campaign, call_type: "OUTBOUND" },
});
