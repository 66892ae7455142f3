import type { EventResult } from "../contracts/event.ts";
import type { AccountId } from "../contracts/ids.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database, Queryable } from "../store/database.ts";
import { outageOf } from "../store/outage.ts";
import { acceptLead, storeLeads, type AcceptedLead, type PostedLead } from "./accept-lead.ts";
import type { Handover, HandOver } from "./handover.ts";
import { retried, takeBatch, takeReadEvents, type TakeEvents, type TakeReadEvents } from "./take-events.ts";
import { readEvent, type EventReading } from "./take-read.ts";

/** The way in for events and leads. What arrives in the same few milliseconds shares one commit (spec 7, Group commit). */
export type Intake = {
  /** As `takeEvents`. Rejects with Overloaded when too much waits already. */
  readonly takeEvents: (taken: TakeEvents) => Promise<EventResult[]>;
  /** As `acceptLead`. */
  readonly takeLead: (posted: PostedLead) => Promise<AcceptedLead>;
};

/** More waits to be stored than will be in a while: nothing was stored, and the caller is to come again. */
export class Overloaded extends Error {
  override readonly name = "Overloaded";
}

type Job = {
  readonly accountId: AccountId;
  readonly weight: number;
  readonly reject: (error: unknown) => void;
} & (
  | { readonly kind: "events"; readonly taken: TakeReadEvents; readonly resolve: (results: EventResult[]) => void }
  | { readonly kind: "lead"; readonly posted: PostedLead; readonly resolve: (accepted: AcceptedLead) => void }
);

/** Events and leads a commit; while two are being written, the next gathers. A long one counts as several. */
const batchMax = 256;
const bytesOfOne = 16_384;
const parallelMax = 2;
/** What may wait: some seconds' worth. */
const waitingMax = 10_000;

/**
 * @param handOver the engine's: what a commit leaves owed is sent by this process where it has room.
 * @param onBatch told how many events and leads were stored together.
 */
export function createIntake(db: Database, handOver: HandOver, onBatch: (size: number) => void = () => {}): Intake {
  const waiting: Job[] = [];
  let weight = 0;
  let writing = 0;

  const add = (job: Job): void => {
    if (weight + job.weight > waitingMax && weight > 0)
      return job.reject(new Overloaded(`${weight} events wait to be stored`));
    waiting.push(job);
    weight += job.weight;
    if (writing >= parallelMax) return;
    writing++;
    setImmediate(() => void drain());
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeSome();
      onBatch(batch.reduce((sum, job) => sum + job.weight, 0));
      await write(batch);
    }
    writing--;
  };

  /** At least one job, and as many as fit. */
  const takeSome = (): Job[] => {
    let size = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || size + waiting[count]!.weight <= batchMax))
      size += waiting[count++]!.weight;
    weight -= size;
    return waiting.splice(0, count);
  };

  const write = async (batch: readonly Job[]): Promise<void> => {
    if (batch.length > 1) {
      try {
        const answers = await retried(() =>
          handOver((handover) => db.transaction((tx, late) => writeAll(tx, batch, handover, late))),
        );
        for (const [job, answer] of answers) (job.resolve as (answer: unknown) => void)(answer);
        return;
      } catch (error) {
        if (outageOf(error) !== null) {
          for (const job of batch) job.reject(error);
          return;
        }
        // one of them spoils it: each alone, with its own answer
      }
    }
    for (const job of batch) await writeAlone(job);
  };

  const writeAlone = async (job: Job): Promise<void> => {
    try {
      if (job.kind === "events") job.resolve(await takeReadEvents(db, job.taken, handOver));
      else job.resolve(await retried(() => handOver((handover) => acceptLead(db, job.posted, handover))));
    } catch (error) {
      job.reject(error);
    }
  };

  return {
    takeEvents: async ({ inputs, ...rest }) => {
      const taken = { ...rest, readings: await readInPieces(inputs) };
      const counts = Math.max(inputs.length, Math.ceil((rest.bytes ?? 0) / bytesOfOne));
      return new Promise((resolve, reject) =>
        add({ kind: "events", accountId: taken.accountId, weight: counts, taken, resolve, reject }),
      );
    },
    // the answer under an idempotency key may be another request's, which is waited for: not together with others
    takeLead: (posted) =>
      posted.idempotency !== undefined
        ? retried(() => handOver((handover) => acceptLead(db, posted, handover)))
        : new Promise((resolve, reject) =>
            add({ kind: "lead", accountId: posted.accountId, weight: weightOf(posted), posted, resolve, reject }),
          ),
  };
}

function weightOf({ parameters }: PostedLead): number {
  let length = 0;
  for (const name in parameters) length += parameters[name]!.length;
  return Math.max(1, Math.ceil(length / bytesOfOne));
}

/** Events that are read by their contract in one go; the process does other work before the next so many. */
const pieceMax = 32;

async function readInPieces(inputs: readonly unknown[]): Promise<EventReading[]> {
  const readings: EventReading[] = [];
  for (let from = 0; from < inputs.length; from += pieceMax) {
    if (from > 0) await new Promise((go) => setImmediate(go));
    for (const input of inputs.slice(from, from + pieceMax)) readings.push(readEvent(input));
  }
  return readings;
}

/** Account by account in the order of their ids, so that two batches can't wait for each other. */
async function writeAll(
  tx: Queryable,
  batch: readonly Job[],
  handover: Handover,
  late: Promise<unknown>[],
): Promise<Map<Job, unknown>> {
  const answers = new Map<Job, unknown>();
  const accounts = [...Map.groupBy(batch, ({ accountId }) => accountId)].toSorted(([a], [b]) => a - b);
  for (const [accountId, jobs] of accounts) {
    const scope = accountScope(tx, accountId);
    const leads = jobs.filter((job) => job.kind === "lead");
    if (leads.length > 0) {
      const posted = leads.map((job) => job.posted);
      const accepted = await storeLeads(tx, scope, posted, handover);
      leads.forEach((job, at) => answers.set(job, accepted[at]));
    }
    const events = jobs.filter((job) => job.kind === "events");
    if (events.length === 0) continue;
    const inputs = events.flatMap(({ taken: { source, diallersLists, readings } }) =>
      readings.map((reading) => ({ source, diallersLists, reading })),
    );
    const results = await takeBatch(tx, scope, inputs, handover, late);
    let from = 0;
    for (const job of events) answers.set(job, results.slice(from, (from += job.taken.readings.length)));
  }
  return answers;
}
