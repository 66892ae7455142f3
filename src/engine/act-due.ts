import { setTimeout as sleep } from "node:timers/promises";
import { accountScope } from "../store/account-scope.ts";
import { claimActions, nextActionMs, postponeAction, type ClaimedAction } from "../store/actions.ts";
import { renewLeases, type Leased } from "../store/due.ts";
import { outageOf } from "../store/outage.ts";
import { actDueMail, type MailDeps } from "./act-due-mail.ts";
import { actDueOne } from "./act-due-one.ts";
import type { Log } from "./log.ts";

export type ActorOptions = MailDeps & { readonly log: Log; readonly heartbeatMs?: number };

/** Carries out delayed actions (spec 4, Running). */
export type Actor = {
  readonly start: () => void;
  /** Claims no more and waits for what is under way; what isn't done by then is taken over when its lease runs out. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Something may be due. A hint: polling finds it too. */
  readonly wake: () => void;
};

const batchMax = 64;
/** Side by side: mails wait for their server, the rest takes milliseconds. */
const parallelMax = 8;
const pollMs = { least: 50, most: 5_000 };

/**
 * Works off pending actions beside deliveries: claimed under lease and fence, so that a dead process is taken over from
 * within 30 s and a late one changes nothing. Never ends by itself: while the database is gone it asks again.
 */
export function createActor(options: ActorOptions): Actor {
  const { db, log } = options;
  const stopping = new AbortController();
  const underWay = new Map<ClaimedAction, Promise<void>>();
  let alarm: (() => void) | null = null;
  let woken = false;
  let running: Promise<void> | null = null;
  let heartbeat: NodeJS.Timeout | null = null;

  const carryOut = async (claimed: ClaimedAction): Promise<void> => {
    try {
      if (claimed.type === "email") await actDueMail(options, claimed);
      else await actDueOne(db, claimed, (options.now ?? (() => new Date()))());
    } catch (error) {
      log.error(
        { err: error, action: claimed.id, type: claimed.type },
        "an action could not be carried out; it is tried again",
      );
      if (outageOf(error) !== null) return; // when its lease has run out
      const later = {
        inMs: 60_000,
        tried: true,
        note: "Something broke in Patchbay; the server's log has the particulars",
      };
      await postponeAction(accountScope(db, claimed.accountId), claimed, later).catch(() => {});
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      woken = false;
      let claimed: ClaimedAction[] = [];
      let idleMs = pollMs.most;
      try {
        const room = parallelMax - underWay.size;
        if (room > 0) claimed = await claimActions(db, Math.min(batchMax, room));
        if (claimed.length === 0 && room > 0) idleMs = (await nextActionMs(db)) ?? pollMs.most;
      } catch (error) {
        log.error({ err: error }, "claiming pending actions failed; it goes on");
      }
      for (const one of claimed) {
        const done = carryOut(one).finally(() => {
          underWay.delete(one);
          alarm?.();
        });
        underWay.set(one, done);
      }
      if (claimed.length === 0 && !woken && !stopping.signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(ring, Math.max(pollMs.least, Math.min(idleMs, pollMs.most)));
          function ring(): void {
            clearTimeout(timer);
            alarm = null;
            resolve();
          }
          alarm = ring;
        });
    }
  };

  const beat = (): void => {
    if (underWay.size === 0) return;
    const held = Array.from(underWay.keys(), ({ accountId, id, fence }) => ({ accountId, id, fence }) as Leased);
    renewLeases(db, held).catch((error: unknown) => log.warn({ err: error }, "leases of actions could not be renewed"));
  };

  return {
    start: () => {
      if (running !== null) return;
      running = loop();
      heartbeat = setInterval(beat, options.heartbeatMs ?? 10_000);
      heartbeat.unref();
    },
    stop: async (graceMs) => {
      stopping.abort();
      alarm?.();
      await running;
      await Promise.race([Promise.all(underWay.values()), sleep(graceMs, undefined, { ref: false })]);
      if (heartbeat !== null) clearInterval(heartbeat);
    },
    wake: () => {
      woken = true;
      alarm?.();
    },
  };
}
