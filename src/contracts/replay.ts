import { z } from "zod";
import { DeliveryFilter } from "./delivery.ts";
import { ConnectId, DeliveryId, ReplayId } from "./ids.ts";

/**
 * as_sent – the bytes of the first time, to today's address and with today's credentials;
 * mapped_anew – mapped once more from what its event knew, by the connect's adaptor as it is now.
 */
export const ReplayMode = z.enum(["as_sent", "mapped_anew"]);
export type ReplayMode = z.infer<typeof ReplayMode>;

/** The filter of the logs. Tests are never sent again. */
export const ReplayFilter = z.strictObject(DeliveryFilter.omit({ test: true }).shape);
export type ReplayFilter = z.infer<typeof ReplayFilter>;

/** Either `ids` or `filter`. */
const which = { ids: z.array(DeliveryId).max(1000).optional(), filter: ReplayFilter.optional() };

export const ReplayRequest = z.strictObject({
  ...which,
  mode: ReplayMode.default("as_sent"),
  /** How many a second; null: as fast as their connects take them. */
  per_second: z.number().min(0.01).max(5000).nullable().default(null),
});

export const ReplayPreviewRequest = z.strictObject({
  ...which,
  /** How many differences are shown. */
  differences_max: z.number().int().min(0).max(100).default(20),
});

const replayStates = ["running", "done", "cancelled"] as const;
export const ReplayState = z.enum(replayStates);

const count = z.number().int();

export const Replay = z.object({
  id: ReplayId,
  state: ReplayState,
  mode: ReplayMode,
  per_second: z.number().nullable(),
  /** All of them are this connect's; null: several connects'. */
  connect: z.object({ id: ConnectId, name: z.string() }).nullable(),
  filter: ReplayFilter.nullable(),
  /** How many were chosen one by one; null: by a filter. */
  chosen: count.nullable(),
  /** How many matched at the start. */
  total: count,
  /** At least so many: it was not counted further. */
  total_capped: z.boolean(),
  /** Made due. */
  moved: count,
  /** Of them, those that are not settled yet, as far as was counted. */
  owed: count,
  /** How those that were sent again have ended. */
  outcomes: z.object({ accepted: count, rejected: count, duplicate: count, failed: count, discarded: count }),
  /** Left as they were; `note` says why. */
  skipped: count,
  note: z.string(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});
export type Replay = z.infer<typeof Replay>;
