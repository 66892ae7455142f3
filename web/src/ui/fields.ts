import { queryOptions } from "@tanstack/react-query";
import type { EndpointAnswer } from "../../../src/contracts/endpoint.ts";
import { listFields } from "../../../src/contracts/endpoints/leads.ts";
import { call } from "../api.ts";

export const fieldsKey = ["fields"] as const;

/** Every field an adaptor can name, in order. Custom fields change seldom; changing one invalidates this. */
export const fieldsQuery = queryOptions({
  queryKey: fieldsKey,
  queryFn: ({ signal }) => call(listFields, undefined, signal),
  staleTime: 60_000,
});

export type FieldInfo = EndpointAnswer<typeof listFields>["items"][number];
