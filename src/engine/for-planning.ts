import type { ConnectId } from "../contracts/ids.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { lockForPlanning } from "../store/delivery-connects.ts";

/** Connects and their adaptors as a transaction plans with them; null: there is none. Read and locked once each. */
export type ForPlanning = (id: ConnectId) => ReturnType<typeof lockForPlanning>;

export function forPlanning(scope: AccountScope): ForPlanning {
  const known = new Map<ConnectId, ReturnType<typeof lockForPlanning>>();
  return (id) => {
    let found = known.get(id);
    if (found === undefined) {
      found = lockForPlanning(scope, id);
      found.catch(() => {}); // it may be asked for ahead; whoever needs it meets the fault
      known.set(id, found);
    }
    return found;
  };
}
