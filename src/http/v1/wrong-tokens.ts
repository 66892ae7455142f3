import { setTimeout as sleep } from "node:timers/promises";

/**
 * Slows down an address that keeps sending wrong tokens: the first ten in a minute are answered at once, each later one
 * half a second later than the one before, up to 5 s. Tokens have 256 bits; this spares the database, not the tokens.
 */
export type WrongTokens = { readonly slowDown: (address: string) => Promise<void> };

const freeOfDelay = 10;

export function createWrongTokens(nowMs: () => number = Date.now): WrongTokens {
  const seen = new Map<string, { count: number; since: number }>();
  return {
    slowDown: async (address) => {
      const now = nowMs();
      const known = seen.get(address);
      const entry = known !== undefined && now - known.since < 60_000 ? known : { count: 0, since: now };
      entry.count++;
      if (seen.size > 10_000) seen.clear();
      seen.set(address, entry);
      if (entry.count > freeOfDelay) await sleep(Math.min(5_000, (entry.count - freeOfDelay) * 500));
    },
  };
}
