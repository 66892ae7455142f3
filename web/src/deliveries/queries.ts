import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import {
  countDeliveries,
  listDeliveries,
  retryDelivery,
  showDelivery,
} from "../../../src/contracts/endpoints/deliveries.ts";
import { call } from "../api.ts";
import type { LogFilter } from "./filter.ts";

export const deliveriesKey = ["deliveries"] as const;

export const logQuery = (filter: LogFilter, limit: number, cursor: string | undefined) =>
  queryOptions({
    queryKey: [...deliveriesKey, "list", filter, limit, cursor ?? null],
    queryFn: ({ signal }) =>
      call(listDeliveries, { query: { ...filter, limit, ...(cursor ? { cursor } : {}) } }, signal),
    placeholderData: keepPreviousData,
  });

export const countsQuery = ({ outcome: _outcome, state: _state, ...filter }: LogFilter) =>
  queryOptions({
    queryKey: [...deliveriesKey, "counts", filter],
    queryFn: ({ signal }) => call(countDeliveries, { query: filter }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export const storyQuery = (id: string) =>
  queryOptions({
    queryKey: [...deliveriesKey, "one", id],
    queryFn: ({ signal }) => call(showDelivery, { params: { id } }, signal),
    // what is settled changes no more by itself; what is owed does
    refetchInterval: ({ state }) => {
      if (!state.data || state.data.state === "settled") return false;
      return state.data.state === "sending" ? 700 : 3_000;
    },
  });

export const retryOne = (id: string) => call(retryDelivery, { params: { id }, body: {} });
