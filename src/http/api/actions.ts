import * as endpoints from "../../contracts/endpoints/workflows.ts";
import { flushActions, runActionNow } from "../../engine/act-due-now.ts";
import type { Database } from "../../store/database.ts";
import { listActions, type LoggedAction } from "../../store/logged-actions.ts";
import { uuidV7Time } from "../../store/uuid-v7.ts";
import { foundMasks } from "../mask-found.ts";
import { beforeOf, earlier, idsBetween, pageByTime } from "../paging-by-time.ts";
import { route, type Route } from "../route.ts";

/** What workflows did and still owe. */
export function actionRoutes({ database }: { readonly database: Database }): Route[] {
  return [
    route(endpoints.listActions, async ({ query }, caller) => {
      const { limit, cursor, workflow, lead_id: leadId, list, type, state, from, to } = query;
      const { idFrom, idBefore } = idsBetween(from, to);
      const selection = { workflow, leadId, list, type, state, idFrom };
      const before = earlier(idBefore, beforeOf(cursor));
      const rows = await listActions(caller.scope, { ...selection, idBefore: before }, limit + 1);
      const maskOf = await foundMasks(
        caller,
        rows.map((row) => row.event_id),
        rows,
      );
      return pageByTime(rows, limit, (row) => shownAction(row, maskOf(row.event_id)));
    }),

    route(endpoints.runActionNow, async ({ params }, caller) => {
      await runActionNow(database, caller.accountId, params.id);
      return { id: params.id };
    }),

    route(endpoints.flushActions, async ({ body }, caller) => ({
      count: await flushActions(database, caller.accountId, body),
    })),
  ];
}

function shownAction(row: LoggedAction, mask: (text: string) => string) {
  return {
    id: row.id,
    at: new Date(uuidV7Time(row.id)).toISOString(),
    workflow: { id: row.workflow_id, name: row.workflow_name },
    run_id: row.run_id,
    lead_id: row.lead_id,
    list: row.list_id === null ? null : { id: row.list_id, name: row.list_name ?? "" },
    type: row.type,
    state: row.state,
    note: mask(row.note),
    due_at: row.due_at?.toISOString() ?? null,
    delivery_id: row.delivery_id,
  };
}
