import type { LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** Whether a call of the lead is under way: started and not ended, at most 4 hours ago (spec 4). Along call_logs_live. */
export async function hasLiveCall(scope: AccountScope, leadId: LeadId): Promise<boolean> {
  const rows = await scope.query(
    `select 1 from call_logs where account_id = $1 and lead_id = $2 and ended_at is null
       and started_at > now() - interval '4 hours' limit 1`,
    [leadId],
  );
  return rows.length > 0;
}
