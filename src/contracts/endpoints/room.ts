import { z } from "zod";
import { endpoint } from "../endpoint.ts";

export const showRoom = endpoint({
  method: "GET",
  path: "/api/room",
  role: "viewer",
  tag: "settings",
  summary: "Whether there is room on disk for new work, or why it is refused",
  status: 200,
  answer: z.object({
    /** In words, without a full stop; null: new leads, events and whatever else is sent are taken. */
    refusal: z.string().nullable(),
    /** On the fullest disk of the database; null: it can't be seen from here. */
    disk: z.object({ free_bytes: z.number().int(), wanted_bytes: z.number().int() }).nullable(),
  }),
});
