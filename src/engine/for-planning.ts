import type { ConnectId } from "../contracts/ids.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { lockForPlanning } from "../store/delivery-connects.ts";

/** Connects and their adaptors as a transaction plans with them; null: there is none. Read and locked once each. */
export type ForPlanning = (id: ConnectId) => ReturnType<typeof lockForPlanning>;

export function forPlanning(scope: AccountScope): ForPlanning {
  const known = new Map<ConnectId, ReturnType<typeof lockForPlanning>>();
  return (id) => {
    const found = known.get(id) ?? lockForPlanning(scope, id);
    known.set(id, found);
    return found;
  };
}
