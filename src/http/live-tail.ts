import type { ServerResponse } from "node:http";
import { setImmediate as othersTurn } from "node:timers/promises";
import type { Role } from "../contracts/endpoint.ts";
import type { AccountId } from "../contracts/ids.ts";
import { limits } from "../contracts/limits.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import { listVersions, type DeliverySelection, type LogRow } from "../store/deliveries.ts";
import { isDatabaseGone } from "../store/is-database-gone.ts";
import { readLiveRows, readLiveVersions } from "../store/live-rows.ts";
import { stillMay, type LetIn } from "../store/still-may.ts";
import type { Caller } from "./caller.ts";
import { createLiveStream, cutOff, type LiveStream } from "./live-stream.ts";
import {
  changedIn,
  createWatchedAccount,
  follow,
  followedMax,
  matchingOf,
  noteSeen,
  takeFollowed,
  turnsOf,
  type Watch,
  type WatchedAccount,
} from "./live-watches.ts";
import { logMasks } from "./log-masks.ts";
import { createPlaces } from "./places.ts";
import { refusalsOf } from "./selection-for.ts";
import { shownDelivery } from "./shown-delivery.ts";

export type LiveTail = {
  /**
   * Tells this reader of every change of what matches, until one of the two ends it; by then the response is begun. Throws
   * ProblemError where there is no place, or the caller is let in no more: then the response is untouched.
   */
  readonly open: (caller: Caller, selection: DeliverySelection, raw: ServerResponse) => Promise<void>;
  /** Ends the streams of whoever would not be let in again. Each look does so; this is for who has just changed it. */
  readonly recheck: () => Promise<void>;
  /** Ends all streams. */
  readonly stop: () => void;
};

type Deps = {
  /** For what a reader who comes is shown first. */
  readonly database: Database;
  /** For the looks: along indexes, whatever the tables' size. */
  readonly queue: Database;
  readonly log: { readonly error: (particulars: object, words: string) => void };
};

const lookMs = 1_000;
/** Filters, or rows, that are worked on before requests get their turn. */
const atOnce = 20;
/** Rows of one account that are read at one look. */
const rowsMax = 5_000;
/** What one look tells one reader. */
const tellBytesMax = 192 * 1_024;

/**
 * The live tail. One look at the database a second feeds all streams of this process, whatever their number and filters,
 * and there is none while no stream is open. A look reads which rows of the accounts watched are new or not as they were,
 * those rows once, and who may still watch; what is told is worked out once for all who share account, role and filter.
 */
