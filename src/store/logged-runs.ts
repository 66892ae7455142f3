import type { EventId, LeadId, RunId, WorkflowId } from "../contracts/ids.ts";
import type { Check, CheckVerdict, RunState } from "../core/decide-run.ts";
import type { AccountScope } from "./account-scope.ts";
import type { EventDetails } from "./events.ts";

/** A decision as the logs show it. */
export type LoggedRun = {
  readonly id: RunId;
  readonly at: Date;
  readonly workflow_id: WorkflowId;
  readonly workflow_name: string;
  readonly workflow_revision: number;
  readonly event_id: EventId;
  /** null: the event is past its retention. */
  readonly event_type: string | null;
  readonly call_status: string | null;
  readonly status_change: EventDetails["statusChange"];
  readonly lead_id: LeadId | null;
  readonly fired: boolean;
  readonly because: Check | null;
  readonly checks: CheckVerdict[];
};

/** Which runs; what is left out asks for nothing. */
export type RunSelection = {
  readonly workflow?: WorkflowId | undefined;
  readonly leadId?: LeadId | undefined;
  readonly event?: EventId | undefined;
  readonly fired?: boolean | undefined;
  /** Only those that fired, or that their events, relation and conditions would have let fire. */
  readonly nearly?: boolean | undefined;
  readonly idBefore?: string | undefined;
};

/** The newest first. */
export async function listRuns(scope: AccountScope, selection: RunSelection, limit: number): Promise<LoggedRun[]> {
  const { workflow, leadId, event, fired, nearly, idBefore } = selection;
  return scope.query<LoggedRun>(
    `select r.*, w.name as workflow_name, e.type as event_type, e.snapshot -> 'call' ->> 'status' as call_status,
       e.details -> 'statusChange' as status_change
     from (
       select id, at, workflow_id, workflow_revision, event_id, lead_id, fired, because, checks from runs
       where account_id = $1 and ($3::bigint is null or workflow_id = $3) and ($4::bigint is null or lead_id = $4)
         and ($5::uuid is null or event_id = $5) and ($6::boolean is null or fired = $6)
         and (not $7 or fired or because not in ('active', 'event', 'relation', 'condition'))
         and ($8::uuid is null or id < $8)
       order by id desc limit $2
     ) r
     join workflows w on w.account_id = $1 and w.id = r.workflow_id
     left join events e on e.account_id = $1 and e.id = r.event_id
     order by r.id desc`,
    [limit, workflow ?? null, leadId ?? null, event ?? null, fired ?? null, nearly ?? false, idBefore ?? null],
  );
}

/**
 * What a workflow remembered of a lead when an event was decided on, as far as the logs still tell: the actions that were
 * pending then, the runs before it.
 */
export async function stateBefore(
  scope: AccountScope,
  of: { readonly workflowId: WorkflowId; readonly leadId: LeadId; readonly eventId: EventId },
  at: { readonly event: Date; readonly decided: Date },
): Promise<RunState> {
  const [row] = await scope.query<RunState>(
    `select
       (select count(*)::int from runs where account_id = $1 and workflow_id = $2 and lead_id = $3 and fired
          and id < $4 and at > $5::timestamptz - interval '180 s') as "recentRuns",
       (select count(*)::int from due where account_id = $1 and workflow_id = $2 and lead_id = $3 and kind = 'action'
          and id < $4)
       + (select count(*)::int from actions where account_id = $1 and workflow_id = $2 and lead_id = $3
          and id < $4 and done_at > $6) as "pendingActions",
       coalesce((select stopped_at <= $6 from workflow_leads
         where account_id = $1 and workflow_id = $2 and lead_id = $3), false) as stopped,
       coalesce((select own_runs from workflow_leads
         where account_id = $1 and workflow_id = $2 and lead_id = $3), 0) as "ownRuns"`,
    [of.workflowId, of.leadId, of.eventId, at.event, at.decided],
  );
  return row!;
}
