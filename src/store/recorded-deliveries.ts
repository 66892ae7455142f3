import type { Call } from "../contracts/delivery.ts";
import type { AccountScope } from "./account-scope.ts";
import { uuidV7At, uuidV7Time } from "./uuid-v7.ts";

/** The last attempt of a delivery: what was sent and what came back. */
export type LastAttempt = {
  readonly delivery_id: string;
  readonly number: number;
  readonly started_at: Date;
  readonly calls: readonly Call[];
};

/** By delivery; those that were never tried are missing. Along attempts_delivery, older partitions skipped. */
export async function lastAttemptsOf(
  scope: AccountScope,
  deliveryIds: readonly string[],
): Promise<ReadonlyMap<string, LastAttempt>> {
  if (deliveryIds.length === 0) return new Map();
  const oldest = uuidV7At(Math.min(...deliveryIds.map(uuidV7Time)));
  const rows = await scope.query<LastAttempt>(
    `select distinct on (delivery_id) delivery_id, number, started_at, calls from attempts
     where account_id = $1 and delivery_id = any ($2::uuid[]) and id >= $3 order by delivery_id, number desc, id desc`,
    [deliveryIds, oldest],
  );
  return new Map(rows.map((row) => [row.delivery_id, row]));
}
