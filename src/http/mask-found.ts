import { snapshotsOfEvents } from "../store/events.ts";
import { type DoneLater, leadVersionsAfter } from "../store/lead-versions.ts";
import { mappingContext } from "../store/mapping-context.ts";
import type { Caller } from "./caller.ts";
import { createLogMask, needsLogMask } from "./mask-logs.ts";

/**
 * What a reader may see of a text that was made of an event's values. What masks need is read once for all events.
 * @param later what was done for some of them, to their leads as they were by then.
 */
export async function foundMasks(
  caller: Pick<Caller, "scope" | "role">,
  eventIds: readonly string[],
  later: readonly DoneLater[] = [],
): Promise<(eventId: string) => (text: string) => string> {
  const context = await mappingContext(caller.scope);
  const viewer = caller.role === "viewer";
  if (!needsLogMask(context, viewer)) return () => (text) => text;
  const events = await snapshotsOfEvents(caller.scope, eventIds);
  const versions = await leadVersionsAfter(caller.scope, later);
  const masks = new Map<string, (text: string) => string>();
  return (eventId) => {
    const event = events.get(eventId);
    const { snapshot, at = new Date() } = event ?? {};
    const made = { context, viewer, snapshot, leads: versions.get(eventId) ?? [], adaptor: null, at };
    const mask = masks.get(eventId) ?? createLogMask(made).text;
    masks.set(eventId, mask);
    return mask;
  };
}
