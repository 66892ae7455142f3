import type { EventInput as ToldEvent, EventResult } from "../contracts/event.ts";
import type { AccountId, LeadId } from "../contracts/ids.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import type { Database, Queryable } from "../store/database.ts";
import { keepEventAnswers, takeEventKeys } from "../store/event-keys.ts";
import type { StoredEvent } from "../store/events.ts";
import { keepRemoteIds } from "../store/find-leads.ts";
import { findLeads, type LeadRow } from "../store/leads.ts";
import { mappingContext } from "../store/mapping-context.ts";
import { outageOf } from "../store/outage.ts";
import { decideEvents } from "./decide-event.ts";
import { withoutHandover, type Handover, type HandOver } from "./handover.ts";
import { resolveLeads, type LeadRules } from "./take-leads.ts";
import { knownWorkflows } from "./workflow-cache.ts";
import { readEvent, readTimes, type EventReading, type Incoming } from "./take-read.ts";
import { resolveReferences } from "./take-references.ts";
import { storedCalls, storeWave, type ReadyEvent, type StoredCalls } from "./take-wave.ts";

export type TakeEvents = LeadRules & {
  readonly accountId: AccountId;
  /** As they were sent, not yet looked at. */
  readonly inputs: readonly unknown[];
  /** How long they were as text, where that is known. */
  readonly bytes?: number;
  /** Told what broke when a whole batch had to be taken one by one. */
  readonly onFault?: (error: unknown) => void;
};

/** An event as it was read, and by whose rules it is taken. */
export type EventInput = LeadRules & { readonly reading: EventReading };

/**
 * Takes a dialler's events: each gets its own answer, and what is answered as stored is committed, decided on and acted
 * upon. One transaction for all; if that breaks, they are taken one by one, so that a bad event never spoils the others.
 * Rejects when the database is gone or full: then it is not known what is stored, and the same ids may be sent again.
 */
export async function takeEvents(
  db: Database,
  taken: TakeEvents,
  handOver: HandOver = withoutHandover,
): Promise<EventResult[]> {
  return takeReadEvents(db, { ...taken, readings: taken.inputs.map(readEvent) }, handOver);
}

/** The same, of events that were read already. */
export type TakeReadEvents = Omit<TakeEvents, "inputs"> & { readonly readings: readonly EventReading[] };

export async function takeReadEvents(db: Database, taken: TakeReadEvents, handOver: HandOver): Promise<EventResult[]> {
  const take = (readings: readonly EventReading[]): Promise<EventResult[]> =>
    retried(() =>
      handOver((handover) =>
        db.transaction((tx, late) => {
          const rules = { source: taken.source, diallersLists: taken.diallersLists };
          const events = readings.map((reading) => ({ ...rules, reading }));
          return takeBatch(tx, accountScope(tx, taken.accountId), events, handover, late);
        }),
      ),
    );
  if (taken.readings.length === 0) return [];
  try {
    return await take(taken.readings);
  } catch (error) {
    if (outageOf(error) !== null || taken.readings.length === 1) throw error;
    taken.onFault?.(error);
  }
  const results: EventResult[] = [];
  for (const input of taken.readings) {
    try {
      results.push(...(await take([input])));
    } catch (error) {
      if (outageOf(error) !== null) throw error;
      taken.onFault?.(error);
      const words = "Something broke in Patchbay. The server's log has the particulars";
      results.push({ stored: false, code: "fault", error: words, path: "" });
    }
  }
  return results;
}

/**
 * In the caller's transaction: ids → names → leads → locks → the events, wave by wave (the first of every lead, then the
 * second, …), each decided on before the next of its lead is looked at. A few statements a wave, however many they are.
 * @param late of the transaction: gets what is sent and need not be awaited before its commit.
 */
