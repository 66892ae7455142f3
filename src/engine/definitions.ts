import type { ConnectSettings } from "../contracts/connect.ts";
import type { ConnectTexts } from "../core/request.ts";
import type { Database } from "../store/database.ts";
import {
  readDefinitions,
  type ConnectStanding,
  type DefinitionKey,
  type DefinitionRow,
} from "../store/delivery-connects.ts";
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
  readonly standing: ConnectStanding;
  /** Opened; the same object while nothing was saved, so that its mask is made once. */
  readonly secrets: Readonly<Record<string, string>>;
};

export type Definitions = {
  /** As saved now; null: there is no such connect. Rejects when the database is gone. */
  readonly of: (key: DefinitionKey) => Promise<Definition | null>;
};

/** Reads what deliveries of the same few milliseconds need in one query, and opens secrets once a revision. */
export function createDefinitions(db: Database, secretBox: SecretBox): Definitions {
  const opened = new Map<string, { stamp: string; secrets: Readonly<Record<string, string>> }>();
  let round: Round | null = null;

  const secretsOf = (id: string, row: DefinitionRow): Readonly<Record<string, string>> => {
    const stamp = `${row.revision}/${JSON.stringify(row.adaptor?.secret_origins)}/${row.adaptor?.revision}`;
    const known = opened.get(id);
    if (known?.stamp === stamp) return known.secrets;
    const ofAdaptor = row.adaptor && adaptorSecrets(secretBox, row.account_id, row.adaptor, row.origin);
    const secrets = { ...ofAdaptor, ...connectSecrets(secretBox, row.account_id, row) };
    if (opened.size >= 10_000) opened.clear();
    opened.set(id, { stamp, secrets });
    return secrets;
  };

  const begin = (): Round => {
    const keys = new Map<string, DefinitionKey>();
    // when this turn of the event loop is over, the round closes and is read
    const rows = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      round = null;
      const read = await readDefinitions(db, [...keys.values()]);
      return new Map(read.map((row) => [`${row.account_id}/${row.id}/${row.adaptor_id}`, row]));
    });
    return { keys, rows };
  };

  return {
    of: async (key) => {
      const id = `${key.accountId}/${key.connectId}/${key.adaptorId}`;
      round ??= begin();
      round.keys.set(id, key);
      const row = (await round.rows).get(id);
      return row === undefined ? null : { ...row, secrets: secretsOf(id, row) };
    },
  };
}

type Round = {
  readonly keys: Map<string, DefinitionKey>;
  readonly rows: Promise<ReadonlyMap<string, DefinitionRow>>;
};
