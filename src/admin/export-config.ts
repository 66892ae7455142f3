import { Document, isCollection, isNode, type Node } from "yaml";
import type { AdaptorRow, AdaptorSettings } from "../contracts/adaptor.ts";
import { secretMask, type ConnectSettings } from "../contracts/connect.ts";
import { customFieldKey } from "../contracts/fields.ts";
import type { ConnectId } from "../contracts/ids.ts";
import { ProblemError } from "../core/problem-error.ts";
import type { AccountScope } from "../store/account-scope.ts";
import { findAccount } from "../store/accounts.ts";
import { findAdaptor, listAdaptors } from "../store/adaptors.ts";
import { agents } from "../store/agents.ts";
import { campaigns } from "../store/campaigns.ts";
import { findConnect, listConnects } from "../store/connects.ts";
import { listLeadFields, type LeadFieldRow } from "../store/lead-fields.ts";
import { lists } from "../store/lists.ts";
import { emailTemplates } from "../store/email-templates.ts";
import { inboundNumbers } from "../store/inbound-numbers.ts";
import { findMailSettings, type MailSettings } from "../store/mail-settings.ts";
import { queues } from "../store/queues.ts";
import { listWorkflows } from "../store/saved-workflows.ts";
import { statuses } from "../store/statuses.ts";

import { workflowToFile, type NamedKind } from "./file-workflow.ts";
import { namedThings } from "./named-things.ts";

const all = 1_000_000;

/** The account's settings as a configuration file (spec 10): things by name, secrets as `{ env: NAME }`. */
export async function exportConfig(scope: AccountScope): Promise<string> {
  const account = await findAccount(scope);
  const fields = await listLeadFields(scope);
  const campaignRows = await campaigns.list(scope, 0, all);
  const campaignName = new Map(campaignRows.map(({ id, name }) => [id, name]));
  const adaptorRows = await listAdaptors(scope, 0, all);
  const adaptorName = new Map(adaptorRows.map(({ id, name }) => [id, name]));
  const writer = createWriter(fields);
  const { name, time_zone, date_format } = account;
  const masked = account.fields_masked_in_logs.map(writer.fieldName);
  const things = await nameLookup(scope);
  const mail = await findMailSettings(scope);
  const providers = Object.entries(mail.provider_connects).filter(([, id]) => id !== null);
  return writer.write({
    account: {
      name,
      time_zone,
      date_format,
      ...(masked.length > 0 ? { fields_masked_in_logs: masked } : {}),
      ...(mail.smtp === null ? {} : { smtp: writer.smtp(mail) }),
      ...(providers.length === 0
        ? {}
        : { provider_connects: Object.fromEntries(providers.map(([action, id]) => [action, things("connect", id!)])) }),
    },
    campaigns: campaignRows.map((row) => present({ name: row.name, code: row.code })),
    lists: (await lists.list(scope, 0, all)).map((row) =>
      present({ name: row.name, code: row.code, campaign: row.campaign_id && campaignName.get(row.campaign_id) }),
    ),
    queues: (await queues.list(scope, 0, all)).map((row) => present({ name: row.name, code: row.code })),
    inbound_numbers: (await inboundNumbers.list(scope, 0, all)).map((row) =>
      present({ name: row.name, code: row.code }),
    ),
    agents: (await agents.list(scope, 0, all)).map((row) =>
      present({ number: row.number, code: row.code, name: row.name, email: row.email || null }),
    ),
    statuses: (await statuses.list(scope, 0, all)).map(({ code, name: label, reached, final }) => ({
      code,
      name: label,
      reached,
      final,
    })),
    lead_fields: fields.map(writer.leadField),
    email_templates: (await emailTemplates.list(scope, 0, all)).map((row) => ({
      name: row.name,
      subject: writer.places(row.subject),
      body: writer.places(row.body),
    })),
    adaptors: adaptorRows.map(({ settings }) => writer.adaptor(settings)),
    connects: (await listConnects(scope, 0, all)).map(({ settings }) =>
      writer.connect(settings, settings.adaptor_id === null ? null : (adaptorName.get(settings.adaptor_id) ?? null)),
    ),
    workflows: (await listWorkflows(scope, 0, all)).map(({ settings }) =>
      workflowToFile(settings, { of: things, field: writer.fieldName, places: writer.places }),
    ),
  });
}

