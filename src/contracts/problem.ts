import { z } from "zod";
import { limits } from "./limits.ts";

/** Every error code of the admin API, with its HTTP status and what it says when nothing more particular is known. */
export const problems = {
  not_signed_in: [401, "Sign in first, or send an API token."],
  forbidden: [403, "Your role does not allow this."],
  token_refused: [403, "This API token's access list does not have the section admin."],
  not_found: [404, "There is nothing here under this id."],
  bad_input: [400, "Some of what was sent can't be taken. Each place is named."],
  unreadable: [400, "The request's body can't be read."],
  too_large: [413, "The request is larger than is accepted."],
  payload_too_large: [
    413,
    `What would be sent is larger than ${limits.payloadBytesMax / 1_048_576} MiB. The place that passes it is named.`,
  ],
  conflict: [409, "Somebody else saved this in the meantime. Load it again, then make your change."],
  name_taken: [409, "This name is taken."],
  in_use: [409, "This is still used."],
  held_work: [409, "Deliveries are held. Say what becomes of them."],
  no_lead: [409, "There is no lead yet. Bring one in first."],
  connect_off: [409, "This connect is off."],
  setup_done: [409, "This installation is set up already. Sign in."],
  setup_code_needed: [403, "Open this page on the server itself, or type the one-time code printed at its start."],
  link_used: [410, "This link was used or has run out. Ask for a new one."],
  wrong_host: [421, "This address is not known to Patchbay. Set PATCHBAY_PUBLIC_URL to it."],
  too_many: [429, "Too many requests. Wait a little."],
  overloaded: [503, "Too much arrives at once, and nothing of this was stored. Send it again in a few seconds."],
  busy: [503, "The database does not answer. Try again in a few seconds."],
  disk_full: [503, "The disk is nearly full: nothing new is taken until there is room."],
  fault: [500, "Something broke in Patchbay. The server's log has the particulars."],
} as const satisfies Record<string, readonly [status: number, words: string]>;

export type ProblemCode = keyof typeof problems;

/** A place in the input and what is wrong there. `path` is like `fields[3].to`. */
export const ProblemPlace = z.object({ path: z.string(), message: z.string() });
export type ProblemPlace = z.infer<typeof ProblemPlace>;

/** With `conflict`: who saved since the revision (or, of a lead, the moment) that the change was made on, newest first. */
export const SaveConflict = z.object({
  /** What there is now; null: leads have none. */
  revision: z.number().int().nullable(),
  saved: z.array(
    z.object({
      at: z.iso.datetime(),
      by: z.string(),
      /** Secrets that this save replaced, by their settings: what is shown of them is the same as before. */
      replaced_secrets: z.array(z.string()),
    }),
  ),
});
export type SaveConflict = z.infer<typeof SaveConflict>;

/** RFC 9457 problem document (`application/problem+json`), with a stable `code`. */
export const Problem = z.object({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string(),
  errors: z.array(ProblemPlace),
  /** With `held_work`: how much, and since when. */
  held: z.object({ count: z.number().int(), oldest_at: z.iso.datetime().nullable() }).optional(),
  conflict: SaveConflict.optional(),
});
export type Problem = z.infer<typeof Problem>;
