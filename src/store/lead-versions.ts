import type { FieldValues } from "../contracts/fields.ts";
import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { findLeads } from "./leads.ts";
import { leadValues } from "./snapshots.ts";

/** What was done for an event, to its lead as it was by then. */
export type DoneLater = { readonly event_id: string; readonly lead_id: LeadId | null };

/** So many of the events that followed are looked at. */
const eventsMost = 20;

/** A lead as later events knew it (along events_lead), and as it is now, by the id of the event before. */
export async function leadVersionsAfter(
  scope: AccountScope,
  done: readonly DoneLater[],
): Promise<ReadonlyMap<string, readonly FieldValues[]>> {
  const leadOf = new Map(done.flatMap(({ event_id, lead_id }) => (lead_id === null ? [] : [[event_id, lead_id]])));
  if (leadOf.size === 0) return new Map();
  const later = await scope.query<{ event_id: string; lead: FieldValues }>(
    `select of_lead.event_id, later.lead
     from unnest($2::uuid[], $3::bigint[]) as of_lead (event_id, lead_id)
     cross join lateral (
       select snapshot -> 'lead' as lead from events
       where account_id = $1 and lead_id = of_lead.lead_id and id > of_lead.event_id order by id limit ${eventsMost}
     ) later`,
    [[...leadOf.keys()], [...leadOf.values()]],
  );
  const now = new Map((await findLeads(scope, [...leadOf.values()])).map((lead) => [lead.id, leadValues(lead)]));
  const versions = Map.groupBy(later, ({ event_id }) => event_id);
  return new Map(
    Array.from(leadOf, ([event, lead]) => {
      const last = now.get(lead);
      return [event, [...(versions.get(event) ?? []).map((one) => one.lead), ...(last === undefined ? [] : [last])]];
    }),
  );
}
