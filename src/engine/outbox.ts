import type { AccountId, ConnectId } from "../contracts/ids.ts";
import type { BusyConnect } from "../store/claim-due.ts";

type Of = { readonly accountId: AccountId; readonly connectId: ConnectId };

/** What this process has leased and not sent yet, by connect: each has its own line and its own slots, so none waits for another. */
export type Outbox<Held> = {
  /** Keeps room for one about to be stored; false: leave it to whoever claims it. `concurrency` as for `add`. */
  readonly reserve: (of: Of, concurrency: number) => boolean;
  /** Gives reserved room back: nothing was stored, or `add` follows. */
  readonly release: (of: Of) => void;
  /**
   * `start` is called as soon as one of the connect's slots is free and must never reject; where this process has none, or
   * none any more, `held` is given back instead. `concurrency`: over all processes.
   */
  readonly add: (of: Of, concurrency: number, held: Held, start: () => Promise<void>) => void;
  readonly busy: () => readonly BusyConnect[];
  /** How many more may be leased over all connects. */
  readonly left: () => number;
  /** Slots may have become more. */
  readonly pump: () => void;
  /** No connect has more under way than this process's share of it. */
  readonly fits: () => boolean;
  /** Starts nothing more. */
  readonly close: () => void;
};

type Line<Held> = Of & {
  concurrency: number;
  reserved: number;
  running: number;
  readonly waiting: { readonly held: Held; readonly start: () => Promise<void> }[];
  /** There was work for it that it had no room for. */
  more: boolean;
  /** Ended since `since`, and the pace before that, a second. */
  done: number;
  since: number;
  perSecond: number;
};

const outstandingMax = 4_096;
/** What a claim brings should last so long: then claims are large, and little lies leased without being sent. */
const claimLastsSeconds = 0.25;
const appetiteMax = 1_024;
const measureMs = 250;

/**
 * @param shareOf this process's part of a connect's concurrency.
 * @param onRoom a line that was full has room: there may be work that no claim could take.
 * @param giveBack what was leased while this process had a share that is another's now: that one is to send it.
 */
export function createOutbox<Held>(
  shareOf: (concurrency: number, connectId: number) => number,
  onRoom: () => void,
  giveBack: (held: readonly Held[]) => void,
  now: () => number = () => performance.now(),
): Outbox<Held> {
  const lines = new Map<string, Line<Held>>();
  let outstanding = 0;
  let closed = false;

  const lineOf = ({ accountId, connectId }: Of, concurrency: number): Line<Held> => {
    const key = `${accountId}/${connectId}`;
    const line = lines.get(key);
    if (line !== undefined) {
      line.concurrency = concurrency;
      return line;
    }
    const fresh = { accountId, connectId, concurrency, reserved: 0, running: 0, waiting: [], more: false, done: 0, since: now(), perSecond: 0 }; // prettier-ignore
    lines.set(key, fresh);
    return fresh;
  };

  const outstandingOf = (line: Line<Held>): number => line.reserved + line.running + line.waiting.length;

  const measure = (line: Line<Held>): void => {
    const elapsed = now() - line.since;
    if (elapsed < measureMs) return;
    line.perSecond = (line.done * 1000) / elapsed;
    line.done = 0;
    line.since = now();
  };

  const appetiteOf = (line: Line<Held>): number => {
    measure(line);
    return Math.min(appetiteMax, Math.ceil(line.perSecond * claimLastsSeconds));
  };

  const roomOf = (line: Line<Held>): number => {
    const slots = shareOf(line.concurrency, line.connectId);
    return slots === 0 ? 0 : Math.max(slots, appetiteOf(line));
  };

  const pumpLine = (line: Line<Held>): void => {
    const slots = shareOf(line.concurrency, line.connectId);
    if (closed || line.waiting.length === 0) return;
    if (slots === 0) {
      const held = line.waiting.splice(0).map((one) => one.held);
      outstanding -= held.length;
      giveBack(held);
    }
    while (line.running < slots && line.waiting.length > 0) void begin(line, line.waiting.shift()!.start);
  };

  const begin = async (line: Line<Held>, start: () => Promise<void>): Promise<void> => {
    line.running++;
    await start();
    line.running--;
    line.done++;
    outstanding--;
    measure(line);
    pumpLine(line);
    if (line.more && outstandingOf(line) * 2 <= roomOf(line)) {
      line.more = false;
      onRoom();
    }
    if (outstandingOf(line) === 0 && line.perSecond < 1) lines.delete(`${line.accountId}/${line.connectId}`);
  };

  return {
    reserve: (of, concurrency) => {
      const line = lineOf(of, concurrency);
      if (closed || outstanding >= outstandingMax || outstandingOf(line) >= roomOf(line)) {
        line.more = true;
        return false;
      }
      line.reserved++;
      outstanding++;
      return true;
    },
    release: (of) => {
      const line = lines.get(`${of.accountId}/${of.connectId}`);
      if (line === undefined || line.reserved === 0) return;
      line.reserved--;
      outstanding--;
    },
    add: (of, concurrency, held, start) => {
      const line = lineOf(of, concurrency);
      outstanding++;
      line.waiting.push({ held, start });
      pumpLine(line);
    },
    busy: () =>
      Array.from(lines.values(), (line) => {
        const count = outstandingOf(line);
        if (count >= roomOf(line)) line.more = true;
        return {
          accountId: line.accountId,
          connectId: line.connectId,
          outstanding: count,
          appetite: appetiteOf(line),
        };
      }),
    left: () => Math.max(0, outstandingMax - outstanding),
    pump: () => lines.forEach(pumpLine),
    fits: () => [...lines.values()].every((line) => line.running <= shareOf(line.concurrency, line.connectId)),
    close: () => {
      closed = true;
    },
  };
}
