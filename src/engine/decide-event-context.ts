import type { CustomField } from "../contracts/fields.ts";
import type { DecideContext } from "../core/decide-run.ts";
import { leadZone } from "../core/lead-zone.ts";
import { fieldKinds, type Happening } from "../core/match-conditions.ts";
import type { Workflow } from "../core/workflow-index.ts";
import type { AccountScope } from "../store/account-scope.ts";
import type { EventSource, StoredEvent } from "../store/events.ts";
import { mappingContext, type MappingContext } from "../store/mapping-context.ts";
import { workflowNames } from "../store/workflow-names.ts";
import { createZoneTable } from "../store/zone-table.ts";

/** What deciding needs to know of an account besides the event. */
export type DecideWorld = {
  readonly mapping: MappingContext;
  readonly contextOf: (event: EventFacts) => DecideContext;
};

/** An event as it was decided on; what is stored of it gives that back. */
export type EventFacts = Pick<
  StoredEvent,
  "type" | "at" | "source" | "snapshot" | "belongings" | "status" | "statusChange" | "settled"
>;

/** Reads it once for any number of events, with the names that verdicts of these workflows need. */
export async function decideWorld(
  scope: AccountScope,
  workflows: readonly Workflow[],
  sources: readonly EventSource[],
): Promise<DecideWorld> {
  const mapping = await mappingContext(scope);
  const names = await workflowNames(
    scope,
    workflows.map(({ settings }) => settings),
    sources,
    mapping.customFields,
  );
  const kindOf = kindsOf(mapping);
  return {
    mapping,
    contextOf: ({ snapshot, belongings, status }) => ({
      timeZone: mapping.timeZone,
      kindOf,
      names,
      belongings,
      status,
      scheduleZone: ({ settings: { schedule } }) =>
        schedule !== "always" && schedule.zone === "lead"
          ? leadZone(snapshot.lead, mapping.timeZone, zones)
          : { timeZone: mapping.timeZone, note: "" },
    }),
  };
}

const kinds = new WeakMap<readonly CustomField[], DecideContext["kindOf"]>();

/** Made once for each list of custom fields. */
function kindsOf({ customFields }: MappingContext): DecideContext["kindOf"] {
  const known = kinds.get(customFields) ?? fieldKinds(customFields);
  kinds.set(customFields, known);
  return known;
}

/** The event as conditions see it. */
export function happeningOf(event: EventFacts): Happening {
  const { type, snapshot, source, statusChange, settled } = event;
  const at = Temporal.Instant.fromEpochMilliseconds(event.at.getTime());
  return { type, at, snapshot, source, statusChange, settled };
}

const zones = createZoneTable();
