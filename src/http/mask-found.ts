import { snapshotsOfEvents } from "../store/events.ts";
import { mappingContext } from "../store/mapping-context.ts";
import type { Caller } from "./caller.ts";
import { createLogMask, needsLogMask } from "./mask-logs.ts";

/** What a reader may see of a text that was made of an event's values. What masks need is read once for all events. */
export async function foundMasks(
  caller: Pick<Caller, "scope" | "role">,
  eventIds: readonly string[],
): Promise<(eventId: string) => (text: string) => string> {
  const context = await mappingContext(caller.scope);
  const viewer = caller.role === "viewer";
  if (!needsLogMask(context, viewer)) return () => (text) => text;
  const events = await snapshotsOfEvents(caller.scope, eventIds);
  const masks = new Map(
    Array.from(events.values(), ({ id, snapshot, at }) => [
      id as string,
      createLogMask({ context, viewer, snapshot, adaptor: null, at }).text,
    ]),
  );
  return (eventId) => masks.get(eventId) ?? (() => "••••••••");
}
