import { z } from "zod";
import { AdaptorSettings } from "../adaptor.ts";
import { ConnectSettings } from "../connect.ts";
import { changesOf, endpoint, MadeOnRevision, NoContent, PageQuery, pageOf } from "../endpoint.ts";
import { AdaptorId, ConnectId, DeliveryId, EventId, LeadId, ListId, RunId, WorkflowId } from "../ids.ts";
import { RehearsedDifference } from "../rehearsal.ts";
import { WorkflowSettings } from "../workflow.ts";

const params = z.object({ id: WorkflowId });
const tag = "workflows";

/** One line of *why*: what was asked, and what was there. `met` null: not asked. */
const verdict = {
  says: z.string(),
  met: z.boolean().nullable(),
  found: z.string(),
};
export const CheckVerdict = z.object({
  ...verdict,
  check: z.enum([
    "active",
    "event",
    "relation",
    "condition",
    "stop",
    "schedule",
    "percentage",
    "pending",
    "loop",
    "recursion",
  ]),
  any: z.array(z.object(verdict)).optional(),
});
export type CheckVerdict = z.infer<typeof CheckVerdict>;

export const Workflow = WorkflowSettings.extend({
  id: WorkflowId,
  revision: z.number().int(),
  saved_at: z.iso.datetime(),
  /** What is set, read back: "When a SALE is dispositioned in Campaign A, send the lead to Acme CRM." */
  sentence: z.string(),
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
  /** Why Patchbay switched it off by itself; gone at the next save. */
  notice: z.string().nullable(),
});
export type Workflow = z.infer<typeof Workflow>;

export const WorkflowSummary = z.object({
  id: WorkflowId,
  name: z.string(),
  description: z.string(),
  active: z.boolean(),
  sentence: z.string(),
  /** Runs that fired in the last 24 hours. */
  fired: z.number().int(),
  pending: z.number().int(),
  notice: z.string().nullable(),
  saved_at: z.iso.datetime(),
});
export type WorkflowSummary = z.infer<typeof WorkflowSummary>;

export const listWorkflows = endpoint({
  method: "GET",
  path: "/api/workflows",
  role: "viewer",
  tag,
  summary: "List workflows",
  query: PageQuery,
  status: 200,
  answer: pageOf(WorkflowSummary),
});

export const createWorkflow = endpoint({
  method: "POST",
  path: "/api/workflows",
  role: "admin",
  tag,
  summary: "Add a workflow",
  body: WorkflowSettings,
  status: 201,
  answer: Workflow,
});

export const showWorkflow = endpoint({
  method: "GET",
  path: "/api/workflows/{id}",
  role: "viewer",
  tag,
  summary: "Show a workflow",
  params,
  status: 200,
  answer: Workflow,
});

export const updateWorkflow = endpoint({
  method: "PATCH",
  path: "/api/workflows/{id}",
  role: "admin",
  tag,
  summary: "Change a workflow; what is not named stays",
  params,
  body: changesOf(WorkflowSettings).extend({ revision: MadeOnRevision }),
  status: 200,
  answer: Workflow,
});

export const deleteWorkflow = endpoint({
  method: "DELETE",
  path: "/api/workflows/{id}",
  role: "admin",
  tag,
  summary: "Delete a workflow; its pending actions are skipped",
  params,
  status: 204,
  answer: NoContent,
});

export const readBack = endpoint({
  method: "POST",
  path: "/api/workflows/read-back",
  role: "viewer",
  tag,
  summary: "What unsaved settings say, as sentences, and what deserves a look",
  body: WorkflowSettings,
  status: 200,
  answer: z.object({
    sentence: z.string(),
    conditions: z.array(z.string()),
    action_sets: z.array(z.array(z.string())),
    warnings: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
});

export const Run = z.object({
  id: RunId,
  at: z.iso.datetime(),
  workflow: z.object({ id: WorkflowId, name: z.string(), revision: z.number().int() }),
  event: z.object({ id: EventId, type: z.string(), says: z.string() }),
  lead_id: LeadId.nullable(),
  fired: z.boolean(),
  because: z.string().nullable(),
  /** "It did not fire: the disposition was NI". */
  headline: z.string(),
  checks: z.array(CheckVerdict),
});
export type Run = z.infer<typeof Run>;

export const listRuns = endpoint({
  method: "GET",
  path: "/api/runs",
  role: "viewer",
  tag,
  summary: "Decisions, newest first",
  query: PageQuery.extend({
    workflow: WorkflowId.optional(),
    lead_id: LeadId.optional(),
    event: EventId.optional(),
    fired: z.enum(["true", "false"]).optional(),
  }),
  status: 200,
  answer: pageOf(Run),
});

export const ActionEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  workflow: z.object({ id: WorkflowId, name: z.string() }),
  run_id: RunId,
  lead_id: LeadId.nullable(),
  list: z.object({ id: ListId, name: z.string() }).nullable(),
  type: z.string(),
  state: z.enum(["pending", "done", "skipped", "failed"]),
  /** Why it was skipped or failed, or what it did. */
  note: z.string(),
  due_at: z.iso.datetime().nullable(),
  delivery_id: DeliveryId.nullable(),
});
export type ActionEntry = z.infer<typeof ActionEntry>;

