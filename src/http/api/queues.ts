import { deleteInboundNumber, saveInboundNumber } from "../../admin/save-inbound-number.ts";
import { deleteQueue, saveQueue } from "../../admin/save-queue.ts";
import * as endpoints from "../../contracts/endpoints/dialler.ts";
import { inboundNumbers } from "../../store/inbound-numbers.ts";
import { queues } from "../../store/queues.ts";
import type { AdminDeps } from "../change-by.ts";
import { nounChanges } from "../noun-changes.ts";
import { route, type Route } from "../route.ts";

/** What inbound calls come by: queues, and the numbers that callers dial. */
export function queueRoutes(deps: AdminDeps): Route[] {
  const queue = nounChanges(deps, "queue");
  const number = nounChanges(deps, "inbound number");
  return [
    route(endpoints.queues.list, ({ query }, { scope }) => queue.page(scope, query, queues.list)),
    route(endpoints.queues.create, ({ body }, by) => queue.save(by, (one) => saveQueue(one, null, body))),
    route(endpoints.queues.update, ({ params: { id }, body: { revision, ...values } }, by) =>
      queue.save(by, (one) => saveQueue(one, id, values), { id, revision }),
    ),
    route(endpoints.queues.remove, ({ params }, by) => queue.remove(by, (one) => deleteQueue(one, params.id))),

    route(endpoints.inboundNumbers.list, ({ query }, { scope }) => number.page(scope, query, inboundNumbers.list)),
    route(endpoints.inboundNumbers.create, ({ body }, by) =>
      number.save(by, (one) => saveInboundNumber(one, null, body)),
    ),
    route(endpoints.inboundNumbers.update, ({ params: { id }, body: { revision, ...values } }, by) =>
      number.save(by, (one) => saveInboundNumber(one, id, values), { id, revision }),
    ),
    route(endpoints.inboundNumbers.remove, ({ params }, by) =>
      number.remove(by, (one) => deleteInboundNumber(one, params.id)),
    ),
  ];
}