/** One connect in the same format, with the adaptor and the lead fields it uses. */
export async function exportConnect(scope: AccountScope, id: ConnectId): Promise<string> {
  const connect = await findConnect(scope, id);
  if (connect === null) throw new ProblemError("not_found", { detail: `There is no connect ${id}.` });
  const { adaptor_id } = connect.settings;
  const adaptor = adaptor_id === null ? null : await findAdaptor(scope, adaptor_id);
  const fields = await listLeadFields(scope);
  const text = JSON.stringify([connect.settings.api_url, adaptor?.settings.fields]);
  const used = fields.filter(({ number }) => new RegExp(`\\b(?:custom_)?field_${number}\\b`).test(text));
  const writer = createWriter(fields);
  return writer.write({
    lead_fields: used.map(writer.leadField),
    adaptors: adaptor === null ? [] : [writer.adaptor(adaptor.settings)],
    connects: [writer.connect(connect.settings, adaptor?.name ?? null)],
  });
}

/** Names by kind and id of what workflows and settings refer to. */
async function nameLookup(scope: AccountScope): Promise<(kind: NamedKind, id: number) => string> {
  const kinds = [
    "campaign", "list", "queue", "inbound_number", "email_template", "connect", "workflow", "user", "token",
  ] as const; // prettier-ignore
  const names = new Map<string, string>();
  for (const kind of kinds) for (const { id, name } of await namedThings(scope, kind)) names.set(`${kind}/${id}`, name);
  return (kind, id) => names.get(`${kind}/${id}`) ?? `${kind} ${id}`;
}

/** A secret's place in the file: which variable, and what it looks like to those who may not see it. */
type Env = { readonly env: string; readonly shown: string };

function createWriter(fields: readonly LeadFieldRow[]) {
  const nameOfKey = new Map(fields.map((field) => [customFieldKey(field.number), field.name]));
  const taken = new Set<string>();
  const shownOf = new Map<string, string>();
  const fieldName = (key: string): string => nameOfKey.get(key) ?? key;
  const env = (name: string, shown: string): { env: string } => {
    const base = name
      .normalize("NFKD")
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "");
    const safe = /^[A-Z]/.test(base) ? base : `SECRET_${base}`.replace(/_$/, "");
    let free = safe;
    for (let n = 2; taken.has(free); n++) free = `${safe}_${n}`;
    taken.add(free);
    shownOf.set(free, shown);
    return { env: free };
  };
  const secretText = (text: string, name: string): string | { env: string } =>
    text.includes(secretMask) ? env(name, text) : placesByName(text, fieldName);

  return {
    fieldName,
    places: (text: string): string => placesByName(text, fieldName),
    smtp: ({ smtp, smtp_secrets }: MailSettings) => ({
      ...smtp,
      ...(smtp_secrets === null ? {} : { password: env("SMTP password", secretMask) }),
    }),
    leadField: ({ name, label, type, options, personal }: LeadFieldRow) => ({
      name,
      label,
      type,
      ...(options.length > 0 ? { options } : {}),
      ...(personal ? { personal } : {}),
    }),
    adaptor: ({ name, active, leave_out_empty, fields: rows }: AdaptorSettings) => ({
      name,
      active,
      leave_out_empty,
      fields: rows.map((row) => fileRow(row, fieldName, (text) => secretText(text, `${name} ${row.to}`))),
    }),
    connect: (settings: ConnectSettings, adaptor: string | null) => {
      const { name } = settings;
      const plain = (...keys: (keyof ConnectSettings)[]) => Object.fromEntries(keys.map((key) => [key, settings[key]]));
      return {
        name,
        api_url: secretText(settings.api_url, `${name} url`),
        api_authentication: secretText(settings.api_authentication, `${name} auth`),
        authorization_header: secretText(settings.authorization_header, `${name} header`),
        ...plain("request_method"),
        ...(settings.request_method === "GET" ? plain("get_mode") : {}),
        ...plain("post_data_type", "response_data_type", "api_integrator", "delimiter", "response_key"),
        adaptor,
        ...plain("active", "timeout_seconds", "give_up_after", "if_answer_lost", "follow_redirects"),
        ...plain("order_group", "keep_order_for", "retry", "concurrency", "rate", "order"),
      };
    },
    write: (sections: Readonly<Record<string, object>>): string => {
      const filled = Object.entries(sections).filter(([, section]) => !Array.isArray(section) || section.length > 0);
      const document = new Document({ patchbay: 1, ...Object.fromEntries(filled) });
      for (const [section] of filled) layOut(document, section, shownOf);
      return document.toString({ lineWidth: 0, flowCollectionPadding: true });
    },
  };
}

