import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { generateData, listAdaptors, showAdaptor } from "../../../src/contracts/endpoints/connects.ts";
import type { AdaptorId, LeadId } from "../../../src/contracts/ids.ts";
import { call } from "../api.ts";

export const adaptorsKey = ["adaptors"] as const;

export const adaptorsQuery = queryOptions({
  queryKey: [...adaptorsKey, "list"],
  queryFn: ({ signal }) => call(listAdaptors, { query: { limit: 1000 } }, signal),
});

/** Loaded anew at each visit and never behind the editor's back: what is typed must not be overwritten. */
export const adaptorQuery = (id: number) =>
  queryOptions({
    queryKey: ["adaptor", id],
    queryFn: ({ signal }) => call(showAdaptor, { params: { id } }, signal),
    staleTime: Infinity,
    gcTime: 0,
  });

/** What the settings, saved or not, make of a lead. Keyed by the settings' text: the same settings are not asked twice. */
export const generatedDataQuery = (adaptor: AdaptorSettings, id: AdaptorId | null, leadId: LeadId | null) =>
  queryOptions({
    queryKey: ["generated-data", id, leadId, JSON.stringify(adaptor)],
    queryFn: ({ signal }) =>
      call(
        generateData,
        {
          body: {
            adaptor,
            ...(id === null ? {} : { adaptor_id: id }),
            ...(leadId === null ? {} : { lead_id: leadId }),
          },
        },
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
  });
