import type { Snapshot } from "../contracts/fields.ts";
import type { AccountId, EventId, LeadId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";
import type { Queryable } from "./database.ts";
import { storableJson } from "./storable.ts";
import { unnest } from "./unnest.ts";

/** What can happen to a lead so far. `test` and `lead.sent` are a person's doing. */
export type EventType = "lead.created" | "lead.sent" | "test";

/** Who caused it. */
export type EventSource = { readonly kind: "token" | "user" | "command"; readonly id: number; readonly name: string };

export type NewEvent = {
  readonly accountId: AccountId;
  readonly id: EventId;
  readonly at: Date;
  readonly type: EventType;
  readonly leadId: LeadId | null;
  readonly source: EventSource;
  /** Lead, call and the names behind them as they are now: mapping sees nothing else, and nothing changes it later. */
  readonly snapshot: Snapshot;
};

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
  ]);
  await tx.query(
    `insert into events (account_id, id, at, type, lead_id, source, snapshot)
     select account_id, id, at, type, lead_id, source::jsonb, snapshot::jsonb from ${batch.from}`,
    batch.values,
  );
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
