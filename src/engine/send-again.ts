import type { DeliveryId } from "../contracts/ids.ts";
import { limits } from "../contracts/limits.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import type { ReplayMode } from "../contracts/replay.ts";
import { payloadLength } from "../core/payload-limit.ts";
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
  const sides = await lockSides(scope, there.filter(isAnew));
  const moved: DeliveryId[] = [];
  let again: Again[] = [];
  let heldLength = 0;
  const move = async (): Promise<void> => {
    if (again.length === 0) return;
    const done = await (of === "settled" ? oweAgain : dueNow)(scope, again);
    skip("under_way", again.length - done.length);
    moved.push(...done);
    again = [];
    heldLength = 0;
  };
  let refusal: Diagnosis | null = null;
  for (let from = 0; from < there.length; from += readAtOnce) {
    const part = there.slice(from, from + readAtOnce);
    const mapAnew = await anewMapper(scope, part.filter(isAnew), sides);
    for (const row of part) {
      const anew = isAnew(row) ? mapAnew(row) : null;
      if (typeof anew === "string") skip(anew, 1);
      else if (anew !== null && "refused" in anew) {
        skip("mapping_refused", 1);
        refusal ??= anew.refused;
        if (row.never_mapped) await refreshRefusal(scope, row.id, anew.refused);
      } else {
        again.push({ id: row.id, anew });
        heldLength += anew === null ? 0 : payloadLength(anew.payload);
        if (heldLength > limits.plannedCharsMax) await move();
      }
    }
  }
  await move();
  return { moved, skipped, refusal };
}

/** What an event knew may be large, so no more are read at a time. */
const readAtOnce = 50;

type Sides = ReadonlyMap<number, Awaited<ReturnType<typeof lockForPlanning>>>;

/** The connects of these deliveries as they are now, locked against a save. */
async function lockSides(scope: AccountScope, rows: readonly Walked[]): Promise<Sides> {
  const sides = new Map<number, Awaited<ReturnType<typeof lockForPlanning>>>();
  // in one order, so that two who lock several don't wait for each other in a ring
  for (const id of [...new Set(rows.map((row) => row.connect_id))].toSorted((a, b) => a - b))
    sides.set(id, await lockForPlanning(scope, id));
  return sides;
}

type Anew = NonNullable<Again["anew"]> | { readonly refused: Diagnosis } | "event_gone" | "connect_gone";

/** Maps such a delivery from what its event knew, by its connect's adaptor as it is now. */
async function anewMapper(scope: AccountScope, rows: readonly Walked[], sides: Sides): Promise<(row: Walked) => Anew> {
  const events = await snapshotsOfEvents(
    scope,
    rows.map((row) => row.event_id),
  );
  const context = await mappingContext(scope);
  const now = new Date();
  return (row) => {
    const side = sides.get(row.connect_id);
    const event = events.get(row.event_id);
    if (!side) return "connect_gone";
    if (event === undefined) return "event_gone";
    const { accountId } = scope;
    const planned = planDelivery({
      ...side,
      id: row.id,
      event: { accountId, id: row.event_id, type: row.event_type, leadId: row.lead_id, snapshot: event.snapshot },
      phoneNumber: row.phone_number,
      context,
      now,
      fresh: () => false,
    });
    if (planned.kind === "settled") return { refused: planned.row.diagnosis };
    const { payload, connectRevision, adaptorId, adaptorRevision } = planned.row;
    return { payload, connectRevision, adaptorId, adaptorRevision };
  };
}
