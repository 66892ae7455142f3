import type { Snapshot } from "../contracts/fields.ts";
import type { EventId, LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { EventDetails, EventSource, StoredEvent } from "./events.ts";

/** An event read back, with all that deciding on it asked for. */
export type RecordedRow = StoredEvent & { readonly leadId: LeadId | null };

type Row = {
  readonly id: EventId;
  readonly at: Date;
  readonly type: string;
  readonly lead_id: LeadId | null;
  readonly source: EventSource;
  readonly snapshot: Snapshot;
  readonly details: Partial<EventDetails>;
};

const columns = "id, at, type, lead_id, source, snapshot, details";
/** A person's doing, on which no workflow fires. */
const byHand = "('test', 'lead.sent')";

export async function findEvent(scope: AccountScope, id: EventId): Promise<RecordedRow | null> {
  const [row] = await scope.query<Row>(`select ${columns} from events where account_id = $1 and id = $2`, [id]);
  return row === undefined ? null : read(row, scope);
}

/** So many are read at a time: what an event knew may be a megabyte. */
const part = 50;

/**
 * The latest events that workflows may fire on, oldest first. Bounds are ids; `idBefore` is not included. Of events that
 * knew much, as many as `charsMax` hold; `leftOut` counts the older ones.
 */
export async function latestEvents(
  scope: AccountScope,
  bounds: { readonly idFrom?: string | undefined; readonly idBefore?: string | undefined; readonly max: number },
  charsMax: number,
): Promise<{ readonly rows: readonly RecordedRow[]; readonly leftOut: number }> {
  const ids = await scope.query<{ readonly id: EventId }>(
    `select id from events where account_id = $1 and type not in ${byHand}
       and ($2::uuid is null or id >= $2) and ($3::uuid is null or id < $3)
     order by id desc limit $4`,
    [bounds.idFrom ?? null, bounds.idBefore ?? null, bounds.max],
  );
  const newest: RecordedRow[] = [];
  let at = 0;
  for (let chars = 0; at < ids.length && chars < charsMax; at += part) {
    const rows = await scope.query<Row & { readonly chars: number }>(
      `select ${columns}, length(snapshot::text) as chars from events
       where account_id = $1 and id = any ($2::uuid[]) order by id desc`,
      [ids.slice(at, at + part).map(({ id }) => id)],
    );
    for (const { chars: more, ...row } of rows) {
      chars += more;
      newest.push(read(row, scope));
    }
  }
  return { rows: newest.toReversed(), leftOut: Math.max(0, ids.length - at) };
}

/** An event as a list shows it. */
export type EventLine = {
  readonly id: EventId;
  readonly at: Date;
  readonly type: string;
  readonly status: string | null;
  readonly statusChange: EventDetails["statusChange"];
  readonly source: EventSource;
};

/** The newest events of a lead, along events_lead. `idBefore` is not included; `all`: tests and sending by hand too. */
export async function eventsOfLead(
  scope: AccountScope,
  leadId: LeadId,
  { idBefore, limit, all }: { readonly idBefore: string | undefined; readonly limit: number; readonly all: boolean },
): Promise<EventLine[]> {
  return scope.query<EventLine>(
    `select id, at, type, snapshot -> 'call' ->> 'status' as status, details -> 'statusChange' as "statusChange", source
     from events where account_id = $1 and lead_id = $2 and ($3::uuid is null or id < $3)
       ${all ? "" : `and type not in ${byHand}`}
     order by id desc limit $4`,
    [leadId, idBefore ?? null, limit],
  );
}

/**
 * Who changed the lead after this moment, newest first, as far as its last hundred events tell: of each change the first
 * event that knew it.
 */
export async function leadChangesSince(scope: AccountScope, leadId: LeadId, since: Date, most: number) {
  // an instant of a snapshot is written as this one is: as texts they are in the order of time
  return scope.query<{ readonly at: Date; readonly by: string }>(
    `select at, source ->> 'name' as by from (
       select distinct on (changed) at, source, changed from (
         select id, at, source, snapshot -> 'lead' ->> 'modified_at' as changed from events
         where account_id = $1 and lead_id = $2 and type not in ${byHand} order by id desc limit 100) newest
       where changed > $3 order by changed, id) changes
     order by changed desc limit $4`,
    [leadId, since.toISOString(), most],
  );
}

function read({ details, lead_id: leadId, ...row }: Row, { accountId }: AccountScope): RecordedRow {
  return {
    accountId,
    ...row,
    leadId,
    // an event from before workflows were there knows only its lead
    belongings: details.belongings ?? {
      campaign: null,
      list: Number(row.snapshot.lead["list_id"] ?? 0) || null,
      queue: null,
      inbound_number: null,
      email_template: null,
      inbound: false,
    },
    status: details.status ?? { reached: false, final: false },
    statusChange: details.statusChange ?? null,
    settled: details.settled ?? null,
    ...(details.bulk === true ? { bulk: true as const } : {}),
    ...(details.data === undefined ? {} : { data: details.data }),
  };
}
