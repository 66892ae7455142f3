import type { LeadId, WorkflowId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { unnest } from "./unnest.ts";

/** What a workflow is to remember of a lead. */
export type Remembered = {
  readonly workflowId: WorkflowId;
  readonly leadId: LeadId;
  /** It stops for this lead, for good. */
  readonly stopped: boolean;
  /** Runs that its own updates caused, to be added. */
  readonly ownRuns: number;
};

/** Adds to what workflows remember of leads, in one statement, in the order of its key, so that two can't deadlock. */
export async function remember(scope: AccountScope, all: readonly Remembered[]): Promise<void> {
  if (all.length === 0) return;
  const sorted = all.toSorted((a, b) => a.workflowId - b.workflowId || a.leadId - b.leadId);
  const batch = unnest(
    sorted,
    [
      ["workflow_id", "bigint", (row) => row.workflowId],
      ["lead_id", "bigint", (row) => row.leadId],
      ["stopped", "boolean", (row) => row.stopped],
      ["own_runs", "integer", (row) => row.ownRuns],
    ],
    2,
  );
  await scope.query(
    `insert into workflow_leads as known (account_id, workflow_id, lead_id, stopped_at, own_runs)
     select $1, workflow_id, lead_id, case when stopped then now() end, own_runs from ${batch.from}
     on conflict (account_id, workflow_id, lead_id) do update set
       stopped_at = coalesce(known.stopped_at, excluded.stopped_at),
       own_runs = known.own_runs + excluded.own_runs
     where excluded.own_runs > 0 or (known.stopped_at is null and excluded.stopped_at is not null)`,
    batch.values,
  );
}

/** After the workflow was switched off for its own runs: switched on again, it starts from none for this lead. */
export async function forgetOwnRuns(scope: AccountScope, workflowId: WorkflowId, leadId: LeadId): Promise<void> {
  await scope.query(
    "update workflow_leads set own_runs = 0 where account_id = $1 and workflow_id = $2 and lead_id = $3",
    [workflowId, leadId],
  );
}
