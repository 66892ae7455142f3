import type { ConnectSummary } from "../../../src/contracts/connect.ts";
import type { OutcomeName } from "../theme.ts";
import { diagnosisWords } from "../ui/diagnosis-words.ts";

export type Standing = {
  readonly o: OutcomeName;
  readonly words: string;
  /** Deserves a look: drawn in colour, and as a pill in the connect's head. */
  readonly loud: boolean;
};

export const heldCount = (connect: ConnectSummary): number =>
  Object.values(connect.held).reduce((sum, count) => sum + count, 0);

/** How a connect is doing, in a few words: what is held first, then its last answer. */
export function standing(connect: ConnectSummary): Standing {
  const held = heldCount(connect);
  const many = held.toLocaleString("en");
  if (!connect.active) return { o: "held", words: held > 0 ? `Not active, ${many} held` : "Not active", loud: false };
  if ((connect.held.credentials ?? 0) > 0)
    return { o: "failed", words: `Credentials refused, ${many} held`, loud: true };
  if ((connect.held.answer_lost ?? 0) > 0) return { o: "held", words: `${many} wait for a person`, loud: true };
  const { last } = connect;
  if (!last)
    return { o: "waiting", words: connect.waiting > 0 ? waitingWords(connect) : "Nothing sent yet", loud: false };
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

const waitingWords = (connect: ConnectSummary): string =>
  connect.waiting > 0 ? `${connect.waiting.toLocaleString("en")} waiting` : "Waiting";
