import { z } from "zod";
import { LeadId, ListId } from "./ids.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A lead in a table. */
export const LeadSummary = z.object({
  id: LeadId,
  first_name: z.string(),
  last_name: z.string(),
  phone_number: z.string(),
  phone_code: z.string(),
  email: z.string(),
  status: z.string(),
  list: z.object({ id: ListId, name: z.string() }),
  created_at: z.iso.datetime(),
});
export type LeadSummary = z.infer<typeof LeadSummary>;

/** A lead with every field by its key (`first_name`, `field_7`). Instants are ISO 8601 in UTC. */
export const Lead = LeadSummary.extend({ fields: z.record(z.string(), value) });
export type Lead = z.infer<typeof Lead>;

/** Settable fields by name or `field_N`, as `/v1/leads/insert` takes them. */
export const LeadInput = z.record(
  z.string().max(100),
  z.union([z.string().max(65_536), z.number(), z.boolean(), z.null()]),
);
