import type { ConnectHealth, EndCounts, HealthHours } from "../../../src/contracts/health.ts";
import type { AttemptOutcome, HoldReason } from "../../../src/contracts/outcome.ts";
import type { OutcomeName } from "../theme.ts";
import { diagnosisWords } from "../ui/diagnosis-words.ts";

export const rangeWords: Record<HealthHours, string> = { 1: "hour", 24: "24 hours", 168: "7 days" };

/** `96.4 %`; never 100 while something is missing, never 0 while something is there. */
export function showShare(share: number): string {
  const tenths = Math.round(share * 1_000);
  const shown = Math.min(share < 1 ? 999 : 1_000, Math.max(share > 0 ? 1 : 0, tenths)) / 10;
  return `${Number.isInteger(shown) ? shown : shown.toFixed(1)} %`;
}

export const showCount = (count: number, word: string): string =>
  `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

export type Verdict = { readonly o: OutcomeName; readonly title: string; readonly evidence: string };

/** What is so, before any number: what does not get through, or that all is well. */
export function verdictOf(health: ConnectHealth): Verdict {
  const { attempts, ends } = health;
  const lost = ends.failed + ends.again + ends.held;
  if (lost > 0) {
    const [most] = health.reasons;
    return {
      o: ends.failed > 0 ? "failed" : ends.held > 0 ? "held" : "retrying",
      title: `${lost.toLocaleString("en")} of ${showCount(attempts, "attempt")} did not get through`,
      evidence:
        most === undefined ? "" : `Most often: ${diagnosisWords[most.code]} (${most.count.toLocaleString("en")}).`,
    };
  }
  if (ends.rejected > 0)
    return {
      o: "accepted",
      title: `The vendor answered ${attempts === 1 ? "the one attempt" : `all ${showCount(attempts, "attempt")}`}`,
      evidence: `It said no to ${ends.rejected.toLocaleString("en")}; that is its answer, not a fault.`,
    };
  return {
    o: "accepted",
    title: `The vendor took ${attempts === 1 ? "the one attempt" : `all ${showCount(attempts, "attempt")}`}`,
    evidence: ends.duplicate > 0 ? `It had ${ends.duplicate.toLocaleString("en")} of them already.` : "",
  };
}

const endWords: Record<AttemptOutcome, string> = {
  accepted: "accepted",
  duplicate: "duplicate",
  rejected: "rejected",
  again: "retrying",
  held: "held",
  failed: "failed",
};
/** From the ordinary to what deserves a look, as the bars stack them. */
export const endOrder = Object.keys(endWords) as readonly AttemptOutcome[];

/** `12 accepted, 1 failed`; `nothing`. */
export function sayEnds(ends: EndCounts): string {
  const said = endOrder.flatMap((end) => (ends[end] > 0 ? [`${ends[end].toLocaleString("en")} ${endWords[end]}`] : []));
  return said.length === 0 ? "nothing" : said.join(", ");
}

/** Counting ends at 10,000. */
export const queueCount = (count: number): string => `${count.toLocaleString("en")}${count >= 10_000 ? "+" : ""}`;

export const holdReasonWords: Record<HoldReason, string> = {
  connect_off: "the connect is off",
  credentials: "credentials refused",
  answer_lost: "the answer was lost",
  paused: "the connect is paused",
  breaker: "the connect paused itself",
};
