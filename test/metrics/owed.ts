import type { ConnectId } from "../../src/contracts/ids.ts";
import type { AccountScope } from "../../src/store/account-scope.ts";
import { uuidV7At } from "../../src/store/uuid-v7.ts";

export type Owed = {
  readonly count?: number;
  readonly plannedAt?: Date;
  readonly held?: string;
  readonly behind?: boolean;
  readonly leased?: boolean;
  readonly test?: boolean;
  readonly dueIn?: string;
};

/** Rows of `due` as the engine would have them, without what nobody looks at here. */
export async function owe(scope: AccountScope, connectId: ConnectId, of: Owed = {}): Promise<void> {
  const prefix = uuidV7At((of.plannedAt ?? new Date()).getTime()).slice(0, 18);
  await scope.query(
    `insert into due (account_id, id, connect_id, phone_number, event_id, event_type, connect_revision, due_at, give_up_at,
       held_because, behind, lease_until, test, payload)
     select $1, ($3 || substr(gen_random_uuid()::text, 19))::uuid, $2, '3105550142', gen_random_uuid(), 'lead.sent', 1,
       now() + $4::interval, now() + interval '1 day', $5, $6, case when $7 then now() + interval '24 s' end, $8, '{}'
     from generate_series(1, $9::int)`,
    [
      connectId,
      prefix,
      of.dueIn ?? "0",
      of.held ?? null,
      of.behind ?? false,
      of.leased ?? false,
      of.test ?? false,
      of.count ?? 1,
    ],
  );
}
