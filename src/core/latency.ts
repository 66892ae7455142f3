/**
 * Upper bounds of the buckets in which durations are counted, in milliseconds: each √2 times the one before, from 1 ms to
 * 131 s, a bit more than the longest time-out. One more bucket takes what is longer. Stored numbers lean on these: they
 * never change.
 */
export const latencyBoundsMs: readonly number[] = Array.from({ length: 35 }, (_, at) => 2 ** (at / 2));

export const noLatencies = (): number[] => Array.from({ length: latencyBoundsMs.length + 1 }, () => 0);

/** The bucket of a duration: the first whose bound it does not exceed. */
export function latencyBucket(ms: number): number {
  if (!(ms > 1)) return 0;
  // what rounding lets slip past a bound is a matter of 10⁻¹⁵
  return Math.min(Math.ceil(2 * Math.log2(ms)), latencyBoundsMs.length);
}

/**
 * The duration that this share (0–1) of the counted ones did not exceed, taken to lie evenly within their bucket, to a
 * tenth of a millisecond; null: none was counted. What is longer than the last bound is told as that bound.
 */
export function latencyQuantile(counts: readonly number[], share: number): number | null {
  const rank = share * counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [at, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const from = at === 0 ? 0 : latencyBoundsMs[at - 1]!;
      const to = latencyBoundsMs[at] ?? from;
      return Math.round((from + ((to - from) * (rank - below)) / count) * 10) / 10;
    }
    below += count;
  }
  return null;
}
