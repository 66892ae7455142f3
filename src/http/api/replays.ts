import * as deliveries from "../../contracts/endpoints/deliveries.ts";
import * as endpoints from "../../contracts/endpoints/replays.ts";
import { ReplayId } from "../../contracts/ids.ts";
import { badInput, ProblemError } from "../../core/problem-error.ts";
import { previewReplay } from "../../engine/preview-replay.ts";
import type { Replayer } from "../../engine/replay.ts";
import { chosenOf, startReplay } from "../../engine/start-replay.ts";
import type { Database } from "../../store/database.ts";
import { mappingContext } from "../../store/mapping-context.ts";
import { cancelReplay, findReplay, listReplays } from "../../store/replays.ts";
import type { Caller } from "../caller.ts";
import { inTurns } from "../in-turns.ts";
import { foundMasks } from "../mask-found.ts";
import { route, type Route } from "../route.ts";
import { selectionFor } from "../selection-for.ts";
import { shownDifference } from "../shown-difference.ts";
import { shownReplay } from "../shown-replay.ts";

export type ReplayRoutesDeps = { readonly db: Database; readonly replayer: Pick<Replayer, "wake"> };

/** Sending many again (spec 7, Retrying). */
export function replayRoutes({ db, replayer }: ReplayRoutesDeps): Route[] {
  return [
    route(deliveries.retryDeliveries, async ({ body }, caller) => {
      const { mode, per_second: perSecond, filter } = body;
      await selectionFor(caller, filter ?? {});
      const how = { mode, perSecond, createdBy: caller.name };
      const started = await startReplay(db, caller.accountId, chosenOf(body), how);
      replayer.wake();
      return { count: started?.total ?? 0, replay_id: started?.id ?? null };
    }),

    route(endpoints.listReplays, async ({ query }, caller) => {
      const { state, limit, cursor } = query;
      const rows = await listReplays(caller.scope, state, beforeOf(cursor), limit + 1);
      const hides = await hidesFilters(caller);
      const shown = rows.slice(0, limit);
      return {
        items: shown.map((row) => shownReplay(row, hides)),
        next_cursor: rows.length > limit ? String(shown.at(-1)!.id) : null,
      };
    }),

    route(endpoints.showReplay, ({ params }, caller) => showReplay(caller, params.id)),

    route(endpoints.cancelReplay, async ({ params }, caller) => {
      await cancelReplay(caller.scope, params.id);
      return showReplay(caller, params.id);
    }),

    route(endpoints.previewReplay, async ({ body }, caller) => {
      await selectionFor(caller, body.filter ?? {});
      const found = await previewReplay(caller.scope, chosenOf(body), body.differences_max);
      const maskOf = await foundMasks(
        caller,
        found.differences.map(({ of }) => of.eventId),
      );
      const { appear, vanish, payloads } = found.counts;
      return {
        total: found.total,
        total_capped: found.totalCapped,
        owed: found.owed,
        accepted: found.accepted,
        left_out: [...found.leftOut],
        waits: found.waits.map(({ id, name, because, count }) => ({ connect: { id, name }, because, count })),
        compared: found.compared,
        event_gone: found.eventGone,
        headline: found.headline,
        counts: { appear, vanish, payloads },
        differences: await inTurns(found.differences, (one) => shownDifference(one, maskOf(one.of.eventId))),
      };
    }),
  ];
}

async function showReplay(caller: Caller, id: ReplayId) {
  const row = await findReplay(caller.scope, id);
  if (row === null) throw new ProblemError("not_found", { detail: "There is no replay with this id." });
  return shownReplay(row, await hidesFilters(caller));
}

/** What a filter asks for by phone or result is personal, as it is in the logs. */
async function hidesFilters({ scope, role }: Caller): Promise<boolean> {
  return role === "viewer" || (await mappingContext(scope)).maskedInLogs.length > 0;
}

function beforeOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const { data: id } = ReplayId.safeParse(cursor);
  if (id === undefined) throw badInput("cursor", "use the next_cursor of the page before");
  return id;
}
