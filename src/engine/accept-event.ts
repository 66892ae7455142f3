import { insertSettled, type NewSettled } from "../store/deliveries.ts";
import type { Queryable } from "../store/database.ts";
import { insertDue, notifyDue, type NewDue } from "../store/due.ts";
import { insertEvents, type NewEvent } from "../store/events.ts";
import type { Handover } from "./handover.ts";

/** What an event makes: deliveries that are owed, and those whose mapping refused. */
export type PlannedDelivery =
  | { readonly kind: "owed"; readonly row: NewDue }
  | { readonly kind: "settled"; readonly row: NewSettled };

/**
 * Stores what happened and everything it makes owed, in the caller's transaction: after its commit nothing of it can be
 * lost. Workers are told once a transaction, and only of what no process has leased already.
 */
export async function acceptEvents(
  tx: Queryable,
  accepted: readonly { readonly event: NewEvent; readonly deliveries: readonly PlannedDelivery[] }[],
  handover: Handover,
): Promise<void> {
  await insertEvents(
    tx,
    accepted.map(({ event }) => event),
  );
  await storePlanned(
    tx,
    accepted.flatMap(({ deliveries }) => deliveries),
    handover,
  );
}

/** Stores planned deliveries of events that are stored already; the caller holds their leads. */
export async function storePlanned(
  tx: Queryable,
  planned: readonly PlannedDelivery[],
  handover: Handover,
): Promise<void> {
  const owed = planned.flatMap((delivery) => (delivery.kind === "owed" ? [delivery.row] : []));
  const settled = planned.flatMap((delivery) => (delivery.kind === "settled" ? [delivery.row] : []));
  if (settled.length > 0) await insertSettled(tx, settled);
  if (owed.length === 0) return;
  const leased = await insertDue(tx, owed);
  handover.stored(owed, leased);
  // a hint: what comes of it concerns nobody, and it may follow the commit
  if (owed.some(({ id, heldBecause }) => heldBecause === null && !leased.has(id))) await notifyDue(tx).catch(() => {});
}

/** Whether `storePlanned` sends all that it stores at once, so that a commit may follow without waiting for answers. */
export function isStoredAtOnce(planned: readonly PlannedDelivery[]): boolean {
  return planned.every((delivery) => delivery.kind === "owed" && delivery.row.lane?.newestWins !== true);
}
