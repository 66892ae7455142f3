import { setImmediate } from "node:timers/promises";
import { limits } from "../contracts/limits.ts";
import type { RehearsedPayload } from "../core/rehearse.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import { textLength } from "../core/text.ts";

/** What one rehearsal builds in all: counted, so that large payloads neither take minutes nor keep others waiting. */
export type RehearsalWork = {
  /** Counts what was built, and of what. */
  readonly built: (payload: RehearsedPayload, adaptor: StoredAdaptor | null) => RehearsedPayload;
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
    built: (payload, adaptor) => {
      // what was refused as too large was built up to the limit
      spent += "sent" in payload ? payload.sent.length : payload.tooLarge === true ? limits.payloadBytesMax : 0;
      // names and templates are gone through also where little comes of them
      for (const row of adaptor?.fields ?? []) spent += row.to.length + (row.section === "static" ? textLength(row.value) : 0); // prettier-ignore
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
