import { setTimeout as sleep } from "node:timers/promises";
import type { DeliveryId } from "../contracts/ids.ts";
import type { Sender } from "../outbound/send.ts";
import type { Claim, ClaimLimits } from "../store/claim-due.ts";
import type { Database } from "../store/database.ts";
import {
  dueChannel,
  handBack,
  holdForConnectOff,
  notifyDue,
  renewLeases,
  type ClaimedDue,
  type NewDue,
} from "../store/due.ts";
import type { EndedAttempt } from "../store/settle-attempts.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { workersChannel } from "../store/workers.ts";
import type { Actor } from "./act-due.ts";
import { keepBreakers, signOf } from "./breakers.ts";
import { createClaimer, slotLateMs, type Claimer, type Received } from "./claim.ts";
import { createDefinitions, type Definition } from "./definitions.ts";
import { deliver } from "./deliver.ts";
import { handingOver, type HandOver } from "./handover.ts";
import { latePlacesOf } from "./late-places.ts";
import { listen } from "./listen.ts";
import type { Log } from "./log.ts";
import { keepMembership } from "./membership.ts";
import { createOutbox } from "./outbox.ts";
import { createSettler } from "./settle.ts";
import type { TalliedAttempt } from "./tally.ts";

export type EngineOptions = {
  readonly db: Database;
  readonly sender: Sender;
  readonly secretBox: SecretBox;
  readonly log: Log;
  /** Whether this process works off what is due (PATCHBAY_ROLES), or only sends the tests it is asked for. */
  readonly worker: boolean;
  /** Carries out delayed actions, where this process is a worker. */
  readonly actor?: Actor;
  /** Told of every attempt that was written, tests left out. */
  readonly note?: (attempt: TalliedAttempt) => void;
  /** Told how many attempts are settled together. */
  readonly onSettle?: (size: number) => void;
  readonly random?: () => number;
  readonly now?: () => Date;
  readonly heartbeatMs?: number;
};

export type Engine = {
  /** Begins to claim what is due. */
  readonly start: () => void;
  /** Claims no more, waits so long for what is under way, and hands the rest back. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Runs a transaction that stores deliveries; this process sends at once what it has room for. */
  readonly handingOver: HandOver;
  /**
   * Sends a test that was just stored as leased, whatever is under way. `definition`: for this one send instead of what is
   * saved; `notes`: remarks for the attempt's log.
   */
  readonly sendNow: (
    row: NewDue,
    options: { readonly definition?: Definition; readonly notes?: readonly string[] },
  ) => void;
  /** Something was made due by this process. */
  readonly wake: () => void;
};

/** A delivery that this process has leased. `fence`: its lease's, which changes when the process takes over from itself. */
type Outstanding = {
  readonly claimed: ClaimedDue;
  fence: number;
  /** It may have reached the vendor. */
  isSent: boolean;
};

type Sending = {
  readonly definition?: Definition;
  readonly notes?: readonly string[];
  /** It asks a connect whose breaker is open how its vendor does. */
  readonly probe?: boolean;
  readonly slot?: Slot;
};

/** When a request may be written, on `performance.now()`. */
type Slot = { readonly from: number; readonly until: number };

