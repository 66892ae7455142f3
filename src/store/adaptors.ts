import type { AdaptorSettings } from "../contracts/adaptor.ts";
import type { AdaptorId, ConnectId } from "../contracts/ids.ts";
import type { SecretOrigin } from "../core/secret-origins.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import type { AccountScope } from "./account-scope.ts";
import { storableJson } from "./storable.ts";

/** Where each secret static value may go, by the name of its place. */
export type SecretOrigins = Readonly<Record<string, SecretOrigin>>;

export type AdaptorRow = {
  readonly id: AdaptorId;
  readonly name: string;
  readonly active: boolean;
  /** As everybody may see it. */
  readonly settings: AdaptorSettings;
  /** Its secrets are places. */
  readonly stored: StoredAdaptor;
  readonly secrets: Uint8Array | null;
  readonly secret_origins: SecretOrigins;
  readonly revision: number;
  readonly saved_at: Date;
};

const columns = "id, name, active, settings, stored, secrets, secret_origins, revision, saved_at";

/** Oldest first, after the id `after`. */
export async function listAdaptors(scope: AccountScope, after: number, limit: number): Promise<AdaptorRow[]> {
  return scope.query<AdaptorRow>(
    `select ${columns} from adaptors where account_id = $1 and deleted_at is null and id > $2 order by id limit $3`,
    [after, limit],
  );
}

export async function findAdaptor(scope: AccountScope, id: AdaptorId): Promise<AdaptorRow | null> {
  const [row] = await scope.query<AdaptorRow>(
    `select ${columns} from adaptors where account_id = $1 and id = $2 and deleted_at is null`,
    [id],
  );
  return row ?? null;
}

/** Locked until the transaction ends, so that a connect can't choose it while it is switched off or deleted. */
export async function lockAdaptor(scope: AccountScope, id: AdaptorId): Promise<AdaptorRow | null> {
  const [row] = await scope.query<AdaptorRow>(
    `select ${columns} from adaptors where account_id = $1 and id = $2 and deleted_at is null for update`,
    [id],
  );
  return row ?? null;
}

export type AdaptorUser = { readonly id: ConnectId; readonly name: string; readonly origin: string };

/** The connects that use these adaptors, by adaptor. */
export async function usersOfAdaptors(
  scope: AccountScope,
  ids: readonly AdaptorId[],
): Promise<ReadonlyMap<AdaptorId, AdaptorUser[]>> {
  const rows = await scope.query<AdaptorUser & { adaptor_id: AdaptorId }>(
    `select adaptor_id, id, name, origin from connects
     where account_id = $1 and adaptor_id = any ($2::bigint[]) and deleted_at is null order by name`,
    [ids],
  );
  const users = new Map<AdaptorId, AdaptorUser[]>();
  for (const { adaptor_id, ...user } of rows) users.set(adaptor_id, [...(users.get(adaptor_id) ?? []), user]);
  return users;
}

export type AdaptorValues = Pick<AdaptorRow, "settings" | "stored" | "secret_origins">;

/** Fails on the constraint `adaptors_name` when the name is taken, as do changes. Its secrets are sealed with the id this gives. */
export async function insertAdaptor(scope: AccountScope, values: AdaptorValues): Promise<AdaptorId> {
  const [row] = await scope.query<{ id: AdaptorId }>(
    `insert into adaptors (account_id, name, active, settings, stored, secret_origins, revision)
     values ($1, $2, $3, $4, $5, $6, 0) returning id`,
    valuesOf(values),
  );
  return row!.id;
}

/** Writes the next revision. */
export async function updateAdaptor(
  scope: AccountScope,
  id: AdaptorId,
  values: AdaptorValues,
  secrets: Uint8Array | null,
): Promise<AdaptorRow> {
  const [row] = await scope.query<AdaptorRow>(
    `update adaptors set name = $2, active = $3, settings = $4, stored = $5, secret_origins = $6, secrets = $7,
       revision = revision + 1, saved_at = now()
     where account_id = $1 and id = $8 returning ${columns}`,
    [...valuesOf(values), secrets, id],
  );
  return row!;
}

/** Lets secrets go to where a connect just saved sends them; no revision of its own. */
export async function bindSecrets(scope: AccountScope, id: AdaptorId, origins: SecretOrigins): Promise<void> {
  await scope.query("update adaptors set secret_origins = $3 where account_id = $1 and id = $2", [
    id,
    storableJson(origins),
  ]);
}

/** Its name is free again; its rows stay for the deliveries that were made with it. */
export async function deleteAdaptor(scope: AccountScope, id: AdaptorId): Promise<void> {
  await scope.query("update adaptors set deleted_at = now(), active = false where account_id = $1 and id = $2", [id]);
}

function valuesOf({ settings, stored, secret_origins }: AdaptorValues): unknown[] {
  return [settings.name, settings.active, storableJson(settings), storableJson(stored), storableJson(secret_origins)];
}
