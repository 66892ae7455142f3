import { limits } from "../contracts/limits.ts";
import type { Action } from "../contracts/workflow.ts";
import { decideRun, noState } from "./decide-run.ts";
import { rehearseWorkflow, type RecordedEvent, type RehearsedRun } from "./rehearse-workflow.ts";
import type { Workflow } from "./workflow-index.ts";

/** What a draft would change, one line a lead and thing. `what` and `because` are sentences. */
export type Difference =
  | { readonly kind: "appears" | "vanishes"; readonly of: Concerned; readonly what: string; readonly because: string }
  | {
      readonly kind: "payload";
      readonly of: Concerned;
      readonly connect: string;
      readonly before: string;
      readonly after: string;
    }
  | {
      readonly kind: "outcome";
      readonly of: Concerned;
      readonly connect: string;
      readonly deliveryId: string;
      readonly before: string;
      readonly after: string;
    };

export type Concerned = { readonly leadId: number | null; readonly eventId: string; readonly at: string };

/** What a workflow's draft would do otherwise than what is saved (null: a new one) over the recorded events. */
export function compareWorkflows(
  saved: Workflow | null,
  draft: Workflow,
  events: readonly RecordedEvent[],
  sayAction: (action: Action) => string,
): Difference[] {
  const before = rehearseWorkflow(saved, events);
  const after = rehearseWorkflow(draft, events);
  return events.flatMap((event): Difference[] => {
    const was = before.get(event.id);
    const will = after.get(event.id);
    const { appear, vanish } = compareTexts(sayActions(was, event, sayAction), sayActions(will, event, sayAction));
    if (appear.length === 0 && vanish.length === 0) return [];
    const of = { leadId: event.leadId, eventId: event.id, at: event.happening.at.toString() };
    return [
      ...vanish.map((what): Difference => ({ kind: "vanishes", of, what, because: saidNo(will, draft, event) })),
      ...appear.map((what): Difference => ({ kind: "appears", of, what, because: saidNo(was, saved, event) })),
    ];
  });
}

/** A payload of a recorded delivery, built with what is saved and with the draft; or why nothing would be sent. */
export type RehearsedPayload =
  | { readonly sent: string }
  | { readonly refused: string; /** It passed the limit on what is built. */ readonly tooLarge?: boolean };

/** What an answer means, and how that is said. */
export type RehearsedOutcome = { readonly outcome: string; readonly says: string };

export type RecordedDelivery<Answer> = {
  readonly of: Concerned;
  readonly deliveryId: string;
  readonly connect: string;
  /** How the vendor answered the last attempt; null: not at all. */
  readonly answer: Answer | null;
};

/** What a draft of a connect or adaptor would do otherwise: other bytes, nothing to send, another verdict on an answer. */
export function compareDeliveries<Delivery extends RecordedDelivery<unknown>>(
  deliveries: readonly Delivery[],
  sides: {
    readonly payload: (side: "saved" | "draft", delivery: Delivery) => RehearsedPayload;
    readonly outcome: (
      side: "saved" | "draft",
      delivery: Delivery,
      answer: NonNullable<Delivery["answer"]>,
    ) => RehearsedOutcome;
  },
): Difference[] {
  return deliveries.flatMap((delivery): Difference[] => {
    const { of, connect, deliveryId, answer } = delivery;
    const found = comparePayloads(delivery, sides.payload("saved", delivery), sides.payload("draft", delivery));
    if (answer === null || answer === undefined) return found;
    const was = sides.outcome("saved", delivery, answer);
    const will = sides.outcome("draft", delivery, answer);
    if (was.outcome !== will.outcome)
      found.push({ kind: "outcome", of, connect, deliveryId, before: was.says, after: will.says });
    return found;
  });
}

/** What is otherwise between two payloads of one delivery: nothing, or one thing. */
export function comparePayloads(
  { of, connect }: Pick<RecordedDelivery<unknown>, "of" | "connect">,
  before: RehearsedPayload,
  after: RehearsedPayload,
): Difference[] {
  const what = `send the lead to ${connect}`;
  if ("refused" in after) return "refused" in before ? [] : [{ kind: "vanishes", of, what, because: after.refused }];
  if ("refused" in before) return [{ kind: "appears", of, what, because: before.refused }];
  if (before.sent === after.sent) return [];
  return [{ kind: "payload", of, connect, before: before.sent, after: after.sent }];
}

