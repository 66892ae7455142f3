import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { ConnectHealth, ConnectHours, healthHours, type HealthHours } from "../health.ts";
import { ConnectId } from "../ids.ts";

export const showConnectHealth = endpoint({
  method: "GET",
  path: "/api/connects/{id}/health",
  role: "viewer",
  tag: "connects",
  summary: "How a connect does: attempts by end, success rate, latency, time by step, its breaker, and what waits",
  params: z.object({ id: ConnectId }),
  query: z.object({
    hours: z
      .enum(healthHours.map(String))
      .default("24")
      .transform((hours) => Number(hours) as HealthHours),
  }),
  status: 200,
  answer: ConnectHealth,
});

export const listConnectHours = endpoint({
  method: "GET",
  path: "/api/connects/health",
  role: "viewer",
  tag: "connects",
  summary: "The last 24 hours of every connect that attempted anything, hour by hour",
  status: 200,
  answer: z.object({ items: z.array(ConnectHours) }),
});
