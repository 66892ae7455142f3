import { setTimeout as sleep } from "node:timers/promises";
import type { Sender } from "../outbound/send.ts";
import type { Database } from "../store/database.ts";
import { dueChannel, handBack, holdForConnectOff, renewLeases, type ClaimedDue, type NewDue } from "../store/due.ts";
import { isDatabaseGone } from "../store/is-database-gone.ts";
import type { SecretBox } from "../store/secret-box.ts";
import type { Actor } from "./act-due.ts";
import { createClaimer, type Claimer } from "./claim.ts";
import { createDefinitions, type Definition } from "./definitions.ts";
import { deliver } from "./deliver.ts";
import { latePlacesOf } from "./late-places.ts";
import { listen } from "./listen.ts";
import type { Log } from "./log.ts";
import { createSettler } from "./settle.ts";
import { createSlots } from "./slots.ts";

export type EngineOptions = {
  readonly db: Database;
  readonly sender: Sender;
  readonly secretBox: SecretBox;
  readonly log: Log;
  /** Whether this process works off what is due (PATCHBAY_ROLES), or only sends the tests it is asked for. */
  readonly worker: boolean;
  /** Carries out delayed actions, where this process is a worker. */
  readonly actor?: Actor;
  readonly random?: () => number;
  readonly now?: () => Date;
  readonly heartbeatMs?: number;
};

export type Engine = {
  /** Begins to claim what is due. */
  readonly start: () => void;
  /** Claims no more, waits so long for what is under way, and hands the rest back. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Reserves a slot for a delivery about to be stored; false: leave it to whoever claims it. */
  readonly reserve: (of: Pick<NewDue, "accountId" | "connectId">) => boolean;
  /** Gives a reserved slot back when nothing was stored. */
  readonly release: (of: Pick<NewDue, "accountId" | "connectId">) => void;
  /**
   * Sends what was just stored as leased. `definition`: for this one send instead of what is saved (a test of unsaved
   * settings); `slot`: it holds a reserved one; `notes`: remarks for the attempt's log.
   */
  readonly handOver: (row: NewDue, options: HandOver) => void;
  /** Something was made due by this process. */
  readonly wake: () => void;
};

export type HandOver = {
  readonly slot: boolean;
  readonly definition?: Definition;
  readonly notes?: readonly string[];
};

const slotsPerConnect = 32;
const slotsTotal = 2_048;

/** The engine of this process (spec 7): claims, sends, settles, keeps its leases, survives the database going away. */
export function createEngine(options: EngineOptions): Engine {
  const { db, log } = options;
  const now = options.now ?? (() => new Date());
  const random = options.random ?? Math.random;
  const definitions = createDefinitions(db, options.secretBox);
  const settler = createSettler(db, log);
  const vendor = { sender: options.sender, latePlaces: latePlacesOf(db, now), now, random };
  const underWay = new Map<ClaimedDue, Promise<void>>();
  let claimer: Claimer | null = null;
  const slots = createSlots(slotsPerConnect, slotsTotal, () => claimer?.wake());
  let stopListening: (() => Promise<void>) | null = null;
  let heartbeat: NodeJS.Timeout | null = null;
  let stopping = false;

  /** Never rejects: a row that can't be brought to an end here is claimable again when its lease runs out. */
  const run = async (claimed: ClaimedDue, { definition: own, notes }: Partial<HandOver>): Promise<void> => {
    try {
      const definition = own ?? (await definitions.of(claimed));
      const delivered = await deliver(claimed, definition, vendor, notes);
      if (delivered.kind === "connect_off") {
        await holdForConnectOff(db, [claimed]);
        return;
      }
      const { ended } = delivered;
      await settler.settle(ended);
      if (ended.end.kind === "again") claimer?.wake(Math.max(1, ended.end.waitMs));
      log.debug(
        {
          delivery: claimed.id,
          connect: claimed.connectId,
          attempt: claimed.attempts + 1,
          end: ended.end,
          status: ended.httpStatus,
        },
        "attempt ended",
      );
    } catch (error) {
      if (!isDatabaseGone(error)) log.error({ err: error, delivery: claimed.id }, "an attempt could not be made");
    }
  };

  const begin = (claimed: ClaimedDue, how: HandOver): void => {
    const done = run(claimed, how).finally(() => {
      underWay.delete(claimed);
      if (how.slot) slots.free(claimed);
    });
    underWay.set(claimed, done);
  };

  const beat = async (): Promise<void> => {
    if (underWay.size === 0) return;
    await renewLeases(db, [...underWay.keys()]).catch((error: unknown) => {
      log.warn({ err: error, leases: underWay.size }, "leases could not be renewed");
    });
  };

  const wake = (): void => {
    claimer?.wake();
    options.actor?.wake();
  };

  heartbeat = setInterval(() => void beat(), options.heartbeatMs ?? 10_000);
  heartbeat.unref();

  return {
    start: () => {
      if (!options.worker || claimer !== null) return;
      claimer = createClaimer(db, slots, (claimed) => begin(claimed, { slot: true }), log);
      options.actor?.start();
      stopListening = listen(db, dueChannel, wake, log);
    },
    stop: async (graceMs) => {
      stopping = true;
      const claiming = claimer;
      claimer = null;
      await Promise.all([stopListening?.(), claiming?.stop(), options.actor?.stop(graceMs)]);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      while (
        underWay.size > 0 &&
        (await Promise.race([Promise.all(underWay.values()), late.then(() => "late")])) !== "late"
      ) {
        // what ended may have let something else begin
      }
      clearTimeout(timer);
      if (heartbeat !== null) clearInterval(heartbeat);
      settler.abandon();
      const left = [...underWay.keys()].map((row) => ({ ...row, maybeSent: true }));
      if (left.length === 0) return;
      log.warn({ deliveries: left.length }, "stopping in mid-attempt: others will send these again");
      // without the database they are taken over from when their leases run out
      await Promise.race([handBack(db, left).catch(() => {}), sleep(2_000, undefined, { ref: false })]);
    },
    reserve: (of) => options.worker && !stopping && slots.take(of),
    release: (of) => slots.free(of),
    handOver: (row, handOver) => {
      const fresh = {
        fence: 1,
        attempts: 0,
        attemptsUnused: 0,
        lastDiagnosis: null,
        maybeSentTwice: false,
        takenOver: false,
      };
      begin({ ...row, ...fresh }, handOver);
    },
    wake,
  };
}
