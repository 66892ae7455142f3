import { z } from "zod";
import { endpoint, PageQuery, pageOf } from "../endpoint.ts";
import { ConnectId, ReplayId } from "../ids.ts";
import { RehearsedDifference } from "../rehearsal.ts";
import { Replay, ReplayPreviewRequest, ReplayState } from "../replay.ts";

const tag = "deliveries";
const params = z.object({ id: ReplayId });

export const listReplays = endpoint({
  method: "GET",
  path: "/api/replays",
  role: "viewer",
  tag,
  summary: "Replays, newest first",
  query: PageQuery.extend({ state: ReplayState.optional() }),
  status: 200,
  answer: pageOf(Replay),
});

export const showReplay = endpoint({
  method: "GET",
  path: "/api/replays/{id}",
  role: "viewer",
  tag,
  summary: "A replay: how far it has come, and how what it sent has ended",
  params,
  status: 200,
  answer: Replay,
});

export const cancelReplay = endpoint({
  method: "POST",
  path: "/api/replays/{id}/cancel",
  role: "operator",
  tag,
  summary: "Stop a replay: what it has made due goes out, the rest stays as it is",
  params,
  status: 200,
  answer: Replay,
});

/**
 * Why one that matches can't be sent again: it is a test; its connect was deleted; it is being sent at this moment; it is
 * not here any more, such as one past its retention.
 */
export const LeftOut = z.enum(["test", "connect_deleted", "under_way", "not_here"]);
export type LeftOut = z.infer<typeof LeftOut>;

export const ReplayPreview = z.object({
  /** How many of those that match can be sent again. */
  total: z.number().int(),
  total_capped: z.boolean(),
  /** Of them, those that wait or are held: they are due at once. */
  owed: z.number().int(),
  /** Of them, those that their vendors have accepted. */
  accepted: z.number().int(),
  /** How many more match and can't be sent again, by the reason. */
  left_out: z.array(z.object({ because: LeftOut, count: z.number().int() })),
  /** Connects that send nothing now: what is sent again through them waits. */
  waits: z.array(
    z.object({
      connect: z.object({ id: ConnectId, name: z.string() }),
      because: z.enum(["connect_off", "paused", "breaker"]),
      count: z.number().int(),
    }),
  ),
  /** Of how many the payload was compared: the first that would go. */
  compared: z.number().int(),
  /** Of how many it could not be, since their event is past its retention: they can only go as first sent. */
  event_gone: z.number().int(),
  /** "12 payloads change, 1 delivery would no longer go out": what today's settings would make of the first-sent ones. */
  headline: z.string(),
  counts: z.object({ appear: z.number().int(), vanish: z.number().int(), payloads: z.number().int() }),
  differences: z.array(RehearsedDifference),
});
export type ReplayPreview = z.infer<typeof ReplayPreview>;

export const previewReplay = endpoint({
  method: "POST",
  path: "/api/replays/preview",
  role: "operator",
  tag,
  summary:
    "Before a replay: how many match, and how payloads mapped anew differ from the first-sent ones; sends nothing",
  body: ReplayPreviewRequest,
  status: 200,
  answer: ReplayPreview,
});
