/** Waits until it is the caller's turn: the event loop has looked at everything else since the last one's. */
export type TakeTurn = () => Promise<void>;

/**
 * For pieces of work that take some milliseconds each, of which many may arrive at once: done one a round of the event
 * loop, they hold up nobody else for longer than one of them takes.
 */
export function createTurns(): TakeTurn {
  let last = Promise.resolve();
  return () => (last = last.then(() => new Promise((go) => setImmediate(go))));
}
