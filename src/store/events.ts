import type { Snapshot } from "../contracts/fields.ts";
import type { AccountId, EventId, LeadId } from "../contracts/ids.ts";
import type { Belongings } from "../core/workflow-index.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { storableJson } from "./storable.ts";
import { unnest } from "./unnest.ts";

/** Who caused it. A workflow's or a person's own doing has their id; the system has none. */
export type EventSource = {
  readonly kind: "token" | "user" | "command" | "workflow" | "system";
  readonly id: number | null;
  readonly name: string;
};

/** What deciding asks for besides the snapshot. Kept with the event, so that it can be decided on anew later. */
export type EventDetails = {
  readonly belongings: Belongings;
  /** Of the lead's status when it happened. */
  readonly status: { readonly reached: boolean; readonly final: boolean };
  /** Set when this event changed the lead's status. */
  readonly statusChange: { readonly from: string; readonly to: string } | null;
  /** Set on `delivery.settled`. */
  readonly settled: { readonly connectId: number; readonly outcome: string } | null;
  /** It came with many others at once: stored, but no workflow fires on it. */
  readonly bulk?: true;
  readonly callback?: { readonly at: string; readonly comments: string };
  /** What the dialler sent of its own. */
  readonly data?: Readonly<Record<string, unknown>>;
};

export type NewEvent = {
  readonly accountId: AccountId;
  readonly id: EventId;
  readonly at: Date;
  /** `lead.created`, `call.ended`, `x.…`; `test` and `lead.sent` are a person's doing and fire no workflow. */
  readonly type: string;
  readonly leadId: LeadId | null;
  readonly source: EventSource;
  /** Lead, call and the names behind them as they are now: mapping sees nothing else, and nothing changes it later. */
  readonly snapshot: Snapshot;
  readonly details?: EventDetails;
};

/** An event that workflows may fire on. */
export type StoredEvent = Omit<NewEvent, "details"> & EventDetails;

/** Stores events in one statement. */
export async function insertEvents(tx: Queryable, events: readonly NewEvent[]): Promise<void> {
  const batch = unnest(events, [
    ["account_id", "bigint", (event) => event.accountId],
    ["id", "uuid", (event) => event.id],
    ["at", "timestamptz", (event) => event.at.toISOString()],
    ["type", "text", (event) => event.type],
    ["lead_id", "bigint", (event) => event.leadId],
    ["source", "text", (event) => storableJson(event.source)],
    ["snapshot", "text", (event) => storableJson(event.snapshot)],
    ["details", "text", (event) => storableJson(event.details ?? {})],
  ]);
  await tx.query({
    name: "insert-events",
    text: `insert into events (account_id, id, at, type, lead_id, source, snapshot, details)
     select account_id, id, at, type, lead_id, source::json, snapshot::json, details::json from ${batch.from}`,
    values: batch.values,
  });
}

export type EventSnapshot = { readonly id: EventId; readonly at: Date; readonly snapshot: Snapshot };

/** What these events knew, by id; an event past its retention is missing. The ids find their partitions. */
export async function snapshotsOfEvents(
  scope: AccountScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EventSnapshot>> {
  if (ids.length === 0) return new Map();
  const rows = await scope.query<EventSnapshot>(
    `select id, at, snapshot from events where account_id = $1 and id = any ($2::uuid[])`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** When the dialler's last event happened; null: it is not among the account's last 10,000, so that the look is short. */
export async function latestDiallerEvent(scope: AccountScope): Promise<Date | null> {
  const [row] = await scope.query<{ at: Date }>(
    `select at from (select id, at, type from events where account_id = $1 order by id desc limit 10000) latest
     where type like 'call.%' or type like 'x.%' or type in ('callback.scheduled', 'hopper.expired', 'lead.viewed')
     order by id desc limit 1`,
  );
  return row?.at ?? null;
}
