import type { ConnectSettings } from "../contracts/connect.ts";
import type { Diagnosis, HoldReason, Outcome } from "../contracts/outcome.ts";
import { headerOf } from "./decode-body.ts";
import { diagnose, type CredentialsSent } from "./diagnose.ts";
import type { Answer, Exchange, Fault, FaultCode } from "./exchange.ts";
import { maskOpening, type Mask } from "./mask.ts";
import type { Reading } from "./read-answer.ts";
import { retryAfterMs } from "./retry-after.ts";
import { waitBeforeNext } from "./retry-schedule.ts";
import { shownWait } from "./shown-measure.ts";

export type AttemptToJudge = {
  /** The attempt's last call: it decides. */
  readonly exchange: Exchange;
  /** What the integrator read from the answer; null: there was no answer to read. */
  readonly reading: Reading | null;
  readonly settings: Pick<ConnectSettings, "retry" | "if_answer_lost" | "request_method" | "follow_redirects">;
  readonly credentials: CredentialsSent;
  /** The content type that was sent, for the words of 415. */
  readonly contentType: string | null;
  /** From 1; attempts that ended in a vendor's Retry-After don't count (spec 7, "Lanes, fairness, limits"). */
  readonly attemptNumber: number;
  readonly giveUpAt: Date;
  /** A test is never tried again and never held. */
  readonly test: boolean;
  readonly now: Date;
  /** In [0, 1). */
  readonly random: number;
  readonly mask: Mask;
};

/** How an attempt ended. `result` is whole and unmasked (`shownResult` cuts and masks it); null: the systems failed to talk. */
export type AttemptVerdict = {
  readonly result: string | null;
  readonly httpStatus: number | null;
  readonly diagnosis: Diagnosis | null;
} & (
  | { readonly kind: "settled"; readonly outcome: Exclude<Outcome, "discarded"> }
  /** `usesAttempt` false: the vendor named the wait, and the schedule stays where it is. */
  | { readonly kind: "again"; readonly dueAt: Date; readonly usesAttempt: boolean }
  | { readonly kind: "held"; readonly reason: HoldReason }
);

/**
 * What happens after an attempt: the default table of spec 3, "Outcome". The connect's own outcome rules are to be asked
 * first, here, with the same input: the first that matches gives a `Leaning` in the table's place.
 */
export function judgeAttempt(attempt: AttemptToJudge): AttemptVerdict {
  const leaning = leanByDefault(attempt);
  const { diagnosis } = leaning;
  const httpStatus = attempt.exchange.answer?.status ?? null;
  const settle = (outcome: Exclude<Outcome, "discarded">, result: string | null, why: Diagnosis | null) =>
    ({ kind: "settled", outcome, result, httpStatus, diagnosis: why }) as const;

  if (leaning.kind === "settled") return settle(leaning.outcome, leaning.result, diagnosis);
  if (attempt.test) return settle("failed", null, diagnosis);
  if (leaning.kind === "held") return { ...leaning, result: null, httpStatus };

  const wait = leaning.waitMs ?? waitBeforeNext(attempt.settings.retry, attempt.attemptNumber, attempt.random);
  if (wait === null || attempt.settings.retry === "off") return settle("failed", null, diagnosis);
  const dueAt = new Date(attempt.now.getTime() + wait);
  if (dueAt > attempt.giveUpAt) return settle("failed", null, gaveUp(attempt.attemptNumber, diagnosis));
  return { kind: "again", dueAt, usesAttempt: leaning.waitMs === null, result: null, httpStatus, diagnosis };
}

/** For a delivery whose time ran out, after an attempt or while it waited. */
export function gaveUp(attempts: number, last: Diagnosis | null): Diagnosis {
  // one that was sent again and gave up again says what it said the first time, not that twice
  const [said, fix] = last?.code === "gave_up" ? gaveUpBefore(last) : [last?.message ?? null, last?.fix];
  return diagnose("gave_up", { attempts, last: said, fix, setting: last?.setting });
}

function gaveUpBefore({ message, fix }: Diagnosis): [said: string | null, fix: string] {
  return [
    /^Patchbay gave up after \d+ attempts?: (.+)$/s.exec(message)?.[1] ?? null,
    fix.replace(/; then retry it$/, ""),
  ];
}