/** The engine of this process (spec 7): claims, sends, settles, keeps its leases, survives the database going away. */
export function createEngine(options: EngineOptions): Engine {
  const { db, log } = options;
  const now = options.now ?? (() => new Date());
  const random = options.random ?? Math.random;
  const definitions = createDefinitions(db, options.secretBox);
  const settler = createSettler(db, log, options.onSettle);
  const breakers = keepBreakers(db, log, () => claimer?.wake());
  const vendor = { sender: options.sender, latePlaces: latePlacesOf(db, now), now, random };
  const membership = keepMembership(
    db,
    log,
    () => outbox.fits(),
    () => {
      outbox.pump();
      claimer?.wake();
    },
  );
  const outbox = createOutbox<Outstanding>(
    membership.shareOf,
    () => claimer?.wake(),
    (held) => leaveToOthers(held),
  );
  const outstanding = new Map<DeliveryId, Outstanding>();
  const underWay = new Set<Promise<void>>();
  let claimer: Claimer | null = null;
  let starting: Promise<void> | null = null;
  let stopListening: (() => Promise<void>) | null = null;
  let heartbeat: NodeJS.Timeout | null = null;
  let isStopping = false;

  /** Never rejects: a row that can't be brought to an end here is claimable again when its lease runs out. */
  const run = async (one: Outstanding, sending: Sending): Promise<void> => {
    const { claimed } = one;
    try {
      const definition = sending.definition ?? (await definitions.of(claimed));
      if (!maySend(claimed, definition, sending)) return await giveBack([one]);
      const { slot, notes } = sending;
      one.isSent = slot === undefined;
      const inSlot = async (): Promise<void> => {
        if (slot !== undefined) await within(slot);
        one.isSent = true;
      };
      const delivered = await deliver(claimed, definition, vendor, notes, slot && inSlot).catch(unlessMissed);
      if (delivered === null) return await giveBack([one]);
      if (delivered.kind === "connect_off") return await holdForConnectOff(db, [{ ...claimed, fence: one.fence }]);
      const ended = { ...delivered.ended, fence: one.fence };
      const sign = claimed.test ? null : signOf(ended);
      const startedAt = ended.attempt?.startedAt.getTime() ?? 0;
      const { accountId, connectId } = claimed;
      await settler.settle(ended);
      if (sign !== null) breakers.tell({ accountId, connectId, sign, startedAt }, definition?.gate.troubled ?? false);
      if (!claimed.test) options.note?.(talliedOf(claimed, ended, now()));
      if (ended.end.kind === "again") claimer?.wake(Math.max(1, ended.end.waitMs));
      log.debug(
        {
          delivery: claimed.id,
          connect: connectId,
          attempt: claimed.attempts + 1,
          end: ended.end,
          status: ended.httpStatus,
        },
        "attempt ended",
      );
    } catch (error) {
      log.error({ err: error, delivery: claimed.id }, "an attempt could not be made");
    }
  };

  const attempt = (one: Outstanding, sending: Sending): Promise<void> => {
    const done = run(one, sending).finally(() => {
      outstanding.delete(one.claimed.id);
      underWay.delete(done);
    });
    underWay.add(done);
    return done;
  };

  const lease = (claimed: ClaimedDue): Outstanding => {
    const one = { claimed, fence: claimed.fence, isSent: false };
    outstanding.set(claimed.id, one);
    return one;
  };

  /** What turns out not to be sendable now waits on, as if it had not been claimed. */
  const giveBack = async (ones: readonly Outstanding[]): Promise<void> => {
    await handBack(
      db,
      ones.map(({ claimed, fence, isSent }) => ({ ...claimed, fence, maybeSent: isSent })),
    );
  };

  /** Never rejects, as `run`. The process whose share it is learns of it at once. */
  const leaveToOthers = (held: readonly Outstanding[]): void => {
    const done = giveBack(held)
      .then(() => notifyDue(db))
      .catch((error: unknown) => {
        log.error({ err: error, leases: held.length }, "leases could not be given back");
      })
      .finally(() => {
        for (const { claimed } of held) outstanding.delete(claimed.id);
        underWay.delete(done);
      });
    underWay.add(done);
  };

  const takeClaim = ({ claimed, concurrency, waitMs, probe }: Claim, received: Received): void => {
    const known = outstanding.get(claimed.id);
    if (known !== undefined) {
      // the lease ran out while this very process was too busy to renew it: it goes on under the new one
      known.fence = claimed.fence;
      return;
    }
    const one = lease(claimed);
    // by this process's clock the database's answer lies between asking and getting it
    const slot =
      waitMs === null ? undefined : { from: received.cameAt + waitMs, until: received.askedAt + waitMs + slotLateMs };
    const sending = { probe, ...(slot === undefined ? {} : { slot }) };
    // the only call of its connect, whosesoever the slots are
    if (probe) void attempt(one, sending);
    else outbox.add(claimed, concurrency, one, () => attempt(one, sending));
  };

  const beat = async (): Promise<void> => {
    if (outstanding.size === 0) return;
    const held = Array.from(outstanding.values(), ({ claimed, fence }) => ({ ...claimed, fence }));
    await renewLeases(db, held).catch((error: unknown) => {
      log.warn({ err: error, leases: held.length }, "leases could not be renewed");
    });
  };

  const wake = (): void => {
    claimer?.wake();
    options.actor?.wake();
  };

  heartbeat = setInterval(() => void beat(), options.heartbeatMs ?? 10_000);
  heartbeat.unref();

  const limits = (): ClaimLimits | null => {
    const among = membership.now();
    const batchMax = Math.min(claimMax, outbox.left());
    return among === null || batchMax === 0 ? null : { batchMax, membership: among, busy: outbox.busy() };
  };

  const begin = async (): Promise<void> => {
    options.actor?.start();
    stopListening = listen(
      db,
      [dueChannel, workersChannel],
      (channel) => (channel === workersChannel ? membership.look() : wake()),
      log,
    );
    await membership.join();
    if (!isStopping) claimer = createClaimer({ db, log, limits, run: takeClaim });
  };

  return {
    start: () => {
      if (options.worker) starting ??= begin();
    },
    stop: async (graceMs) => {
      isStopping = true;
      const claiming = claimer;
      claimer = null;
      outbox.close();
      await Promise.all([stopListening?.(), claiming?.stop(), options.actor?.stop(graceMs)]);
      const late = sleep(graceMs, "late" as const, { ref: false });
      while (underWay.size > 0 && (await Promise.race([Promise.all(underWay), late])) !== "late") {
        // what ended may have let something else begin
      }
      if (heartbeat !== null) clearInterval(heartbeat);
      settler.abandon();
      const left = [...outstanding.values()];
      const leave = Promise.all([
        left.length === 0 ? null : giveBack(left),
        breakers.settled(),
        options.worker ? membership.leave() : null,
      ]);
      if (left.some(({ isSent }) => isSent))
        log.warn({ deliveries: left.length }, "stopping in mid-attempt: others will send these again");
      // without the database they are taken over from when their leases run out
      await Promise.race([leave.catch(() => {}), sleep(2_000, undefined, { ref: false })]);
    },
    handingOver: (work) =>
      handingOver(
        {
          reserve: (of, concurrency) => options.worker && !isStopping && outbox.reserve(of, concurrency),
          release: outbox.release,
          send: (row, planned) => {
            const one = lease(freshly(row));
            const read = performance.now();
            outbox.add(row, planned.connect.settings.concurrency, one, () =>
              attempt(
                one,
                performance.now() - read < stillFreshMs
                  ? { definition: definitions.planned(row.accountId, planned) }
                  : {},
              ),
            );
          },
        },
        work,
      ),
    sendNow: (row, sending) => void attempt(lease(freshly(row)), sending),
    wake,
  };
}

