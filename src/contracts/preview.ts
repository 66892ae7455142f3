import { z } from "zod";
import { Section } from "./fields.ts";

/** A request as a person may see it: secrets are ••••••••. */
export const ShownRequest = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string().nullable(),
  /** Ready to paste into a shell; masked secrets stay masked. */
  curl: z.string(),
});
export type ShownRequest = z.infer<typeof ShownRequest>;

/** One adaptor row's way: what it held, under which name it goes out, and what was remarkable. */
export const TraceRow = z.object({
  section: Section,
  field: z.string(),
  label: z.string(),
  /** null: the row sends nothing (no target, or empty and left out). */
  to: z.string().nullable(),
  value: z.string(),
  note: z.string(),
});
export type TraceRow = z.infer<typeof TraceRow>;

export const Preview = z.object({
  requests: z.array(ShownRequest),
  trace: z.array(TraceRow),
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type Preview = z.infer<typeof Preview>;
