import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** Puts a lead next to be dialled; one that is there already takes the new priority and expiry. */
export async function insertIntoHopper(
  scope: AccountScope,
  entry: { readonly leadId: LeadId; readonly priority: number; readonly expiresAt: Date | null },
): Promise<void> {
  await scope.query(
    `insert into hopper_entries (account_id, lead_id, priority, expires_at) values ($1, $2, $3, $4)
     on conflict (account_id, lead_id) do update set priority = excluded.priority, expires_at = excluded.expires_at,
       created_at = now()`,
    [entry.leadId, entry.priority, entry.expiresAt],
  );
}

/** Takes a lead out; one that is not there is none the worse for it. */
export async function removeFromHopper(scope: AccountScope, leadId: LeadId): Promise<void> {
  await scope.query("delete from hopper_entries where account_id = $1 and lead_id = $2", [leadId]);
}
