import { Overloaded } from "../engine/intake.ts";
import { NoRoom } from "../engine/room.ts";
import { outageOf } from "../store/outage.ts";

/** What can't be done now and may be later. Whatever the API, it is 503 with Retry-After. */
export type Unavailable = {
  readonly code: "busy" | "overloaded" | "disk_full";
  /** A sentence without its full stop. */
  readonly words: string;
  /** The same in words. */
  readonly when: "in a few seconds" | "later";
  readonly retryAfterSeconds: number;
};

const soon = { when: "in a few seconds" } as const;
const later = { code: "disk_full", when: "later", retryAfterSeconds: 30 } as const;

/** Whether an error means that; null: it means something else. */
export function unavailableBy(error: unknown): Unavailable | null {
  if (error instanceof NoRoom) return { ...later, words: error.message };
  if (error instanceof Overloaded)
    return {
      ...soon,
      code: "overloaded",
      words: "Too much arrives at once, and nothing of this was stored",
      retryAfterSeconds: 2,
    };
  const outage = outageOf(error);
  if (outage === "full") return { ...later, words: "The database's disk is full" };
  return outage === null
    ? null
    : { ...soon, code: "busy", words: "The database does not answer", retryAfterSeconds: 5 };
}
