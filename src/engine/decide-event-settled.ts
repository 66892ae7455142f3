import type { ConnectId, EventId, LeadId, WorkflowId } from "../contracts/ids.ts";
import { findCall } from "../store/call-logs.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import { snapshotsOfEvents } from "../store/events.ts";
import { findLead } from "../store/leads.ts";
import { settleAttempts, type EndedAttempt } from "../store/settle-attempts.ts";
import { decideEvents } from "./decide-event.ts";
import { deliverySettled } from "./decide-event-follow-ups.ts";
import { noHandover } from "./handover.ts";
import { storeHappenings } from "./store-happenings.ts";

/**
 * Settles a delivery whose outcome a workflow asks about, stores that as an event of its lead and decides on it, all in
 * one transaction. A lease that was lost changes nothing.
 */
export async function decideSettled(db: Database, ended: EndedAttempt): Promise<void> {
  await db.transaction(async (tx) => {
    const scope = accountScope(tx, ended.accountId);
    const owed = await owedOf(scope, ended);
    if (owed === null) return;
    // the lead first, as every decision locks it
    const lead = owed.lead_id === null ? null : await findLead(scope, owed.lead_id, true);
    const { written } = await settleAttempts(tx, [ended], true);
    if (lead === null || ended.end.kind !== "settled" || !written.has(ended.id)) return;
    const call = await callOf(scope, owed.event_id, lead.id);
    const settled = { connectId: owed.connect_id, outcome: ended.end.outcome };
    const [event] = await storeHappenings(tx, scope, [{ ...deliverySettled, at: new Date(), lead, call, settled }]);
    const causedBy = owed.workflow_id === null ? [] : [owed.workflow_id];
    await decideEvents(tx, scope, [{ event: event!, causedBy }], noHandover);
  });
}

type Owed = {
  readonly lead_id: LeadId | null;
  readonly connect_id: ConnectId;
  readonly event_id: EventId;
  readonly workflow_id: WorkflowId | null;
};

async function owedOf(scope: AccountScope, { id, fence }: EndedAttempt): Promise<Owed | null> {
  const [row] = await scope.query<Owed>(
    "select lead_id, connect_id, event_id, workflow_id from due where account_id = $1 and id = $2 and fence = $3",
    [id, fence],
  );
  return row ?? null;
}

/** The call that the delivery was about, as it is by now. */
async function callOf(scope: AccountScope, eventId: EventId, leadId: LeadId) {
  const id = (await snapshotsOfEvents(scope, [eventId])).get(eventId)?.snapshot.call?.["call_log_id"];
  return typeof id === "number" ? findCall(scope, id, leadId) : null;
}
