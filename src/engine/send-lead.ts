import type { ConnectId, DeliveryId, EventId, LeadId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { accountScope } from "../store/account-scope.ts";
import type { Database } from "../store/database.ts";
import { lockForPlanning } from "../store/delivery-connects.ts";
import type { EventSource } from "../store/events.ts";
import { mappingContext } from "../store/mapping-context.ts";
import { leadSnapshot } from "../store/snapshots.ts";
import { newUuidV7 } from "../store/uuid-v7.ts";
import type { AccountId } from "../contracts/ids.ts";
import { acceptEvents } from "./accept-event.ts";
import type { Engine } from "./engine.ts";
import { planDelivery } from "./plan-delivery.ts";

export type SendLead = {
  readonly accountId: AccountId;
  readonly leadId: LeadId;
  readonly connectId: ConnectId;
  readonly source: EventSource;
};

/** Owes a lead to a connect: once this resolves nothing can lose it. Throws ProblemError when either isn't there. */
export async function sendLead(
  db: Database,
  engine: Pick<Engine, "handingOver">,
  { accountId, ...send }: SendLead,
): Promise<DeliveryId> {
  const now = new Date();
  const eventId = newUuidV7(now.getTime()) as EventId;
  const id = newUuidV7(now.getTime()) as DeliveryId;
  return engine.handingOver((handover) =>
    db.transaction(async (tx) => {
      const scope = accountScope(tx, accountId);
      const context = await mappingContext(scope);
      const lead = await leadSnapshot(scope, send.leadId, true);
      if (lead === null) throw new ProblemError("not_found", { detail: `There is no lead ${send.leadId}.` });
      const found = await lockForPlanning(scope, send.connectId);
      if (found === null) throw new ProblemError("not_found", { detail: `There is no connect ${send.connectId}.` });
      const event = {
        accountId,
        id: eventId,
        at: now,
        type: "lead.sent" as const,
        leadId: lead.leadId,
        source: send.source,
        snapshot: lead.snapshot,
      };
      const { phoneNumber } = lead;
      const fresh = () => handover.reserve(accountId, found);
      const delivery = planDelivery({ ...found, id, event, phoneNumber, context, now, fresh });
      await acceptEvents(tx, [{ event, deliveries: [delivery] }], handover);
      return id;
    }),
  );
}
