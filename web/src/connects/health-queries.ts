import { queryOptions } from "@tanstack/react-query";
import { listConnectHours, showConnectHealth } from "../../../src/contracts/endpoints/health.ts";
import { call } from "../api.ts";
import { connectsKey } from "./queries.ts";

/** How a connect did in the last hours; what is under way shows within seconds. */
export const healthQuery = (id: number, hours: "1" | "24" | "168") =>
  queryOptions({
    queryKey: [...connectsKey, id, "health", hours],
    queryFn: ({ signal }) => call(showConnectHealth, { params: { id }, query: { hours } }, signal),
    refetchInterval: hours === "1" ? 10_000 : 30_000,
  });

/** The last 24 hours of every connect, for its bars. */
export const connectHoursQuery = queryOptions({
  queryKey: [...connectsKey, "hours"],
  queryFn: ({ signal }) => call(listConnectHours, undefined, signal),
  refetchInterval: 60_000,
});
