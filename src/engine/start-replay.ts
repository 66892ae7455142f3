import type { AccountId, ReplayId } from "../contracts/ids.ts";
import type { ReplayFilter, ReplayMode } from "../contracts/replay.ts";
import type { DeliveryId } from "../contracts/ids.ts";
import { badInput } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import { insertReplay } from "../store/replays.ts";
import { selectionOf } from "../store/selection-of.ts";
import { beginWalk, countWalk, type Which } from "../store/walk-deliveries.ts";

/** Deliveries by id, or by the filter of the logs. */
export type Chosen = { readonly ids: readonly DeliveryId[] } | { readonly filter: ReplayFilter };

/** Counting goes no further: what is more is sent all the same. */
export const countMost = 100_000;

/** Starts a replay of what matches now; a worker carries it out. null: nothing matches. */
export async function startReplay(
  db: Database,
  accountId: AccountId,
  chosen: Chosen,
  how: { readonly mode: ReplayMode; readonly perSecond: number | null; readonly createdBy: string },
): Promise<{ readonly id: ReplayId; readonly total: number; readonly totalCapped: boolean } | null> {
  const scope = accountScope(db, accountId);
  const walk = await beginWalk(scope, whichOf(chosen));
  const { owed, settled, connects } = await countWalk(scope, walk, countMost);
  const total = owed + settled;
  if (total === 0) return null;
  const totalCapped = owed === countMost || settled === countMost;
  const id = await insertReplay(scope, {
    ...how,
    which: chosen,
    connectId: connects.length === 1 && !totalCapped ? connects[0]!.connect_id : null,
    total,
    totalCapped,
    notAfter: walk.notAfter,
    createdAt: walk.settledBefore,
  });
  return { id, total, totalCapped };
}

/** What a request names, either way; refuses one that names both or neither. */
export function chosenOf(request: {
  readonly ids?: readonly DeliveryId[] | undefined;
  readonly filter?: ReplayFilter | undefined;
}): Chosen {
  const { ids, filter } = request;
  if (ids !== undefined && filter === undefined) return { ids };
  if (filter !== undefined && ids === undefined) return { filter };
  throw badInput("", "Send either ids or a filter: it says what is sent again");
}

export function whichOf(chosen: Chosen): Which {
  return "ids" in chosen ? chosen : { selection: selectionOf(chosen.filter) };
}
