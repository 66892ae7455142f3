import type { Role } from "../contracts/endpoint.ts";
import type { AccountId, DeliveryId } from "../contracts/ids.ts";
import type { DeliverySelection, LogRow } from "../store/deliveries.ts";
import type { LiveKey, LiveVersion } from "../store/live-rows.ts";
import { matchesSelection } from "../store/matches-selection.ts";
import type { LiveStream } from "./live-stream.ts";

/** A filter that readers of one account and role have open: what is told is the same for all of them. */
export type Watch = {
  readonly accountId: AccountId;
  readonly role: Role;
  readonly selection: DeliverySelection;
  readonly streams: Set<LiveStream>;
  /** The newest that match, newest first: they are looked at again however old they are. */
  followed: readonly DeliveryId[];
};

export type WatchedAccount = {
  readonly id: AccountId;
  readonly watches: Map<string, Watch>;
  /** As each row was seen last, and at which look. */
  readonly seen: Map<DeliveryId, { readonly version: number; readonly look: number }>;
  /** Once it was looked at: a row that was not there then is a new one. */
  isKnown: boolean;
};

/** How many of the newest that match a filter are followed; no more are told of at one look. */
export const followedMax = 200;
/** So many are looked at again at one look; where more are followed, they take turns. */
const againMax = 2_000;
/** Rows that were not looked at for so long are forgotten; those made of late are looked at for 10 s. */
const looksKept = 15;

export function createWatchedAccount(id: AccountId): WatchedAccount {
  return { id, watches: new Map(), seen: new Map(), isKnown: false };
}

/** Followed rows to look at again, beginning with the watch whose turn it is. Returns whose turn is next. */
export function takeFollowed(watches: readonly Watch[], turn: number): { keys: LiveKey[]; next: number } {
  const keys = new Map<string, LiveKey>();
  let taken = 0;
  for (; taken < watches.length && keys.size < againMax; taken++) {
    const { accountId, followed } = watches[(turn + taken) % watches.length]!;
    for (const id of followed) keys.set(`${accountId}/${id}`, { accountId, id });
  }
  return { keys: [...keys.values()], next: taken === watches.length ? turn : turn + taken };
}

/** What is not as it was seen last: newest first, no more than `most`. */
export function changedIn(account: WatchedAccount, versions: readonly LiveVersion[], most: number): LiveVersion[] {
  if (!account.isKnown) return [];
  const changed = versions.filter(({ id, version }) => account.seen.get(id)?.version !== version);
  return changed.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
}

/** Remembers what was seen at this look, and forgets what has not been for long. `turns`: looks until each followed row's turn has come. */
export function noteSeen(account: WatchedAccount, versions: readonly LiveVersion[], look: number, turns: number): void {
  account.isKnown = true;
  for (const { id, version } of versions) account.seen.set(id, { version, look });
  for (const [id, seen] of account.seen) if (seen.look < look - looksKept - turns) account.seen.delete(id);
}

/** Of rows in the order of their ids, the newest that a watch tells of. */
export function matchingOf(watch: Watch, rows: readonly LogRow[]): LogRow[] {
  return rows.filter((row) => matchesSelection(row, watch.selection)).slice(-followedMax);
}

/** What matches now is followed, what doesn't any more is not. */
export function follow(watch: Watch, rows: readonly LogRow[], matching: readonly LogRow[]): void {
  if (rows.length === 0) return;
  const changed = new Set(rows.map(({ id }) => id));
  const kept = watch.followed.filter((id) => !changed.has(id));
  watch.followed = [...matching.map(({ id }) => id), ...kept]
    .toSorted((a, b) => (a < b ? 1 : -1))
    .slice(0, followedMax);
}

/** How many looks it takes until each followed row has had its turn. */
export function turnsOf(watches: readonly Watch[]): number {
  return Math.ceil((watches.length * followedMax) / againMax);
}