export function createLiveTail({ database, queue, log }: Deps): LiveTail {
  const places = createPlaces("live streams", limits.streamsPerUserMax, limits.streamsPerAccountMax);
  const accounts = new Map<AccountId, WatchedAccount>();
  const streams = new Set<LiveStream>();
  let looks = 0;
  let turn = 0;
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  /** The streams wait for the database like everything else. */
  const complain = (error: unknown, words: string): void => {
    if (!isStopped && !isDatabaseGone(error)) log.error({ err: error }, words);
  };

  /** One at a time; whoever asks gets one that begins after. */
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const lookAgain = (): Promise<void> => {
    next ??= (async () => {
      await current.catch(() => {});
      next = null;
      current = look();
      await current;
    })();
    return next;
  };

  const look = async (): Promise<void> => {
    const number = ++looks;
    const watched = [...accounts.values()];
    const watches = watched.flatMap((account) => [...account.watches.values()]);
    if (watches.length === 0) return;
    const again = takeFollowed(watches, turn);
    const ids = watched.map(({ id }) => id);
    const seen = Map.groupBy(await readLiveVersions(queue, ids, again.keys, Date.now()), ({ accountId }) => accountId);
    const changed = watched.flatMap((account) => changedIn(account, seen.get(account.id) ?? [], rowsOf(account)));
    const rows = changed.length === 0 ? new Map<AccountId, LogRow[]>() : await readLiveRows(queue, changed);
    const told: { readonly watch: Watch; readonly events: Buffer }[] = [];
    for (const account of watched) told.push(...(await tell(account, rows.get(account.id) ?? [])));
    // the last that is asked: what was read before nobody gets who may not see it now
    await endRefused();
    for (const { watch, events } of told) for (const stream of watch.streams) stream.write(events);
    // only now, so that nothing is lost where the database was gone in between
    turn = again.next;
    for (const account of watched) noteSeen(account, seen.get(account.id) ?? [], number, turnsOf(watches));
  };

  /** What changed, in the words of each watch of this account; follows what matches. */
  const tell = async (
    account: WatchedAccount,
    changed: readonly LogRow[],
  ): Promise<{ readonly watch: Watch; readonly events: Buffer }[]> => {
    if (changed.length === 0) return [];
    const rows = changed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const told: { watch: Watch; events: Buffer }[] = [];
    // one scope a look: what a mask hides is as of now
    const scope = accountScope(database, account.id);
    for (const [role, watches] of Map.groupBy(account.watches.values(), (watch) => watch.role)) {
      const matching = new Map<Watch, LogRow[]>();
      for (const watch of watches) {
        if (matching.size % atOnce === atOnce - 1) await othersTurn();
        // the account may mask now what they filter by
        if ((await refusalsOf({ scope, role }, watch.selection)).length > 0)
          for (const stream of watch.streams) stream.end();
        else matching.set(watch, matchingOf(watch, rows));
      }
      const all = new Set([...matching.values()].flat());
      const maskOf = all.size === 0 ? null : await logMasks({ scope, role }, [...all]);
      const events = new Map<LogRow, Buffer>();
      for (const row of all) {
        if (events.size % atOnce === atOnce - 1) await othersTurn();
        const delivery = shownDelivery(row, maskOf?.(row) ?? null);
        events.set(row, Buffer.from(`event: delivery\ndata: ${JSON.stringify(delivery)}\n\n`));
      }
      for (const [watch, found] of matching) {
        follow(watch, rows, found);
        if (found.length > 0) told.push({ watch, events: newestOf(found.map((row) => events.get(row)!)) });
      }
    }
    return told;
  };

  const endRefused = async (): Promise<void> => {
    const all = [...streams];
    if (all.length === 0) return;
    const byKey = new Map<string, LetIn>(all.map(({ letIn }) => [keyOf(letIn), letIn]));
    const may = new Set(Array.from(await stillMay(queue, [...byKey.values()]), keyOf));
    for (const stream of all) if (!may.has(keyOf(stream.letIn))) stream.end();
  };

  const tick = async (): Promise<void> => {
    const began = Date.now();
    try {
      await lookAgain();
    } catch (error) {
      complain(error, "the live tail could not look at the logs");
    }
    for (const stream of streams) stream.beat(Date.now());
    cutOff(streams);
    timer = null;
    if (streams.size > 0) keepLooking(Math.max(0, began + lookMs - Date.now()));
  };
  const keepLooking = (waitMs: number): void => {
    timer ??= setTimeout(() => void tick(), waitMs).unref();
  };

  /** What a filter that nobody watches yet begins with; one at a time, so that many who come leave the others room. */
  let reading: Promise<unknown> = Promise.resolve();
  const readFirst = ({ scope }: Caller, selection: DeliverySelection): ReturnType<typeof listVersions> => {
    const mine = reading.then(() => listVersions(scope, selection, followedMax));
    reading = mine.catch(() => {});
    return mine;
  };
  const watchOf = ({ accountId, role }: Caller, selection: DeliverySelection): Watch | undefined =>
    accounts.get(accountId)?.watches.get(watchKey(role, selection));
  const makeWatch = (
    { accountId, role }: Caller,
    selection: DeliverySelection,
    first: Awaited<ReturnType<typeof listVersions>>,
  ): Watch => {
    const account = accounts.get(accountId) ?? createWatchedAccount(accountId);
    accounts.set(accountId, account);
    const watch = { accountId, role, selection, streams: new Set<LiveStream>(), followed: first.map(({ id }) => id) };
    account.watches.set(watchKey(role, selection), watch);
    // one that was seen before has perhaps changed since, which the next look tells
    for (const { id, version } of first) if (!account.seen.has(id)) account.seen.set(id, { version, look: looks });
    return watch;
  };
  const leave = (watch: Watch, stream: LiveStream): void => {
    watch.streams.delete(stream);
    const account = accounts.get(watch.accountId);
    if (account === undefined || watch.streams.size > 0) return;
    for (const [key, one] of account.watches) if (one === watch) account.watches.delete(key);
    if (account.watches.size === 0) accounts.delete(account.id);
  };

  return {
    open: async (caller, selection, raw) => {
      const giveBack = places.take(caller);
      let watch: Watch | null = null;
      const stream = createLiveStream(raw, caller, () => {
        giveBack();
        streams.delete(stream);
        if (watch !== null) leave(watch, stream);
      });
      streams.add(stream);
      try {
        const first = watchOf(caller, selection) === undefined ? await readFirst(caller, selection) : [];
        if (!stream.hasEnded()) {
          watch = watchOf(caller, selection) ?? makeWatch(caller, selection, first);
          watch.streams.add(stream);
          // what was before is known then, and that the caller may still watch
          await lookAgain();
        }
      } catch (error) {
        stream.end();
        throw error;
      }
      if (stream.hasEnded()) throw new ProblemError("not_signed_in");
      stream.begin();
      keepLooking(lookMs);
    },
    recheck: async () => {
      // the next look does it
      await endRefused().catch((error: unknown) => complain(error, "the live tail could not ask who may still watch"));
    },
    stop: () => {
      isStopped = true;
      for (const stream of streams) stream.end();
    },
  };
}

/** Where all see everything, no more than what is told is worth reading. */
function rowsOf({ watches }: WatchedAccount): number {
  const areAllOpen = [...watches.values()].every(({ selection }) =>
    Object.values(selection).every((asked) => asked === undefined),
  );
  return areAllOpen ? followedMax : rowsMax;
}

/** The newest of these that fit, one at least, in their order. */
function newestOf(events: readonly Buffer[]): Buffer {
  let from = events.length - 1;
  let bytes = events[from]?.length ?? 0;
  while (from > 0 && bytes + events[from - 1]!.length <= tellBytesMax) bytes += events[--from]!.length;
  return Buffer.concat(events.slice(from));
}

const watchKey = (role: Role, selection: DeliverySelection): string => `${role} ${JSON.stringify(selection)}`;

function keyOf({ accountId, kind, id, sessionId, role }: LetIn): string {
  return `${accountId} ${kind} ${id} ${sessionId} ${role}`;
}
