import type { AdaptorId } from "../contracts/ids.ts";
import type { HoldReason } from "../contracts/outcome.ts";
import type { AccountScope } from "./account-scope.ts";
import { waits, waitsFor } from "./connect-states.ts";
import type { LogRow } from "./deliveries.ts";

/** How the connect and the adaptor of a delivery stand now. */
export type Surroundings = {
  readonly connectDeleted: boolean;
  readonly adaptor: { readonly id: AdaptorId; readonly name: string } | null;
  /** All that holds it: by itself, or with its connect. */
  readonly holds: readonly HoldReason[];
};

/** Read in one statement, for one delivery. */
export async function surroundingsOf(scope: AccountScope, row: LogRow): Promise<Surroundings> {
  const [found] = await scope.query<{
    deleted: boolean;
    active: boolean;
    waits_for: "paused" | "breaker" | null;
    adaptor: Surroundings["adaptor"];
  }>(
    `select c.deleted_at is not null as deleted, c.active,
       (select ${waitsFor} from connect_states s
        where s.account_id = $1 and s.connect_id = c.id and ${waits}) as waits_for,
       (select jsonb_build_object('id', a.id, 'name', a.name) from adaptors a
        where a.account_id = $1 and a.id = $3 and a.deleted_at is null) as adaptor
     from connects c where c.account_id = $1 and c.id = $2`,
    [row.connect_id, row.adaptor_id],
  );
  // a test of settings that were never saved has no connect
  const { deleted, active, waits_for, adaptor } = found ?? {
    deleted: false,
    active: true,
    waits_for: null,
    adaptor: null,
  };
  const of: (HoldReason | null)[] = [row.held_because, active ? null : "connect_off", waits_for];
  const holds = row.state === "held" ? of.filter((reason) => reason !== null) : [];
  return { connectDeleted: deleted, adaptor, holds: [...new Set(holds)] };
}
