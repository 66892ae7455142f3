import type { Action } from "../contracts/workflow.ts";
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
    const of = { leadId: event.leadId, eventId: event.id, at: event.happening.at.toString() };
    const { appear, vanish } = compareActions(was?.actions ?? [], will?.actions ?? [], sayAction);
    return [
      ...vanish.map((what): Difference => ({ kind: "vanishes", of, what, because: saidNo(will, draft) })),
      ...appear.map((what): Difference => ({ kind: "appears", of, what, because: saidNo(was, saved) })),
    ];
  });
}

/** A payload of a recorded delivery, built with what is saved and with the draft; or why nothing would be sent. */
export type RehearsedPayload = { readonly sent: string } | { readonly refused: string };

export type RecordedDelivery<Answer> = {
  readonly of: Concerned;
  readonly deliveryId: string;
  readonly connect: string;
  /** How the vendor answered the last attempt; null: not at all. */
  readonly answer: Answer | null;
};

/** What a draft of a connect or adaptor would do otherwise: other bytes, nothing to send, another verdict on an answer. */
export function compareDeliveries<Answer>(
  deliveries: readonly RecordedDelivery<Answer>[],
  sides: {
    readonly payload: (side: "saved" | "draft", delivery: RecordedDelivery<Answer>) => RehearsedPayload;
    /** The outcome of an answer, as a word. */
    readonly outcome: (side: "saved" | "draft", answer: Answer) => string;
  },
): Difference[] {
  return deliveries.flatMap((delivery): Difference[] => {
    const { of, connect, deliveryId, answer } = delivery;
    const found: Difference[] = [];
    const before = sides.payload("saved", delivery);
    const after = sides.payload("draft", delivery);
    if ("sent" in before && "sent" in after) {
      if (before.sent !== after.sent)
        found.push({ kind: "payload", of, connect, before: before.sent, after: after.sent });
    } else if ("sent" in before && "refused" in after)
      found.push({ kind: "vanishes", of, what: `the delivery to ${connect}`, because: after.refused });
    else if ("refused" in before && "sent" in after)
      found.push({ kind: "appears", of, what: `the delivery to ${connect}`, because: before.refused });
    if (answer === null) return found;
    const was = sides.outcome("saved", answer);
    const will = sides.outcome("draft", answer);
    if (was !== will) found.push({ kind: "outcome", of, connect, deliveryId, before: was, after: will });
    return found;
  });
}

/** "37 payloads change, 4 deliveries would no longer go out"; "Nothing changes". */
export function sayDifferences(differences: readonly Difference[]): string {
  const count = (kind: Difference["kind"]): number =>
    differences.filter((difference) => difference.kind === kind).length;
  const parts = [
    say(count("payload"), "payload changes", "payloads change"),
    say(count("vanishes"), "action would no longer be done", "actions would no longer be done"),
    say(count("appears"), "action would be new", "actions would be new"),
    say(count("outcome"), "answer would count otherwise", "answers would count otherwise"),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "Nothing changes" : parts.join(", ");
}

/** Actions are compared by what they say they do: two that say the same do the same. */
function compareActions(
  was: readonly Action[],
  will: readonly Action[],
  sayAction: (action: Action) => string,
): { appear: string[]; vanish: string[] } {
  const left = was.map(sayAction);
  const appear: string[] = [];
  for (const words of will.map(sayAction)) {
    const same = left.indexOf(words);
    if (same === -1) appear.push(words);
    else left.splice(same, 1);
  }
  return { appear, vanish: left };
}

/** Why one side does nothing on the event, as its checks say. */
function saidNo(run: RehearsedRun | undefined, workflow: Workflow | null): string {
  if (workflow === null) return "the workflow is new";
  if (run === undefined) return "it is not asked on this event";
  const no = run.decision.checks.find((check) => check.met === false);
  return no === undefined ? "its actions are others" : `${no.says}: no, ${no.found}`;
}

const say = (count: number, one: string, many: string): string =>
  count === 0 ? "" : `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
