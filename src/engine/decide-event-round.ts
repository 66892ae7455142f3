import type { LeadId, WorkflowId } from "../contracts/ids.ts";
import type { RunDecision } from "../core/decide-run.ts";
import type { Workflow } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { ActionEnd, ActionFacts } from "../store/actions.ts";
import type { Queryable } from "../store/database.ts";
import type { StoredEvent } from "../store/events.ts";
import type { NewRun } from "../store/runs.ts";
import type { PlannedDelivery } from "./accept-event.ts";
import type { ForPlanning } from "./for-planning.ts";
import type { Handover } from "./handover.ts";
import type { KnownWorkflows } from "./workflow-cache.ts";

/** All that follows from one event, in its transaction. */
export type Round = {
  readonly tx: Queryable;
  readonly scope: AccountScope;
  readonly known: KnownWorkflows;
  readonly now: Date;
  /** By workflow and lead; kept up with what this transaction does. */
  readonly states: Map<string, KeptState>;
  /** As they are where nothing is remembered of workflow and lead; by event and workflow. */
  readonly decisions: Map<string, RunDecision>;
  readonly switchedOff: Set<number>;
  /** Of leads that workflows have changed in this round. */
  readonly statuses: Map<LeadId, string>;
  readonly connects: ForPlanning;
  readonly handover: Handover;
  /** Of the transaction: what need not be awaited before its commit. */
  readonly late: Promise<unknown>[] | undefined;
};

/** An event to be decided on. `causedBy`: the workflows whose changes led to it, latest last. */
export type Asked = { readonly event: StoredEvent; readonly causedBy: readonly WorkflowId[] };

/** What is known of a workflow and a lead. */
export type KeptState = { firedAt: number[]; pending: number; stopped: boolean; ownRuns: number };

/** What a level leaves to be written, each kind in one statement; large payloads before the others. */
export type Outcome = {
  readonly runs: NewRun[];
  readonly over: (ActionFacts & ActionEnd)[];
  readonly planned: PlannedDelivery[];
  /** Of their payloads. */
  plannedLength: number;
  readonly remembered: Map<string, { workflowId: WorkflowId; leadId: LeadId; stopped: boolean; ownRuns: number }>;
  readonly recursive: { workflow: Known; leadId: LeadId }[];
};

export type Known = Workflow & { readonly id: WorkflowId };

export const keyOf = (workflowId: number, leadId: number | null): string => `${workflowId}/${leadId}`;

export function rememberedOf({ remembered }: Outcome, workflowId: WorkflowId, leadId: LeadId) {
  const key = keyOf(workflowId, leadId);
  const row = remembered.get(key) ?? { workflowId, leadId, stopped: false, ownRuns: 0 };
  remembered.set(key, row);
  return row;
}

/** Of the lead, at the event. */
export const statusOf = (event: StoredEvent): string => String(event.snapshot.lead["status"] ?? "");
