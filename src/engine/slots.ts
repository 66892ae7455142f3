import type { AccountId, ConnectId } from "../contracts/ids.ts";
import type { BusyConnect } from "../store/due.ts";

type Of = { readonly accountId: AccountId; readonly connectId: ConnectId };

/** How many deliveries of each connect are under way in this process, so that a vendor that hangs holds up no other's. */
export type Slots = {
  readonly perConnect: number;
  /** Takes a slot; false: the connect has none free, or the process has as many under way as it may. */
  readonly take: (of: Of) => boolean;
  /** Takes one although none may be free: for what is claimed already. */
  readonly force: (of: Of) => void;
  readonly free: (of: Of) => void;
  readonly busy: () => readonly BusyConnect[];
  /** Free ones over all connects. */
  readonly left: () => number;
};

/** `onRoom` is called when a full connect has a slot again: there may be work that no claim could take. */
export function createSlots(perConnect: number, total: number, onRoom: () => void): Slots {
  const busy = new Map<string, { accountId: AccountId; connectId: ConnectId; running: number }>();
  let running = 0;
  const force = ({ accountId, connectId }: Of): void => {
    const key = `${accountId}/${connectId}`;
    const entry = busy.get(key);
    if (entry) entry.running++;
    else busy.set(key, { accountId, connectId, running: 1 });
    running++;
  };
  return {
    perConnect,
    take: (of) => {
      if (running >= total || (busy.get(`${of.accountId}/${of.connectId}`)?.running ?? 0) >= perConnect) return false;
      force(of);
      return true;
    },
    force,
    free: ({ accountId, connectId }) => {
      const key = `${accountId}/${connectId}`;
      const entry = busy.get(key);
      if (entry === undefined) return;
      const wasFull = entry.running >= perConnect || running >= total;
      entry.running--;
      running--;
      if (entry.running === 0) busy.delete(key);
      if (wasFull) onRoom();
    },
    busy: () => [...busy.values()],
    left: () => Math.max(0, total - running),
  };
}
