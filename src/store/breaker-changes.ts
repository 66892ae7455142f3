import type { Breaker } from "../contracts/health.ts";
import type { ConnectId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";

export type BreakerChange = { readonly at: Date; readonly breaker: Breaker; readonly because: string };

/** What a connect's breaker did, newest first. */
export async function breakerChanges(
  scope: AccountScope,
  connectId: ConnectId,
  limit: number,
): Promise<BreakerChange[]> {
  return scope.query<BreakerChange>(
    `select at, breaker, because from breaker_changes where account_id = $1 and connect_id = $2
     order by at desc limit $3`,
    [connectId, limit],
  );
}

/** Deletes what is older, along breaker_changes_age. Crosses accounts: housekeeping. */
export async function dropOldBreakerChanges(db: Queryable, retentionDays: number): Promise<void> {
  await db.query("delete from breaker_changes where at < now() - make_interval(days => $1)", [retentionDays]);
}