/** Rows on a line of their own; beside a variable, what stands in for its value. */
function layOut(document: Document, section: string, shownOf: ReadonlyMap<string, string>): void {
  const node = document.get(section, true);
  if (!isCollection(node)) return;
  const nested = section === "adaptors" || section === "connects" || section === "workflows";
  if (section === "account") node.flow = true;
  for (const item of node.items) {
    if (!isCollection(item)) continue;
    if (!nested) item.flow = true;
    const rows = item.get("fields", true);
    if (isCollection(rows)) for (const row of rows.items) if (isCollection(row)) row.flow = true;
    for (const key of ["api_url", "api_authentication", "authorization_header"])
      noteSecret(item.get(key, true), shownOf);
    for (const key of ["retry", "rate", "relation", "stop_if", "schedule"]) {
      const value = item.get(key, true);
      if (isCollection(value)) value.flow = true;
    }
    const events = item.get("events", true);
    if (isCollection(events)) for (const event of events.items) if (isCollection(event)) event.flow = true;
    const sets = item.get("action_sets", true);
    if (isCollection(sets)) for (const set of sets.items) layOutSet(set);
  }
}

function layOutSet(set: unknown): void {
  if (!isCollection(set)) return;
  const delay = set.get("delay", true);
  if (isCollection(delay)) delay.flow = true;
  const actions = set.get("actions", true);
  if (isCollection(actions)) for (const action of actions.items) if (isCollection(action)) action.flow = true;
}

function noteSecret(node: unknown, shownOf: ReadonlyMap<string, string>): void {
  if (!isNode(node) || !isCollection(node)) return;
  node.flow = true;
  const shown = shownOf.get(String(node.get("env")));
  if (shown !== undefined) (node as Node).comment = ` ${shown.replaceAll(/\s+/g, " ")}`;
}

function fileRow(
  row: AdaptorRow,
  fieldName: (key: string) => string,
  secretText: (text: string) => string | Pick<Env, "env">,
): object {
  const { required, type, to } = row;
  const common = { ...(type === "text" ? {} : { type }), ...(required ? { required } : {}) };
  if (row.section === "static") {
    const { secret } = row;
    const value = secretText(row.value);
    return { section: row.section, to, value, ...(secret === undefined ? {} : { secret }), ...common };
  }
  return {
    section: row.section,
    field: fieldName(row.field),
    ...(to === "" ? {} : { to }),
    ...(row.default === "" ? {} : { default: row.default }),
    ...common,
    ...(row.value_map.length === 0 ? {} : { value_map: fileMap(row.value_map) }),
    ...(row.date_format === "" ? {} : { date_format: row.date_format }),
    ...(row.format === undefined ? {} : { format: row.format }),
  };
}

/** As a map, which keeps its order; as pairs where a value stands twice. */
function fileMap(pairs: readonly (readonly [string, string])[]): Map<string, string> | (readonly [string, string])[] {
  const map = new Map(pairs);
  return map.size === pairs.length ? map : [...pairs];
}

/** `{lead.field_7}` as `{lead.publisher}`: numbers differ between installations. */
function placesByName(text: string, fieldName: (key: string) => string): string {
  return text.replaceAll(/(?<=[{|]lead\.)field_\d+(?=[|}])/g, fieldName);
}

/** Without what is null. */
function present(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}
