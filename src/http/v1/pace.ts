/**
 * Keeps callers to their pace, in this process: so many requests a second each, and as many at once after a quiet second.
 * `wait` is 0 when the request may go on, else the seconds until the next one may.
 */
export type Pace = { readonly wait: (key: string, perSecond: number) => number };

export function createPace(nowMs: () => number = Date.now): Pace {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    wait: (key, perSecond) => {
      const now = nowMs();
      const bucket = buckets.get(key) ?? { left: perSecond, at: now };
      bucket.left = Math.min(perSecond, bucket.left + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (buckets.size > 10_000) buckets.clear();
      buckets.set(key, bucket);
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecond);
      bucket.left -= 1;
      return 0;
    },
  };
}
