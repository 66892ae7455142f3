import type { Call } from "../contracts/delivery.ts";
import type { DeliveryId } from "../contracts/ids.ts";
import type { AttemptOutcome, Diagnosis } from "../contracts/outcome.ts";
import type { AccountScope } from "./account-scope.ts";
import { uuidV7Time, uuidV7At } from "./uuid-v7.ts";

export type LoggedAttempt = {
  readonly number: number;
  readonly started_at: Date;
  readonly outcome: AttemptOutcome;
  readonly result: string | null;
  readonly diagnosis: Diagnosis | null;
  readonly notes: string[];
  readonly calls: Call[];
};

/** The attempts of a delivery in their order. An attempt's id is later than its delivery's: older partitions are skipped. */
export async function attemptsOf(scope: AccountScope, deliveryId: DeliveryId): Promise<LoggedAttempt[]> {
  return scope.query<LoggedAttempt>(
    `select number, started_at, outcome, result, diagnosis, notes, calls from attempts
     where account_id = $1 and delivery_id = $2 and id >= $3 order by number, id`,
    [deliveryId, uuidV7At(uuidV7Time(deliveryId))],
  );
}
