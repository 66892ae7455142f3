/** What an attempt says of its vendor: it answered (whatever it said), it failed, or it refused the credentials. */
export type Sign = "works" | "fails" | "refuses";

/** What is remembered of a connect's attempts. */
export type BreakerState = {
  readonly breaker: "closed" | "open" | "refused";
  /** When it opened, in milliseconds since 1970. */
  readonly since: number | null;
  readonly failuresInRow: number;
  readonly refusalsInRow: number;
  /** The last 50 attempts while it was closed: [milliseconds since 1970, 1 for a failure or 0]. */
  readonly recent: readonly (readonly [number, 0 | 1])[];
};

export const healthy: BreakerState = {
  breaker: "closed",
  since: null,
  failuresInRow: 0,
  refusalsInRow: 0,
  recent: [],
};

/** Spec 7, Breaker. */
const failuresInRowMax = 20;
const windowSize = 50;
const windowMs = 15 * 60_000;
const failuresShareMax = 0.7;
const refusalsInRowMax = 3;
export const firstProbeSeconds = 30;

export type NextBreaker = {
  readonly state: BreakerState;
  /** Set when it opened or closed: why, in words that follow the connect's name. */
  readonly changed: string | null;
};

/**
 * What follows for a connect from an attempt that ended: 20 failures in a row, or 70 % of the last 50 within 15 minutes,
 * pause it; a probe that the vendor answers ends that. Three refusals of the credentials in a row pause it until it is
 * saved anew. Attempts from before the pause tell nothing of how the vendor is since.
 * @param startedAt of the attempt, in milliseconds since 1970, as `now`.
 */
export function nextBreaker(state: BreakerState, sign: Sign, startedAt: number, now: number): NextBreaker {
  if (state.breaker === "refused") return { state, changed: null };
  if (state.breaker === "open") {
    if (sign === "fails" || startedAt <= (state.since ?? 0)) return { state, changed: null };
    const next = { ...healthy, refusalsInRow: sign === "refuses" ? 1 : 0 };
    return { state: next, changed: "the vendor answers again" };
  }
  const failed = sign === "fails";
  const recent = [...state.recent, [now, failed ? 1 : 0] as const]
    .filter(([at]) => at > now - windowMs)
    .slice(-windowSize);
  const failures = recent.filter(([, one]) => one === 1).length;
  const next: BreakerState = {
    breaker: "closed",
    since: null,
    failuresInRow: failed ? state.failuresInRow + 1 : 0,
    refusalsInRow: sign === "refuses" ? state.refusalsInRow + 1 : 0,
    // what is all well need not be remembered
    recent: failures === 0 ? [] : recent,
  };
  const open = (breaker: "open" | "refused", because: string): NextBreaker => ({
    state: { ...healthy, breaker, since: now },
    changed: because,
  });
  if (next.refusalsInRow >= refusalsInRowMax)
    return open("refused", `the vendor refused the credentials ${refusalsInRowMax} times in a row`);
  if (next.failuresInRow >= failuresInRowMax) return open("open", `${failuresInRowMax} attempts failed in a row`);
  if (recent.length >= windowSize && failures >= windowSize * failuresShareMax)
    return open("open", `${failures} of the last ${windowSize} attempts failed`);
  return { state: next, changed: null };
}
