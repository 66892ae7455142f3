import type { ConnectSettings } from "../contracts/connect.ts";
import type { AccountId, AdaptorId, ConnectId } from "../contracts/ids.ts";
import type { ConnectTexts } from "../core/request.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import type { AccountScope } from "./account-scope.ts";
import type { SecretOrigins } from "./adaptors.ts";
import type { Queryable } from "./database.ts";
import { unnest } from "./unnest.ts";

/** A connect as deliveries use it. */
export type DeliveryConnect = {
  readonly id: ConnectId;
  readonly name: string;
  readonly active: boolean;
  readonly deleted: boolean;
  readonly settings: ConnectSettings;
  readonly texts: ConnectTexts;
  readonly secrets: Uint8Array | null;
  readonly origin: string;
  readonly revision: number;
  readonly gate: ConnectGate;
};

/** What lets a connect's deliveries through or not, besides its settings. `troubled`: of its last attempts some did not go well. */
export type ConnectGate = {
  readonly paused: boolean;
  readonly breaker: "closed" | "open" | "refused";
  readonly troubled: boolean;
};

/** A connect of which nothing is remembered. */
export const openGate: ConnectGate = { paused: false, breaker: "closed", troubled: false };

/** The adaptor a payload was made with: its secrets fill the payload's places. */
export type DeliveryAdaptor = {
  readonly id: AdaptorId;
  readonly stored: StoredAdaptor;
  readonly secrets: Uint8Array | null;
  readonly secret_origins: SecretOrigins;
  readonly revision: number;
};

const connectColumns = `c.id, c.name, c.active, c.deleted_at is not null as deleted, c.settings, c.texts, c.secrets,
  c.origin, c.revision, jsonb_build_object('paused', s.paused_at is not null, 'breaker', coalesce(s.breaker, 'closed'),
    'troubled', coalesce(s.breaker <> 'closed' or s.refusals_in_row > 0 or s.recent <> '[]', false)) as gate`;
const joinState = "left join connect_states s on s.account_id = c.account_id and s.connect_id = c.id";

/** A connect, and the adaptor that its deliveries are mapped with. */
export type PlannedWith = { readonly connect: DeliveryConnect; readonly adaptor: DeliveryAdaptor | null };

/**
 * A connect and its adaptor for planning. The connect is locked against being switched, saved or deleted until the
 * transaction ends, so that no delivery slips in between a switch and what it does to deliveries. null: there is none.
 */
export async function lockForPlanning(scope: AccountScope, id: ConnectId): Promise<PlannedWith | null> {
  const [row] = await scope.prepared<DeliveryConnect & { adaptor: DeliveryAdaptor | null; sealed: Uint8Array | null }>(
    "lock-for-planning",
    `select ${connectColumns}, a.secrets as sealed, case when a.id is not null then jsonb_build_object('id', a.id,
       'stored', a.stored, 'secret_origins', a.secret_origins, 'revision', a.revision) end as adaptor
     from connects c ${joinState}
     left join adaptors a on a.account_id = c.account_id and a.id = c.adaptor_id and a.deleted_at is null
     where c.account_id = $1 and c.id = $2 and c.deleted_at is null for share of c`,
    [id],
  );
  if (row === undefined) return null;
  const { adaptor, sealed, ...connect } = row;
  return { connect, adaptor: adaptor && { ...adaptor, secrets: sealed } };
}

/** An adaptor as deliveries use it; null: there is none, or it is deleted. */
export async function findAdaptor(scope: AccountScope, id: AdaptorId): Promise<DeliveryAdaptor | null> {
  const [adaptor] = await scope.query<DeliveryAdaptor>(
    "select id, stored, secrets, secret_origins, revision from adaptors where account_id = $1 and id = $2 and deleted_at is null",
    [id],
  );
  return adaptor ?? null;
}

/** Which connect, and whose secret static values. */
export type DefinitionKey = {
  readonly accountId: AccountId;
  readonly connectId: ConnectId;
  readonly adaptorId: AdaptorId | null;
};

export type DefinitionRow = DeliveryConnect & {
  readonly account_id: AccountId;
  /** The key's; null: it names none, or none that is there. */
  readonly adaptor_id: AdaptorId | null;
  readonly adaptor: Omit<DeliveryAdaptor, "stored"> | null;
};

type FlatRow = Omit<DefinitionRow, "adaptor"> & {
  readonly adaptor_revision: number | null;
  readonly adaptor_secrets: Uint8Array | null;
  readonly adaptor_secret_origins: SecretOrigins | null;
};

/** What attempts need of these connects now, deleted ones too. Crosses accounts, as claims do. */
export async function readDefinitions(db: Queryable, keys: readonly DefinitionKey[]): Promise<DefinitionRow[]> {
  const batch = unnest(keys, [
    ["account_id", "bigint", (key) => key.accountId],
    ["connect_id", "bigint", (key) => key.connectId],
    ["adaptor_id", "bigint", (key) => key.adaptorId],
  ]);
  const { rows } = await db.query<FlatRow>({
    name: "read-definitions",
    text: `select c.account_id, ${connectColumns}, batch.adaptor_id, a.revision as adaptor_revision,
       a.secrets as adaptor_secrets, a.secret_origins as adaptor_secret_origins
     from ${batch.from} join connects c on c.account_id = batch.account_id and c.id = batch.connect_id ${joinState}
     left join adaptors a on a.account_id = batch.account_id and a.id = batch.adaptor_id`,
    values: batch.values,
  });
  return rows.map(({ adaptor_revision, adaptor_secrets, adaptor_secret_origins, ...row }) => ({
    ...row,
    adaptor:
      row.adaptor_id === null || adaptor_revision === null
        ? null
        : {
            id: row.adaptor_id,
            revision: adaptor_revision,
            secrets: adaptor_secrets,
            secret_origins: adaptor_secret_origins ?? {},
          },
  }));
}
