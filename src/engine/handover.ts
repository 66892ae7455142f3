import type { AccountId, ConnectId, DeliveryId } from "../contracts/ids.ts";
import type { NewDue } from "../store/due.ts";

type Of = { readonly accountId: AccountId; readonly connectId: ConnectId };

/**
 * The short way from storing to sending, for one transaction: what it stores is leased to this process where that has
 * room, and is sent when the transaction has committed.
 */
export type Handover = {
  /** Keeps room for a delivery about to be stored; false: leave it to whoever claims it. */
  readonly reserve: (of: Of, concurrency: number) => boolean;
  /** What was stored, and which of it is leased to this process. */
  readonly stored: (rows: readonly NewDue[], leased: ReadonlySet<DeliveryId>) => void;
};

/** Nothing is kept: every delivery is claimed. */
export const noHandover: Handover = { reserve: () => false, stored: () => {} };

/** Runs a transaction that stores deliveries. */
export type HandOver = <T>(work: (handover: Handover) => Promise<T>) => Promise<T>;

export const withoutHandover: HandOver = (work) => work(noHandover);

/** A delivery that is sent as it was stored. `concurrency`: its connect's, over all processes. */
export type Fresh = { readonly row: NewDue; readonly concurrency: number };

export type HandoverPlaces = {
  readonly reserve: (of: Of, concurrency: number) => boolean;
  readonly release: (of: Of) => void;
  readonly send: (fresh: Fresh) => void;
};

/** Runs a transaction; sends what it left leased when it committed, gives the room back when it did not. */
export async function handingOver<T>(places: HandoverPlaces, work: (handover: Handover) => Promise<T>): Promise<T> {
  const kept: { of: Of; concurrency: number }[] = [];
  const leased: NewDue[] = [];
  const handover: Handover = {
    reserve: (of, concurrency) => {
      if (!places.reserve(of, concurrency)) return false;
      kept.push({ of, concurrency });
      return true;
    },
    stored: (rows, ids) => leased.push(...rows.filter(({ id }) => ids.has(id))),
  };
  try {
    const result = await work(handover);
    const concurrencies = new Map(kept.map(({ of, concurrency }) => [`${of.accountId}/${of.connectId}`, concurrency]));
    for (const { of } of kept) places.release(of);
    for (const row of leased)
      places.send({ row, concurrency: concurrencies.get(`${row.accountId}/${row.connectId}`) ?? 1 });
    return result;
  } catch (error) {
    for (const { of } of kept) places.release(of);
    throw error;
  }
}
