import { queryOptions } from "@tanstack/react-query";
import {
  createConnect,
  deleteConnect,
  duplicateConnect,
  exportConnect,
  listAdaptors,
  listConnects,
  showConnect,
  updateConnect,
} from "../../../src/contracts/endpoints/connects.ts";
import { listDeliveries } from "../../../src/contracts/endpoints/deliveries.ts";
import { call } from "../api.ts";

export const connectsKey = ["connects"] as const;

/** Show Connect's rows. Up to 1,000: more connects than any account known has. */
export const connectsQuery = queryOptions({
  queryKey: [...connectsKey, "list"],
  queryFn: ({ signal }) => call(listConnects, { query: { limit: 1000 } }, signal),
  refetchInterval: 10_000,
});

export const connectQuery = (id: number) =>
  queryOptions({
    queryKey: [...connectsKey, id],
    queryFn: ({ signal }) => call(showConnect, { params: { id } }, signal),
    // a refresh under an open form must not change what is being edited
    refetchOnWindowFocus: false,
  });

/** The adaptors that may be chosen; inactive ones are marked by the server. */
export const adaptorsQuery = queryOptions({
  queryKey: ["adaptors", "list"],
  queryFn: ({ signal }) => call(listAdaptors, { query: { limit: 1000 } }, signal),
});

/** The last delivery, whose fault (if any) is shown at the setting that causes it. */
export const lastDeliveryQuery = (connect: number) =>
  queryOptions({
    queryKey: ["deliveries", "last", connect],
    queryFn: ({ signal }) => call(listDeliveries, { query: { connect, limit: 1 } }, signal),
    refetchInterval: 10_000,
  });

export const connectVerbs = {
  create: (body: Parameters<typeof call<typeof createConnect>>[1]["body"]) => call(createConnect, { body }),
  update: (id: number, body: Parameters<typeof call<typeof updateConnect>>[1]["body"]) =>
    call(updateConnect, { params: { id }, body }),
  duplicate: (id: number) => call(duplicateConnect, { params: { id } }),
  remove: (id: number, discard: boolean) =>
    call(deleteConnect, { params: { id }, query: discard ? { held: "discard" } : {} }),
  export: (id: number) => call(exportConnect, { params: { id } }),
};
