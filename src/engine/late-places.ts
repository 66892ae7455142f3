import { placeFiller } from "../core/write-field.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import type { ClaimedDue } from "../store/due.ts";
import { snapshotsOfEvents } from "../store/events.ts";
import { mappingContext } from "../store/mapping-context.ts";
import { mappingOptions } from "./plan-delivery.ts";

/** Fills the places that the API URL got after a delivery was planned, from what its event knew; empty once that is gone. */
export function latePlacesOf(
  db: Database,
  now: () => Date,
): (claimed: ClaimedDue) => Promise<(name: string) => string> {
  return async ({ accountId, eventId }) => {
    const scope = accountScope(db, accountId);
    const event = (await snapshotsOfEvents(scope, [eventId])).get(eventId);
    if (event === undefined) return () => "";
    const context = await mappingContext(scope);
    return placeFiller(event.snapshot, context.customFields, mappingOptions(context, now()));
  };
}
