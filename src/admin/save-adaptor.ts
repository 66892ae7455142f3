import { isDeepStrictEqual } from "node:util";
import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { AdaptorId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import { replacedSecrets } from "../core/replaced-secrets.ts";
import { sealAdaptor } from "../core/seal-adaptor.ts";
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
  const sealed = sealAdaptor(wanted, { secrets: oldSecrets }, await listLeadFields(scope));
  if (!sealed.ok) throw new ProblemError("bad_input", { errors: sealed.problems });
  const users = old === null ? [] : ((await usersOfAdaptors(scope, [old.id])).get(old.id) ?? []);
  if (old?.active === true && !wanted.active && users.length > 0)
    throw new ProblemError("in_use", { detail: `${wanted.name} is used by ${namesOf(users)}, so it stays on.` });
  if (old !== null && isDeepStrictEqual(old.settings, sealed.shown) && isDeepStrictEqual(oldSecrets, sealed.secrets))
    return old;

  const row = {
    settings: sealed.shown,
    stored: sealed.stored,
    secret_origins: originsOf(sealed.secrets, oldSecrets, old, users, change.actor),
  };
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

/** How secrets remember who typed them. */
export function typist(actor: Actor): string {
  return actor.id === null ? actor.kind : `${actor.kind} ${actor.id}`;
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

/** What was typed now may go where the connects go that use the adaptor; what was kept, where it might before. */
function originsOf(
  secrets: Readonly<Record<string, string>>,
  oldSecrets: Readonly<Record<string, string>>,
  old: AdaptorRow | null,
  users: readonly AdaptorUser[],
  actor: Actor,
): SecretOrigins {
  const here = [...new Set(users.map(({ origin }) => origin))];
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => {
      const known = old?.secret_origins[name];
      const kept = known !== undefined && oldSecrets[name] === value;
      return [name, kept ? known : { origins: here, typed_by: typist(actor) }];
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
