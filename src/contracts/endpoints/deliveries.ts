import { z } from "zod";
import { Delivery, DeliveryFilter, DeliveryStory } from "../delivery.ts";
import { endpoint, PageQuery, pageOf } from "../endpoint.ts";
import { DeliveryId } from "../ids.ts";

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
  summary: "Send again: a settled delivery is owed anew, a waiting or held one goes at once",
  params,
  status: 202,
  answer: z.object({ delivery_id: DeliveryId }),
});

export const retryDeliveries = endpoint({
  method: "POST",
  path: "/api/deliveries/retry",
  role: "operator",
  tag: "deliveries",
  summary: "Send again all that match: a filter, or chosen ids",
  body: z.strictObject({
    ids: z.array(DeliveryId).max(1000).optional(),
    filter: z
      .strictObject({
        connect: DeliveryFilter.shape.connect,
        outcome: DeliveryFilter.shape.outcome,
        state: DeliveryFilter.shape.state,
        lead_id: DeliveryFilter.shape.lead_id,
        phone: DeliveryFilter.shape.phone,
        result: DeliveryFilter.shape.result,
        from: DeliveryFilter.shape.from,
        to: DeliveryFilter.shape.to,
      })
      .optional(),
  }),
  status: 202,
  answer: z.object({ count: z.number().int() }),
});

/** Not JSON: `text/csv`, streamed, any number of rows. Registered by hand beside the described endpoints. */
export const csvPath = "/api/deliveries.csv";
/** Not JSON: `text/event-stream`; each `delivery` event's data is a Delivery. Takes the filter of the list. */
export const livePath = "/api/deliveries/live";