export const listActions = endpoint({
  method: "GET",
  path: "/api/actions",
  role: "viewer",
  tag,
  summary: "What workflows did and still owe, newest first",
  query: PageQuery.extend({
    workflow: WorkflowId.optional(),
    lead_id: LeadId.optional(),
    list: ListId.optional(),
    type: z.string().max(40).optional(),
    state: z.enum(["pending", "done", "skipped", "failed"]).optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
  }),
  status: 200,
  answer: pageOf(ActionEntry),
});

const actionParams = z.object({ id: z.uuid() });
export const runActionNow = endpoint({
  method: "POST",
  path: "/api/actions/{id}/run-now",
  role: "operator",
  tag,
  summary: "Carry out a pending action at once, whatever its delay and window",
  params: actionParams,
  status: 202,
  answer: z.object({ id: z.uuid() }),
});

export const flushActions = endpoint({
  method: "POST",
  path: "/api/actions/flush",
  role: "operator",
  tag,
  summary: "Skip pending actions: chosen ones, or all of a workflow or lead",
  body: z.strictObject({
    ids: z.array(z.uuid()).max(1000).optional(),
    workflow: WorkflowId.optional(),
    lead_id: LeadId.optional(),
  }),
  status: 200,
  answer: z.object({ count: z.number().int() }),
});

export const whyNot = endpoint({
  method: "POST",
  path: "/api/workflows/{id}/why",
  role: "viewer",
  tag,
  summary: "Why a workflow did or did not fire for a lead: from the stored run, or worked out anew as it stood then",
  params,
  body: z.strictObject({ lead_id: LeadId, event_id: EventId.optional() }),
  status: 200,
  answer: z.object({
    fired: z.boolean(),
    headline: z.string(),
    /** What would make it fire. */
    fix: z.string(),
    /** Worked out from the stored event and the revision of that time, as no run was kept. */
    worked_out: z.boolean(),
    event: z.object({ id: EventId, type: z.string(), says: z.string(), at: z.iso.datetime() }),
    checks: z.array(CheckVerdict),
    /** The lead's events to choose from, newest first. */
    events: z.array(z.object({ id: EventId, says: z.string(), at: z.iso.datetime() })),
  }),
});

export const TimelineEntry = z.object({
  kind: z.enum(["event", "run", "action", "delivery"]),
  id: z.uuid(),
  at: z.iso.datetime(),
  title: z.string(),
  detail: z.string(),
  /** Of a delivery or action: how it stands. */
  state: z.string().nullable(),
  workflow: z.object({ id: WorkflowId, name: z.string() }).nullable(),
  connect: z.object({ id: ConnectId, name: z.string() }).nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const leadTimeline = endpoint({
  method: "GET",
  path: "/api/leads/{id}/timeline",
  role: "viewer",
  tag: "leads",
  summary: "Everything that happened to a lead, newest first",
  params: z.object({ id: LeadId }),
  query: PageQuery,
  status: 200,
  answer: pageOf(TimelineEntry),
});

export const Rehearsal = z.object({
  /** Over how many events, and how many recorded answers, it was run. */
  events: z.number().int(),
  answers: z.number().int(),
  /** Deliveries, or a workflow's events, that were not looked at any more, since those before them were so large. */
  left_out: z.number().int(),
  /** "37 payloads change, 4 leads would no longer go out". */
  headline: z.string(),
  counts: z.object({
    appear: z.number().int(),
    vanish: z.number().int(),
    payloads: z.number().int(),
    outcomes: z.number().int(),
  }),
  /** The first 100 of each kind. */
  differences: z.array(RehearsedDifference),
});
export type Rehearsal = z.infer<typeof Rehearsal>;

export const rehearse = endpoint({
  method: "POST",
  path: "/api/rehearsals",
  role: "admin",
  tag,
  summary: "What a draft would change over the last real events and answers; sends nothing",
  body: z.strictObject({
    draft: z.discriminatedUnion("of", [
      z.strictObject({ of: z.literal("workflow"), id: WorkflowId.nullable(), settings: WorkflowSettings }),
      z.strictObject({ of: z.literal("connect"), id: ConnectId, settings: ConnectSettings }),
      z.strictObject({ of: z.literal("adaptor"), id: AdaptorId, settings: AdaptorSettings }),
    ]),
    /** How many of the latest events; or a period. */
    events_max: z.number().int().min(1).max(1_000).default(1_000),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
  }),
  status: 200,
  answer: Rehearsal,
});

export const eventSources = endpoint({
  method: "GET",
  path: "/api/event-sources",
  role: "viewer",
  tag,
  summary: "The account's own URLs for events, with examples to paste",
  status: 200,
  answer: z.object({
    events_url: z.string(),
    curl: z.string(),
    vicidial_start_url: z.string(),
    vicidial_dispo_url: z.string(),
    last_event_at: z.iso.datetime().nullable(),
  }),
});
