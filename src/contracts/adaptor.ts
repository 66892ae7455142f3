import { z } from "zod";
import { AdaptorId, ConnectId } from "./ids.ts";

/** Spec 2, Format: phones, texts, booleans; `hubspot_date` is epoch milliseconds at UTC midnight. */
export const formats = [
  "digits", "e164", "national", "dashed",
  "as_is", "upper", "lower", "title",
  "true_false", "1_0", "Y_N", "yes_no",
  "hubspot_date",
] as const; // prettier-ignore

const target = z.string().max(500).describe("The vendor's name; blank: not sent; a,b: under both");

/** Pairs in the admin's order: sent value by Patchbay's value. Read backwards, the first pair wins. */
const ValueMap = z.array(z.tuple([z.string().max(500), z.string().max(2000)])).max(500);

const FieldRow = z.strictObject({
  section: z.enum(["lead", "call", "extra"]),
  /** A standard field's name, or `field_N` of a custom one; a custom field's name is accepted and turned into that. */
  field: z.string().min(1).max(100),
  to: target.default(""),
  default: z.string().max(2000).default(""),
  required: z.boolean().default(false),
  /** JSON only. A value that can't be turned is sent as text, and the preview warns. */
  type: z.enum(["text", "number", "boolean"]).default("text"),
  value_map: ValueMap.default([]),
  /** PHP letters, `timestamp`, `age`, `iso8601`; empty: the account's own pattern. */
  date_format: z.string().max(100).default(""),
  format: z.enum(formats).optional(),
});

const StaticRow = z.strictObject({
  section: z.literal("static"),
  to: target,
  /** May hold places: `{lead.first_name}`, `{lead.alt_phone_1|lead.phone_number}`. A stored secret is shown as ••••••••. */
  value: z.string().max(8000),
  /** Unset: secret when the target is named like token, key, pass or secret. */
  secret: z.boolean().optional(),
  required: z.boolean().default(false),
  type: z.enum(["text", "number", "boolean"]).default("text"),
});

export const AdaptorRow = z.discriminatedUnion("section", [FieldRow, StaticRow]);
export type AdaptorRow = z.infer<typeof AdaptorRow>;
export type FieldRow = z.infer<typeof FieldRow>;
export type StaticRow = z.infer<typeof StaticRow>;

const AdaptorName = z.string().trim().min(1, "give the adaptor a name").max(100);

/** Order counts: it is the order in which the vendor receives the fields. */
export const AdaptorSettings = z.strictObject({
  name: AdaptorName,
  active: z.boolean().default(true),
  leave_out_empty: z.boolean().default(false),
  fields: z.array(AdaptorRow).max(2000).default([]),
});
export type AdaptorSettings = z.infer<typeof AdaptorSettings>;

export const Adaptor = AdaptorSettings.extend({
  id: AdaptorId,
  revision: z.number().int(),
  saved_at: z.iso.datetime(),
  used_by: z.array(z.object({ id: ConnectId, name: z.string() })),
});
export type Adaptor = z.infer<typeof Adaptor>;
