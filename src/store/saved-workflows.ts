import type { WorkflowId } from "../contracts/ids.ts";
import type { WorkflowSettings } from "../contracts/workflow.ts";
import type { AccountScope } from "./account-scope.ts";
import { storableJson } from "./storable.ts";
import { uuidV7At } from "./uuid-v7.ts";

/** A workflow as people see and save it. */
export type SavedWorkflow = {
  readonly id: WorkflowId;
  readonly name: string;
  readonly active: boolean;
  readonly settings: WorkflowSettings;
  readonly revision: number;
  /** Why Patchbay switched it off by itself. */
  readonly notice: string | null;
  readonly saved_at: Date;
};

const columns = "id, name, active, settings, revision, notice, saved_at";

/** Oldest first, after the id `after`. */
export async function listWorkflows(scope: AccountScope, after: number, limit: number): Promise<SavedWorkflow[]> {
  return scope.query<SavedWorkflow>(
    `select ${columns} from workflows where account_id = $1 and deleted_at is null and id > $2 order by id limit $3`,
    [after, limit],
  );
}

export async function findWorkflow(scope: AccountScope, id: WorkflowId): Promise<SavedWorkflow | null> {
  const [row] = await scope.query<SavedWorkflow>(
    `select ${columns} from workflows where account_id = $1 and id = $2 and deleted_at is null`,
    [id],
  );
  return row ?? null;
}

/**
 * One save at a time in an account, so that versions commit in their order. Leads go on coming in: their foreign keys
 * want the row's key only.
 */
export async function lockWorkflows(scope: AccountScope): Promise<void> {
  await scope.query("select 1 from accounts where id = $1 for no key update");
}

/** Locked until the transaction ends; after `lockWorkflows`. */
export async function lockWorkflow(scope: AccountScope, id: WorkflowId): Promise<SavedWorkflow | null> {
  const [row] = await scope.query<SavedWorkflow>(
    `select ${columns} from workflows where account_id = $1 and id = $2 and deleted_at is null for update`,
    [id],
  );
  return row ?? null;
}

/** The account's next version, after `lockWorkflows`. */
export async function takeWorkflowsVersion(scope: AccountScope): Promise<number> {
  const [row] = await scope.query<{ version: number }>(
    "update accounts set workflows_version = workflows_version + 1 where id = $1 returning workflows_version as version",
  );
  return row!.version;
}

/** Fails on the constraint `workflows_name` when the name is taken, as do changes. */
export async function insertWorkflow(
  scope: AccountScope,
  settings: WorkflowSettings,
  version: number,
): Promise<SavedWorkflow> {
  const [row] = await scope.query<SavedWorkflow>(
    `insert into workflows (account_id, name, active, settings, revision, version)
     values ($1, $2, $3, $4, 1, $5) returning ${columns}`,
    [settings.name, settings.active, storableJson(settings), version],
  );
  return row!;
}

/** Writes the next revision. */
export async function updateWorkflow(
  scope: AccountScope,
  id: WorkflowId,
  settings: WorkflowSettings,
  version: number,
): Promise<SavedWorkflow> {
  const [row] = await scope.query<SavedWorkflow>(
    `update workflows set name = $3, active = $4, settings = $5, version = $6, revision = revision + 1, notice = null,
       saved_at = now()
     where account_id = $1 and id = $2 returning ${columns}`,
    [id, settings.name, settings.active, storableJson(settings), version],
  );
  return row!;
}

/** Its name is free again; its row stays for its runs and logs. */
export async function deleteWorkflow(scope: AccountScope, id: WorkflowId, version: number): Promise<void> {
  await scope.query(
    "update workflows set deleted_at = now(), active = false, version = $3 where account_id = $1 and id = $2",
    [id, version],
  );
}

export type WorkflowWork = { readonly fired: number; readonly pending: number };

/** Runs of the last 24 hours that fired (along runs_workflow), and pending actions (along due_workflow), by workflow. */
export async function describeWorkflows(
  scope: AccountScope,
  ids: readonly WorkflowId[],
): Promise<ReadonlyMap<WorkflowId, WorkflowWork>> {
  const rows = await scope.query<WorkflowWork & { id: WorkflowId }>(
    `select w.id,
       (select count(*)::int from runs r where r.account_id = $1 and r.workflow_id = w.id and r.id >= $3 and r.fired) as fired,
       (select count(*)::int from due d where d.account_id = $1 and d.workflow_id = w.id and d.kind = 'action') as pending
     from unnest($2::bigint[]) as w(id) where $1::bigint is not null`,
    [ids, uuidV7At(Date.now() - 24 * 3_600_000)],
  );
  return new Map(rows.map(({ id, ...work }) => [id, work]));
}

export type WorkflowRevision = {
  readonly number: number;
  readonly settings: WorkflowSettings;
  readonly saved_at: Date;
};

/** The revision that was the saved one at a time; null: it was not there yet. */
export async function workflowAt(scope: AccountScope, id: WorkflowId, at: Date): Promise<WorkflowRevision | null> {
  const [row] = await scope.query<WorkflowRevision>(
    `select number, data as settings, saved_at from revisions
     where account_id = $1 and kind = 'workflow' and target_id = $2 and saved_at <= $3 order by number desc limit 1`,
    [id, at],
  );
  return row ?? null;
}

/** The first revision, and when it was deleted; null: there never was such a workflow. Also deleted ones. */
export async function workflowSpan(
  scope: AccountScope,
  id: WorkflowId,
): Promise<{ readonly name: string; readonly since: Date; readonly deletedAt: Date | null } | null> {
  const [row] = await scope.query<{ name: string; since: Date; deletedAt: Date | null }>(
    `select name, coalesce((select min(saved_at) from revisions
         where account_id = $1 and kind = 'workflow' and target_id = $2), saved_at) as since, deleted_at as "deletedAt"
     from workflows where account_id = $1 and id = $2`,
    [id],
  );
  return row ?? null;
}
