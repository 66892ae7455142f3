import { inChange, type Change } from "../../admin/change.ts";
import { deleteInboundNumber, saveInboundNumber } from "../../admin/save-inbound-number.ts";
import { deleteQueue, saveQueue } from "../../admin/save-queue.ts";
import * as endpoints from "../../contracts/endpoints/dialler.ts";
import { inboundNumbers } from "../../store/inbound-numbers.ts";
import { queues } from "../../store/queues.ts";
import type { Caller } from "../caller.ts";
import { changeBy, type AdminDeps } from "../change-by.ts";
import { afterOf, pageOfRows } from "../paging.ts";
import { route, type Route } from "../route.ts";

/** What inbound calls come by: queues, and the numbers that callers dial. */
export function queueRoutes(deps: AdminDeps): Route[] {
  const change = <T>(caller: Caller, work: (change: Change) => Promise<T>): Promise<T> =>
    inChange(changeBy(deps, caller), work);
  return [
    route(endpoints.queues.list, async ({ query }, { scope }) =>
      pageOfRows(await queues.list(scope, afterOf(query.cursor, 0), query.limit + 1), query.limit, (row) => row),
    ),
    route(endpoints.queues.create, async ({ body }, by) => change(by, (one) => saveQueue(one, null, body))),
    route(endpoints.queues.update, async ({ params, body }, by) =>
      change(by, (one) => saveQueue(one, params.id, body)),
    ),
    route(endpoints.queues.remove, async ({ params }, by) => {
      await change(by, (one) => deleteQueue(one, params.id));
      return null;
    }),

    route(endpoints.inboundNumbers.list, async ({ query }, { scope }) =>
      pageOfRows(
        await inboundNumbers.list(scope, afterOf(query.cursor, 0), query.limit + 1),
        query.limit,
        (row) => row,
      ),
    ),
    route(endpoints.inboundNumbers.create, async ({ body }, by) =>
      change(by, (one) => saveInboundNumber(one, null, body)),
    ),
    route(endpoints.inboundNumbers.update, async ({ params, body }, by) =>
      change(by, (one) => saveInboundNumber(one, params.id, body)),
    ),
    route(endpoints.inboundNumbers.remove, async ({ params }, by) => {
      await change(by, (one) => deleteInboundNumber(one, params.id));
      return null;
    }),
  ];
}
