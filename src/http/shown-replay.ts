import { secretMask } from "../contracts/connect.ts";
import type { Replay } from "../contracts/replay.ts";
import type { Outcome } from "../contracts/outcome.ts";
import type { ReplayRow, SkipReason } from "../store/replays.ts";

const skipWords: Record<SkipReason, (count: string) => string> = {
  connect_gone: (count) => `${count} whose connect was deleted`,
  mapping_refused: (count) => `${count} that today's mapping refuses`,
  event_gone: (count) => `${count} whose event is past its retention, so that it can't be mapped anew`,
  under_way: (count) => `${count} that somebody else was just sending`,
};

/** A replay as a reader sees it. `hides`: a phone and a result in its filter are not for this reader. */
export function shownReplay(row: ReplayRow, hides: boolean): Replay {
  const outcomes = Object.fromEntries(
    (["accepted", "rejected", "duplicate", "failed", "discarded"] as const).map((name) => [
      name,
      row.outcomes[name] ?? 0,
    ]),
  ) as Record<Outcome, number>;
  const ended = Object.values(outcomes).reduce((sum, some) => sum + some, 0);
  const skips = Object.entries(row.skipped) as [SkipReason, number][];
  const left = skips.map(([reason, count]) => skipWords[reason](count.toLocaleString("en-US")));
  const notes = [row.note, left.length === 0 ? "" : `Left as they were: ${left.join(", ")}.`];
  return {
    id: row.id,
    state: row.state,
    mode: row.mode,
    per_second: row.per_second,
    connect: row.connect_id === null ? null : { id: row.connect_id, name: row.connect_name ?? "" },
    filter: row.filter === null || !hides ? row.filter : masked(row.filter),
    chosen: row.chosen,
    total: row.total,
    total_capped: row.total_capped,
    moved: row.moved,
    owed: Math.max(0, row.moved - ended),
    outcomes,
    skipped: skips.reduce((sum, [, count]) => sum + count, 0),
    note: notes.filter((note) => note !== "").join(" "),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

function masked(filter: NonNullable<ReplayRow["filter"]>): NonNullable<ReplayRow["filter"]> {
  return {
    ...filter,
    ...(filter.phone === undefined ? {} : { phone: secretMask }),
    ...(filter.result === undefined ? {} : { result: secretMask }),
  };
}
