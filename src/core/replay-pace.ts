/** A batch is one transaction that locks its rows; more than this gains nothing. */
const batchMost = 500;
/** So many batches a second where the pace allows it: a second's worth at once would come in bursts. */
const batchesPerSecond = 4;

/** How many deliveries a replay moves at a time. `perSecond` null: no pace is kept. */
export function replayBatch(perSecond: number | null): number {
  if (perSecond === null) return batchMost;
  return Math.min(batchMost, Math.max(1, Math.floor(perSecond / batchesPerSecond)));
}

/** How long its next batch waits after so many were moved, in milliseconds: never more than the pace, however it is cut. */
export function replayWaitMs(perSecond: number | null, moved: number): number {
  return perSecond === null ? 0 : (moved / perSecond) * 1000;
}
