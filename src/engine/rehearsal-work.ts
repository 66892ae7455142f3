import { setImmediate } from "node:timers/promises";
import { limits } from "../contracts/limits.ts";
import type { RehearsedPayload } from "../core/rehearse.ts";

/** What one rehearsal builds in all: counted, so that large payloads neither take minutes nor keep others waiting. */
export type RehearsalWork = {
  /** Counts what was built. */
  readonly built: (payload: RehearsedPayload) => RehearsedPayload;
  /** No more is to be built. */
  readonly isSpent: () => boolean;
  /** To be awaited between deliveries: after some work others get their turn. */
  readonly rest: () => Promise<void>;
};

/** Others get their turn after so much was built. */
const restEvery = limits.payloadBytesMax;

export function createRehearsalWork(): RehearsalWork {
  let spent = 0;
  let restAt = restEvery;
  return {
    built: (payload) => {
      // what was refused as too large was built up to the limit
      spent += "sent" in payload ? payload.sent.length : payload.tooLarge === true ? limits.payloadBytesMax : 0;
      return payload;
    },
    isSpent: () => spent >= limits.rehearsedBytesMax,
    rest: async () => {
      if (spent < restAt) return;
      restAt = spent + restEvery;
      await setImmediate();
    },
  };
}
