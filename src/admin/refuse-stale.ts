import { ProblemError } from "../core/problem-error.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { latestRevisions, lockForSave, savedSince } from "../store/revisions.ts";
import type { SavedKind } from "./change.ts";

/** Of those who saved in the meantime, so many are named. */
const namedMost = 20;

/**
 * Refuses a change that was made on a revision which is no longer the newest, so that nobody overwrites what they have not
 * seen, and says who saved since. `madeOn` unset: whoever asks does not care. The thing is locked by this transaction.
 */
export async function refuseStale(
  scope: AccountScope,
  kind: SavedKind,
  id: number,
  madeOn: number | undefined,
  newest: number,
): Promise<void> {
  if (madeOn === undefined || madeOn === newest) return;
  const since = await savedSince(scope, kind, id, madeOn, namedMost);
  throw new ProblemError("conflict", {
    conflict: {
      revision: newest,
      saved: since.map(({ at, by, replaced }) => ({ at: at.toISOString(), by, replaced_secrets: replaced })),
    },
  });
}

/** The same for what keeps no revision in its own row: locks it against whoever else saves with a revision. */
export async function refuseStaleSave(
  scope: AccountScope,
  kind: SavedKind,
  id: number,
  madeOn: number | undefined,
): Promise<void> {
  if (madeOn === undefined) return;
  await lockForSave(scope, kind, id);
  await refuseStale(scope, kind, id, madeOn, (await latestRevisions(scope, kind, [id])).get(id) ?? 0);
}
