import * as endpoints from "../../contracts/endpoints/workflows.ts";
import type { CheckVerdict } from "../../core/decide-run.ts";
import { runHeadline } from "../../core/run-headline.ts";
import { sayEvent } from "../../core/say-event.ts";
import { explainRun } from "../../engine/explain-run.ts";
import { listRuns, type LoggedRun } from "../../store/logged-runs.ts";
import { foundMasks } from "../mask-found.ts";
import { beforeOf, pageByTime } from "../paging-by-time.ts";
import { route, type Route } from "../route.ts";

/** Decisions, and why there was one or none. */
export function runRoutes(): Route[] {
  return [
    route(endpoints.listRuns, async ({ query }, caller) => {
      const { limit, cursor, workflow, lead_id: leadId, event, fired } = query;
      const selection = { workflow, leadId, event, fired: fired === undefined ? undefined : fired === "true" };
      const rows = await listRuns(caller.scope, { ...selection, idBefore: beforeOf(cursor) }, limit + 1);
      const maskOf = await foundMasks(
        caller,
        rows.map((row) => row.event_id),
      );
      return pageByTime(rows, limit, (row) => shownRun(row, maskOf(row.event_id)));
    }),

    route(endpoints.whyNot, async ({ params, body }, caller) => {
      const { lead_id: leadId, event_id: eventId } = body;
      const why = await explainRun(caller.scope, { workflowId: params.id, leadId, eventId });
      const mask = (await foundMasks(caller, [why.event.id]))(why.event.id);
      const { event } = why;
      const { type, statusChange } = event;
      return {
        fired: why.fired,
        headline: mask(why.headline),
        fix: why.fix,
        worked_out: why.workedOut,
        event: {
          id: event.id,
          type,
          says: sayEvent({ type, statusChange, call: event.snapshot.call }),
          at: event.at.toISOString(),
        },
        checks: why.checks.map((check) => shownCheck(check, mask)),
        events: why.events.map((line) => ({
          id: line.id,
          says: sayEvent({ type: line.type, statusChange: line.statusChange, call: { status: line.status } }),
          at: line.at.toISOString(),
        })),
      };
    }),
  ];
}

function shownRun(row: LoggedRun, mask: (text: string) => string) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    workflow: { id: row.workflow_id, name: row.workflow_name, revision: row.workflow_revision },
    event: { id: row.event_id, type: row.event_type ?? "", says: sayEventOf(row) },
    lead_id: row.lead_id,
    fired: row.fired,
    because: row.because,
    headline: mask(runHeadline(row.checks)),
    checks: row.checks.map((check) => shownCheck(check, mask)),
  };
}

/** An event past its retention is not known any more. */
function sayEventOf({ event_type: type, call_status: status, status_change: statusChange }: LoggedRun): string {
  return type === null ? "an event that is no longer kept" : sayEvent({ type, statusChange, call: { status } });
}

function shownCheck({ check, says, met, found, any }: CheckVerdict, mask: (text: string) => string) {
  const shown = { check, says, met, found: mask(found) };
  return any === undefined
    ? shown
    : { ...shown, any: any.map((one) => ({ says: one.says, met: one.met, found: mask(one.found) })) };
}
