import type { DeliveryId, EventId, LeadId, ListId, RunId, WorkflowId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** An action as the logs show it, owed or over. */
export type LoggedAction = {
  readonly id: string;
  readonly workflow_id: WorkflowId;
  readonly workflow_name: string;
  readonly run_id: RunId;
  readonly event_id: EventId;
  readonly lead_id: LeadId | null;
  readonly list_id: ListId | null;
  readonly list_name: string | null;
  readonly type: string;
  readonly state: "pending" | "done" | "skipped" | "failed";
  readonly note: string;
  readonly due_at: Date | null;
  readonly delivery_id: DeliveryId | null;
};

/** Which actions; what is left out asks for nothing. */
export type ActionSelection = {
  readonly workflow?: WorkflowId | undefined;
  readonly leadId?: LeadId | undefined;
  readonly list?: ListId | undefined;
  readonly type?: string | undefined;
  readonly state?: LoggedAction["state"] | undefined;
  readonly idFrom?: string | undefined;
  readonly idBefore?: string | undefined;
};

/**
 * The newest first. Owed and over are each walked backwards along an index by id and cut at `limit` before they are
 * merged; one statement sees one state, so an action that ends meanwhile is neither missed nor seen twice.
 */
export async function listActions(
  scope: AccountScope,
  selection: ActionSelection,
  limit: number,
): Promise<LoggedAction[]> {
  const { workflow, leadId, list, type, state, idFrom, idBefore } = selection;
  return scope.query<LoggedAction>(
    `select a.*, w.name as workflow_name, l.name as list_name from (
       select * from (
         (select id, workflow_id, run_id, event_id, lead_id, list_id, action_type as type, 'pending' as state,
            coalesce(last_result, '') as note, due_at, null::uuid as delivery_id
          from due where kind = 'action' and ${where("action_type")} and coalesce($7::text, 'pending') = 'pending'
          order by id desc limit $2)
         union all
         (select id, workflow_id, run_id, event_id, lead_id, list_id, type, state, note, null, delivery_id
          from actions where ${where("type")} and coalesce($7::text, state) = state
          order by id desc limit $2)
       ) both_sides order by id desc limit $2
     ) a
     join workflows w on w.account_id = $1 and w.id = a.workflow_id
     left join lists l on l.account_id = $1 and l.id = a.list_id
     order by a.id desc`,
    [
      limit,
      workflow ?? null,
      leadId ?? null,
      list ?? null,
      type ?? null,
      state ?? null,
      idFrom ?? null,
      idBefore ?? null,
    ],
  );
}

function where(typeColumn: string): string {
  return `account_id = $1 and ($3::bigint is null or workflow_id = $3) and ($4::bigint is null or lead_id = $4)
     and ($5::bigint is null or list_id = $5) and ($6::text is null or ${typeColumn} = $6)
     and ($8::uuid is null or id >= $8) and ($9::uuid is null or id < $9)`;
}
