import type { ConnectSettings, DeliveryOrder, Warning } from "../contracts/connect.ts";
import type { AdaptorId, ConnectId } from "../contracts/ids.ts";
import type { DiagnosisCode, HoldReason, Outcome } from "../contracts/outcome.ts";
import type { ConnectTexts } from "../core/request.ts";
import type { AccountScope } from "./account-scope.ts";
import { maybeHeld, waits, waitsFor } from "./connect-states.ts";
import type { LogSource } from "./deliveries.ts";
import { queueCountMax } from "./queue-depths.ts";
import { storableJson } from "./storable.ts";

export type ConnectRow = {
  readonly id: ConnectId;
  readonly name: string;
  readonly active: boolean;
  /** As everybody may see them. */
  readonly settings: ConnectSettings;
  /** Its secrets are places. */
  readonly texts: ConnectTexts;
  readonly secrets: Uint8Array | null;
  /** Scheme, host and port: the only place the secrets may go. */
  readonly origin: string;
  readonly warnings: readonly Warning[];
  readonly revision: number;
  readonly saved_at: Date;
};

const columns = "id, name, active, settings, texts, secrets, origin, warnings, revision, saved_at";

/** Oldest first, after the id `after`. */
export async function listConnects(scope: AccountScope, after: number, limit: number): Promise<ConnectRow[]> {
  return scope.query<ConnectRow>(
    `select ${columns} from connects where account_id = $1 and deleted_at is null and id > $2 order by id limit $3`,
    [after, limit],
  );
}

export async function findConnect(scope: AccountScope, id: ConnectId): Promise<ConnectRow | null> {
  const [row] = await scope.query<ConnectRow>(
    `select ${columns} from connects where account_id = $1 and id = $2 and deleted_at is null`,
    [id],
  );
  return row ?? null;
}