/** What an attempt comes to before retry settings, tests and time are looked at. */
type Leaning =
  | {
      readonly kind: "settled";
      readonly outcome: Exclude<Outcome, "discarded">;
      readonly result: string | null;
      readonly diagnosis: Diagnosis | null;
    }
  /** `waitMs`: the vendor's own wish. */
  | { readonly kind: "again"; readonly waitMs: number | null; readonly diagnosis: Diagnosis }
  | { readonly kind: "held"; readonly reason: HoldReason; readonly diagnosis: Diagnosis };

function leanByDefault(attempt: AttemptToJudge): Leaning {
  const { answer, fault } = attempt.exchange;
  if (fault !== null) return leanOnFault(attempt, fault, answer);
  if (answer === null) throw new Error("An exchange has neither an answer nor a fault");
  return leanOnStatus(attempt, answer) ?? leanOnReading(attempt.reading);
}

/** The next attempt would meet them again: nothing was sent, or the vendor sent us elsewhere. */
const hopeless: ReadonlySet<FaultCode> = new Set(["redirect_refused", "required_value_missing", "payload_too_large"]);

/** An encoding that can't be undone is a body that can't be read: the status decides first, as for every answer. */
function leanOnFault(attempt: AttemptToJudge, fault: Fault, answer: Answer | null): Leaning {
  const diagnosis = diagnose(fault.code, { detail: fault.detail, following: attempt.settings.follow_redirects });
  if (fault.code === "bad_encoding")
    return (answer === null ? null : leanOnStatus(attempt, answer)) ?? failed(diagnosis);
  if (hopeless.has(fault.code)) return failed(diagnosis);
  if (fault.answerLost && attempt.settings.if_answer_lost === "hold")
    return { kind: "held", reason: "answer_lost", diagnosis };
  return { kind: "again", waitMs: null, diagnosis };
}

/** What the status alone decides; null: it is a 2xx, so the body decides. */
function leanOnStatus(attempt: AttemptToJudge, answer: Answer): Leaning | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  if (status < 200) return failed(diagnose("not_http", { detail: `it answered ${status} and nothing after it` }));
  if (status < 400) return failed(redirected(attempt, answer));
  switch (status) {
    case 401:
      return held(diagnose("http_401", { status, ...attempt.credentials }));
    case 403:
      return held(diagnose("http_403", { status, ...attempt.credentials }));
    case 407:
      return held(diagnose("http_407", { status, ...attempt.credentials }));
    case 404:
      return failed(diagnose("http_404", {}));
    case 405:
      return failed(diagnose("http_405", { method: attempt.settings.request_method }));
    case 415:
      return failed(diagnose("http_415", { contentType: attempt.contentType }));
    case 408:
    case 425:
      return { kind: "again", waitMs: null, diagnosis: diagnose("http_4xx", { status }) };
    case 429: {
      const waitMs = retryAfterMs(headerOf(answer.headers, "retry-after"), attempt.now);
      return {
        kind: "again",
        waitMs,
        diagnosis: diagnose("http_429", { wait: waitMs === null ? null : shownWait(waitMs) }),
      };
    }
    default:
      if (status < 500) {
        return { kind: "settled", outcome: "rejected", result: null, diagnosis: diagnose("http_4xx", { status }) };
      }
      return {
        kind: "again",
        waitMs: status === 503 ? retryAfterMs(headerOf(answer.headers, "retry-after"), attempt.now) : null,
        diagnosis: diagnose("http_5xx", { status }),
      };
  }
}

/** A 2xx is never sent again by itself, whatever its body: the vendor may have the lead. */
function leanOnReading(reading: Reading | null): Leaning {
  if (reading === null) throw new Error("A 2xx answer was not read");
  if (reading.kind === "null") return failed(reading.diagnosis);
  const outcome = reading.matchesDemand === false ? "rejected" : "accepted";
  return { kind: "settled", outcome, result: reading.result, diagnosis: reading.diagnosis };
}

const failed = (diagnosis: Diagnosis): Leaning => ({ kind: "settled", outcome: "failed", result: null, diagnosis });
const held = (diagnosis: Diagnosis): Leaning => ({ kind: "held", reason: "credentials", diagnosis });

function redirected({ settings, mask }: AttemptToJudge, { status, headers }: Answer): Diagnosis {
  // The address without its query, where tokens travel; masked all the same, before it is cut.
  const location = maskOpening(headerOf(headers, "location") ?? "", mask, 200)
    .replace(/[?#].*$/s, "")
    .slice(0, 200);
  const detail = location === "" ? `it answered ${status}` : `it answered ${status} and names ${location}`;
  return diagnose("redirect_refused", { detail, following: settings.follow_redirects });
}
