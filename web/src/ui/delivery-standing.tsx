import type { Delivery } from "../../../src/contracts/delivery.ts";
import type { OutcomeName } from "../theme.ts";
import { diagnosisWords } from "./diagnosis-words.ts";
import { Outcome } from "./outcome.tsx";

type Standing = Pick<Delivery, "state" | "outcome" | "attempts" | "held_because" | "diagnosis">;

/** How a delivery stands, as one of the outcomes the page draws. */
export function standingOf({ state, outcome, attempts }: Standing): OutcomeName {
  if (state === "held") return "held";
  if (state === "settled") return outcome ?? "discarded";
  return attempts > 0 ? "retrying" : "waiting";
}

/** Its word: an outcome, or what it waits for. */
export function standingWord(delivery: Standing): string {
  if (delivery.state === "sending") return "Sending";
  if (delivery.state === "settled" && delivery.diagnosis?.code === "gave_up") return "Gave up";
  const name = standingOf(delivery);
  return name[0]!.toUpperCase() + name.slice(1);
}

/** Why a held delivery waits, in words. */
const holdWords = {
  connect_off: "Waits: the connect is off",
  credentials: "Waits for credentials",
  answer_lost: "Waits for a person: the answer was lost",
  paused: "The connect is paused",
  breaker: "The connect paused itself",
} as const;

/** What the order of the lead's deliveries did to it, in words. */
function remarkWords({ remark, outcome }: Delivery): string | null {
  if (remark === "superseded") return "A newer delivery for this lead took its place";
  if (remark === null) return null;
  const took = outcome === "accepted" || outcome === "rejected" || outcome === "duplicate";
  return took ? "Sent out of order" : "Later ones go ahead";
}

export const DeliveryOutcome = ({ delivery, pill }: { delivery: Standing; pill?: boolean }) => {
  const o = standingOf(delivery);
  const quiet = !pill && (o === "accepted" || o === "held" || o === "waiting");
  return <Outcome o={o} word={standingWord(delivery)} quiet={quiet} {...(pill ? { pill } : {})} />;
};

/** The Result column: the value read from the answer; `null` with its short reason; or why nothing was sent yet. */
export function DeliveryResult({ delivery }: { delivery: Delivery }) {
  const o = standingOf(delivery);
  const { result, diagnosis, held_because, attempts, state, remark } = delivery;
  const said = remarkWords(delivery);
  const order = said && <span className="dim cause">{said}</span>;
  if (result !== null) {
    return (
      <>
        {state !== "settled" && <span className="dim">Last time: </span>}
        {result === "" ? <span className="dim">empty answer</span> : <span className="mono">{result}</span>}
        {diagnosis && <span className="dim cause">{diagnosisWords[diagnosis.code]}</span>}
        {order}
      </>
    );
  }
  if (held_because && attempts === 0) return <span className="dim">{holdWords[held_because]}</span>;
  if (attempts === 0 && remark === "superseded")
    return (
      <span className="dim" title={said ?? undefined}>
        {said}
      </span>
    );
  if (attempts === 0 && !diagnosis) return <span className="dim">{unsentWords(state, delivery.outcome)}</span>;
  return (
    <>
      <span className="mono null" style={{ color: `var(--pb-${o === "retrying" ? "retrying" : "failed"})` }}>
        null
      </span>
      <span className="t2 cause">
        {diagnosis ? diagnosisWords[diagnosis.code] : held_because ? holdWords[held_because] : ""}
      </span>
      {order}
    </>
  );
}

function unsentWords(state: Delivery["state"], outcome: Delivery["outcome"]): string {
  if (state === "sending") return "On its way";
  if (outcome === "discarded") return "Never sent";
  return "Goes out next";
}

/** Events in words; unknown ones by their own name. */
export function eventWords(event: string): string {
  return words[event] ?? event;
}

const words: Readonly<Record<string, string>> = {
  "call.started": "Call started",
  "call.ended": "Call ended",
  "call.dispositioned": "Disposition",
  "call.redispositioned": "Redisposition",
  "callback.scheduled": "Callback",
  "hopper.expired": "Hopper expired",
  "lead.created": "Lead created",
  "lead.saved": "Lead saved",
  "lead.deleted": "Lead deleted",
  "lead.sent": "Sent by hand",
  "lead.viewed": "Lead viewed",
  "email.opened": "E-mail opened",
  test: "Test",
};