/** Which of these are gone: their rows stay for the log. */
export async function deletedConnects(scope: AccountScope, ids: readonly ConnectId[]): Promise<ReadonlySet<ConnectId>> {
  const rows = await scope.query<{ id: ConnectId }>(
    "select id from connects where account_id = $1 and id = any ($2::bigint[]) and deleted_at is not null",
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Locked until the transaction ends, so that no delivery is planned in between a switch and what it does to deliveries. */
export async function lockConnect(scope: AccountScope, id: ConnectId): Promise<ConnectRow | null> {
  const [row] = await scope.query<ConnectRow>(
    `select ${columns} from connects where account_id = $1 and id = $2 and deleted_at is null for update`,
    [id],
  );
  return row ?? null;
}

/** The other connects whose deliveries stand in this order group, with how they are ordered. */
export async function connectsOfOrderGroup(
  scope: AccountScope,
  group: string,
  except: ConnectId | null,
): Promise<readonly { readonly name: string; readonly order: DeliveryOrder }[]> {
  return scope.query(
    `select name, settings ->> 'order' as "order" from connects
     where account_id = $1 and deleted_at is null and settings ->> 'order_group' = $2 and id is distinct from $3
     order by name`,
    [group, except],
  );
}

export type ConnectValues = Pick<ConnectRow, "settings" | "texts" | "origin" | "warnings">;

/** Fails on the constraint `connects_name` when the name is taken, as do changes. Its secrets are sealed with the id this gives. */
export async function insertConnect(scope: AccountScope, values: ConnectValues): Promise<ConnectId> {
  const [row] = await scope.query<{ id: ConnectId }>(
    `insert into connects (account_id, name, active, adaptor_id, settings, texts, origin, warnings, revision)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 0) returning id`,
    valuesOf(values),
  );
  return row!.id;
}

/** Writes the next revision. */
export async function updateConnect(
  scope: AccountScope,
  id: ConnectId,
  values: ConnectValues,
  secrets: Uint8Array | null,
): Promise<ConnectRow> {
  const [row] = await scope.query<ConnectRow>(
    `update connects set name = $2, active = $3, adaptor_id = $4, settings = $5, texts = $6, origin = $7,
       warnings = $8, secrets = $9, revision = revision + 1, saved_at = now()
     where account_id = $1 and id = $10 returning ${columns}`,
    [...valuesOf(values), secrets, id],
  );
  return row!;
}

/** Its name is free again; its row stays for the log. */
export async function deleteConnect(scope: AccountScope, id: ConnectId): Promise<void> {
  await scope.query("update connects set deleted_at = now(), active = false where account_id = $1 and id = $2", [id]);
}

export type ConnectWork = {
  readonly adaptor: { readonly id: AdaptorId; readonly name: string } | null;
  readonly held: Partial<Record<HoldReason, number>>;
  readonly waiting: number;
  readonly last: {
    readonly outcome: Outcome | null;
    readonly result: string | null;
    readonly diagnosis: DiagnosisCode | null;
    readonly at: string;
    readonly source: LogSource;
  } | null;
  /** No delivery, but a test. */
  readonly tested_only: boolean;
};

/**
 * What Show Connect tells of these connects besides: what is owed (along due_claim and due_held, counted as far as
 * `queueCountMax.ofOne`) and the last delivery that was not a test (along deliveries_connect).
 */
export async function describeConnects(
  scope: AccountScope,
  ids: readonly ConnectId[],
): Promise<ReadonlyMap<ConnectId, ConnectWork>> {
  const rows = await scope.query<Omit<ConnectWork, "held" | "last"> & DescribedRow>(
    `select c.id,
       case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name) end as adaptor,
       owed.waiting - held.for_connect as waiting,
       kept.connect_off, kept.credentials, kept.answer_lost, held.for_connect, state.holds,
       last.outcome, last.result, last.diagnosis ->> 'code' as diagnosis, last.settled_at, last.event_id,
       last.lead_id, last.adaptor_id, last.adaptor_revision, last.workflow_revision,
       -- where there is no other, the first row that is met is one
       last.settled_at is null and exists (
         select from deliveries where account_id = $1 and connect_id = c.id and test) as tested_only
     from connects c
     left join adaptors a on a.account_id = $1 and a.id = c.adaptor_id
     left join lateral (
       select s.connect_id, ${waitsFor} as holds from connect_states s
       where s.account_id = $1 and s.connect_id = c.id and ${waits}
     ) state on true
     cross join lateral (
       -- looks at nothing where the connect doesn't wait
       select count(*) as for_connect from (
         select from due
         where account_id = $1 and connect_id = state.connect_id and held_because is null and ${maybeHeld}
         limit ${queueCountMax.ofOne}) first
     ) held
     cross join lateral (
       select count(*) as waiting from (
         select from due where account_id = $1 and connect_id = c.id and held_because is null
         limit ${queueCountMax.ofOne}) first
     ) owed
     cross join lateral (
       select count(*) filter (where held_because = 'connect_off') as connect_off,
         count(*) filter (where held_because = 'credentials') as credentials,
         count(*) filter (where held_because = 'answer_lost') as answer_lost
       from (
         select held_because from due
         where account_id = $1 and connect_id = c.id and held_because is not null and kind = 'delivery'
         limit ${queueCountMax.ofOne}) first
     ) kept
     left join lateral (
       select outcome, result, diagnosis, settled_at, event_id, lead_id, adaptor_id, adaptor_revision, workflow_revision
       from deliveries
       where account_id = $1 and connect_id = c.id and not test order by id desc limit 1
     ) last on true
     where c.account_id = $1 and c.id = any ($2::bigint[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, workOf(row)]));
}

type DescribedRow = LogSource & {
  id: ConnectId;
  connect_off: number;
  credentials: number;
  answer_lost: number;
  for_connect: number;
  holds: "paused" | "breaker" | null;
  outcome: Outcome | null;
  result: string | null;
  diagnosis: DiagnosisCode | null;
  settled_at: Date | null;
};

function workOf(row: Omit<ConnectWork, "held" | "last"> & DescribedRow): ConnectWork {
  const { connect_off, credentials, answer_lost, outcome, result, diagnosis } = row;
  const { event_id, lead_id, adaptor_id, adaptor_revision, workflow_revision, settled_at } = row;
  const source = { event_id, lead_id, adaptor_id, adaptor_revision, workflow_revision };
  const counts = { connect_off, credentials, answer_lost, ...(row.holds && { [row.holds]: row.for_connect }) };
  const held = Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
  return {
    adaptor: row.adaptor,
    waiting: row.waiting,
    held,
    tested_only: row.tested_only,
    last: settled_at === null ? null : { outcome, result, diagnosis, at: settled_at.toISOString(), source },
  };
}

function valuesOf({ settings, texts, origin, warnings }: ConnectValues): unknown[] {
  return [
    settings.name,
    settings.active,
    settings.adaptor_id,
    storableJson(settings),
    storableJson(texts),
    origin,
    storableJson(warnings),
  ];
}
