import type { Warning } from "../contracts/connect.ts";
import { ProblemError } from "../core/problem-error.ts";
import type { AccountId } from "../contracts/ids.ts";
import { accountScope, type AccountScope } from "../store/account-scope.ts";
import { appendAudit, type Actor } from "../store/audit.ts";
import type { Database, Queryable } from "../store/database.ts";
import { appendRevision } from "../store/revisions.ts";
import type { SecretBox } from "../store/secret-box.ts";

/** A transaction in which settings of one account are changed, by whom. Every verb of this folder works in one. */
export type Change = {
  readonly scope: AccountScope;
  readonly tx: Queryable;
  readonly secretBox: SecretBox;
  readonly actor: Actor;
  /** Told of every save. */
  readonly onSave?: (saved: Saved) => void;
};

export type ChangeBy = {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly accountId: AccountId;
  readonly actor: Actor;
};

/** Commits what the verbs in `work` did, or nothing of it when one refuses. */
export async function inChange<T>(by: ChangeBy, work: (change: Change) => Promise<T>): Promise<T> {
  return by.database.transaction(async (tx) =>
    work({ scope: accountScope(tx, by.accountId), tx, secretBox: by.secretBox, actor: by.actor }),
  );
}

/** Some of a thing's settings; what is not there, or undefined, stays as it is. */
export type Changes<Settings> = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/** The settings with some of them changed. */
export function withChanges<Settings extends object>(before: Settings | null, changes: Changes<Settings>): Settings {
  const named = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(named) } as Settings;
}

export type Saved = {
  readonly kind: SavedKind;
  readonly id: number;
  readonly name: string;
  readonly action: string;
  /** As everybody may see it, secrets masked; null: it was not there, or is gone. */
  readonly before: object | null;
  readonly after: object | null;
  /** What the revision keeps, when that is more than what everybody may see. */
  readonly data?: object;
  readonly secrets?: Uint8Array | null;
  /** Secrets that were replaced, by the setting that each stands in: `before` and `after` can't tell. */
  readonly replaced?: readonly string[];
  /** What was understood but deserves a look, by its setting. */
  readonly warnings?: readonly Warning[];
};

export type SavedKind =
  | "account"
  | "user"
  | "invitation"
  | "token"
  | "campaign"
  | "list"
  | "agent"
  | "status"
  | "lead field"
  | "adaptor"
  | "connect"
  | "workflow"
  | "queue"
  | "inbound number"
  | "e-mail template";

/** Appends the revision (of what is still there) and the audit row of a save, in its own transaction. Gives the revision's number. */
export async function recordSave(change: Change, saved: Saved): Promise<number> {
  const { kind, id, name, action, before, after, replaced = [] } = saved;
  change.onSave?.(saved);
  await appendAudit(change.scope, change.actor, { action, kind, id: String(id), name, before, after, replaced });
  if (after === null) return 0;
  return appendRevision(change.scope, {
    kind,
    id,
    data: saved.data ?? after,
    secrets: saved.secrets ?? null,
    savedBy: change.actor.name,
    replaced,
  });
}

/** Does a write that a unique name may refuse, and says it in words. `words` by the constraint's name. */
export async function refuseTaken<T>(words: Readonly<Record<string, string>>, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code, constraint } = error as { code?: unknown; constraint?: unknown };
    const detail = code === "23505" && typeof constraint === "string" ? words[constraint] : undefined;
    if (detail === undefined) throw error;
    const [path, message] = detail.split(": ", 2) as [string, string];
    throw new ProblemError("name_taken", { detail: message, errors: [{ path, message }], cause: error });
  }
}
