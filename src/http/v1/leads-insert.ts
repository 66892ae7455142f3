import type { V1Endpoint } from "./endpoint.ts";
import { businessError } from "./envelope.ts";

/** Spec 5.1, `leads/insert`: answers when lead and event are stored. */
export const leadsInsert: V1Endpoint = {
  name: "leads/insert",
  takesWork: true,
  handle: async ({ parameters, token, idempotencyKey }, { intake }) => {
    const accepted = await intake.takeLead({
      accountId: token.accountId,
      parameters,
      source: { kind: "token", id: token.id, name: token.name },
      idempotency: idempotencyKey === null ? undefined : { token: token.id, key: idempotencyKey },
    });
    if (!accepted.ok) return businessError(accepted.code, accepted.detail);
    return { success: true, data: { lead_id: accepted.leadId }, id: accepted.leadId };
  },
};
