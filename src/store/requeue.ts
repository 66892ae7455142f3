import type { DeliveryId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { testsOf, waitingFor, type DeliverySelection } from "./deliveries.ts";

/**
 * Deliveries by id, or those that a filter chooses; of the settled ones only those settled before: what was made due a
 * moment ago and has been sent in the meantime isn't sent once more.
 */
export type Chosen = ({ readonly ids: readonly DeliveryId[] } | { readonly selection: DeliverySelection }) & {
  readonly settledBefore: Date;
};

/** The database's time, for `settledBefore`. */
export async function databaseNow(scope: AccountScope): Promise<Date> {
  const [row] = await scope.query<{ now: Date }>("select clock_timestamp() as now where $1::bigint is not null");
  return row!.now;
}

/** Rows whose mapping refused have no payload to send again; they are planned anew instead. */
const neverMapped = `attempts = 0 and diagnosis ->> 'code' in ('mapping_empty', 'required_value_missing')`;

/**
 * Owes settled deliveries again, at most `most`, oldest first: same payload, attempts counted on, a new time to give up.
 * Tests, and deliveries of connects that are gone, stay settled. One statement moves the rows. Returns their ids.
 */
export async function oweAgain(scope: AccountScope, chosen: Chosen, most: number): Promise<DeliveryId[]> {
  const { tests, values } = testsOnSettled(chosen);
  const rows = await scope.query<{ id: DeliveryId }>(
    `with chosen as materialized (
       select d.id, c.settings ->> 'give_up_after' as give_up_after
       from (select id, connect_id from deliveries where ${tests} and not test and not (${neverMapped})
             order by id limit $2 for update skip locked) d
       join connects c on c.account_id = $1 and c.id = d.connect_id and c.deleted_at is null
     ), gone as (
       delete from deliveries d using chosen where d.account_id = $1 and d.id = chosen.id
       returning d.*, chosen.give_up_after
     )
     insert into due (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
       adaptor_id, adaptor_revision, workflow_id, workflow_revision, due_at, give_up_at, attempts, maybe_sent_twice, last_result,
       last_http_status, last_diagnosis, last_duration_ms, payload)
     select account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
       adaptor_id, adaptor_revision, workflow_id, workflow_revision, now(), now() + give_up_after::interval, attempts,
       maybe_sent_twice, result, http_status, diagnosis, duration_ms, payload
     from gone returning id`,
    [most, ...values],
  );
  return rows.map(({ id }) => id);
}

/** Makes waiting and held deliveries due now, at most `most`; those under way are left to their worker. Returns their ids. */
export async function dueNow(scope: AccountScope, chosen: Chosen, most: number): Promise<DeliveryId[]> {
  const { tests, values } = await testsOnDue(scope, chosen);
  if (tests === null) return [];
  const rows = await scope.query<{ id: DeliveryId }>(
    `with chosen as materialized (
       select d.id, c.settings ->> 'give_up_after' as give_up_after
       from (select id, connect_id from due
             where ${tests} and not test and (lease_until is null or lease_until < now()) order by id limit $2 for update) d
       join connects c on c.account_id = $1 and c.id = d.connect_id
     )
     update due d set due_at = now(), held_because = null,
       give_up_at = greatest(d.give_up_at, now() + chosen.give_up_after::interval)
     from chosen where d.account_id = $1 and d.id = chosen.id returning d.id`,
    [most, ...values],
  );
  return rows.map(({ id }) => id);
}

/** Settled rows that match but were never mapped, oldest first. */
export async function neverMappedDeliveries(scope: AccountScope, chosen: Chosen, most: number): Promise<DeliveryId[]> {
  const { tests, values } = testsOnSettled(chosen);
  const rows = await scope.query<{ id: DeliveryId }>(
    `select id from deliveries where ${tests} and not test and ${neverMapped} order by id limit $2`,
    [most, ...values],
  );
  return rows.map(({ id }) => id);
}

/** Takes a row out of the log, so that its successor may take its id. False: it is not there any more. */
export async function takeSettled(scope: AccountScope, id: DeliveryId): Promise<boolean> {
  const rows = await scope.query("delete from deliveries where account_id = $1 and id = $2 returning id", [id]);
  return rows.length > 0;
}

function testsOnSettled(chosen: Chosen): { tests: string; values: unknown[] } {
  const before = "account_id = $1 and settled_at < $3";
  if ("ids" in chosen) {
    return { tests: `${before} and id = any ($4::uuid[])`, values: [chosen.settledBefore, chosen.ids] };
  }
  const { settledTests, values } = testsOf(chosen.selection, [], 4);
  return { tests: [before, ...(settledTests ?? ["false"])].join(" and "), values: [chosen.settledBefore, ...values] };
}

async function testsOnDue(scope: AccountScope, chosen: Chosen): Promise<{ tests: string | null; values: unknown[] }> {
  if ("ids" in chosen) return { tests: "account_id = $1 and id = any ($3::uuid[])", values: [chosen.ids] };
  const { dueTests, values } = testsOf(chosen.selection, await waitingFor(scope, chosen.selection), 3);
  return { tests: dueTests === null ? null : ["account_id = $1", ...dueTests].join(" and "), values };
}
