import type { AttemptId } from "../contracts/ids.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import { headerOf } from "../core/decode-body.ts";
import type { CredentialsSent } from "../core/diagnose.ts";
import { gaveUp, judgeAttempt, type AttemptVerdict } from "../core/judge-attempt.ts";
import type { Mask } from "../core/mask.ts";
import { shownResult } from "../core/read-answer.ts";
import { hasSecrets } from "../core/text.ts";
import type { ClaimedDue } from "../store/due.ts";
import type { AttemptEnd, EndedAttempt } from "../store/settle-attempts.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import { callVendor, type VendorDeps } from "./call-vendor.ts";
import type { Definition } from "./definitions.ts";

/** What becomes of a claimed row: an end to write, or a hold without an attempt since the connect is off. */
export type Delivered = { readonly kind: "ended"; readonly ended: EndedAttempt } | { readonly kind: "connect_off" };

export type DeliverDeps = VendorDeps & {
  readonly now: () => Date;
  /** From 0 to below 1. */
  readonly random: () => number;
};

/**
 * One attempt: the integrator builds each request from the frozen payload and today's settings, `outbound` fills in the
 * secrets and sends, the integrator reads what came back, the rules judge it. Rejects for nothing a vendor can do.
 * @param beforeWriting as in `callVendor`: its time is none of the attempt's.
 */
export async function deliver(
  claimed: ClaimedDue,
  definition: Definition | null,
  deps: DeliverDeps,
  notes: readonly string[] = [],
  beforeWriting?: () => Promise<void>,
): Promise<Delivered> {
  const { now, random } = deps;
  if (claimed.takenOver && claimed.test) return untried(claimed, definition, failed, lostTest);
  if (definition === null || definition.deleted) return untried(claimed, definition, discarded, null);
  if (claimed.takenOver && definition.settings.if_answer_lost === "hold") {
    return untried(claimed, definition, { kind: "held", reason: "answer_lost" }, lostInCrash);
  }
  if (!definition.active && !claimed.test) return { kind: "connect_off" };
  if (!claimed.test && claimed.giveUpAt < now()) {
    return untried(claimed, definition, failed, gaveUp(claimed.attempts, claimed.lastDiagnosis));
  }

  let startedAt = now();
  let began = performance.now();
  const hold = async (): Promise<void> => {
    const heldFrom = performance.now();
    await beforeWriting?.();
    began += performance.now() - heldFrom;
    startedAt = now();
  };
  const tried = await callVendor(claimed, definition, deps, beforeWriting && hold);
  if (!tried.ok) return untried(claimed, definition, failed, tried.diagnosis);
  const { last } = tried;
  const verdict = judgeAttempt({
    exchange: last.exchange,
    reading: tried.reading,
    settings: definition.settings,
    credentials: credentialsOf(definition, last.callsFrom),
    contentType: headerOf(last.call.request.headers, "content-type"),
    attemptNumber: claimed.attempts - claimed.attemptsUnused + 1,
    giveUpAt: claimed.giveUpAt,
    test: claimed.test,
    now: now(),
    random: random(),
    mask: last.mask,
  });
  return {
    kind: "ended",
    ended: {
      ...leaseOf(claimed, definition),
      end: endOf(verdict, now()),
      result: verdict.result === null ? null : shownResult(verdict.result, last.mask, last.exchange.answer?.truncated),
      httpStatus: verdict.httpStatus,
      diagnosis: verdict.diagnosis && shownDiagnosis(verdict.diagnosis, last.mask),
      maybeSentTwice: claimed.takenOver || (last.exchange.fault?.answerLost ?? false),
      attempt: {
        id: newUuidV7() as AttemptId,
        startedAt,
        durationMs: performance.now() - began,
        notes: [...notes, ...(tried.reading?.notes ?? [])].map((note) => last.mask(note)),
        calls: tried.sent.flatMap((call) => [...call.redirects, call.call]),
      },
    },
  };
}

/** Every part of it was masked before; here nothing is done to it any more. */
function shownDiagnosis(diagnosis: Diagnosis, mask: Mask): Diagnosis {
  return { ...diagnosis, message: mask(diagnosis.message), fix: mask(diagnosis.fix) };
}

function endOf(verdict: AttemptVerdict, now: Date): AttemptEnd {
  if (verdict.kind === "settled") return { kind: "settled", outcome: verdict.outcome };
  if (verdict.kind === "held") return { kind: "held", reason: verdict.reason };
  // as a wait, so that the database's clock alone says when it is over
  const waitMs = Math.max(0, verdict.dueAt.getTime() - now.getTime());
  return { kind: "again", waitMs, usesAttempt: verdict.usesAttempt };
}

function credentialsOf({ texts }: Definition, callsFrom: string | null): CredentialsSent {
  return {
    authentication: texts.authentication.length > 0,
    authorization: texts.headers.some(({ value }) => hasSecrets(value)),
    callsFrom,
  };
}

/** An end without an attempt. */
function untried(
  claimed: ClaimedDue,
  definition: Definition | null,
  end: AttemptEnd,
  diagnosis: Diagnosis | null,
): Delivered {
  return {
    kind: "ended",
    ended: {
      ...leaseOf(claimed, definition),
      end,
      result: null,
      httpStatus: null,
      diagnosis,
      maybeSentTwice: claimed.takenOver,
      attempt: null,
    },
  };
}

function leaseOf(claimed: ClaimedDue, definition: Definition | null) {
  const { accountId, id, fence, connectId, lane, connectRevision } = claimed;
  return { accountId, id, fence, connectId, lane, connectRevision: definition?.revision ?? connectRevision };
}

const failed: AttemptEnd = { kind: "settled", outcome: "failed" };
const discarded: AttemptEnd = { kind: "settled", outcome: "discarded" };

const lostTest: Diagnosis = {
  code: "connection_reset",
  message: "Patchbay stopped while it sent this test, so the answer is not known",
  fix: "Press Test Connect again",
};

const lostInCrash: Diagnosis = {
  code: "connection_reset",
  message: "Patchbay stopped while it sent this, so the answer is not known: the vendor may have the lead",
  fix: "Ask the vendor whether the lead arrived, then retry or leave it",
  setting: "if_answer_lost",
};
