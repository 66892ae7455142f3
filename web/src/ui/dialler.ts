import { queryOptions } from "@tanstack/react-query";
import { agents, campaigns, lists, statuses } from "../../../src/contracts/endpoints/dialler.ts";
import { call } from "../api.ts";

const all = { query: { limit: 1000 } };

/** The account's lists, campaigns, statuses and agents: small, and chosen from on several pages. */
export const listsQuery = queryOptions({
  queryKey: ["lists"],
  queryFn: ({ signal }) => call(lists.list, all, signal),
});
export const campaignsQuery = queryOptions({
  queryKey: ["campaigns"],
  queryFn: ({ signal }) => call(campaigns.list, all, signal),
});
export const statusesQuery = queryOptions({
  queryKey: ["statuses"],
  queryFn: ({ signal }) => call(statuses.list, all, signal),
});
export const agentsQuery = queryOptions({
  queryKey: ["agents"],
  queryFn: ({ signal }) => call(agents.list, all, signal),
});
