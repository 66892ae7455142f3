import type { Connect, ConnectStanding, ConnectSummary, HeldChoice } from "../../../src/contracts/connect.ts";
import type { HoldReason } from "../../../src/contracts/outcome.ts";
import type { OutcomeName } from "../theme.ts";
import { diagnosisWords } from "../ui/diagnosis-words.ts";
import { queueCount } from "./health-words.ts";

export type Standing = {
  readonly o: OutcomeName;
  readonly words: string;
  /** Deserves a look: drawn in colour, and as a pill in the connect's head. */
  readonly loud: boolean;
};

export const heldCount = (connect: ConnectSummary): number =>
  Object.values(connect.held).reduce((sum, count) => sum + count, 0);

/** How a connect is doing, in a few words: what keeps it from sending first, then its last answer. */
export function standing(connect: ConnectSummary): Standing {
  const held = heldCount(connect);
  const many = queueCount(held);
  const andHeld = held > 0 ? `, ${many} held` : "";
  if (!connect.active) return { o: "held", words: `Not active${andHeld}`, loud: false };
  if (connect.standing.paused_at !== null) return { o: "held", words: `Paused${andHeld}`, loud: false };
  if (connect.standing.breaker !== "closed") return { o: "failed", words: `Paused by itself${andHeld}`, loud: true };
  if ((connect.held.credentials ?? 0) > 0)
    return { o: "failed", words: `Credentials refused, ${many} held`, loud: true };
  if ((connect.held.answer_lost ?? 0) > 0) return { o: "held", words: `${many} wait for a person`, loud: true };
  const { last } = connect;
  if (!last) return { o: "waiting", words: unsentWords(connect), loud: false };
  if (last.outcome === null) {
    const why = last.diagnosis ? diagnosisWords[last.diagnosis] : "";
    return { o: why ? "retrying" : "waiting", words: why || waitingWords(connect), loud: Boolean(why) };
  }
  if (last.outcome === "failed")
    return { o: "failed", words: last.diagnosis ? diagnosisWords[last.diagnosis] : "Failed", loud: true };
  if (last.outcome === "rejected") return { o: "rejected", words: "Rejected", loud: false };
  if (last.outcome === "duplicate") return { o: "duplicate", words: "Duplicate", loud: false };
  if (last.outcome === "discarded") return { o: "discarded", words: "Discarded", loud: false };
  return { o: "accepted", words: "Accepted", loud: false };
}

function unsentWords(connect: ConnectSummary): string {
  if (connect.waiting > 0) return waitingWords(connect);
  return connect.tested_only ? "Only tests sent so far" : "Nothing sent yet";
}

const waitingWords = (connect: ConnectSummary): string =>
  connect.waiting > 0 ? `${queueCount(connect.waiting)} waiting` : "Waiting";

const reasonWords: Record<HoldReason, string> = {
  paused: "because it is paused",
  breaker: "because it paused itself",
  credentials: "for better credentials",
  answer_lost: "for a person, as the answer was lost",
  connect_off: "because it is not active",
};

export type HeldReason = { readonly because: HoldReason; readonly count: number; readonly words: string };

/** What is held, by reason, most first. */
export function heldReasons(connect: ConnectSummary): HeldReason[] {
  return (Object.entries(connect.held) as [HoldReason, number][])
    .map(([because, count]) => ({ because, count, words: reasonWords[because] }))
    .toSorted((one, other) => other.count - one.count);
}

/** What is so once a pause is ended: the pause may not be all that holds it. */
export function resumedWords(
  { name, active, held }: Pick<ConnectSummary, "name" | "active"> & Partial<Pick<ConnectSummary, "held">>,
  { breaker }: Pick<ConnectStanding, "breaker">,
): string {
  if (!active) return `${name} is no longer paused. It is off, so what waits goes out when it is switched on.`;
  if (breaker === "refused")
    return `${name} is no longer paused by hand. It paused itself, as the vendor refuses its credentials.`;
  if (breaker === "open")
    return `${name} is no longer paused by hand. It paused itself until its vendor answers again.`;
  return (held?.paused ?? 0) > 0 ? `${name} is resumed. What waited goes out.` : `${name} is resumed.`;
}

/** What is so once it was switched: on, it may still be paused, by hand or by itself. `held`: what became of what waited. */
export function switchedWords(
  { name, active, standing: { paused_at, breaker } }: Pick<Connect, "name" | "active" | "standing">,
  held: HeldChoice | undefined,
): string {
  if (!active) return `${name} is off. New deliveries wait until it is on.`;
  const waits = paused_at !== null ? "is still paused" : breaker === "closed" ? null : "paused itself";
  const now = waits === null ? `${name} is active.` : `${name} is on, but ${waits}.`;
  if (held === undefined) return now;
  if (held === "discard") return `${now} What was held is discarded.`;
  return `${now} ${waits === null ? "Held deliveries are going out." : "Held deliveries go out when that ends."}`;
}

/** Why the connect itself sends nothing now, in a sentence, and what ends it; null: it sends. `clock` writes a time. */
export function pauseWords(
  { paused_at, paused_by, breaker, breaker_since, breaker_because, probe_at }: ConnectStanding,
  clock: (at: string) => string,
  now = Date.now(),
): string | null {
  if (paused_at !== null)
    return `Paused since ${clock(paused_at)}${paused_by ? ` by ${paused_by}` : ""}. What comes in waits, and uses up no attempt.`;
  if (breaker === "refused")
    return "Paused by itself: the vendor refused the credentials three times in a row. Put the right ones in and save the connect anew.";
  if (breaker === "open") {
    const since = breaker_since === null ? "" : ` since ${clock(breaker_since)}`;
    const because = breaker_because ? `: ${breaker_because}` : "";
    const next = probe_at !== null && Date.parse(probe_at) > now ? `, next at ${clock(probe_at)}` : "";
    return `Paused by itself${since}${because}. One delivery is tried every 30 s to 5 min${next}; when the vendor answers it, all goes on.`;
  }
  return null;
}
