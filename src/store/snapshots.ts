import type { FieldValue, FieldValues, Snapshot } from "../contracts/fields.ts";
import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { findLead, latestLead, type LeadRow } from "./leads.ts";

/** A lead as an event sees it, with the names behind it; null: there is no such lead. `latest`: the lead made last. `lock`: as for findLead. */
export async function leadSnapshot(
  scope: AccountScope,
  which: LeadId | "latest",
  lock = false,
): Promise<{ readonly leadId: LeadId; readonly phoneNumber: string; readonly snapshot: Snapshot } | null> {
  const lead = which === "latest" ? await latestLead(scope) : await findLead(scope, which, lock);
  if (lead === null) return null;
  const snapshot = { lead: leadValues(lead), call: null, extra: await namesBehind(scope, lead) };
  return { leadId: lead.id, phoneNumber: lead.phone_number, snapshot };
}

/** Every field of a lead by its key; instants as ISO 8601 in UTC. */
export function leadValues(lead: LeadRow): FieldValues {
  return {
    ...lead.fields,
    id: lead.id,
    list_id: lead.list_id,
    phone_number: lead.phone_number,
    phone_code: lead.phone_code,
    status: lead.status,
    called_count: lead.called_count,
    called_count_inbound: lead.called_count_inbound,
    last_called: iso(lead.last_called),
    last_viewed: iso(lead.last_viewed),
    last_reached_at: iso(lead.last_reached_at),
    final_reached_at: iso(lead.final_reached_at),
    created_at: iso(lead.created_at),
    modified_at: iso(lead.modified_at),
  };
}

/** The section `extra`: the agent's and the status's names, and the first ten custom fields under their numbers. */
async function namesBehind(scope: AccountScope, lead: LeadRow): Promise<FieldValues> {
  const userId = lead.fields["user_id"];
  const [names] = await scope.query<{
    agent_full_name: string | null;
    agent_email: string | null;
    status_name: string | null;
  }>(
    `select agent.name as agent_full_name, agent.email as agent_email, status.name as status_name
     from (select $2::text as status, $3::text as agent) of_lead
     left join statuses status on status.account_id = $1 and status.code = of_lead.status
     left join agents agent on agent.account_id = $1 and (agent.number::text = of_lead.agent or agent.code = of_lead.agent)
     limit 1`,
    [lead.status, userId === undefined || userId === null ? null : String(userId)],
  );
  const numbered: Record<string, FieldValue> = {};
  for (let number = 1; number <= 10; number++) {
    const value = lead.fields[`field_${number}`];
    if (value !== undefined) numbered[`custom_field_${number}`] = value;
  }
  return { ...names, ...numbered };
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
