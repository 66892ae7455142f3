import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { listConnects } from "../../../src/contracts/endpoints/connects.ts";
import { listDeliveries } from "../../../src/contracts/endpoints/deliveries.ts";
import { listLeads, showLead } from "../../../src/contracts/endpoints/leads.ts";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { call } from "../api.ts";

export const leadsKey = ["leads"] as const;

export type LeadFilter = {
  readonly search?: string | undefined;
  readonly list?: number | undefined;
  readonly status?: string | undefined;
  readonly cursor?: string | undefined;
};

export const leadsQuery = ({ search, list, status, cursor }: LeadFilter) =>
  queryOptions({
    queryKey: [...leadsKey, "page", search, list, status, cursor],
    queryFn: ({ signal }) =>
      call(
        listLeads,
        {
          query: {
            limit: 100,
            ...(search ? { search } : {}),
            ...(list ? { list } : {}),
            ...(status ? { status } : {}),
            ...(cursor ? { cursor } : {}),
          },
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

export const leadQuery = (id: number) =>
  queryOptions({
    queryKey: [...leadsKey, "one", id],
    queryFn: ({ signal }) => call(showLead, { params: { id } }, signal),
  });

/** A lead's deliveries; asked every second while one of them is on its way, else four times a minute. */
export const leadDeliveriesQuery = (id: number) =>
  queryOptions({
    queryKey: ["deliveries", "lead", id],
    queryFn: ({ signal }) => call(listDeliveries, { query: { lead_id: id, limit: 100 } }, signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isOnItsWay) ? 1000 : 15_000),
  });

/** Sending, or about to: not what waits minutes for its next attempt. */
const isOnItsWay = ({ state, attempts }: Delivery): boolean =>
  state === "sending" || (state === "waiting" && attempts === 0);

export const connectsToSendQuery = queryOptions({
  queryKey: ["connects", "to-send"],
  queryFn: ({ signal }) => call(listConnects, { query: { limit: 1000 } }, signal),
});
