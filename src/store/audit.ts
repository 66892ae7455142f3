import type { AccountScope } from "./account-scope.ts";
import { storableJson } from "./storable.ts";

/** Who changes something: a signed-in user, an API token, a command on the server, Patchbay itself. */
export type Actor = {
  readonly kind: "user" | "token" | "command" | "system";
  /** The user's or the token's. */
  readonly id: number | null;
  readonly name: string;
};

export type AuditEntry = {
  readonly action: string;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** As everybody may see them: secrets masked. null: there was, or is, nothing. */
  readonly before: unknown;
  readonly after: unknown;
  /** Secrets that were replaced, by the setting that each stands in. */
  readonly replaced?: readonly string[];
};

/** Writes down who did what. */
export async function appendAudit(scope: AccountScope, actor: Actor, entry: AuditEntry): Promise<void> {
  await scope.query(
    `insert into audit (account_id, actor_kind, actor_name, action, target_kind, target_id, target_name, before, after,
       replaced_secrets)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      actor.kind,
      actor.name,
      entry.action,
      entry.kind,
      entry.id,
      entry.name,
      entry.before === null ? null : storableJson(entry.before),
      entry.after === null ? null : storableJson(entry.after),
      entry.replaced ?? [],
    ],
  );
}

export type AuditRow = {
  readonly id: number;
  readonly at: Date;
  readonly actor_kind: Actor["kind"];
  readonly actor_name: string;
  readonly action: string;
  readonly target_kind: string;
  readonly target_id: string;
  readonly target_name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly replaced_secrets: string[];
};

/** Newest first, before the id `before`. */
export async function listAudit(scope: AccountScope, before: number, limit: number): Promise<AuditRow[]> {
  return scope.query<AuditRow>(
    `select id, at, actor_kind, actor_name, action, target_kind, target_id, target_name, before, after,
       replaced_secrets from audit
     where account_id = $1 and id < $2 order by id desc limit $3`,
    [before, limit],
  );
}
