import * as endpoints from "../../contracts/endpoints/workflows.ts";
import type { TimelineEntry } from "../../contracts/endpoints/workflows.ts";
import type { LeadId } from "../../contracts/ids.ts";
import { headline } from "../../core/headline.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { runHeadline } from "../../core/run-headline.ts";
import { titleOfEvent } from "../../core/say-event.ts";
import { listDeliveries, type LogRow } from "../../store/deliveries.ts";
import { findLead } from "../../store/leads.ts";
import { listActions, type LoggedAction } from "../../store/logged-actions.ts";
import { listRuns, type LoggedRun } from "../../store/logged-runs.ts";
import { eventsOfLead, type EventLine } from "../../store/recorded-events.ts";
import { uuidV7Time } from "../../store/uuid-v7.ts";
import type { Caller } from "../caller.ts";
import { foundMasks } from "../mask-found.ts";
import { beforeOf, pageByTime } from "../paging-by-time.ts";
import { route, type Route } from "../route.ts";

type Entry = Omit<TimelineEntry, "id"> & { readonly id: string };

/** Everything that happened to a lead. Ids of every kind are ordered by time, so one cursor serves all of them. */
export function timelineRoutes(): Route[] {
  return [
    route(endpoints.leadTimeline, async ({ params, query }, caller) => {
      if ((await findLead(caller.scope, params.id)) === null)
        throw new ProblemError("not_found", { detail: `There is no lead ${params.id}.` });
      const entries = await entriesOf(caller, params.id, beforeOf(query.cursor), query.limit + 1);
      return pageByTime(entries, query.limit, (entry) => entry);
    }),
  ];
}

async function entriesOf(
  caller: Caller,
  leadId: LeadId,
  idBefore: string | undefined,
  limit: number,
): Promise<Entry[]> {
  const { scope } = caller;
  const events = await eventsOfLead(scope, leadId, { idBefore, limit, all: true });
  const runs = await listRuns(scope, { leadId, nearly: true, idBefore }, limit);
  const actions = await listActions(scope, { leadId, idBefore }, limit);
  const deliveries = await listDeliveries(scope, { leadId, idBefore }, limit);
  const maskOf = await foundMasks(
    caller,
    [...runs, ...actions].map((row) => row.event_id),
    actions,
  );
  return [
    ...events.map(ofEvent),
    ...runs.map((row) => ofRun(row, maskOf(row.event_id))),
    ...actions.map((row) => ofAction(row, maskOf(row.event_id))),
    ...deliveries.map(ofDelivery),
  ]
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}

function ofEvent({ id, at, type, status, statusChange, source }: EventLine): Entry {
  const by = { user: "", token: "API token ", workflow: "Workflow ", command: "Command ", system: "" }[source.kind];
  return {
    ...nothing,
    kind: "event",
    id,
    at: at.toISOString(),
    title: type === "test" ? "The lead was sent as a test" : titleOfEvent({ type, statusChange, call: { status } }),
    detail: `${by}${source.name}`,
  };
}

function ofRun(row: LoggedRun, mask: (text: string) => string): Entry {
  return {
    ...nothing,
    kind: "run",
    id: row.id,
    at: timeOf(row.id),
    title: row.fired ? `${row.workflow_name} fired` : `${row.workflow_name} did not fire`,
    detail: row.fired ? "" : mask(runHeadline(row.checks)),
    state: row.fired ? "fired" : "skipped",
    workflow: { id: row.workflow_id, name: row.workflow_name },
  };
}

const actionTitles: Readonly<Record<string, string>> = {
  integration: "Integration",
  status: "Status change",
  move: "Move",
  field: "Field",
  callback: "Callback",
  callback_update: "Update callback",
  hopper: "Insert into hopper",
  dnc: "Add to DNC",
  revenue: "Add to revenue",
  email: "E-mail",
  sms: "SMS",
  voice_broadcast: "Voice broadcast",
  ringless_voicemail: "Ringless voicemail",
};

function ofAction(row: LoggedAction, mask: (text: string) => string): Entry {
  return {
    ...nothing,
    kind: "action",
    id: row.id,
    at: timeOf(row.id),
    title: actionTitles[row.type] ?? row.type,
    detail: row.state === "pending" && row.due_at !== null ? `Due ${row.due_at.toISOString()}` : mask(row.note),
    state: row.state,
    workflow: { id: row.workflow_id, name: row.workflow_name },
  };
}

function ofDelivery(row: LogRow): Entry {
  const connect = row.connect_id === 0 ? null : { id: row.connect_id, name: row.connect_name ?? "" };
  const name = connect?.name ?? "a connect not saved yet";
  return {
    ...nothing,
    kind: "delivery",
    id: row.id,
    at: timeOf(row.id),
    title: row.test ? `Test of ${name}` : `To ${name}`,
    detail: headline({ ...row, connect: name }),
    state: row.outcome ?? row.state,
    connect,
  };
}

const nothing = { detail: "", state: null, workflow: null, connect: null } as const;

const timeOf = (id: string): string => new Date(uuidV7Time(id)).toISOString();
