import type { FieldValues } from "../../src/contracts/fields.ts";
import type { ConnectId, DeliveryId, EventId } from "../../src/contracts/ids.ts";
import type { Diagnosis, Outcome } from "../../src/contracts/outcome.ts";
import { replayOnce } from "../../src/engine/replay.ts";
import type { Database } from "../../src/store/database.ts";
import { insertEvents } from "../../src/store/events.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import { quiet, type TestAccount } from "../engine/fixtures.ts";

const notFound: Diagnosis = {
  code: "http_404",
  message: "The vendor knows nothing at this address",
  fix: "Check API URL",
};

type Seed = {
  readonly outcome?: Outcome;
  readonly diagnosis?: Diagnosis | null;
  readonly attempts?: number;
  /** Of rows in `due`. */
  readonly held?: string;
  readonly leased?: boolean;
  /** What the event knew of the lead besides. */
  readonly lead?: FieldValues;
};

/** So many deliveries of one event, as first sent long ago: settled where an outcome is named, else still owed. */
export async function seedDeliveries(
  db: Database,
  account: TestAccount,
  connectId: ConnectId,
  count: number,
  { outcome, diagnosis = notFound, attempts = 1, held, leased = false, lead = {} }: Seed = {},
): Promise<DeliveryId[]> {
  const eventId = newUuidV7() as EventId;
  await insertEvents(db, [
    {
      accountId: account.accountId,
      id: eventId,
      at: new Date(),
      type: "lead.sent",
      leadId: account.leadId,
      source: { kind: "user", id: 1, name: "Ada" },
      snapshot: { lead: { first_name: "Ada", phone_number: "3105550142", ...lead }, call: null, extra: {} },
    },
  ]);
  const ids = Array.from({ length: count }, () => newUuidV7() as DeliveryId);
  const payload = { query: [], body: ['{"firstname":"Old"}'], contentType: "application/json", places: {} };
  const common = `account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test, connect_revision,
    give_up_at, attempts, maybe_sent_twice, payload, workflow_id, workflow_revision`;
  const values = `$1, id, $2, $3, '3105550142', $4, 'lead.sent', false, 1, now(), $5, false, $6, 7, 3
    from unnest($7::uuid[]) as ids (id)`;
  const given = [account.accountId, connectId, account.leadId, eventId, attempts, JSON.stringify(payload), ids];
  if (outcome === undefined)
    await db.query(
      `insert into due (due_at, held_because, lease_until, ${common})
       select now() + interval '1 h', $8, $9, ${values}`,
      [...given, held ?? null, leased ? new Date(Date.now() + 60_000) : null],
    );
  else
    await db.query(`insert into deliveries (outcome, diagnosis, ${common}) select $8, $9, ${values}`, [
      ...given,
      outcome,
      JSON.stringify(outcome === "failed" ? diagnosis : null),
    ]);
  return ids;
}

/** Carries out what may be carried out now, batch by batch; gives how many each batch moved. */
export async function carryOut(db: Database, batchesMost = 100): Promise<number[]> {
  const batches: number[] = [];
  while (batches.length < batchesMost) {
    const moved = await replayOnce(db, quiet);
    if (moved === null) break;
    batches.push(moved);
  }
  return batches;
}

/** Where each delivery is. */
export async function placesOf(db: Database, ids: readonly DeliveryId[]): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ id: string; place: string }>(
    `select id, 'due' as place from due where id = any ($1) union all
     select id, 'deliveries' from deliveries where id = any ($1)`,
    [ids],
  );
  const places = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { id, place } of rows) places.get(id)!.push(place);
  return places;
}
