import { expect } from "vitest";
import type { LeadId, WorkflowId } from "../../src/contracts/ids.ts";
import { WorkflowSettings } from "../../src/contracts/workflow.ts";
import type { CheckVerdict } from "../../src/core/decide-run.ts";
import { takeEvents } from "../../src/engine/take-events.ts";
import { updateLead, type LeadChanges } from "../../src/engine/update-lead.ts";
import type { Database } from "../../src/store/database.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import type { z } from "zod";
import { eventually, type TestAccount } from "../engine/fixtures.ts";

type Settings = Omit<z.input<typeof WorkflowSettings>, "name"> & { readonly name?: string };

/** A workflow as it is saved: its row, and the account's next version. */
export async function makeWorkflow({ scope }: TestAccount, settings: Settings): Promise<WorkflowId> {
  const whole = WorkflowSettings.parse({ name: `Workflow ${newUuidV7()}`, ...settings });
  const [row] = await scope.query<{ id: WorkflowId }>(
    `with account as (update accounts set workflows_version = workflows_version + 1 where id = $1 returning workflows_version)
     insert into workflows (account_id, name, active, settings, revision, version)
     select $1, $2, $3, $4, 1, workflows_version from account returning id`,
    [whole.name, whole.active, JSON.stringify(whole)],
  );
  return row!.id;
}

/** Saves it anew with some settings changed. */
export async function changeWorkflow(
  { scope }: TestAccount,
  id: WorkflowId,
  changes: Partial<Settings>,
): Promise<void> {
  const [row] = await scope.query<{ settings: object }>(
    "select settings from workflows where account_id = $1 and id = $2",
    [id],
  );
  const whole = WorkflowSettings.parse({ ...row!.settings, ...changes });
  await scope.query(
    `with account as (update accounts set workflows_version = workflows_version + 1 where id = $1 returning workflows_version)
     update workflows set active = $3, settings = $4, revision = revision + 1, version = workflows_version
     from account where account_id = $1 and id = $2`,
    [id, whole.active, JSON.stringify(whole)],
  );
}

const source = { kind: "token", id: 1, name: "dialler" } as const;

/** Tells Patchbay what happened, as a dialler does; every event has to be taken. */
export async function happen(db: Database, { accountId }: TestAccount, inputs: readonly object[]): Promise<void> {
  const results = await takeEvents(db, {
    accountId,
    inputs,
    source,
    diallersLists: true,
    onFault: (error) => console.error(error),
  });
  expect(results.filter(({ stored }) => !stored)).toEqual([]);
}

/** A call of the lead is dispositioned. */
export const disposition = (leadId: LeadId, status: string, more: object = {}): object => ({
  type: "call.dispositioned",
  lead_id: leadId,
  call: { status, call_type: "OUTBOUND", ...more },
});

/** A person changes the lead in the page. */
export async function saveLead(
  db: Database,
  { accountId }: TestAccount,
  leadId: LeadId,
  changes: LeadChanges,
): Promise<void> {
  await updateLead(db, accountId, leadId, changes, { kind: "user", id: 1, name: "Ada" });
}

/** Another lead of the account's list. */
export async function makeLead(
  { scope, listId }: TestAccount,
  fields: object = {},
  phone = "3105550143",
): Promise<LeadId> {
  const [row] = await scope.query<{ id: LeadId }>(
    `insert into leads (account_id, list_id, phone_number, fields) values ($1, $2, $3, $4) returning id`,
    [listId, phone, JSON.stringify({ first_name: "Grace", ...fields })],
  );
  return row!.id;
}

export type RunSeen = {
  readonly workflow_id: number;
  readonly fired: boolean;
  readonly because: string | null;
  readonly checks: CheckVerdict[];
  readonly type: string;
};

/** The runs of a workflow for a lead, oldest first. */
export async function runsOf({ scope }: TestAccount, workflowId: WorkflowId, leadId?: LeadId): Promise<RunSeen[]> {
  return scope.query<RunSeen>(
    `select r.workflow_id, r.fired, r.because, r.checks, e.type from runs r
     join events e on e.account_id = r.account_id and e.id = r.event_id
     where r.account_id = $1 and r.workflow_id = $2 and ($3::bigint is null or r.lead_id = $3) order by r.id`,
    [workflowId, leadId ?? null],
  );
}

export type ActionSeen = {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly note: string;
  readonly delivery_id: string | null;
  readonly due_at: Date | null;
};

/** Its actions, over or owed, oldest first. */
export async function actionsOf(
  { scope }: TestAccount,
  workflowId: WorkflowId,
  leadId?: LeadId,
): Promise<ActionSeen[]> {
  return scope.query<ActionSeen>(
    `select id, type, state, note, delivery_id, null::timestamptz as due_at from actions
       where account_id = $1 and workflow_id = $2 and ($3::bigint is null or lead_id = $3)
     union all select id, action_type, 'pending', coalesce(last_result, ''), null, due_at from due
       where account_id = $1 and workflow_id = $2 and kind = 'action' and ($3::bigint is null or lead_id = $3)
     order by 1`,
    [workflowId, leadId ?? null],
  );
}

/** Its actions, once none is pending. */
export function endedActions(account: TestAccount, workflowId: WorkflowId): Promise<ActionSeen[]> {
  return eventually(async () => {
    const actions = await actionsOf(account, workflowId);
    return actions.length > 0 && actions.every(({ state }) => state !== "pending") ? actions : null;
  });
}

export async function leadOf(
  { scope }: TestAccount,
  leadId: LeadId,
): Promise<{ status: string; list_id: number; fields: Record<string, unknown> }> {
  const [row] = await scope.query<{ status: string; list_id: number; fields: Record<string, unknown> }>(
    "select status, list_id, fields from leads where account_id = $1 and id = $2",
    [leadId],
  );
  return row!;
}
