import { z } from "zod";
import { Delivery, DeliveryFilter, DeliveryStory } from "../delivery.ts";
import { endpoint, PageQuery, pageOf } from "../endpoint.ts";
import { DeliveryId, ReplayId } from "../ids.ts";
import { ReplayMode, ReplayRequest } from "../replay.ts";

const params = z.object({ id: DeliveryId });

export const listDeliveries = endpoint({
  method: "GET",
  path: "/api/deliveries",
  role: "viewer",
  tag: "deliveries",
  summary: "The logs, newest first",
  query: DeliveryFilter.extend(PageQuery.shape).extend({
    limit: z.coerce.number().int().min(1).max(1000).default(50),
  }),
  status: 200,
  answer: pageOf(Delivery),
});

export const countDeliveries = endpoint({
  method: "GET",
  path: "/api/deliveries/counts",
  role: "viewer",
  tag: "deliveries",
  summary: "How many deliveries match the filter, by outcome or state; bounded at 10,000 each",
  query: DeliveryFilter.omit({ outcome: true, state: true }),
  status: 200,
  answer: z.object({
    accepted: z.number().int(),
    rejected: z.number().int(),
    duplicate: z.number().int(),
    failed: z.number().int(),
    discarded: z.number().int(),
    waiting: z.number().int(),
    sending: z.number().int(),
    held: z.number().int(),
  }),
});

export const showDelivery = endpoint({
  method: "GET",
  path: "/api/deliveries/{id}",
  role: "viewer",
  tag: "deliveries",
  summary: "The whole story of a delivery",
  params,
  status: 200,
  answer: DeliveryStory,
});

export const retryDelivery = endpoint({
  method: "POST",
  path: "/api/deliveries/{id}/retry",
  role: "operator",
  tag: "deliveries",
  summary: "Send again at once: a settled delivery is owed anew, a waiting or held one goes now",
  takesWork: true,
  params,
  body: z.strictObject({ mode: ReplayMode.default("as_sent") }),
  status: 202,
  answer: z.object({ delivery_id: DeliveryId }),
});

export const retryDeliveries = endpoint({
  method: "POST",
  path: "/api/deliveries/retry",
  role: "operator",
  tag: "deliveries",
  summary: "Send again all that match, a filter or chosen ids: starts a replay, which goes on by itself",
  takesWork: true,
  body: ReplayRequest,
  status: 202,
  answer: z.object({
    /** How many match; see the replay's `total_capped`. */
    count: z.number().int(),
    /** null: nothing matches. */
    replay_id: ReplayId.nullable(),
  }),
});

/** Not JSON: `text/csv`, streamed, any number of rows. Registered by hand beside the described endpoints. */
export const csvPath = "/api/deliveries.csv";
/** Not JSON: `text/event-stream`; each `delivery` event's data is a Delivery. Takes the filter of the list. */
export const livePath = "/api/deliveries/live";
