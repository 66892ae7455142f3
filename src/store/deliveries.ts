import type { DeliveryRemark, DeliveryState, Diagnosis, HoldReason, Outcome } from "../contracts/outcome.ts";
import type { ConnectId, DeliveryId, EventId, LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import { connectsThatWait, heldBecause, maybeHeld } from "./connect-states.ts";
import type { Queryable } from "./database.ts";
import type { DeliveryFacts } from "./due.ts";
import { storableJson } from "./storable.ts";
import { unnest } from "./unnest.ts";

/** A delivery that ends where it begins: the mapping refused, so nothing was tried. */
export type NewSettled = DeliveryFacts & { readonly outcome: Outcome; readonly diagnosis: Diagnosis };

/** Logs deliveries that were never owed, in one statement. */
export async function insertSettled(tx: Queryable, rows: readonly NewSettled[]): Promise<void> {
  const batch = unnest(rows, [
    ["account_id", "bigint", (row) => row.accountId],
    ["id", "uuid", (row) => row.id],
    ["connect_id", "bigint", (row) => row.connectId],
    ["lead_id", "bigint", (row) => row.leadId],
    ["phone_number", "text", (row) => row.phoneNumber],
    ["event_id", "uuid", (row) => row.eventId],
    ["event_type", "text", (row) => row.eventType],
    ["test", "boolean", (row) => row.test],
    ["connect_revision", "integer", (row) => row.connectRevision],
    ["adaptor_id", "bigint", (row) => row.adaptorId],
    ["adaptor_revision", "integer", (row) => row.adaptorRevision],
    ["workflow_id", "bigint", (row) => row.workflow?.id ?? null],
    ["workflow_revision", "integer", (row) => row.workflow?.revision ?? null],
    ["give_up_at", "timestamptz", (row) => row.giveUpAt.toISOString()],
    ["outcome", "text", (row) => row.outcome],
    ["diagnosis", "text", (row) => storableJson(row.diagnosis)],
    ["payload", "text", (row) => storableJson(row.payload)],
  ]);
  await tx.query({
    name: "insert-settled",
    text: `insert into deliveries (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test,
       connect_revision, adaptor_id, adaptor_revision, workflow_id, workflow_revision, outcome, diagnosis, attempts,
       maybe_sent_twice, give_up_at, payload)
     select account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision, adaptor_id,
       adaptor_revision, workflow_id, workflow_revision, outcome, diagnosis::jsonb, 0, false, give_up_at, payload::json
     from ${batch.from}`,
    values: batch.values,
  });
}

/** The mapping refused it once more: what it says now takes the place of what it said before. */
export async function refreshRefusal(scope: AccountScope, id: DeliveryId, diagnosis: Diagnosis): Promise<void> {
  await scope.query("update deliveries set diagnosis = $3 where account_id = $1 and id = $2 and attempts = 0", [
    id,
    storableJson(diagnosis),
  ]);
}

/** Which deliveries; what is left out asks for nothing. Ids are bounds: a time range is turned into them. */
export type DeliverySelection = {
  readonly connect?: ConnectId | undefined;
  readonly outcome?: Outcome | undefined;
  readonly state?: DeliveryState | undefined;
  readonly test?: boolean | undefined;
  /** National digits. */
  readonly phone?: string | undefined;
  readonly leadId?: LeadId | undefined;
  readonly result?: { readonly text: string; readonly prefix: boolean } | undefined;
  readonly idFrom?: string | undefined;
  readonly idBefore?: string | undefined;
  /** Any of these codes. */
  readonly diagnosis?: readonly string[] | undefined;
  /** An instant; what is owed is not settled. */
  readonly settledBefore?: string | undefined;
};

/** A row of the logs, wherever it lies. */
export type LogRow = {
  readonly id: DeliveryId;
  /** 0: a test of settings that were never saved, which has no name either. */
  readonly connect_id: ConnectId | 0;
  readonly connect_name: string | null;
  readonly lead_id: LeadId | null;
  readonly phone_number: string;
  readonly event_id: EventId;
  readonly event_type: string;
  readonly state: DeliveryState;
  readonly held_because: HoldReason | null;
  readonly outcome: Outcome | null;
  readonly result: string | null;
  readonly http_status: number | null;
  readonly diagnosis: Diagnosis | null;
  readonly remark: DeliveryRemark | null;
  readonly attempts: number;
  readonly test: boolean;
  readonly duration_ms: number | null;
  readonly maybe_sent_twice: boolean;
  readonly give_up_at: Date;
  /** null: it is due now, or nothing is due. */
  readonly next_attempt_at: Date | null;
  /** An earlier delivery of its lane goes first. */
  readonly behind: boolean;
  readonly connect_revision: number;
  readonly adaptor_id: number | null;
  readonly adaptor_revision: number | null;
  readonly workflow_revision: number | null;
  /** null: it is owed. */
  readonly settled_at: Date | null;
};

/** What the texts of a row were made from: the mask for them is, too. */
export type LogSource = Pick<LogRow, "event_id" | "lead_id" | "adaptor_id" | "adaptor_revision" | "workflow_revision">;

/**
 * The newest deliveries that match. Either side is walked backwards along an index by id and cut at `limit` before they
 * are merged; one statement sees one state, so a row that is settled meanwhile is neither missed nor seen twice.
 */
export async function listDeliveries(
  scope: AccountScope,
  selection: DeliverySelection,
  limit: number,
): Promise<LogRow[]> {
  const { sql, values } = await newest(scope, selection, limit);
  return scope.query<LogRow>(
    `select l.*, c.name as connect_name from (${sql}) l
     left join connects c on c.account_id = $1 and c.id = l.connect_id
     order by l.id desc`,
    values,
  );
}

/** The same rows as no more than ids, each with what changes when something of it does that the list shows. */
export async function listVersions(
  scope: AccountScope,
  selection: DeliverySelection,
  limit: number,
): Promise<{ readonly id: DeliveryId; readonly version: number }[]> {
  const { sql, values } = await newest(scope, selection, limit);
  return scope.query(`select id, ${versionOf("l")} as version from (${sql}) l order by id desc`, values);
}

/** Of a row of `logRow` or of the list, a number that is another one when what the list shows of it is. */
export const versionOf = (row: string): string =>
  `hashtextextended(row(${[
    "state",
    "held_because",
    "outcome",
    "result",
    "http_status",
    "diagnosis",
    "remark",
    "attempts",
    "duration_ms",
  ]
    .map((column) => `${row}.${column}`)
    .join(", ")})::text, 0)`;

/** SQL of one row of the logs wherever it lies; `account` and `id` are SQL. */
export const logRow = (account: string, id: string): string =>
  `(${dueSide(account)} and id = ${id} union all ${settledSide(account)} and id = ${id} limit 1)`;

/** SQL of the newest rows of the logs from an id on, of each side so many at most. */
export const logRowsFrom = (account: string, id: string, most: number): string =>
  `((${dueSide(account)} and id >= ${id} order by id desc limit ${most})
    union all (${settledSide(account)} and id >= ${id} order by id desc limit ${most}))`;

async function newest(
  scope: AccountScope,
  selection: DeliverySelection,
  limit: number,
): Promise<{ readonly sql: string; readonly values: readonly unknown[] }> {
  const sides = selectSides(selection, await waitingFor(scope, selection), 3);
  const both = sides.sql.map((side) => `(${side} order by id desc limit $2)`).join(" union all ");
  return { sql: `select * from (${both}) both_sides order by id desc limit $2`, values: [limit, ...sides.values] };
}

/** How many match, by outcome or state, counting no further than `most` each. */
export async function countDeliveries(
  scope: AccountScope,
  selection: Omit<DeliverySelection, "outcome" | "state">,
  most: number,
): Promise<Record<Outcome | Exclude<DeliveryState, "settled">, number>> {
  const connects = await connectsThatWait(scope);
  // by id, or a day is looked for from a partition's beginning; but a result that is rare along its own index
  const order = selection.result === undefined ? "order by id desc" : "";
  const columns: string[] = [];
  const values: unknown[] = [];
  const count = (name: string, part: DeliverySelection): void => {
    const sides = selectSides(part, connects, 3 + values.length);
    values.push(...sides.values);
    const all = sides.sql.map((side) => `(${side} ${order} limit $2)`).join(" union all ");
    columns.push(`(select count(*)::int from (select from (${all}) of_all limit $2) s) as ${name}`);
  };
  for (const state of ["waiting", "sending", "held"] as const) count(state, { ...selection, state });
  for (const outcome of ["accepted", "rejected", "duplicate", "failed", "discarded"] as const)
    count(outcome, { ...selection, outcome });
  const [row] = await scope.query<Record<Outcome | Exclude<DeliveryState, "settled">, number>>(
    `select ${columns.join(", ")} where $1::bigint is not null`,
    [most, ...values],
  );
  return row!;
}

/** One row of the logs. */
export async function findDelivery(scope: AccountScope, id: DeliveryId): Promise<LogRow | null> {
  const [row] = await scope.query<LogRow>(
    `select l.*, c.name as connect_name from ${logRow("$1", "$2")} l left join connects c on c.account_id = $1 and c.id = l.connect_id`,
    [id],
  );
  return row ?? null;
}

/**
 * A delivery that left its lane is marked at once, though nobody may be behind it: its remark holds where another of the
 * lane was planned after it and (`before`) before it ended.
 */
const remark = (account: string, table: "due" | "deliveries", before: string): string => {
  const later = (of: string): string => `select later.connect_id from ${of} later
      where later.account_id = ${account} and later.lead_id = ${table}.lead_id and later.id > ${table}.id${before}
        and not later.test`;
  return `case when remark = 'out_of_order' and lead_id is not null and not exists (
    select from (
      ${later("due")} and later.kind = 'delivery' union all ${later("deliveries")}
    ) of_lead
    join connects mine on mine.account_id = ${account} and mine.id = ${table}.connect_id
    join connects theirs on theirs.account_id = ${account} and theirs.id = of_lead.connect_id
    where theirs.id = mine.id
      or (mine.settings ->> 'order_group' <> '' and theirs.settings ->> 'order_group' = mine.settings ->> 'order_group')
  ) then null else remark end as remark`;
};
/** A time-ordered id begins with its milliseconds. */
const beforeItEnded = ` and later.id < (lpad(to_hex(ceil(extract(epoch from deliveries.settled_at) * 1000)::bigint + 1), 12, '0')
        || repeat('0', 20))::uuid`;

const dueSide = (account: string): string => `select id, connect_id, lead_id, phone_number, event_id, event_type,
    case when hold.because is not null then 'held' when lease_until > now() then 'sending' else 'waiting' end as state,
    hold.because as held_because, null::text as outcome, last_result as result, last_http_status as http_status,
    last_diagnosis as diagnosis, ${remark(account, "due", "")}, attempts, test, last_duration_ms as duration_ms,
    maybe_sent_twice, give_up_at,
    case when hold.because is null and not behind and due_at > now() then due_at end as next_attempt_at, behind,
    connect_revision, adaptor_id, adaptor_revision, workflow_revision, null::timestamptz as settled_at
  from due cross join lateral (select ${heldBecause} as because) hold
  where account_id = ${account} and kind = 'delivery'`;

const settledSide = (account: string): string => `select id, connect_id, lead_id, phone_number, event_id, event_type,
    'settled' as state, null::text as held_because, outcome, result, http_status, diagnosis,
    ${remark(account, "deliveries", beforeItEnded)}, attempts, test, duration_ms, maybe_sent_twice, give_up_at,
    null::timestamptz as next_attempt_at, false as behind, connect_revision, adaptor_id, adaptor_revision,
    workflow_revision, settled_at
  from deliveries where account_id = ${account}`;

/**
 * The condition on `due` for a state. Which connects wait is read before: it is few or none, and where it is none the
 * database is asked for nothing more than the row's own hold, and plans for that.
 */
function inState(state: Exclude<DeliveryState, "settled">, waiting: readonly ConnectId[]): string {
  if (state === "sending") return "held_because is null and lease_until > now()";
  const free = "held_because is null and (lease_until is null or lease_until <= now())";
  if (waiting.length === 0) return state === "held" ? "held_because is not null" : free;
  const withConnect = `(${maybeHeld} and connect_id = any ('{${waiting.join(",")}}'::bigint[]))`;
  return state === "held" ? `(held_because is not null or ${withConnect})` : `${free} and not ${withConnect}`;
}

/** The connects that `testsOf` must know of; none where it asks for no state that depends on them. */
export async function waitingFor(scope: AccountScope, { state }: DeliverySelection): Promise<readonly ConnectId[]> {
  return state === "held" || state === "waiting" ? connectsThatWait(scope) : [];
}

/**
 * The selects of the tables that can hold a match, with placeholders from `first` on for their values. Several diagnoses
 * are as many selects of the log: each walks its own stretch of an index, by id.
 */
function selectSides(
  selection: DeliverySelection,
  waiting: readonly ConnectId[],
  first: number,
): { sql: string[]; values: unknown[] } {
  const values: unknown[] = [];
  const sql: string[] = [];
  const add = (side: string, tests: readonly string[] | null, more: readonly unknown[]): void => {
    if (tests === null) return;
    sql.push([side, ...tests].join(" and "));
    values.push(...more);
  };
  const owed = testsOf(selection, waiting, first);
  add(dueSide("$1"), owed.dueTests, owed.values);
  const { diagnosis: codes = [] } = selection;
  for (const part of codes.length > 1 ? codes.map((code) => ({ ...selection, diagnosis: [code] })) : [selection]) {
    const settled = testsOf(part, waiting, first + values.length);
    add(settledSide("$1"), settled.settledTests, settled.values);
  }
  return sql.length > 0 ? { sql, values } : { sql: [`${settledSide("$1")} and false`], values: [] };
}

/** Of a result, in the index deliveries_result, along which results are found. */
const indexedLetters = 64;

/** The conditions on either table; null: it can hold no match. `waiting`: the connects of `waitingFor`. */
export function testsOf(
  selection: DeliverySelection,
  waiting: readonly ConnectId[],
  first: number,
): { dueTests: string[] | null; settledTests: string[] | null; values: unknown[] } {
  const values: unknown[] = [];
  const both: string[] = [];
  const place = (value: unknown): string => `$${first + values.push(value) - 1}`;
  if (selection.connect !== undefined) both.push(`connect_id = ${place(selection.connect)}`);
  if (selection.test !== undefined) both.push(`test = ${place(selection.test)}`);
  if (selection.phone !== undefined) both.push(`phone_number = ${place(selection.phone)}`);
  if (selection.leadId !== undefined) both.push(`lead_id = ${place(selection.leadId)}`);
  if (selection.idFrom !== undefined) both.push(`id >= ${place(selection.idFrom)}`);
  if (selection.idBefore !== undefined) both.push(`id < ${place(selection.idBefore)}`);
  const dueTests = [...both];
  const settledTests = [...both];
  if (selection.result !== undefined) {
    const { text, prefix } = selection.result;
    // ^@ is starts_with(), of which PostgreSQL can also tell how many there will be
    const is = (column: string, at: string): string => `${column} ${prefix ? "^@" : "="} ${at}`;
    const whole = place(text);
    dueTests.push(is("last_result", whole));
    settledTests.push(is(`(left(result, ${indexedLetters}) collate "C")`, `left(${whole}, ${indexedLetters})`));
    // only where it says more: PostgreSQL would take the two for rarer than each
    if (text.length >= indexedLetters) settledTests.push(is("result", whole));
  }
  if (selection.diagnosis !== undefined) {
    const [code, ...others] = selection.diagnosis;
    const is = others.length === 0 ? `= ${place(code)}` : `= any (${place(selection.diagnosis)}::text[])`;
    dueTests.push(`last_diagnosis ->> 'code' ${is}`);
    // as the index deliveries_diagnosis is of those that have one
    settledTests.push("diagnosis is not null", `diagnosis ->> 'code' ${is}`);
  }
  if (selection.settledBefore !== undefined) settledTests.push(`settled_at < ${place(selection.settledBefore)}`);
  if (selection.state !== undefined && selection.state !== "settled") dueTests.push(inState(selection.state, waiting));
  if (selection.outcome !== undefined) settledTests.push(`outcome = ${literal[selection.outcome]}`);
  return {
    dueTests:
      selection.outcome !== undefined || selection.state === "settled" || selection.settledBefore !== undefined
        ? null
        : dueTests,
    settledTests: selection.state !== undefined && selection.state !== "settled" ? null : settledTests,
    values,
  };
}

const literal: Record<Outcome, string> = {
  accepted: "'accepted'",
  rejected: "'rejected'",
  duplicate: "'duplicate'",
  failed: "'failed'",
  discarded: "'discarded'",
};
