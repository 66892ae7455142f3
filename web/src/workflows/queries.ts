import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { EndpointInput } from "../../../src/contracts/endpoint.ts";
import {
  createWorkflow,
  deleteWorkflow,
  flushActions,
  listActions,
  listRuns,
  listWorkflows,
  readBack,
  runActionNow,
  showWorkflow,
  updateWorkflow,
} from "../../../src/contracts/endpoints/workflows.ts";
import type { WorkflowSettings } from "../../../src/contracts/workflow.ts";
import { call } from "../api.ts";
import { workflowsKey } from "../ui/workflow-choices.ts";

export { workflowsKey };

/** The list's rows, with what fired in the last 24 hours and what is pending. */
export const workflowsQuery = queryOptions({
  queryKey: [...workflowsKey, "list"],
  queryFn: ({ signal }) => call(listWorkflows, { query: { limit: 1000 } }, signal),
  refetchInterval: 10_000,
});

export const workflowQuery = (id: number) =>
  queryOptions({
    queryKey: [...workflowsKey, id],
    queryFn: ({ signal }) => call(showWorkflow, { params: { id } }, signal),
    // a refresh under an open form must not change what is being edited
    refetchOnWindowFocus: false,
  });

/** What unsaved settings say. Settings that aren't whole yet are refused; the last sentence stays. */
export const readBackQuery = (settings: WorkflowSettings) =>
  queryOptions({
    queryKey: [...workflowsKey, "read-back", JSON.stringify(settings)],
    queryFn: ({ signal }) => call(readBack, { body: settings }, signal),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });

export type ActionFilter = NonNullable<EndpointInput<typeof listActions>["query"]>;
export const actionsQuery = (filter: ActionFilter) =>
  queryOptions({
    queryKey: [...workflowsKey, "actions", filter],
    queryFn: ({ signal }) => call(listActions, { query: filter }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });

export type RunFilter = NonNullable<EndpointInput<typeof listRuns>["query"]>;
export const runsQuery = (filter: RunFilter) =>
  queryOptions({
    queryKey: [...workflowsKey, "runs", filter],
    queryFn: ({ signal }) => call(listRuns, { query: filter }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });

type Changes = EndpointInput<typeof updateWorkflow>["body"];
export const workflowVerbs = {
  create: (body: WorkflowSettings) => call(createWorkflow, { body }),
  update: (id: number, body: Changes) => call(updateWorkflow, { params: { id }, body }),
  remove: (id: number) => call(deleteWorkflow, { params: { id } }),
  runNow: (id: string) => call(runActionNow, { params: { id } }),
  flush: (body: EndpointInput<typeof flushActions>["body"]) => call(flushActions, { body }),
};
