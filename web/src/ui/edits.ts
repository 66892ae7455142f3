import { useEffect, useSyncExternalStore } from "react";

let forms = 0;
const listeners = new Set<() => void>();

function add(more: number): void {
  forms += more;
  for (const listener of listeners) listener();
}

/** While `holds`, the page has something that was typed and is saved nowhere. */
export function useHoldsEdits(holds: boolean): void {
  useEffect(() => {
    if (!holds) return undefined;
    add(1);
    return () => add(-1);
  }, [holds]);
}

/** Whether anything on the page would be lost with it. */
export const useHasEdits = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => forms > 0,
  );
