import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { ConnectSettings } from "../contracts/connect.ts";
import type { Snapshot } from "../contracts/fields.ts";
import type { AdaptorId, ConnectId } from "../contracts/ids.ts";
import { headerOf } from "../core/decode-body.ts";
import type { Exchange } from "../core/exchange.ts";
import { judgeAttempt } from "../core/judge-attempt.ts";
import { badInput, ProblemError } from "../core/problem-error.ts";
import { recordedExchanges } from "../core/recorded-answer.ts";
import {
  compareDeliveries,
  createTally,
  sayRehearsed,
  type Concerned,
  type RehearsedOutcome,
  type RehearsedPayload,
} from "../core/rehearse.ts";
import { sealAdaptor } from "../core/seal-adaptor.ts";
import { sealConnect } from "../core/seal-connect.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import { hasSecrets } from "../core/text.ts";
import { integratorOf } from "../integrators/index.ts";
import { usersOfAdaptors } from "../store/adaptors.ts";
import { findConnect } from "../store/connects.ts";
import { listDeliveries, type LogRow } from "../store/deliveries.ts";
import { findAdaptor } from "../store/delivery-connects.ts";
import { snapshotsOfEvents } from "../store/events.ts";
import { mappingContext, type MappingContext } from "../store/mapping-context.ts";
import { lastAttemptsOf, type LastAttempt } from "../store/recorded-deliveries.ts";
import { connectSecrets } from "./open-secrets.ts";
import { createRehearsalWork } from "./rehearsal-work.ts";
import { mappedRequest, type Side } from "./rehearsed-request.ts";
import { inDraft, keptOfEach, type Bounds, type RehearsalDeps, type Rehearsed } from "./rehearsed.ts";

type Sides = { readonly name: string; readonly saved: Side; readonly draft: Side };

/** What other settings of a connect would change. */
export async function rehearseConnect(
  { scope, secretBox }: RehearsalDeps,
  id: ConnectId,
  settings: ConnectSettings,
  bounds: Bounds,
): Promise<Rehearsed> {
  const saved = await findConnect(scope, id);
  if (saved === null) throw new ProblemError("not_found", { detail: `There is no connect ${id}.` });
  const context = await mappingContext(scope);
  // nothing is sent, so a stored secret may stand, masked, in a request to another address; saving will ask for it
  const previous = { secrets: connectSecrets(secretBox, scope.accountId, saved), origin: null };
  const sealed = sealConnect(settings, previous, context.customFields);
  if (!sealed.ok) throw new ProblemError("bad_input", { errors: sealed.problems.map(inDraft) });
  const adaptorOf = async (adaptorId: AdaptorId | null): Promise<StoredAdaptor | null> => {
    const adaptor = adaptorId === null ? null : await findAdaptor(scope, adaptorId);
    if (adaptorId !== null && adaptor === null)
      throw badInput("draft.settings.adaptor_id", `There is no adaptor ${adaptorId}`);
    return adaptor?.stored ?? null;
  };
  const sides = {
    name: saved.name,
    saved: { settings: saved.settings, texts: saved.texts, adaptor: await adaptorOf(saved.settings.adaptor_id) },
    draft: { settings: sealed.shown, texts: sealed.texts, adaptor: await adaptorOf(sealed.shown.adaptor_id) },
  };
  return compareRecorded(scope, new Map([[id, sides]]), context, bounds);
}

/** What other rows of an adaptor would change, at every connect that uses it. */
export async function rehearseAdaptor(
  { scope, secretBox }: RehearsalDeps,
  id: AdaptorId,
  settings: AdaptorSettings,
  bounds: Bounds,
): Promise<Rehearsed> {
  const saved = await findAdaptor(scope, id);
  if (saved === null) throw new ProblemError("not_found", { detail: `There is no adaptor ${id}.` });
  const context = await mappingContext(scope);
  // only shown, never sent, so where its secrets may go is not asked
  const secrets =
    saved.secrets === null ? {} : secretBox.open(saved.secrets, { table: "adaptors", account: scope.accountId, id });
  const sealed = sealAdaptor(settings, { secrets }, context.customFields);
  if (!sealed.ok) throw new ProblemError("bad_input", { errors: sealed.problems.map(inDraft) });
  const users = (await usersOfAdaptors(scope, [id])).get(id) ?? [];
  const sides = new Map<ConnectId, Sides>();
  for (const user of users) {
    const connect = await findConnect(scope, user.id);
    if (connect === null) continue;
    const of = { settings: connect.settings, texts: connect.texts };
    sides.set(user.id, {
      name: connect.name,
      saved: { ...of, adaptor: saved.stored },
      draft: { ...of, adaptor: sealed.stored },
    });
  }
  return compareRecorded(scope, sides, context, bounds);
}

/** So many are read at a time: what an event knew may be large, and an answer may be 64 KiB. */
const chunk = 50;

