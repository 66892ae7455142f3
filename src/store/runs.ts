import type { AccountId, EventId, LeadId, RunId, WorkflowId } from "../contracts/ids.ts";
import type { Check, CheckVerdict } from "../core/decide-run.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { storableJson } from "./storable.ts";
import { unnest } from "./unnest.ts";
import { uuidV7At } from "./uuid-v7.ts";

/** A decision: a candidate workflow, asked about an event. */
export type NewRun = {
  readonly accountId: AccountId;
  readonly id: RunId;
  readonly at: Date;
  readonly workflowId: WorkflowId;
  readonly workflowRevision: number;
  readonly eventId: EventId;
  readonly leadId: LeadId | null;
  readonly fired: boolean;
  readonly because: Check | null;
  readonly checks: readonly CheckVerdict[];
};

/** Stores runs in one statement. */
export async function insertRuns(tx: Queryable, runs: readonly NewRun[]): Promise<void> {
  if (runs.length === 0) return;
  const batch = unnest(runs, [
    ["account_id", "bigint", (run) => run.accountId],
    ["id", "uuid", (run) => run.id],
    ["at", "timestamptz", (run) => run.at.toISOString()],
    ["workflow_id", "bigint", (run) => run.workflowId],
    ["workflow_revision", "integer", (run) => run.workflowRevision],
    ["event_id", "uuid", (run) => run.eventId],
    ["lead_id", "bigint", (run) => run.leadId],
    ["fired", "boolean", (run) => run.fired],
    ["because", "text", (run) => run.because],
    ["checks", "text", (run) => storableJson(run.checks)],
  ]);
  await tx.query({
    name: "insert-runs",
    text: `insert into runs (account_id, id, at, workflow_id, workflow_revision, event_id, lead_id, fired, because, checks)
     select account_id, id, at, workflow_id, workflow_revision, event_id, lead_id, fired, because, checks::json
     from ${batch.from}`,
    values: batch.values,
  });
}

/** A workflow and a lead, and since when (an event's time) its runs count for loop protection. */
export type StateKey = { readonly workflowId: WorkflowId; readonly leadId: LeadId; readonly since: Date };

/** What is remembered of a workflow and a lead. */
export type StoredState = {
  readonly workflow_id: WorkflowId;
  readonly lead_id: LeadId;
  /** The times, in milliseconds, of the latest runs that fired since then; a hundred at most. */
  readonly fired_at: readonly number[];
  readonly pending: number;
  readonly stopped: boolean;
  readonly own_runs: number;
};

/**
 * What deciding asks the database, of any number of workflows and leads in one statement. `runs_fired` finds the runs: an
 * id is made after its event's time, so ids before `since` need no look; `due_lead` finds what is pending.
 */
export async function readStates(scope: AccountScope, keys: readonly StateKey[]): Promise<StoredState[]> {
  if (keys.length === 0) return [];
  const batch = unnest(
    keys,
    [
      ["workflow_id", "bigint", (key) => key.workflowId],
      ["lead_id", "bigint", (key) => key.leadId],
      ["since", "timestamptz", (key) => key.since.toISOString()],
    ],
    2,
  );
  // of the whole batch, as values of their own: then partitions that hold nothing of it are not even opened
  const [from, until] = [batch.values.length + 2, batch.values.length + 3];
  const sinceMs = Math.min(...keys.map(({ since }) => since.getTime()));
  return scope.prepared<StoredState>(
    "read-states",
    `select batch.workflow_id, batch.lead_id,
       coalesce((select array_agg(latest.at) from (
         select (extract(epoch from r.at) * 1000)::float8 as at from runs r
         where r.account_id = $1 and r.workflow_id = batch.workflow_id and r.lead_id = batch.lead_id and r.fired
           and r.id >= $${from}::uuid and r.id < $${until}::uuid and r.at > batch.since
         order by r.id desc limit 100) latest), '{}') as fired_at,
       -- first all that is owed to the lead: a workflow may owe far more
       (select count(*)::int from (
          select kind, workflow_id from due where account_id = $1 and lead_id = batch.lead_id offset 0) d
        where d.kind = 'action' and d.workflow_id = batch.workflow_id) as pending,
       memory.stopped_at is not null as stopped, coalesce(memory.own_runs, 0) as own_runs
     from ${batch.from}
     left join lateral (
       select stopped_at, own_runs from workflow_leads
       where account_id = $1 and workflow_id = batch.workflow_id and lead_id = batch.lead_id limit 1) memory on true`,
    [...batch.values, uuidV7At(sinceMs), uuidV7At(Date.now() + 3_600_000)],
  );
}
