import type { AccountScope } from "./account-scope.ts";
import { storableJson } from "./storable.ts";

export type Revision = {
  readonly kind: string;
  readonly id: number;
  /** As it is now, without secrets; those stay sealed beside it. */
  readonly data: unknown;
  readonly secrets: Uint8Array | null;
  readonly savedBy: string;
  /** Secrets that this save replaced, by the setting that each stands in. */
  readonly replaced?: readonly string[];
};

/** Keeps a saved version under the next number, and gives that. The saved row must be locked by this transaction. */
export async function appendRevision(scope: AccountScope, revision: Revision): Promise<number> {
  const [row] = await scope.query<{ number: number }>(
    `insert into revisions (account_id, kind, target_id, number, data, secrets, saved_by,
       replaced_secrets)
     select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7 from revisions
     where account_id = $1 and kind = $2 and target_id = $3
     returning number`,
    [
      revision.kind,
      revision.id,
      storableJson(revision.data),
      revision.secrets,
      revision.savedBy,
      revision.replaced ?? [],
    ],
  );
  return row!.number;
}

/** The number under which each of these was saved last; one that no person or file ever saved has none. */
export async function latestRevisions(
  scope: AccountScope,
  kind: string,
  ids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await scope.query<{ id: number; number: number }>(
    `select wanted.id, last.number from unnest($3::bigint[]) as wanted (id) cross join lateral (
       select number from revisions where account_id = $1 and kind = $2 and target_id = wanted.id
       order by number desc limit 1
     ) last`,
    [kind, ids],
  );
  return new Map(rows.map(({ id, number }) => [id, number]));
}

/** A save as those see it who were about to save too. */
export type SavedSince = {
  readonly at: Date;
  readonly by: string;
  readonly replaced: string[];
};

/** Who saved it after this number, newest first. */
export async function savedSince(
  scope: AccountScope,
  kind: string,
  id: number,
  after: number,
  most: number,
): Promise<SavedSince[]> {
  return scope.query<SavedSince>(
    `select saved_at as at, saved_by as by, replaced_secrets as replaced from revisions
     where account_id = $1 and kind = $2 and target_id = $3 and number > $4 order by number desc limit $5`,
    [kind, id, after, most],
  );
}

/** Until the transaction ends nobody else who asks for this may save the thing. */
export async function lockForSave(scope: AccountScope, kind: string, id: number): Promise<void> {
  await scope.query(
    "select pg_advisory_xact_lock(hashtextextended($2 || ' ' || $3::bigint || ' of ' || $1::bigint, 0))",
    [kind, id],
  );
}
