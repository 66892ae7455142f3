import type { LeftOut } from "../contracts/endpoints/replays.ts";
import type { ConnectId } from "../contracts/ids.ts";
import {
  comparePayloads,
  createTally,
  sayDifferences,
  type Counts,
  type Difference,
  type RehearsedPayload,
} from "../core/rehearse.ts";
import type { Payload } from "../core/request.ts";
import { placeFiller } from "../core/write-field.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { connectsThatSendNothing, type ConnectThatWaits } from "../store/connect-states.ts";
import { deletedConnects, findConnect } from "../store/connects.ts";
import { findAdaptor } from "../store/delivery-connects.ts";
import { snapshotsOfEvents, type EventSnapshot } from "../store/events.ts";
import { mappingContext, type MappingContext } from "../store/mapping-context.ts";
import {
  beginWalk,
  countLeftOut,
  countWalk,
  payloadsOf,
  walkOwed,
  walkSettled,
  type Matching,
  type Walk,
  type Walked,
} from "../store/walk-deliveries.ts";
import { mappingOptions } from "./plan-delivery.ts";
import { createRehearsalWork } from "./rehearsal-work.ts";
import { frozenRequest, mappedRequest, type Side } from "./rehearsed-request.ts";
import { countMost, whichOf, type Chosen } from "./start-replay.ts";

export type PreviewedReplay = {
  /** How many can be sent again. */
  readonly total: number;
  readonly totalCapped: boolean;
  readonly owed: number;
  /** The vendor has them already. */
  readonly accepted: number;
  /** What matches and can't be sent again, by the reason. */
  readonly leftOut: readonly { readonly because: LeftOut; readonly count: number }[];
  /** What is due at once and waits all the same, as its connect sends nothing. */
  readonly waits: readonly (ConnectThatWaits & { readonly count: number })[];
  readonly compared: number;
  readonly eventGone: number;
  readonly headline: string;
  readonly counts: Counts;
  readonly differences: readonly Difference[];
};

/** So many of those that would go first are compared, unless their payloads are large; they are found within so many steps of the walk. */
const comparedMost = 1_000;
const stepsMost = 50;
/** So many are read at a time: a payload may be 1 MiB. */
const chunk = 50;

/**
 * Before a replay: how many match, and what is otherwise between sending them as they were sent first and mapping them
 * anew (spec 4, Rehearsal). Both requests are built by the code that builds them for real, with today's settings of the
 * connect; what differs is the payload. Sends nothing, changes nothing.
 */
export async function previewReplay(
  scope: AccountScope,
  chosen: Chosen,
  differencesMax: number,
): Promise<PreviewedReplay> {
  const walk = await beginWalk(scope, whichOf(chosen));
  const { owed, settled, connects } = await countWalk(scope, walk, countMost);
  const totalCapped = owed === countMost || settled === countMost;
  const ids = connects.map(({ connect_id }) => connect_id);
  const deleted = await deletedConnects(scope, ids);
  const there = connects.filter(({ connect_id }) => !deleted.has(connect_id));
  const total = sum(there, (of) => of.owed + of.settled);
  const { tests, underWay } = await countLeftOut(scope, walk, countMost);
  const matched = owed + settled + tests + underWay;
  const gone = "ids" in chosen && !totalCapped ? new Set(chosen.ids).size - matched : 0;
  const leftOut: PreviewedReplay["leftOut"] = [
    { because: "test", count: tests },
    { because: "connect_deleted", count: owed + settled - total },
    { because: "under_way", count: underWay },
    { because: "not_here", count: Math.max(0, gone) },
  ];
  const waits = (await connectsThatSendNothing(scope, ids)).flatMap((one) => {
    const of = there.find(({ connect_id }) => connect_id === one.id);
    return of === undefined ? [] : [{ ...one, count: of.owed + of.settled }];
  });
  const rows = await firstOf(scope, walk);
  const compared = await compare(scope, rows, differencesMax);
  return {
    total,
    totalCapped,
    owed: sum(there, (of) => of.owed),
    accepted: sum(there, (of) => of.accepted),
    leftOut: leftOut.filter(({ count }) => count > 0),
    waits,
    ...compared,
  };
}

const sum = (of: readonly Matching[], count: (one: Matching) => number): number =>
  of.reduce((all, one) => all + count(one), 0);

/** In the order in which a replay goes through them. */
async function firstOf(scope: AccountScope, walk: Walk): Promise<Walked[]> {
  const rows = (await walkOwed(scope, walk, comparedMost)).rows.slice();
  let after: string | null = null;
  for (let step = 0; step < stepsMost && rows.length < comparedMost; step++) {
    const found = await walkSettled(scope, { ...walk, after }, comparedMost - rows.length);
    rows.push(...found.rows);
    if (found.lookedAt === null) break;
    after = found.lookedAt;
  }
  return rows;
}

async function compare(
  scope: AccountScope,
  rows: readonly Walked[],
  differencesMax: number,
): Promise<Pick<PreviewedReplay, "compared" | "eventGone" | "headline" | "counts" | "differences">> {
  const sides = new Map<ConnectId, (Side & { readonly name: string }) | null>();
  for (const { connect_id } of rows) if (!sides.has(connect_id)) sides.set(connect_id, await sideOf(scope, connect_id));
  const context = await mappingContext(scope);
  const now = new Date();
  const tally = createTally(differencesMax);
  const work = createRehearsalWork();
  let [compared, eventGone] = [0, 0];
  for (let from = 0; from < rows.length && !work.isSpent(); from += chunk) {
    const part = rows.slice(from, from + chunk);
    const events = await snapshotsOfEvents(
      scope,
      part.map((row) => row.event_id),
    );
    const payloads = await payloadsOf(
      scope,
      part.map((row) => row.id),
    );
    for (const row of part) {
      if (work.isSpent()) break;
      const side = sides.get(row.connect_id);
      const event = events.get(row.event_id);
      const payload = payloads.get(row.id);
      if (!side || payload === undefined) continue; // nowhere to send it, or it is being sent at this moment
      if (event === undefined) {
        eventGone++;
        continue;
      }
      compared++;
      const of = { leadId: row.lead_id, eventId: row.event_id, at: event.at.toISOString() };
      const before = work.built(asSent(row, side, payload, event, context, now), null);
      const after = work.built(mappedRequest(side, event.snapshot, context, now), side.adaptor);
      tally.add(comparePayloads({ of, connect: side.name }, before, after));
      await work.rest();
    }
  }
  const counts = tally.counts();
  const headline = compared === 0 ? "Nothing could be compared" : sayDifferences(counts, "delivery");
  return { compared, eventGone, headline, counts, differences: tally.kept() };
}

function asSent(
  row: Walked,
  side: Side,
  payload: Payload,
  { snapshot }: EventSnapshot,
  context: MappingContext,
  now: Date,
): RehearsedPayload {
  if (row.never_mapped) return { refused: row.diagnosis?.message ?? "the mapping refused it" };
  return frozenRequest(side, payload, placeFiller(snapshot, context.customFields, mappingOptions(context, now)));
}

async function sideOf(scope: AccountScope, id: ConnectId): Promise<(Side & { readonly name: string }) | null> {
  const connect = await findConnect(scope, id);
  if (connect === null) return null;
  const { name, settings, texts } = connect;
  const adaptor = settings.adaptor_id === null ? null : await findAdaptor(scope, settings.adaptor_id);
  return { name, settings, texts, adaptor: adaptor?.stored ?? null };
}
