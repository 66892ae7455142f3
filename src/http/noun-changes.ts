import { inChange, type Change, type SavedKind } from "../admin/change.ts";
import { refuseStaleSave } from "../admin/refuse-stale.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import { inOneSnapshot } from "../store/database.ts";
import { latestRevisions } from "../store/revisions.ts";
import type { Caller } from "./caller.ts";
import { changeBy, type AdminDeps } from "./change-by.ts";
import { afterOf, pageOfRows } from "./paging.ts";

type Row = { readonly id: number };
type PageQuery = { readonly cursor?: string | undefined; readonly limit: number };

/**
 * What the routes of a plain settings noun share. Its rows keep no revision of their own: the number of the last save is
 * looked up, in the same moment as the row, and a change that says on which it was made is refused when there is a newer
 * one.
 */
export function nounChanges(deps: AdminDeps, kind: SavedKind) {
  const withRevisions = async <R extends Row>(scope: AccountScope, rows: readonly R[]) => {
    const revisions = await latestRevisions(
      scope,
      kind,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({ ...row, revision: revisions.get(row.id) ?? 0 }));
  };
  return {
    page: async <R extends Row>(
      { accountId }: AccountScope,
      { cursor, limit }: PageQuery,
      list: (scope: AccountScope, after: number, limit: number) => Promise<R[]>,
    ) =>
      inOneSnapshot(deps.database, async (tx) => {
        const scope = accountScope(tx, accountId);
        const rows = await list(scope, afterOf(cursor, 0), limit + 1);
        const { items, next_cursor } = pageOfRows(rows, limit, (row) => row);
        return { items: await withRevisions(scope, items), next_cursor };
      }),
    /** `madeOn`: of a change, what it was made on. */
    save: async <R extends Row>(
      caller: Caller,
      save: (change: Change) => Promise<R>,
      madeOn?: { readonly id: number; readonly revision: number | undefined },
    ) =>
      inChange(changeBy(deps, caller), async (change) => {
        if (madeOn !== undefined) await refuseStaleSave(change.scope, kind, madeOn.id, madeOn.revision);
        const [row] = await withRevisions(change.scope, [await save(change)]);
        return row!;
      }),
    remove: async (caller: Caller, remove: (change: Change) => Promise<void>): Promise<null> => {
      await inChange(changeBy(deps, caller), remove);
      return null;
    },
  };
}
