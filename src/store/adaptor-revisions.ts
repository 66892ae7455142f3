import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import type { AccountScope } from "./account-scope.ts";

/** An adaptor as it was in a revision; null: it was never saved, or its revision is not kept. */
export async function adaptorAtRevision(
  scope: AccountScope,
  id: number,
  revision: number,
): Promise<StoredAdaptor | null> {
  const [row] = await scope.query<{ stored: StoredAdaptor | null }>(
    `select data -> 'stored' as stored from revisions
     where account_id = $1 and kind = 'adaptor' and target_id = $2 and number = $3`,
    [id, revision],
  );
  return row?.stored ?? null;
}
