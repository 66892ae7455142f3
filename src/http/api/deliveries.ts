import * as endpoints from "../../contracts/endpoints/deliveries.ts";
import { DeliveryId } from "../../contracts/ids.ts";
import { badInput, ProblemError } from "../../core/problem-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { retryDelivery } from "../../engine/retry.ts";
import { attemptsOf } from "../../store/attempts.ts";
import { accountScope } from "../../store/account-scope.ts";
import { inOneSnapshot, type Database } from "../../store/database.ts";
import { countDeliveries, findDelivery, listDeliveries, type DeliverySelection } from "../../store/deliveries.ts";
import { surroundingsOf } from "../../store/delivery-surroundings.ts";
import type { Caller } from "../caller.ts";
import { inTurns } from "../in-turns.ts";
import { logMasks } from "../log-masks.ts";
import { route, type Route } from "../route.ts";
import { selectionFor } from "../selection-for.ts";
import { shownDelivery, shownStory, type Story } from "../shown-delivery.ts";

export type DeliveryRoutesDeps = { readonly db: Database; readonly engine: Pick<Engine, "wake"> };

const countMost = 10_000;

/** The logs (spec 3, Logs): the list, one story, sending one again. */
export function deliveryRoutes({ db, engine }: DeliveryRoutesDeps): Route[] {
  return [
    route(endpoints.listDeliveries, async ({ query }, caller) => {
      const { limit, cursor, ...filter } = query;
      const selection = await selectionFor(caller, filter);
      const rows = await listDeliveries(caller.scope, before(selection, cursor), limit + 1);
      const shown = rows.slice(0, limit);
      const maskOf = await logMasks(caller, shown);
      return {
        items: await inTurns(shown, (row) => shownDelivery(row, maskOf(row))),
        next_cursor: rows.length > limit ? shown.at(-1)!.id : null,
      };
    }),

    route(endpoints.countDeliveries, async ({ query }, caller) =>
      countDeliveries(caller.scope, await selectionFor(caller, query), countMost),
    ),

    route(endpoints.showDelivery, async ({ params }, caller) => {
      const story = await readStory(db, caller, params.id);
      if (story === null) throw new ProblemError("not_found", { detail: "There is no delivery with this id." });
      const maskOf = await logMasks(caller, [story.row]);
      return shownStory(story, maskOf(story.row));
    }),

    route(endpoints.retryDelivery, async ({ params, body }, caller) => {
      await retryDelivery(db, engine, caller.accountId, params.id, body.mode);
      return { delivery_id: params.id };
    }),
  ];
}

/** The delivery and its attempts as of one moment: read apart, an attempt could end between the two, and the row lie. */
function readStory(db: Database, { accountId }: Caller, id: DeliveryId): Promise<Story | null> {
  return inOneSnapshot(db, async (tx) => {
    const scope = accountScope(tx, accountId);
    const [row, attempts] = await Promise.all([findDelivery(scope, id), attemptsOf(scope, id)]);
    return row && { row, attempts, surroundings: await surroundingsOf(scope, row) };
  });
}

/** The rows after a cursor, which is the last id that was shown. */
function before(selection: DeliverySelection, cursor: string | undefined): DeliverySelection {
  if (cursor === undefined) return selection;
  const { data: id } = DeliveryId.safeParse(cursor);
  if (id === undefined) throw badInput("cursor", "use the next_cursor of the page before");
  if (selection.idBefore !== undefined && selection.idBefore < id) return selection;
  return { ...selection, idBefore: id };
}
