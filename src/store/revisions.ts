import type { AccountScope } from "./account-scope.ts";
import { storableJson } from "./storable.ts";

export type Revision = {
  readonly kind: string;
  readonly id: number;
  /** As it is now, without secrets; those stay sealed beside it. */
  readonly data: unknown;
  readonly secrets: Uint8Array | null;
  readonly savedBy: string;
};

/** Keeps a saved version under the next number, and gives that. The saved row must be locked by this transaction. */
export async function appendRevision(scope: AccountScope, revision: Revision): Promise<number> {
  const [row] = await scope.query<{ number: number }>(
    `insert into revisions (account_id, kind, target_id, number, data, secrets, saved_by)
     select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6 from revisions
     where account_id = $1 and kind = $2 and target_id = $3
     returning number`,
    [revision.kind, revision.id, storableJson(revision.data), revision.secrets, revision.savedBy],
  );
  return row!.number;
}
