import type { HoldReason } from "../../src/contracts/outcome.ts";
import type { Database } from "../../src/store/database.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";

/** Owes the first account's connect a delivery that is due much later, as one that waits for its next attempt. */
export async function owe(db: Database, connect: number, hold: HoldReason | null = null): Promise<string> {
  const id = newUuidV7();
  await db.query(
    `insert into due (account_id, id, connect_id, phone_number, event_id, event_type, connect_revision, due_at,
       give_up_at, held_because, payload)
     values (1, $1, $2, '2125550142', $1, 'lead.sent', 1, now() + interval '1 h', now() + interval '8 d', $3, '{}')`,
    [id, connect, hold],
  );
  return id;
}
