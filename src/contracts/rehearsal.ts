import { z } from "zod";
import { DeliveryId, EventId, LeadId } from "./ids.ts";

const lead = { lead_id: LeadId.nullable(), event_id: EventId, at: z.iso.datetime() };

/** One thing that would be otherwise, and the lead it concerns. */
export const RehearsedDifference = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["appears", "vanishes"]), ...lead, what: z.string(), because: z.string() }),
  z.object({ kind: z.literal("payload"), ...lead, connect: z.string(), before: z.string(), after: z.string() }),
  z.object({
    kind: z.literal("outcome"),
    ...lead,
    connect: z.string(),
    delivery_id: DeliveryId,
    before: z.string(),
    after: z.string(),
  }),
]);
export type RehearsedDifference = z.infer<typeof RehearsedDifference>;
