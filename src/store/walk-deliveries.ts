import type { ConnectId, DeliveryId, EventId, LeadId } from "../contracts/ids.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import type { Payload } from "../core/request.ts";
import type { AccountScope } from "./account-scope.ts";
import { testsOf, waitingFor, type DeliverySelection } from "./deliveries.ts";
import { uuidV7At } from "./uuid-v7.ts";

/** Chosen deliveries, or those that a filter chooses. */
export type Which = { readonly ids: readonly DeliveryId[] } | { readonly selection: DeliverySelection };

/** A walk over deliveries by id: up to a bound that was fixed when it began, and only what was settled before it began. */
export type Walk = {
  readonly which: Which;
  /** Not included; null: from the first. */
  readonly after: string | null;
  readonly notAfter: string;
  readonly settledBefore: Date;
};

/** What sending one again needs to know of it. */
export type Walked = {
  readonly id: DeliveryId;
  readonly connect_id: ConnectId;
  readonly connect_gone: boolean;
  readonly event_id: EventId;
  readonly event_type: string;
  readonly lead_id: LeadId | null;
  readonly phone_number: string;
  /** Its mapping refused, so there is no payload to send again. */
  readonly never_mapped: boolean;
  readonly diagnosis: Diagnosis | null;
};

/** `lookedAt`: the walk goes on after it; null: it is at its end. */
export type WalkedOn = { readonly rows: readonly Walked[]; readonly lookedAt: DeliveryId | null };

/**
 * A step looks at no more rows than this, however few of them match, so that no statement takes long. They are found
 * along an index by connect, lead, phone or id; the rest of the filter is asked of what was found.
 */
const lookMost = 2_000;

const neverMapped = `m.attempts = 0
  and m.diagnosis ->> 'code' in ('mapping_empty', 'required_value_missing', 'payload_too_large')`;

/** The next settled ones, oldest first; tests never. */
export async function walkSettled(scope: AccountScope, walk: Walk, most: number): Promise<WalkedOn> {
  const values: unknown[] = [most, lookMost, walk.notAfter, walk.settledBefore];
  const along = ["account_id = $1", "id < $4"];
  const rest = ["not test", "settled_at < $5"];
  if (walk.after !== null) along.push(`id > $${values.push(walk.after) + 1}`);
  if ("ids" in walk.which) along.push(`id = any ($${values.push(walk.which.ids) + 1}::uuid[])`);
  else {
    const { connect, phone, leadId, idFrom, idBefore, ...asked } = walk.which.selection;
    const found = testsOf({ connect, phone, leadId, idFrom, idBefore }, [], values.length + 2);
    values.push(...found.values);
    along.push(...(found.settledTests ?? []));
    const matching = testsOf(asked, [], values.length + 2);
    if (matching.settledTests === null) return { rows: [], lookedAt: null };
    values.push(...matching.values);
    rest.push(...matching.settledTests);
  }
  const steps = await scope.query<Step>(
    `with looked as materialized (
       select id, connect_id, event_id, event_type, lead_id, phone_number, test, outcome, result, diagnosis, attempts,
         settled_at
       from deliveries where ${along.join(" and ")} order by id limit $3
     ), matching as materialized (
       select * from looked where ${rest.join(" and ")} order by id limit $2
     )
     select (select count(*)::int from looked) as looked, (select id from looked order by id desc limit 1) as last, m.id,
       m.connect_id, c.id is null as connect_gone, m.event_id, m.event_type, m.lead_id, m.phone_number,
       ${neverMapped} as never_mapped, m.diagnosis
     from (values (1)) one left join matching m on true
     left join connects c on c.account_id = $1 and c.id = m.connect_id and c.deleted_at is null
     order by m.id`,
    values,
  );
  const { looked, last } = steps[0]!;
  const rows = steps.filter((step): step is Step & Walked => step.id !== null);
  if (rows.length === most) return { rows, lookedAt: rows.at(-1)!.id };
  return { rows, lookedAt: looked === lookMost ? last : null };
}

/** A row a match, or one row without any; each with how far was looked. */
type Step = { readonly looked: number; readonly last: DeliveryId } & {
  readonly [Name in keyof Walked]: Walked[Name] | null;
};

