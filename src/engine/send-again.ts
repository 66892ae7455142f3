import type { DeliveryId } from "../contracts/ids.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import type { ReplayMode } from "../contracts/replay.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { refreshRefusal } from "../store/deliveries.ts";
import { lockForPlanning } from "../store/delivery-connects.ts";
import { snapshotsOfEvents } from "../store/events.ts";
import { mappingContext } from "../store/mapping-context.ts";
import type { Skipped, SkipReason } from "../store/replays.ts";
import { dueNow, oweAgain, type Again } from "../store/requeue.ts";
import type { Walked } from "../store/walk-deliveries.ts";
import { planDelivery } from "./plan-delivery.ts";

/** What went out again, and what stayed as it was. */
export type SentAgain = {
  readonly moved: readonly DeliveryId[];
  readonly skipped: Skipped;
  /** What today's mapping says no with, of the first that it refuses. */
  readonly refusal: Diagnosis | null;
};

/**
 * Sends deliveries again, in the caller's transaction: settled ones (`of` "settled") are owed anew, waiting and held ones
 * are due now. As sent, each keeps the payload that was frozen for it, but for what was never mapped: that has none.
 */
export async function sendAgain(
  scope: AccountScope,
  of: "settled" | "owed",
  rows: readonly Walked[],
  mode: ReplayMode,
): Promise<SentAgain> {
  const skipped: Partial<Record<SkipReason, number>> = {};
  const skip = (reason: SkipReason, count: number): void => {
    if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
  };
  const there = rows.filter((row) => !row.connect_gone);
  skip("connect_gone", rows.length - there.length);

  const isAnew = (row: Walked): boolean => mode === "mapped_anew" || row.never_mapped;
  const asSent = there.flatMap((row): Again[] => (isAnew(row) ? [] : [{ id: row.id, anew: null }]));
  const anew = await mapAnew(scope, there.filter(isAnew));
  skip("event_gone", anew.eventGone);
  skip("connect_gone", anew.connectGone);
  skip("mapping_refused", anew.refused.length);
  const refusal = anew.refused[0]?.diagnosis ?? null;
  for (const { row, diagnosis } of anew.refused) if (row.never_mapped) await refreshRefusal(scope, row.id, diagnosis);

  const again = [...asSent, ...anew.again];
  if (again.length === 0) return { moved: [], skipped, refusal };
  const moved = await (of === "settled" ? oweAgain : dueNow)(scope, again);
  skip("under_way", again.length - moved.length);
  return { moved, skipped, refusal };
}

type MappedAnew = {
  readonly again: readonly Again[];
  readonly refused: readonly { readonly row: Walked; readonly diagnosis: Diagnosis }[];
  readonly eventGone: number;
  readonly connectGone: number;
};

/** Maps them from what their events knew, by their connects' adaptors as they are now. Locks the connects against a save. */
async function mapAnew(scope: AccountScope, rows: readonly Walked[]): Promise<MappedAnew> {
  if (rows.length === 0) return { again: [], refused: [], eventGone: 0, connectGone: 0 };
  const sides = new Map<number, Awaited<ReturnType<typeof lockForPlanning>>>();
  // in one order, so that two who lock several don't wait for each other in a ring
  for (const id of [...new Set(rows.map((row) => row.connect_id))].toSorted((a, b) => a - b))
    sides.set(id, await lockForPlanning(scope, id));
  const events = await snapshotsOfEvents(
    scope,
    rows.map((row) => row.event_id),
  );
  const context = await mappingContext(scope);
  const now = new Date();
  const again: Again[] = [];
  const refused: { row: Walked; diagnosis: Diagnosis }[] = [];
  let [eventGone, connectGone] = [0, 0];
  for (const row of rows) {
    const side = sides.get(row.connect_id);
    const event = events.get(row.event_id);
    if (!side) connectGone++;
    else if (event === undefined) eventGone++;
    else {
      const planned = planDelivery({
        ...side,
        id: row.id,
        event: {
          accountId: scope.accountId,
          id: row.event_id,
          type: row.event_type,
          leadId: row.lead_id,
          snapshot: event.snapshot,
        },
        phoneNumber: row.phone_number,
        context,
        now,
        fresh: () => false,
      });
      if (planned.kind === "settled") refused.push({ row, diagnosis: planned.row.diagnosis });
      else {
        const { payload, connectRevision, adaptorId, adaptorRevision } = planned.row;
        again.push({ id: row.id, anew: { payload, connectRevision, adaptorId, adaptorRevision } });
      }
    }
  }
  return { again, refused, eventGone, connectGone };
}
