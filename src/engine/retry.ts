import type { AccountId, DeliveryId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import type { Database, Queryable } from "../store/database.ts";
import { findDelivery, type DeliverySelection } from "../store/deliveries.ts";
import { lockForPlanning } from "../store/delivery-connects.ts";
import { notifyDue } from "../store/due.ts";
import { snapshotsOfEvents } from "../store/events.ts";
import { mappingContext } from "../store/mapping-context.ts";
import { databaseNow, dueNow, neverMappedDeliveries, oweAgain, takeSettled, type Chosen } from "../store/requeue.ts";
import { storePlanned } from "./accept-event.ts";
import type { Engine } from "./engine.ts";
import { noHandover } from "./handover.ts";
import { planDelivery } from "./plan-delivery.ts";

type Waker = Pick<Engine, "wake">;
type Which = { readonly ids: readonly DeliveryId[] } | { readonly selection: DeliverySelection };

/** Deliveries moved in one transaction. */
const batchMax = 1_000;

/** Sends one delivery again: a settled one is owed anew, a waiting or held one goes at once. Throws ProblemError. */
export async function retryDelivery(db: Database, engine: Waker, accountId: AccountId, id: DeliveryId): Promise<void> {
  const row = await findDelivery(accountScope(db, accountId), id);
  if (row === null) throw new ProblemError("not_found", { detail: "There is no delivery with this id." });
  if (row.test)
    throw new ProblemError("bad_input", { detail: "A test is not sent again. Press Test Connect for another one." });
  if (row.state === "sending") return;
  const count = await retryDeliveries(db, engine, accountId, { ids: [id] });
  if (count === 0 && row.state === "settled")
    throw new ProblemError("conflict", { detail: "Its connect was deleted, so there is nowhere to send it." });
}

/**
 * Sends again all that a filter matches now, or the chosen ones; tests never. Returns how many. In batches, oldest first
 * and each only once, so that one which fails again at once isn't met a second time.
 */
export async function retryDeliveries(
  db: Database,
  engine: Waker,
  accountId: AccountId,
  which: Which,
): Promise<number> {
  const chosen = { ...which, settledBefore: await databaseNow(accountScope(db, accountId)) };
  let count = 0;
  for (const step of [dueNow, oweAgain]) {
    count += await inBatches(chosen, (part) =>
      db.transaction(async (tx) => {
        const moved = await step(accountScope(tx, accountId), part, batchMax);
        if (moved.length > 0) await notifyDue(tx);
        return moved;
      }),
    );
    if (count > 0) engine.wake();
  }
  count += await inBatches(chosen, async (part) => {
    const ids = await neverMappedDeliveries(accountScope(db, accountId), part, batchMax);
    for (const id of ids) await db.transaction((tx) => planAnew(accountScope(tx, accountId), tx, id));
    return ids;
  });
  if (count > 0) engine.wake();
  return count;
}

/** Until a batch comes back empty; each begins after the last id of the one before. */
async function inBatches(chosen: Chosen, take: (part: Chosen) => Promise<DeliveryId[]>): Promise<number> {
  if ("ids" in chosen) return (await take(chosen)).length;
  let count = 0;
  let part: Chosen = chosen;
  for (;;) {
    const ids = await take(part);
    if (ids.length === 0) return count;
    count += ids.length;
    const last = ids.reduce((a, b) => (a > b ? a : b));
    part = { ...chosen, selection: { ...chosen.selection, idAfter: last } };
  }
}

/** A delivery whose mapping refused has nothing to send again: it is mapped anew, from what its event knew. */
async function planAnew(scope: AccountScope, tx: Queryable, id: DeliveryId): Promise<void> {
  const row = await findDelivery(scope, id);
  if (row === null || row.connect_id === 0) return;
  const found = await lockForPlanning(scope, row.connect_id);
  const event = (await snapshotsOfEvents(scope, [row.event_id])).get(row.event_id);
  if (found === null || event === undefined || !(await takeSettled(scope, id))) return;
  const planned = planDelivery({
    ...found,
    id,
    event: {
      accountId: scope.accountId,
      id: row.event_id,
      type: row.event_type,
      leadId: row.lead_id,
      snapshot: event.snapshot,
    },
    phoneNumber: row.phone_number,
    context: await mappingContext(scope),
    now: new Date(),
    fresh: () => false,
  });
  await storePlanned(tx, [planned], noHandover);
}