/** The next ones that wait or are held, oldest first; tests never, and none that is under way. */
export async function walkOwed(scope: AccountScope, walk: Walk, most: number): Promise<WalkedOn> {
  const values: unknown[] = [most, walk.notAfter];
  const tests = ["account_id = $1", "id < $3", ...claimable];
  if (walk.after !== null) tests.push(`id > $${values.push(walk.after) + 1}`);
  if ("ids" in walk.which) tests.push(`id = any ($${values.push(walk.which.ids) + 1}::uuid[])`);
  else {
    const { selection } = walk.which;
    const found = testsOf(selection, await waitingFor(scope, selection), values.length + 2);
    if (found.dueTests === null) return { rows: [], lookedAt: null };
    values.push(...found.values);
    tests.push(...found.dueTests);
  }
  const rows = await scope.query<Walked>(
    `select id, connect_id, false as connect_gone, event_id, event_type, lead_id, phone_number, false as never_mapped,
       last_diagnosis as diagnosis
     from due where ${tests.join(" and ")} order by id limit $2`,
    values,
  );
  return { rows, lookedAt: rows.length === most ? rows.at(-1)!.id : null };
}

const claimable = ["kind = 'delivery'", "not test", "coalesce(lease_until < now(), true)"];

/** Of one connect, how many match; `accepted`: the vendor has them already. */
export type Matching = {
  readonly connect_id: ConnectId;
  readonly owed: number;
  readonly settled: number;
  readonly accepted: number;
};

/** How many match, connect by connect, counting no further than `most` each side; tests and what is under way are not among them. */
export async function countWalk(
  scope: AccountScope,
  walk: Walk,
  most: number,
): Promise<{ readonly owed: number; readonly settled: number; readonly connects: readonly Matching[] }> {
  const owed = await countSide(scope, walk, "due", claimable, most);
  const settled = await countSide(scope, walk, "deliveries", ["not test", "settled_at < $4"], most);
  const connects = new Map<ConnectId, Matching>();
  for (const { connect_id, count } of owed)
    connects.set(connect_id, { connect_id, owed: count, settled: 0, accepted: 0 });
  for (const { connect_id, count, accepted } of settled)
    connects.set(connect_id, { connect_id, owed: connects.get(connect_id)?.owed ?? 0, settled: count, accepted });
  return { owed: sumOf(owed), settled: sumOf(settled), connects: [...connects.values()] };
}

/** Of the same, how many can't be sent again: tests, and what is being sent at this moment. */
export async function countLeftOut(
  scope: AccountScope,
  walk: Walk,
  most: number,
): Promise<{ readonly tests: number; readonly underWay: number }> {
  const owedTests = await countSide(scope, walk, "due", ["kind = 'delivery'", "test"], most);
  const settledTests = await countSide(scope, walk, "deliveries", ["test", "settled_at < $4"], most);
  const underWay = await countSide(scope, walk, "due", ["kind = 'delivery'", "not test", "lease_until >= now()"], most);
  return { tests: sumOf(owedTests) + sumOf(settledTests), underWay: sumOf(underWay) };
}

type Counted = { readonly connect_id: ConnectId; readonly count: number; readonly accepted: number };

const sumOf = (sides: readonly Counted[]): number => sides.reduce((sum, { count }) => sum + count, 0);

/** `own`: the side's own conditions; `$4` is when the walk began. */
async function countSide(
  scope: AccountScope,
  { which, notAfter, settledBefore }: Walk,
  table: "due" | "deliveries",
  own: readonly string[],
  most: number,
): Promise<Counted[]> {
  const matching =
    "ids" in which
      ? { dueTests: ["id = any ($5::uuid[])"], settledTests: ["id = any ($5::uuid[])"], values: [which.ids] }
      : testsOf(which.selection, table === "due" ? await waitingFor(scope, which.selection) : [], 5);
  const tests = table === "due" ? matching.dueTests : matching.settledTests;
  if (tests === null) return [];
  return scope.query<Counted>(
    `select connect_id, count(*)::int as count, (count(*) filter (where accepted))::int as accepted from (
       select connect_id, ${table === "due" ? "false" : "outcome = 'accepted'"} as accepted from ${table}
       where ${["account_id = $1", "id < $3", "$4::timestamptz is not null", ...own, ...tests].join(" and ")} limit $2
     ) matching group by connect_id`,
    [most, notAfter, settledBefore, ...matching.values],
  );
}

/** The bounds of a walk that begins now, on the database's clock: to the end of this millisecond. */
export async function beginWalk(scope: AccountScope, which: Which): Promise<Walk> {
  const [row] = await scope.query<{ now: Date }>("select clock_timestamp() as now where $1::bigint is not null");
  const endMs = row!.now.getTime() + 1;
  return { which, after: null, notAfter: uuidV7At(endMs), settledBefore: new Date(endMs) };
}

/** What these were frozen with, by id. */
export async function payloadsOf(
  scope: AccountScope,
  ids: readonly DeliveryId[],
): Promise<ReadonlyMap<DeliveryId, Payload>> {
  const rows = await scope.query<{ id: DeliveryId; payload: Payload }>(
    `select id, payload from due where account_id = $1 and id = any ($2::uuid[])
     union all select id, payload from deliveries where account_id = $1 and id = any ($2::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, payload }) => [id, payload]));
}