export type Counts = {
  readonly appear: number;
  readonly vanish: number;
  readonly payloads: number;
  readonly outcomes: number;
};

/** Counts differences, and keeps the first so many of each kind, of payloads no more than their texts leave room for. */
export function createTally(keptOfEach: number): {
  readonly add: (differences: readonly Difference[]) => void;
  readonly counts: () => Counts;
  readonly kept: () => readonly Difference[];
} {
  const count = { appears: 0, vanishes: 0, payload: 0, outcome: 0 };
  const kept: Difference[] = [];
  let room: number = limits.differencesCharsMax;
  return {
    add: (differences) => {
      for (const difference of differences) {
        if (count[difference.kind]++ >= keptOfEach || room <= 0) continue;
        kept.push(difference);
        if ("before" in difference) room -= difference.before.length + difference.after.length;
      }
    },
    counts: () => ({
      appear: count.appears,
      vanish: count.vanishes,
      payloads: count.payload,
      outcomes: count.outcome,
    }),
    kept: () => kept,
  };
}

/** "37 payloads change, 4 deliveries would no longer go out"; "Nothing changes". `of`: what appears and vanishes. */
export function sayDifferences(counts: Counts, of: "action" | "delivery"): string {
  const [one, many] = of === "action" ? ["action", "actions"] : ["delivery", "deliveries"];
  const gone = of === "action" ? "would no longer be done" : "would no longer go out";
  const parts = [
    say(counts.payloads, "payload changes", "payloads change"),
    say(counts.vanish, `${one} ${gone}`, `${many} ${gone}`),
    say(counts.appear, `${one} would be new`, `${many} would be new`),
    say(counts.outcomes, "answer would count otherwise", "answers would count otherwise"),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "Nothing changes" : parts.join(", ");
}

/** The headline of a rehearsal over so many events and answers: over none of them, nothing is known to change or to stay. */
export const sayRehearsed = (over: number, counts: Counts, of: "action" | "delivery"): string =>
  over === 0 ? "There is nothing to rehearse over yet" : sayDifferences(counts, of);

/** Actions are compared by what they say they do and when: two that say the same do the same. */
function sayActions(
  run: RehearsedRun | undefined,
  event: RecordedEvent,
  sayAction: (action: Action) => string,
): string[] {
  return (run?.actions ?? []).map(({ action, at }) => {
    const isNow = Temporal.Instant.compare(at, event.happening.at) <= 0;
    return `${sayAction(action)}${isNow ? "" : `, ${sayTime(at, event.context.timeZone)}`}`;
  });
}

/** "2024-03-15 09:00 (America/Los_Angeles)" */
function sayTime(at: Temporal.Instant, timeZone: string): string {
  const local = at.toZonedDateTimeISO(timeZone).toPlainDateTime().toString({ smallestUnit: "minute" });
  return `${local.replace("T", " ")} (${timeZone})`;
}

function compareTexts(was: readonly string[], will: readonly string[]): { appear: string[]; vanish: string[] } {
  const left = [...was];
  const appear: string[] = [];
  for (const words of will) {
    const same = left.indexOf(words);
    if (same === -1) appear.push(words);
    else left.splice(same, 1);
  }
  return { appear, vanish: left };
}

/** Why one side does nothing on the event, as its checks say. */
function saidNo(run: RehearsedRun | undefined, workflow: Workflow | null, event: RecordedEvent): string {
  if (workflow === null) return "the workflow is new";
  // no candidate: then the checks before its conditions say why
  const { checks } = run?.decision ?? decideRun(workflow, event.happening, noState, event.context);
  const no = checks.find((check) => check.met === false);
  return no === undefined ? "its actions, or their delay, are others" : `${no.says}: no, ${no.no ?? no.found}`;
}

const say = (count: number, one: string, many: string): string =>
  count === 0 ? "" : `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
