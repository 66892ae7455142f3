import type { ConnectSettings } from "../contracts/connect.ts";
import type { AccountId } from "../contracts/ids.ts";
import type { ConnectTexts } from "../core/request.ts";
import type { Database } from "../store/database.ts";
import {
  readDefinitions,
  type ConnectGate,
  type DefinitionKey,
  type DefinitionRow,
  type PlannedWith,
} from "../store/delivery-connects.ts";
import { gather } from "../store/gather.ts";
import type { SecretBox } from "../store/secret-box.ts";
import { adaptorSecrets, connectSecrets } from "./open-secrets.ts";

/** What an attempt takes fresh: settings, URL and credentials as they are now, whatever the payload is. */
export type Definition = {
  readonly name: string;
  readonly active: boolean;
  readonly deleted: boolean;
  readonly settings: ConnectSettings;
  readonly texts: ConnectTexts;
  /** Scheme, host and port: the only place the secrets may go. */
  readonly origin: string;
  readonly revision: number;
  readonly gate: ConnectGate;
  /** Opened; the same object while nothing was saved, so that its mask is made once. */
  readonly secrets: Readonly<Record<string, string>>;
};

export type Definitions = {
  /** As saved now; null: there is no such connect. Rejects when the database is gone. */
  readonly of: (key: DefinitionKey) => Promise<Definition | null>;
  /** As a transaction has just read it for planning. */
  readonly planned: (accountId: AccountId, found: PlannedWith) => Definition;
};

/** Reads what deliveries of the same few milliseconds need in one query, and opens secrets once a revision. */
export function createDefinitions(db: Database, secretBox: SecretBox): Definitions {
  const opened = new Map<string, { stamp: string; secrets: Readonly<Record<string, string>> }>();

  const secretsOf = (row: DefinitionRow): Readonly<Record<string, string>> => {
    const id = `${row.account_id}/${row.id}/${row.adaptor_id}`;
    const stamp = `${row.revision}/${JSON.stringify(row.adaptor?.secret_origins)}/${row.adaptor?.revision}`;
    const known = opened.get(id);
    if (known?.stamp === stamp) return known.secrets;
    const ofAdaptor = row.adaptor && adaptorSecrets(secretBox, row.account_id, row.adaptor, row.origin);
    const secrets = { ...ofAdaptor, ...connectSecrets(secretBox, row.account_id, row) };
    if (opened.size >= 10_000) opened.clear();
    opened.set(id, { stamp, secrets });
    return secrets;
  };

  const rowOf = gather(
    async (keys: readonly DefinitionKey[]) =>
      new Map((await readDefinitions(db, keys)).map((row) => [`${row.account_id}/${row.id}/${row.adaptor_id}`, row])),
    idOf,
  );

  return {
    of: async (key) => {
      const row = await rowOf(key);
      return row === undefined ? null : { ...row, secrets: secretsOf(row) };
    },
    planned: (accountId, { connect, adaptor }) => {
      const row = { ...connect, account_id: accountId, adaptor_id: adaptor?.id ?? null, adaptor };
      return { ...connect, secrets: secretsOf(row) };
    },
  };
}

const idOf = ({ accountId, connectId, adaptorId }: DefinitionKey): string => `${accountId}/${connectId}/${adaptorId}`;