export async function takeBatch(
  tx: Queryable,
  scope: AccountScope,
  inputs: readonly EventInput[],
  handover: Handover,
  late: Promise<unknown>[],
): Promise<EventResult[]> {
  const workflows = knownWorkflows(scope);
  workflows.catch(() => {}); // awaited where events are decided on
  const results = inputs.map((): EventResult | undefined => undefined);
  const told = inputs.flatMap(({ reading, source, diallersLists }, index) => {
    if (!reading.ok) results[index] = reading.refusal;
    return reading.ok ? [{ input: reading.input, source, diallersLists, index }] : [];
  });
  // without ids of their own, which are taken before leads are: in the same breath as the settings
  const early = told.some(({ input }) => input.id !== undefined) ? null : lookAhead(scope, told);
  const { timeZone } = await mappingContext(scope);
  const now = new Date();
  const read = told.flatMap(({ input, ...rest }): ReadInput[] => {
    const one = readTimes(input, timeZone, now);
    if (!one.ok) results[rest.index] = one.refusal;
    return one.ok ? [{ ...one.event, ...rest }] : [];
  });

  // a repeat within the batch is answered like the first
  const first = new Map<string, number>();
  const before = await takeEventKeys(
    scope,
    read.flatMap(({ input }) => input.id ?? []),
  );
  const events = read.filter(({ input, index }) => {
    if (input.id === undefined) return true;
    const earlier = before.get(input.id);
    if (earlier !== undefined) results[index] = earlier;
    else if (!first.has(input.id)) first.set(input.id, index);
    return earlier === undefined && first.get(input.id) === index;
  });

  const resolving = resolveReferences(scope, events);
  const looking = early ?? lookAhead(scope, events);
  const references = await resolving;
  const referred = events.flatMap((event, at) => {
    const one = references[at]!;
    if (!one.ok) results[event.index] = one.refusal;
    return one.ok ? [{ event, referred: one }] : [];
  });
  const leads = await resolveLeads(
    tx,
    scope,
    referred.map(({ event }) => event),
  );
  const ready = referred.flatMap((one, at) => {
    const lead = leads[at]!;
    if (!lead.ok) results[one.event.index] = lead.refusal;
    return lead.ok ? [{ ...one, leadId: lead.leadId, remoteId: lead.remoteId }] : [];
  });
  // in the order of their ids, so that two batches can't wait for each other
  const locked = await (looking?.leads ??
    findLeads(
      scope,
      ready.map(({ leadId }) => leadId),
      true,
    ));
  const named = ready.flatMap(({ leadId, remoteId }) => (remoteId === null ? [] : [{ leadId, remoteId }]));
  await keepRemoteIds(scope, named);
  const ahead = looking === null || named.length > 0 ? null : { leads: locked, calls: await looking.calls };
  for (const [number, wave] of wavesOf(ready).entries()) {
    const answers = await storeWave(tx, scope, wave, number === 0 ? ahead : null, late);
    const stored: StoredEvent[] = [];
    for (const one of wave) {
      const event = answers.get(one)!;
      results[one.event.index] = "stored" in event ? event : { id: one.event.input.id ?? event.id, stored: true };
      if (!("stored" in event)) stored.push(event);
    }
    await decideEvents(
      tx,
      scope,
      stored.map((event) => ({ event, causedBy: [] })),
      handover,
      { workflows: number === 0 ? await workflows : undefined, late },
    );
  }
  for (const { input, index } of read) results[index] ??= results[first.get(input.id ?? "") ?? -1];
  await keepEventAnswers(
    scope,
    [...first].map(([key, index]) => [key, results[index]!]),
  );
  return results.map((result) => result!);
}

/** Where every event names its lead's id: the leads, locked, and the calls. Awaited by the caller. */
function lookAhead(
  scope: AccountScope,
  told: readonly { readonly input: ToldEvent }[],
): { readonly leads: Promise<LeadRow[]>; readonly calls: Promise<StoredCalls> } | null {
  const ids = told.flatMap(({ input }) => (input.lead_id ?? []) as LeadId);
  if (ids.length !== told.length) return null;
  const leads = findLeads(scope, ids, true);
  const calls = storedCalls(
    scope,
    told.map(({ input }) => input),
    ids,
  );
  for (const read of [leads, calls]) read.catch(() => {}); // met where it is awaited
  return { leads, calls };
}

type ReadInput = Incoming & LeadRules & { readonly index: number };

/** The first event of every lead, then every second, …: within a wave no two are of one lead. */
function wavesOf<Ready extends ReadyEvent>(ready: readonly Ready[]): Ready[][] {
  const waves: Ready[][] = [];
  const seen = new Map<LeadId, number>();
  for (const one of ready) {
    const at = seen.get(one.leadId) ?? 0;
    seen.set(one.leadId, at + 1);
    (waves[at] ??= []).push(one);
  }
  return waves;
}

/** A deadlock or a serialization failure is nobody's fault: PostgreSQL asks for the transaction to be done again. */
export async function retried<T>(work: () => Promise<T>, triesMax = 3): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (tries >= triesMax || (code !== "40P01" && code !== "40001")) throw error;
    }
  }
}