async function compareRecorded(
  scope: RehearsalDeps["scope"],
  sidesOf: ReadonlyMap<ConnectId, Sides>,
  context: MappingContext,
  { max, idFrom, idBefore }: Bounds,
): Promise<Rehearsed> {
  const rows: LogRow[] = [];
  for (const connect of sidesOf.keys())
    rows.push(...(await listDeliveries(scope, { connect, test: false, idFrom, idBefore }, max)));
  const latest = rows.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, max);

  const tally = createTally(keptOfEach);
  const work = createRehearsalWork();
  const events = new Set<string>();
  let answers = 0;
  let lookedAt = 0;
  for (let from = 0; from < latest.length && !work.isSpent(); from += chunk) {
    const part = latest.slice(from, from + chunk);
    const recorded = await readRecorded(scope, part, sidesOf);
    lookedAt += part.length - recorded.length;
    for (const one of recorded) {
      if (work.isSpent()) break;
      lookedAt++;
      events.add(one.of.eventId);
      if (one.answer !== null) answers++;
      tally.add(
        compareDeliveries([one], {
          payload: (side, delivery) => {
            const of = delivery.sides[side];
            return work.built(payloadOf(of, delivery, context), of.adaptor);
          },
          outcome: (side, delivery, answer) => outcomeOf(delivery.sides[side], delivery, answer),
        }),
      );
      await work.rest();
    }
  }
  const counts = tally.counts();
  return {
    events: events.size,
    leftOut: latest.length - lookedAt,
    answers,
    headline: sayRehearsed(events.size + answers, counts, "delivery"),
    counts,
    differences: tally.kept(),
  };
}

type Recorded = {
  readonly of: Concerned;
  readonly deliveryId: string;
  readonly connect: string;
  readonly answer: Answered | null;
  readonly sides: Sides;
  readonly row: LogRow;
  readonly snapshot: Snapshot;
  readonly at: Date;
};
type Answered = { readonly exchanges: readonly Exchange[]; readonly attempt: LastAttempt };

/** Newest first; what an event knew may be past its retention, then its deliveries are left out. */
async function readRecorded(
  scope: RehearsalDeps["scope"],
  rows: readonly LogRow[],
  sidesOf: ReadonlyMap<ConnectId, Sides>,
): Promise<Recorded[]> {
  const events = await snapshotsOfEvents(
    scope,
    rows.map((row) => row.event_id),
  );
  const attempts = await lastAttemptsOf(
    scope,
    rows.map((row) => row.id),
  );
  return rows.flatMap((row): Recorded[] => {
    const event = events.get(row.event_id);
    const sides = sidesOf.get(row.connect_id as ConnectId);
    if (event === undefined || sides === undefined) return [];
    const attempt = attempts.get(row.id);
    const exchanges = attempt === undefined ? null : recordedExchanges(attempt.calls);
    return [
      {
        of: { leadId: row.lead_id, eventId: row.event_id, at: event.at.toISOString() },
        deliveryId: row.id,
        connect: sides.name,
        answer: attempt === undefined || exchanges === null ? null : { exchanges, attempt },
        sides,
        row,
        snapshot: event.snapshot,
        at: event.at,
      },
    ];
  });
}

/** The first request as it would be built from what the event knew. */
function payloadOf(side: Side, { snapshot, at }: Recorded, context: MappingContext): RehearsedPayload {
  if (!side.settings.active) return { refused: "the connect is off: it would be held" };
  return mappedRequest(side, snapshot, context, at);
}

const nothing = { query: [], body: null, contentType: null, places: {} };

/** What was recorded is masked already. */
const unmasked = (text: string): string => text;

/** The recorded answer, read and judged with these settings. */
function outcomeOf({ settings, texts }: Side, { row }: Recorded, { exchanges, attempt }: Answered): RehearsedOutcome {
  const exchange = exchanges.at(-1)!;
  const reading = integratorOf(settings.api_integrator).read(
    { settings, texts, payload: nothing },
    exchanges,
    unmasked,
  );
  const verdict = judgeAttempt({
    exchange,
    reading,
    settings,
    credentials: {
      authentication: texts.authentication.length > 0,
      authorization: texts.headers.some(({ value }) => hasSecrets(value)),
      callsFrom: null,
    },
    contentType: headerOf(attempt.calls.at(-1)?.request.headers ?? [], "content-type"),
    attemptNumber: attempt.number,
    giveUpAt: row.give_up_at,
    test: false,
    now: attempt.started_at,
    random: 0,
    mask: unmasked,
  });
  const outcome = verdict.kind === "settled" ? verdict.outcome : verdict.kind === "again" ? "tried again" : "held";
  const why = verdict.diagnosis?.message ?? verdict.result ?? "";
  return { outcome, says: why === "" ? outcome : `${outcome}: ${why.length > 200 ? `${why.slice(0, 199)}…` : why}` };
}
