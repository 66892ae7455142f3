import * as endpoints from "../../contracts/endpoints/health.ts";
import { connectHealth, healthRange, worstEnd } from "../../core/connect-health.ts";
import { ProblemError } from "../../core/problem-error.ts";
import { breakerChanges } from "../../store/breaker-changes.ts";
import { endsByHour, sumMinutes } from "../../store/connect-minutes.ts";
import { findConnect } from "../../store/connects.ts";
import { queueDepthOf } from "../../store/queue-depths.ts";
import { route, type Route } from "../route.ts";

const changesShown = 50;
const hourMs = 3_600_000;

/** How connects do: the Health tab, and the bars of Show Connect. */
export function connectHealthRoutes(): Route[] {
  return [
    route(endpoints.showConnectHealth, async ({ params, query }, { scope }) => {
      if ((await findConnect(scope, params.id)) === null)
        throw new ProblemError("not_found", { detail: `There is no connect ${params.id}.` });
      const range = healthRange(query.hours, new Date());
      const sums = await sumMinutes(scope, params.id, range.from, range.bucketSeconds);
      const changes = await breakerChanges(scope, params.id, changesShown);
      const depth = await queueDepthOf(scope, params.id);
      return {
        ...connectHealth(range, sums),
        breaker_changes: changes.map((change) => ({ ...change, at: change.at.toISOString() })),
        waiting: shownQueue(depth?.waiting),
        sending: depth?.sending ?? 0,
        held: { ...shownQueue(depth?.held), because: [...(depth?.held.because ?? [])] },
      };
    }),

    route(endpoints.listConnectHours, async (_request, { scope }) => {
      const firstMs = (Math.floor(Date.now() / hourMs) - 23) * hourMs;
      const rows = await endsByHour(scope, new Date(firstMs));
      const byConnect = Map.groupBy(rows, ({ connect_id }) => connect_id);
      const items = [...byConnect].map(([id, ofConnect]) => {
        const hours = Array.from({ length: 24 }, () => ({ attempts: 0, worst: null as ReturnType<typeof worstEnd> }));
        for (const { at, connect_id: _, ...ends } of ofConnect) {
          const attempts = Object.values(ends).reduce((sum, count) => sum + count, 0);
          hours[(at.getTime() - firstMs) / hourMs] = { attempts, worst: worstEnd(ends) };
        }
        return { id, hours };
      });
      return { items };
    }),
  ];
}

function shownQueue(queue: { readonly count: number; readonly oldestAt: Date | null } | undefined) {
  return { count: queue?.count ?? 0, oldest_at: queue?.oldestAt?.toISOString() ?? null };
}
