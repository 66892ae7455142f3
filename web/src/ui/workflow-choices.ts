import { queryOptions } from "@tanstack/react-query";
import { listUsers, listTokens } from "../../../src/contracts/endpoints/access.ts";
import { listConnects } from "../../../src/contracts/endpoints/connects.ts";
import { emailTemplates, inboundNumbers, queues } from "../../../src/contracts/endpoints/dialler.ts";
import { listWorkflows } from "../../../src/contracts/endpoints/workflows.ts";
import { call } from "../api.ts";

const all = { query: { limit: 1000 } };

/** What workflows choose from beside lists, campaigns and statuses; the settings pages read the same. */
export const queuesQuery = queryOptions({
  queryKey: ["queues"],
  queryFn: ({ signal }) => call(queues.list, all, signal),
});
export const inboundNumbersQuery = queryOptions({
  queryKey: ["inbound-numbers"],
  queryFn: ({ signal }) => call(inboundNumbers.list, all, signal),
});
export const emailTemplatesQuery = queryOptions({
  queryKey: ["email-templates"],
  queryFn: ({ signal }) => call(emailTemplates.list, all, signal),
});
export const connectChoicesQuery = queryOptions({
  queryKey: ["connects", "choices"],
  queryFn: ({ signal }) => call(listConnects, all, signal),
});
export const userChoicesQuery = queryOptions({
  queryKey: ["users", "choices"],
  queryFn: ({ signal }) => call(listUsers, all, signal),
});
export const tokenChoicesQuery = queryOptions({
  queryKey: ["tokens", "choices"],
  queryFn: ({ signal }) => call(listTokens, all, signal),
});

export const workflowsKey = ["workflows"] as const;
export const workflowChoicesQuery = queryOptions({
  queryKey: [...workflowsKey, "choices"],
  queryFn: ({ signal }) => call(listWorkflows, all, signal),
});
