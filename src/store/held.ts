import type { HeldWork } from "../contracts/connect.ts";
import type { ConnectId } from "../contracts/ids.ts";
import type { HoldReason } from "../contracts/outcome.ts";
import type { AccountScope } from "./account-scope.ts";
import { heldBecause } from "./connect-states.ts";
import { logDiscarded } from "./end-due.ts";
import { promoteNext } from "./lanes.ts";
import { uuidV7At, uuidV7Time } from "./uuid-v7.ts";

// All of these but `discardHeld` run in the transaction that saves or deletes the connect, whose row is locked: no delivery
// is planned for it meanwhile. What a worker has under lease is left to that worker, who finds the connect as it is now.

/** What of this connect waits for a person. `because` null: everything that is owed, held or not. Tests don't count. */
export async function heldWork(
  scope: AccountScope,
  connectId: ConnectId,
  because: HoldReason | null,
): Promise<HeldWork> {
  const [row] = await scope.query<{ count: number; oldest: string | null }>(
    `select count(*), (array_agg(id order by id))[1] as oldest from due
     where account_id = $1 and connect_id = $2 and not test and ($3::text is null or held_because = $3)`,
    [connectId, because],
  );
  const { count, oldest } = row!;
  return { count, oldest_at: oldest === null ? null : new Date(uuidV7Time(oldest)).toISOString() };
}

/** The connect is switched off: what waits is held. */
export async function holdWaiting(scope: AccountScope, connectId: ConnectId): Promise<void> {
  await scope.query(
    `update due set held_because = 'connect_off', lease_until = null
     where account_id = $1 and connect_id = $2 and held_because is null and not test and lease_until is null`,
    [connectId],
  );
}

/** Gives free what is held for this reason. Into the hold of a connect that is off, when it is. Gives how many. */
export async function releaseHeld(
  scope: AccountScope,
  connectId: ConnectId,
  because: HoldReason,
  active: boolean,
): Promise<number> {
  const rows = await scope.query(
    `update due set held_because = case when $4 then null else 'connect_off' end, due_at = now(), lease_until = null
     where account_id = $1 and connect_id = $2 and held_because = $3 returning 1`,
    [connectId, because, active],
  );
  return rows.length;
}

/**
 * Settles as discarded, in the log, what a person decided not to send: of one hold (null: of all that is owed and in no
 * worker's hands), and planned before an instant (null: whenever). What stays of their lanes moves up; as no lane is locked
 * here, one that a worker settles out of at the same moment is left to mendLanes. Gives how many.
 */
export async function discardOwed(
  scope: AccountScope,
  connectId: ConnectId,
  because: HoldReason | null,
  before: Date | null,
): Promise<number> {
  return discard(
    scope,
    "connect_id = $2 and ($3::text is null or held_because = $3) and ($4::uuid is null or id < $4)",
    [connectId, because, idAt(before)],
  );
}

/**
 * The same of all that is held, by itself or with its connect: of one reason (null: of any), and planned before an instant
 * (null: whenever). What comes in meanwhile stays.
 */
export async function discardHeld(
  scope: AccountScope,
  connectId: ConnectId,
  because: HoldReason | null,
  before: Date | null,
): Promise<number> {
  return discard(
    scope,
    `connect_id = $2 and (${heldBecause}) is not null and ($3::text is null or (${heldBecause}) = $3)
     and ($4::uuid is null or id < $4)`,
    [connectId, because, idAt(before)],
  );
}

const idAt = (instant: Date | null): string | null => (instant === null ? null : uuidV7At(instant.getTime()));

async function discard(scope: AccountScope, which: string, values: readonly unknown[]): Promise<number> {
  const rows = await scope.query(
    `with gone as (
       delete from due where account_id = $1 and not test and (lease_until is null or lease_until < now()) and ${which}
       returning *
     ), promoted as (${promoteNext("(select * from gone where not behind) heads", "gone")})
     ${logDiscarded("gone")} returning 1`,
    values,
  );
  return rows.length;
}
