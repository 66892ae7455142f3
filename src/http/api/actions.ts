import * as endpoints from "../../contracts/endpoints/workflows.ts";
import { badInput, ProblemError } from "../../core/problem-error.ts";
import { makeDueNow, skipPending } from "../../store/actions.ts";
import { notifyDue } from "../../store/due.ts";
import { accountScope } from "../../store/account-scope.ts";
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
      );
      return pageByTime(rows, limit, (row) => shownAction(row, maskOf(row.event_id)));
    }),

    route(endpoints.runActionNow, async ({ params }, caller) =>
      database.transaction(async (tx) => {
        const isPending = await makeDueNow(accountScope(tx, caller.accountId), params.id);
        if (!isPending)
          throw new ProblemError("not_found", { detail: "This action is not pending any more, or is under way." });
        await notifyDue(tx);
        return { id: params.id };
      }),
    ),

    route(endpoints.flushActions, async ({ body }, caller) => {
      const { ids, workflow, lead_id: leadId } = body;
      if (ids === undefined && workflow === undefined && leadId === undefined)
        throw badInput("ids", "Say which actions: by ids, workflow or lead_id");
      const which = { ids, workflows: workflow === undefined ? undefined : [workflow], leadId };
      return { count: await skipPending(caller.scope, which, `Flushed by ${caller.name}`) };
    }),
  ];
}

export function shownAction(row: LoggedAction, mask: (text: string) => string) {
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
