import type { AccountId, ConnectId, DeliveryId } from "../contracts/ids.ts";
import type { PlannedWith } from "../store/delivery-connects.ts";
import type { NewDue } from "../store/due.ts";

type Of = { readonly accountId: AccountId; readonly connectId: ConnectId };

/**
 * The short way from storing to sending, for one transaction: what it stores is leased to this process where that has
 * room, and is sent when the transaction has committed.
 */
export type Handover = {
  /** Keeps room for a delivery about to be stored; false: leave it to whoever claims it. */
  readonly reserve: (accountId: AccountId, planned: PlannedWith) => boolean;
  /** What was stored, and which of it is leased to this process. */
  readonly stored: (rows: readonly NewDue[], leased: ReadonlySet<DeliveryId>) => void;
};

/** Nothing is kept: every delivery is claimed. */
export const noHandover: Handover = { reserve: () => false, stored: () => {} };

/** Runs a transaction that stores deliveries. */
export type HandOver = <T>(work: (handover: Handover) => Promise<T>) => Promise<T>;

export const withoutHandover: HandOver = (work) => work(noHandover);

export type HandoverPlaces = {
  readonly reserve: (of: Of, concurrency: number) => boolean;
  readonly release: (of: Of) => void;
  /** Sends a delivery with what it was planned with: nothing fresher is known. */
  readonly send: (row: NewDue, planned: PlannedWith) => void;
};

/** Runs a transaction; sends what it left leased when it committed, gives the room back when it did not. */
export async function handingOver<T>(places: HandoverPlaces, work: (handover: Handover) => Promise<T>): Promise<T> {
  const kept: { readonly of: Of; readonly planned: PlannedWith }[] = [];
  const leased: NewDue[] = [];
  const handover: Handover = {
    reserve: (accountId, planned) => {
      const of = { accountId, connectId: planned.connect.id };
      if (!places.reserve(of, planned.connect.settings.concurrency)) return false;
      kept.push({ of, planned });
      return true;
    },
    stored: (rows, ids) => leased.push(...rows.filter(({ id }) => ids.has(id))),
  };
  const release = (): void => {
    for (const { of } of kept) places.release(of);
  };
  try {
    const result = await work(handover);
    release();
    const plannedWith = new Map(kept.map(({ of, planned }) => [`${of.accountId}/${of.connectId}`, planned]));
    for (const row of leased) places.send(row, plannedWith.get(`${row.accountId}/${row.connectId}`)!);
    return result;
  } catch (error) {
    release();
    throw error;
  }
}
