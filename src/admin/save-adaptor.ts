import { isDeepStrictEqual } from "node:util";
import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { AdaptorId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { replacedSecrets } from "../core/replaced-secrets.ts";
import { sealAdaptor } from "../core/seal-adaptor.ts";
import { typistOf } from "../core/secret-origins.ts";
import {
  deleteAdaptor as deleteRow,
  insertAdaptor,
  lockAdaptor,
  updateAdaptor,
  usersOfAdaptors,
  type AdaptorRow,
  type AdaptorUser,
  type SecretOrigins,
} from "../store/adaptors.ts";
import type { Actor } from "../store/audit.ts";
import { listLeadFields } from "../store/lead-fields.ts";
import type { SecretBox } from "../store/secret-box.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { recordSave, refuseTaken, withChanges, type Change, type Changes } from "./change.ts";
import { refuseStale } from "./refuse-stale.ts";

type Options = {
  /** The revision that the change was made on; null: whichever there is. */
  readonly revision?: number | undefined;
};

const taken = { adaptors_name: "name: Another adaptor has this name" };

/** Adds an adaptor (`id` null) or changes one; what `values` doesn't name stays, and so do secrets whose mask came back. */
export async function saveAdaptor(
  change: Change,
  id: AdaptorId | null,
  values: Changes<AdaptorSettings>,
  options: Options = {},
): Promise<AdaptorRow> {
  const { scope, secretBox } = change;
  const old = id === null ? null : await lockExisting(change, id);
  if (old !== null) await refuseStale(scope, "adaptor", old.id, options.revision, old.revision);
  const oldSecrets = old === null ? {} : openAdaptorSecrets(scope, secretBox, old);
  const wanted = withChanges<AdaptorSettings>(old?.settings ?? null, values);
  const kept = new Set<string>();
  const stored = { secrets: oldSecrets, onKept: (name: string) => void kept.add(name) };
  const sealed = sealAdaptor(wanted, stored, await listLeadFields(scope));
  if (!sealed.ok) throw new ProblemError("bad_input", { errors: sealed.problems });
  const users = old === null ? [] : ((await usersOfAdaptors(scope, [old.id])).get(old.id) ?? []);
  if (old?.active === true && !wanted.active && users.length > 0)
    throw new ProblemError("in_use", { detail: `${wanted.name} is used by ${namesOf(users)}, so it stays on.` });
  const { shown, secrets } = sealed;
  const isKept = (name: string): boolean =>
    kept.has(name) ||
    (secrets[name] === oldSecrets[name] && old?.secret_origins[name]?.typed_by === typistOf(change.actor));
  const secret_origins = originsOf(Object.keys(secrets), isKept, old, users, change.actor);
  const unchanged =
    isDeepStrictEqual(old?.settings, shown) &&
    isDeepStrictEqual(oldSecrets, secrets) &&
    isDeepStrictEqual(old?.secret_origins, secret_origins);
  if (old !== null && unchanged) return old;

  const row = { settings: shown, stored: sealed.stored, secret_origins };
  const saved = await refuseTaken(taken, async () => {
    const savedId = old === null ? await insertAdaptor(scope, row) : old.id;
    return updateAdaptor(scope, savedId, row, sealSecrets(scope, secretBox, savedId, sealed.secrets));
  });
  await recordSave(change, {
    kind: "adaptor",
    id: saved.id,
    name: saved.name,
    action: old === null ? "create" : "update",
    before: old?.settings ?? null,
    after: saved.settings,
    data: { settings: saved.settings, stored: saved.stored, secret_origins: saved.secret_origins },
    secrets: saved.secrets,
    warnings: sealed.warnings,
    replaced: replacedSecrets(oldSecrets, sealed.secrets),
  });
  return saved;
}

/** Refused while a connect uses it. */
export async function deleteAdaptor(change: Change, id: AdaptorId): Promise<void> {
  const old = await lockExisting(change, id);
  const users = (await usersOfAdaptors(change.scope, [id])).get(id) ?? [];
  if (users.length > 0)
    throw new ProblemError("in_use", {
      detail: `${old.name} is used by ${namesOf(users)}. Choose another adaptor there first.`,
    });
  await deleteRow(change.scope, id);
  const before = old.settings;
  await recordSave(change, { kind: "adaptor", id, name: old.name, action: "delete", before, after: null });
}

/** Its secret static values by the names of their places. */
export function openAdaptorSecrets(
  scope: AccountScope,
  secretBox: SecretBox,
  { id, secrets }: Pick<AdaptorRow, "id" | "secrets">,
): Record<string, string> {
  return secrets === null ? {} : secretBox.open(secrets, { table: "adaptors", account: scope.accountId, id });
}

function sealSecrets(
  scope: AccountScope,
  secretBox: SecretBox,
  id: AdaptorId,
  secrets: Readonly<Record<string, string>>,
): Uint8Array | null {
  if (Object.keys(secrets).length === 0) return null;
  return secretBox.seal(secrets, { table: "adaptors", account: scope.accountId, id });
}

/**
 * What was typed now may go where the connects go that use the adaptor, and is the typist's, also where it is the value that
 * somebody else typed before: they know it as well. What was kept may go where it might before.
 */
function originsOf(
  names: readonly string[],
  isKept: (name: string) => boolean,
  old: AdaptorRow | null,
  users: readonly AdaptorUser[],
  actor: Actor,
): SecretOrigins {
  const here = [...new Set(users.map(({ origin }) => origin))];
  return Object.fromEntries(
    names.map((name) => {
      const known = isKept(name) ? old?.secret_origins[name] : undefined;
      return [name, known ?? { origins: here, typed_by: typistOf(actor) }];
    }),
  );
}

async function lockExisting(change: Change, id: AdaptorId): Promise<AdaptorRow> {
  const row = await lockAdaptor(change.scope, id);
  if (row === null) throw new ProblemError("not_found", { detail: `There is no adaptor ${id}.` });
  return row;
}

function namesOf(users: readonly AdaptorUser[]): string {
  return users.map(({ name }) => name).join(", ");
}