/** What a transaction read of a connect is as good as reading it anew for so long after its commit. */
const stillFreshMs = 100;

/** Rows a claim: leases in batches of 16 make the database work twice as hard as in batches of 128 and more. */
const claimMax = 512;

/** A row that was stored as leased. */
function freshly(row: NewDue): ClaimedDue {
  const fresh = {
    fence: 1,
    attempts: 0,
    attemptsUnused: 0,
    lastDiagnosis: null,
    maybeSentTwice: false,
    takenOver: false,
  };
  return { ...row, ...fresh, lane: row.lane?.key ?? null };
}

/** A pause or an open breaker since it was claimed leaves it waiting. A test goes out always. */
function maySend({ test }: ClaimedDue, definition: Definition | null, { probe }: Sending): boolean {
  if (test || definition === null) return true;
  const { paused, breaker } = definition.gate;
  return !paused && (breaker === "closed" || (breaker === "open" && probe === true));
}

/** Waits for a slot; rejects with `SlotMissed` when it is over. */
async function within({ from, until }: Slot): Promise<void> {
  // a timer may ring up to a millisecond early
  for (let left = from - performance.now(); left > 0; left = from - performance.now()) await sleep(Math.ceil(left));
  if (performance.now() > until) throw new SlotMissed();
}

class SlotMissed extends Error {}

function unlessMissed(error: unknown): null {
  if (error instanceof SlotMissed) return null;
  throw error;
}

function talliedOf(
  { accountId, connectId }: ClaimedDue,
  { end, attempt, diagnosis }: EndedAttempt,
  at: Date,
): TalliedAttempt {
  return {
    accountId,
    connectId,
    end: end.kind === "settled" ? end.outcome : end.kind,
    at,
    durationMs: attempt?.durationMs ?? 0,
    timing: attempt?.calls.at(-1)?.timing ?? null,
    code: diagnosis?.code ?? null,
  };
}
