import type { AdaptorId, DeliveryId } from "../contracts/ids.ts";
import type { Payload } from "../core/request.ts";
import type { AccountScope } from "./account-scope.ts";
import { storableJson } from "./storable.ts";
import { unnest } from "./unnest.ts";

/** A delivery that goes out again: with the payload it has, or one mapped anew. */
export type Again = {
  readonly id: DeliveryId;
  readonly anew: {
    readonly payload: Payload;
    readonly connectRevision: number;
    readonly adaptorId: AdaptorId | null;
    readonly adaptorRevision: number | null;
  } | null;
};

/**
 * Owes settled deliveries again, and is the one way back from `deliveries` into `due`: attempts counted on, the retry
 * schedule and the time to give up begun anew. One statement moves the rows, so that each is in exactly one of the tables
 * whatever happens. Tests, deliveries of connects that are gone, and rows that somebody else is just moving stay where
 * they are. Rows are locked in the order of their ids, so that two who move the same don't wait for each other in a ring.
 * A connect that is off is found so by whoever claims the row. Returns the ids of what moved.
 */
export async function oweAgain(scope: AccountScope, rows: readonly Again[]): Promise<DeliveryId[]> {
  const batch = againColumns(rows);
  const moved = await scope.query<{ id: DeliveryId }>(
    `with chosen as materialized (
       select d.id, c.settings ->> 'give_up_after' as give_up_after, batch.new_payload, batch.new_connect_revision,
         batch.new_adaptor_id, batch.new_adaptor_revision
       from ${batch.from} join deliveries d on d.account_id = $1 and d.id = batch.id
       join connects c on c.account_id = $1 and c.id = d.connect_id and c.deleted_at is null
       where not d.test order by d.id for update of d skip locked
     ), gone as (
       delete from deliveries d using chosen where d.account_id = $1 and d.id = chosen.id
       returning d.*, chosen.give_up_after, chosen.new_payload, chosen.new_connect_revision, chosen.new_adaptor_id,
         chosen.new_adaptor_revision
     )
     insert into due (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
       adaptor_id, adaptor_revision, workflow_id, workflow_revision, due_at, give_up_at, attempts, attempts_unused,
       maybe_sent_twice, last_result, last_http_status, last_diagnosis, last_duration_ms, payload)
     select account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test,
       case when new_payload is null then connect_revision else new_connect_revision end,
       case when new_payload is null then adaptor_id else new_adaptor_id end,
       case when new_payload is null then adaptor_revision else new_adaptor_revision end,
       workflow_id, workflow_revision, now(), now() + give_up_after::interval, attempts, attempts,
       maybe_sent_twice, result, http_status,
       -- what was never tried waits for nothing but its first attempt
       case when attempts > 0 then diagnosis end, duration_ms, coalesce(new_payload::json, payload)
     from gone returning id`,
    batch.values,
  );
  return moved.map(({ id }) => id);
}

/**
 * Makes waiting and held deliveries due now. Those under way are left to their worker; one that a dead worker left behind
 * may have been sent, so its payload stays. Returns the ids of what is due now.
 */
export async function dueNow(scope: AccountScope, rows: readonly Again[]): Promise<DeliveryId[]> {
  const batch = againColumns(rows);
  const moved = await scope.query<{ id: DeliveryId }>(
    `with chosen as materialized (
       select d.id, c.settings ->> 'give_up_after' as give_up_after, batch.new_payload, batch.new_connect_revision,
         batch.new_adaptor_id, batch.new_adaptor_revision
       from ${batch.from} join due d on d.account_id = $1 and d.id = batch.id
       join connects c on c.account_id = $1 and c.id = d.connect_id
       where d.kind = 'delivery' and not d.test
         and (d.lease_until is null or d.lease_until < now() and batch.new_payload is null)
       order by d.id for update of d
     )
     update due d set due_at = now(), held_because = null,
       give_up_at = greatest(d.give_up_at, now() + chosen.give_up_after::interval),
       connect_revision = case when new_payload is null then connect_revision else new_connect_revision end,
       adaptor_id = case when new_payload is null then adaptor_id else new_adaptor_id end,
       adaptor_revision = case when new_payload is null then adaptor_revision else new_adaptor_revision end,
       payload = coalesce(new_payload::json, payload)
     from chosen where d.account_id = $1 and d.id = chosen.id returning d.id`,
    batch.values,
  );
  return moved.map(({ id }) => id);
}

function againColumns(rows: readonly Again[]): { from: string; values: unknown[] } {
  return unnest(
    rows,
    [
      ["id", "uuid", ({ id }) => id],
      ["new_payload", "text", ({ anew }) => (anew === null ? null : storableJson(anew.payload))],
      ["new_connect_revision", "integer", ({ anew }) => anew?.connectRevision ?? null],
      ["new_adaptor_id", "bigint", ({ anew }) => anew?.adaptorId ?? null],
      ["new_adaptor_revision", "integer", ({ anew }) => anew?.adaptorRevision ?? null],
    ],
    2,
  );
}
