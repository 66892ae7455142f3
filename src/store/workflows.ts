import type { WorkflowId } from "../contracts/ids.ts";
import type { WorkflowSettings } from "../contracts/workflow.ts";
import type { AccountScope } from "./account-scope.ts";
import { tellVersion } from "./account-settings.ts";

/** A workflow as deciding reads it. */
export type WorkflowRow = {
  readonly id: WorkflowId;
  readonly name: string;
  readonly active: boolean;
  readonly settings: WorkflowSettings;
  readonly revision: number;
  /** The account's count of workflow saves at this one. */
  readonly version: number;
  readonly deleted: boolean;
};

/**
 * How many workflow saves this account has seen, as of this statement; and which workflows the open transaction itself has
 * switched off, whose rows are not to be remembered before it commits.
 */
export async function workflowsVersion(
  scope: AccountScope,
): Promise<{ readonly version: number; readonly switchedOff: ReadonlySet<number>; readonly database: string }> {
  const read = scope.prepared<{ version: number; settings: number; off: string | null; database: string }>(
    "workflows-version",
    `select workflows_version as version, settings_version as settings,
       current_setting('${switchedOffSetting}', true) as off, current_database() as database
     from accounts where id = $1`,
  );
  const one = read.then(([row]) => {
    if (row === undefined) throw new Error("The account is gone.");
    return row;
  });
  tellVersion(scope, one);
  const row = await one;
  const ids = (row.off ?? "").split(",").filter((id) => id !== "");
  return { version: row.version, switchedOff: new Set(ids.map(Number)), database: row.database };
}

/** What was saved, switched or deleted after a version, oldest save first. Walks `workflows_version`. */
export async function workflowsSince(scope: AccountScope, version: number): Promise<WorkflowRow[]> {
  return scope.query<WorkflowRow>(
    `select id, name, active, settings, revision, version, deleted_at is not null as deleted from workflows
     where account_id = $1 and version > $2 order by version`,
    [version],
  );
}

/**
 * Switches a workflow off by the system itself, with what the page shows about it. Gives it as it was, or null when it is
 * off already. The account's row is locked first, as every save does, so that versions commit in their order.
 */
export async function switchOffWorkflow(
  scope: AccountScope,
  id: WorkflowId,
  notice: string,
): Promise<{ readonly name: string; readonly settings: WorkflowSettings } | null> {
  const [found] = await scope.query<{ name: string; settings: WorkflowSettings }>(
    `with account as (
       update accounts set workflows_version = workflows_version + 1
       where id = $1 and exists (select from workflows where account_id = $1 and id = $2 and active)
       returning workflows_version
     )
     update workflows w set active = false, settings = jsonb_set(w.settings, '{active}', 'false'), notice = $3,
       version = account.workflows_version, revision = w.revision + 1, saved_at = now()
     from account where w.account_id = $1 and w.id = $2 and w.active
     returning w.name, w.settings`,
    [id, notice],
  );
  await scope.query(
    `select set_config('${switchedOffSetting}',
       concat_ws(',', nullif(current_setting('${switchedOffSetting}', true), ''), $2::text), true)
     where $1::bigint is not null`,
    [id],
  );
  return found ?? null;
}

/** Lives and is rolled back with the transaction. */
const switchedOffSetting = "patchbay.switched_off";
