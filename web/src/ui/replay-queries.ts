import { queryOptions } from "@tanstack/react-query";
import { retryDeliveries } from "../../../src/contracts/endpoints/deliveries.ts";
import { cancelReplay, listReplays, previewReplay } from "../../../src/contracts/endpoints/replays.ts";
import type { Replay, ReplayFilter, ReplayMode } from "../../../src/contracts/replay.ts";
import { call } from "../api.ts";

/** Which deliveries: chosen ones, or all that match a filter of the logs. */
export type ToReplay = { readonly ids: readonly string[] } | { readonly filter: ReplayFilter };

const replaysKey = ["replays"] as const;

/** Running, or ended a moment ago with outcomes still to come; a delivery may be tried again for days. */
const isUnderWay = ({ ended_at, owed }: Replay): boolean =>
  ended_at === null || (owed > 0 && Date.now() - Date.parse(ended_at) < 60_000);

/** The newest ones; what is under way is looked at each second. */
export const replaysQuery = queryOptions({
  queryKey: [...replaysKey, "list"],
  queryFn: ({ signal }) => call(listReplays, { query: { limit: 20 } }, signal),
  refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? 1_000 : 15_000),
});

export const replayPreviewQuery = (which: ToReplay) =>
  queryOptions({
    queryKey: [...replaysKey, "preview", which],
    queryFn: ({ signal }) => call(previewReplay, { body: bodyOf(which) }, signal),
    // counted anew each time it is asked for, and not again while it is being read
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const startReplay = (which: ToReplay, how: { mode: ReplayMode; per_second: number | null }) =>
  call(retryDeliveries, { body: { ...bodyOf(which), ...how } });

export const stopReplay = (id: number) => call(cancelReplay, { params: { id } });

const bodyOf = (which: ToReplay) => ("ids" in which ? { ids: which.ids as never } : { filter: which.filter });
