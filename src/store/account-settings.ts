import type { CustomField } from "../contracts/fields.ts";
import type { AccountId } from "../contracts/ids.ts";
import type { AccountScope } from "./account-scope.ts";

/** What of an account the fields' rules depend on. */
export type MappingContext = {
  readonly timeZone: string;
  /** PHP letters. */
  readonly dateFormat: string;
  readonly customFields: readonly CustomField[];
  /** Keys of lead fields whose values are masked in logs for everybody. */
  readonly maskedInLogs: readonly string[];
};

/** A thing that the dialler names, by its id or by a code of its own. */
export type Coded = { readonly id: number; readonly code: string | null; readonly name: string };
export type CodedTable = "campaigns" | "queues" | "inbound_numbers" | "lists";
export type Agent = Coded & { readonly number: number | null; readonly email: string };
export type StatusFacts = { readonly name: string; readonly reached: boolean; readonly final: boolean };

export type CodedThings = {
  readonly byId: ReadonlyMap<number, Coded>;
  /** By code; where none has it, by name. */
  readonly byText: ReadonlyMap<string, Coded>;
};

/** What every event reads of its account: read once and kept until something of it is changed. */
export type AccountSettings = {
  readonly mapping: MappingContext;
  readonly coded: Readonly<Record<CodedTable, CodedThings>>;
  readonly agents: {
    readonly byId: ReadonlyMap<number, Agent>;
    readonly byNumber: ReadonlyMap<number, Agent>;
    readonly byCode: ReadonlyMap<string, Agent>;
  };
  readonly statuses: ReadonlyMap<string, StatusFacts>;
  readonly emailTemplates: ReadonlyMap<number, string>;
};

/** As of one statement: how many changes an account has seen, and of which database. */
export type SettingsVersion = { readonly settings: number; readonly database: string };

type Kept = { readonly version: number; readonly settings: AccountSettings };

const kept = new Map<string, Kept>();
const firstSeen = new WeakMap<AccountScope, Promise<SettingsVersion>>();
const ofScope = new WeakMap<AccountScope, Promise<AccountSettings>>();

/**
 * The account's settings, once a scope: a transaction sees them as they were at its first look, and looks up elsewhere
 * what it has added since. They are as of that look in whatever process they were changed: the transaction reads their
 * version (migration 0008), and the rest only where this process has not read that version already.
 */
export function accountSettings(scope: AccountScope): Promise<AccountSettings> {
  const read = ofScope.get(scope) ?? settingsOf(scope);
  ofScope.set(scope, read);
  return read;
}

/** Another statement of this scope reads the version as well: the first that does so tells. */
export function tellVersion(scope: AccountScope, version: Promise<SettingsVersion>): void {
  if (firstSeen.has(scope)) return;
  firstSeen.set(scope, version);
  version.catch(() => {}); // met by whoever asks for the settings
}

async function settingsOf(scope: AccountScope): Promise<AccountSettings> {
  const { settings: version, database } = await (firstSeen.get(scope) ?? readVersion(scope));
  const key = `${database}/${scope.accountId satisfies AccountId}`;
  const known = kept.get(key);
  if (known?.version === version) return known.settings;
  const read = await readSettings(scope);
  // what this transaction has changed itself, which counted in the account's row, may be rolled back yet
  if (read.isCommitted && read.version >= (kept.get(key)?.version ?? 0)) kept.set(key, read);
  return read.settings;
}

async function readVersion(scope: AccountScope): Promise<SettingsVersion> {
  const [row] = await scope.prepared<SettingsVersion>(
    "settings-version",
    "select settings_version as settings, current_database() as database from accounts where id = $1",
  );
  return row ?? gone();
}

type Row = {
  readonly version: number;
  readonly is_committed: boolean;
  readonly time_zone: string;
  readonly date_format: string;
  readonly masked: string[];
  readonly lead_fields: CustomField[] | null;
  readonly campaigns: Coded[] | null;
  readonly queues: Coded[] | null;
  readonly inbound_numbers: Coded[] | null;
  readonly lists: Coded[] | null;
  readonly agents: Agent[] | null;
  readonly statuses: (StatusFacts & { readonly code: string })[] | null;
  readonly email_templates: { readonly id: number; readonly name: string }[] | null;
};

/** All of it and its version in one statement. */
async function readSettings(scope: AccountScope): Promise<Kept & { readonly isCommitted: boolean }> {
  const coded = (table: CodedTable): string => rowsOf(table, ["id", "code", "name"]);
  const [row] = await scope.prepared<Row>(
    "account-settings",
    `select settings_version as version,
       pg_current_xact_id_if_assigned() is null or age(a.xmin) > age(pg_current_xact_id()::xid) as is_committed,
       time_zone, date_format, fields_masked_in_logs as masked,
       ${rowsOf("lead_fields", ["number", "name", "label", "type", "personal"], "deleted_at is null", "number")},
       ${coded("campaigns")}, ${coded("queues")}, ${coded("inbound_numbers")}, ${coded("lists")},
       ${rowsOf("agents", ["id", "number", "code", "name", "email"])},
       ${rowsOf("statuses", ["code", "name", "reached", "final"])},
       ${rowsOf("email_templates", ["id", "name"])}
     from accounts a where a.id = $1`,
  );
  if (row === undefined) return gone();
  const agents = row.agents ?? [];
  return {
    version: row.version,
    isCommitted: row.is_committed,
    settings: {
      mapping: {
        timeZone: row.time_zone,
        dateFormat: row.date_format,
        customFields: row.lead_fields ?? [],
        maskedInLogs: row.masked,
      },
      coded: {
        campaigns: codedThings(row.campaigns),
        queues: codedThings(row.queues),
        inbound_numbers: codedThings(row.inbound_numbers),
        lists: codedThings(row.lists),
      },
      agents: {
        byId: new Map(agents.map((agent) => [agent.id, agent])),
        byNumber: new Map(agents.flatMap((agent) => (agent.number === null ? [] : [[agent.number, agent]]))),
        byCode: new Map(agents.flatMap((agent) => (agent.code === null ? [] : [[agent.code, agent]]))),
      },
      statuses: new Map((row.statuses ?? []).map(({ code, ...facts }) => [code, facts])),
      emailTemplates: new Map((row.email_templates ?? []).map(({ id, name }) => [id, name])),
    },
  };
}

/** A column of JSON objects, one a row of this account's; names come from code alone. */
function rowsOf(table: string, columns: readonly string[], where = "true", order = "id"): string {
  const object = columns.map((column) => `'${column}', ${column}`).join(", ");
  return `(select jsonb_agg(jsonb_build_object(${object}) order by ${order}) from ${table}
     where account_id = $1 and ${where}) as ${table}`;
}

function codedThings(rows: readonly Coded[] | null): CodedThings {
  const all = rows ?? [];
  const byText = new Map(all.map((thing) => [thing.name, thing]));
  for (const thing of all) if (thing.code !== null) byText.set(thing.code, thing);
  return { byId: new Map(all.map((thing) => [thing.id, thing])), byText };
}

function gone(): never {
  throw new Error("The account is gone.");
}
