import type { z } from "zod";
import type { AdaptorRow, AdaptorSettings } from "../contracts/adaptor.ts";
import { ConnectSettings, secretMask } from "../contracts/connect.ts";
import type { SmtpServer } from "../contracts/mail.ts";
import { WorkflowSettings } from "../contracts/workflow.ts";
import type { AdaptorId } from "../contracts/ids.ts";
import { writePath } from "../core/name-places.ts";
import { ProblemError } from "../core/problem-error.ts";
import { listAdaptors, type AdaptorRow as StoredRow } from "../store/adaptors.ts";
import { agents } from "../store/agents.ts";
import { campaigns } from "../store/campaigns.ts";
import { listConnects } from "../store/connects.ts";
import { emailTemplates } from "../store/email-templates.ts";
import { inboundNumbers } from "../store/inbound-numbers.ts";
import { listLeadFields } from "../store/lead-fields.ts";
import { lists } from "../store/lists.ts";
import { findMailSettings, type MailSettings } from "../store/mail-settings.ts";
import { queues } from "../store/queues.ts";
import { listWorkflows } from "../store/saved-workflows.ts";
import { statuses } from "../store/statuses.ts";
import type { Change } from "./change.ts";
import type { FileAccount, FileAdaptor, FileConnect, FileSection, fileSections, FromEnv } from "./config-schema.ts";
import { workflowFromFile } from "./file-workflow.ts";
import { namedThings, sayKind } from "./named-things.ts";
import { saveAdaptor } from "./save-adaptor.ts";
import { saveAgent } from "./save-agent.ts";
import { saveCampaign } from "./save-campaign.ts";
import { saveConnect } from "./save-connect.ts";
import { saveEmailTemplate } from "./save-email-template.ts";
import { saveInboundNumber } from "./save-inbound-number.ts";
import { saveLeadField } from "./save-lead-field.ts";
import { saveList } from "./save-list.ts";
import { saveQueue } from "./save-queue.ts";
import { saveStatus } from "./save-status.ts";
import { saveWorkflow } from "./save-workflow.ts";
import { updateAccount } from "./update-account.ts";
import { updateMailSettings } from "./update-mail-settings.ts";

/** What of an item can't be taken, by steps within it. */
export class SectionProblems extends Error {
  readonly places: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];

  constructor(places: SectionProblems["places"]) {
    super(places.map(({ message }) => message).join("; "));
    this.places = places;
  }
}

type Item<Section extends FileSection> = z.output<(typeof fileSections)[Section]>;
export type Applier = {
  readonly [Section in FileSection]: (item: Item<Section>) => Promise<void>;
} & {
  readonly account: (account: z.output<typeof FileAccount>) => Promise<void>;
  /** An item that could not be taken: who names it isn't blamed besides. */
  readonly spoil: (section: FileSection, item: unknown) => void;
};

const all = 1_000_000;

/** Saves a file's items one by one, each matched with what is there by its name. */
export function createApplier(change: Change, environment: Readonly<Record<string, string | undefined>>): Applier {
  const { scope } = change;
  const seen = new Set<string>();
  const spoiled = new Set<string>();

  const once = (section: FileSection, name: string): void => {
    const key = `${section} ${name}`;
    if (seen.has(key)) throw refused(["name"], `${name} stands in this file twice`);
    seen.add(key);
  };
  /** The id of what an item names; undefined: it names nothing. */
  const named = async <Id>(
    section: FileSection,
    key: string,
    name: string | null | undefined,
    rows: () => Promise<readonly { readonly id: Id; readonly name: string }[]>,
  ): Promise<Id | null | undefined> => {
    if (name == null) return name;
    const row = (await rows()).find((one) => one.name === name);
    if (row !== undefined) return row.id;
    throw spoiled.has(`${section} ${name}`) // told already
      ? new SectionProblems([])
      : refused([key], `There is no ${section.slice(0, -1).replaceAll("_", " ")} ${name}, here or in this file`);
  };
  const fromEnvironment = (
    text: string | FromEnv | undefined,
    stored: string | undefined,
    path: readonly PropertyKey[],
    problems: { path: readonly PropertyKey[]; message: string }[],
  ): string | undefined => {
    if (typeof text !== "object") return text;
    const value = environment[text.env];
    if (value !== undefined && value !== "") return value;
    if (stored !== undefined && stored !== "") return stored;
    problems.push({ path, message: `set ${text.env} in the environment: nothing is stored here yet` });
    return undefined;
  };

  return {
    spoil: (section, item) => {
      const name = (item as { name?: unknown } | null)?.name;
      if (typeof name === "string") spoiled.add(`${section} ${name}`);
    },
    account: async ({ smtp, provider_connects: providers, ...account }) => {
      await updateAccount(change, account);
      const problems: { path: readonly PropertyKey[]; message: string }[] = [];
      const stored = smtp == null ? undefined : storedPassword(await findMailSettings(scope), smtp);
      const password = fromEnvironment(smtp?.password, stored, ["smtp", "password"], problems) ?? stored ?? "";
      const connects = { ...(await findMailSettings(scope)).provider_connects };
      for (const [action, name] of Object.entries(providers ?? {})) {
        const id = await named("connects", action, name, () => listConnects(scope, 0, all));
        if (id !== undefined) connects[action as keyof typeof connects] = id;
      }
      if (problems.length > 0) throw new SectionProblems(problems);
      await updateMailSettings(change, {
        smtp: smtp == null ? smtp : { ...smtp, password },
        provider_connects: providers === undefined ? undefined : connects,
      });
    },
    campaigns: async (item) => {
      once("campaigns", item.name);
      const old = (await campaigns.list(scope, 0, all)).find(({ name }) => name === item.name);
      await saveCampaign(change, old?.id ?? null, old === undefined ? { code: null, ...item } : item);
    },
    lists: async ({ campaign, ...item }) => {
      once("lists", item.name);
      const campaign_id = await named("campaigns", "campaign", campaign, () => campaigns.list(scope, 0, all));
      const old = (await lists.list(scope, 0, all)).find(({ name }) => name === item.name);
      const fresh = { name: item.name, code: item.code ?? null, campaign_id: campaign_id ?? null };
      await saveList(change, old?.id ?? null, old === undefined ? fresh : { ...item, campaign_id });
    },
    queues: async (item) => {
      once("queues", item.name);
      const old = (await queues.list(scope, 0, all)).find(({ name }) => name === item.name);
      await saveQueue(change, old?.id ?? null, old === undefined ? { code: null, ...item } : item);
    },
    inbound_numbers: async (item) => {
      once("inbound_numbers", item.name);
      const old = (await inboundNumbers.list(scope, 0, all)).find(({ name }) => name === item.name);
      await saveInboundNumber(change, old?.id ?? null, old === undefined ? { code: null, ...item } : item);
    },
    email_templates: async (item) => {
      once("email_templates", item.name);
      const old = (await emailTemplates.list(scope, 0, all)).find(({ name }) => name === item.name);
      if (old === undefined && item.body === undefined) throw refused(["name"], "a new template needs a body");
      await saveEmailTemplate(change, old?.id ?? null, old === undefined ? { subject: "", ...item } : item);
    },
    agents: async (item) => {
      const rows = await agents.list(scope, 0, all);
      const old =
        rows.find(({ number }) => number !== null && number === item.number) ??
        rows.find(({ code }) => code !== null && code === item.code) ??
        rows.find(
          ({ number, code, name }) =>
            item.number == null && item.code == null && !number && !code && name === item.name,
        );
      once("agents", String(old?.id ?? item.number ?? item.code ?? item.name));
      const values = old === undefined ? { number: null, code: null, email: "", ...item } : item;
      await saveAgent(change, old?.id ?? null, values);
    },
    statuses: async (item) => {
      once("statuses", item.code);
      const old = (await statuses.list(scope, 0, all)).find(({ code }) => code === item.code);
      if (old === undefined && item.name === undefined) throw refused(["code"], "a new status needs a name");
      const values = old === undefined ? { reached: false, final: false, ...item } : item;
      await saveStatus(change, old?.id ?? null, values);
    },
    lead_fields: async (item) => {
      once("lead_fields", item.name);
      const old = (await listLeadFields(scope)).find(({ name }) => name === item.name);
      if (old === undefined && item.type === undefined) throw refused(["name"], "a new lead field needs a type");
      const values = old === undefined ? { label: item.name, options: [], personal: false, ...item } : item;
      await saveLeadField(change, old?.id ?? null, values);
    },
    adaptors: async ({ fields, ...item }: FileAdaptor) => {
      once("adaptors", item.name);
      const old = (await listAdaptors(scope, 0, all)).find(({ name }) => name === item.name);
      const problems: { path: readonly PropertyKey[]; message: string }[] = [];
      const rows = fields?.map((row, index): AdaptorRow => {
        if (row.section !== "static") return row;
        const stored = storedValue(old, row.to);
        return { ...row, value: fromEnvironment(row.value, stored, ["fields", index, "value"], problems) ?? "" };
      });
      const fresh: AdaptorSettings = { name: item.name, active: true, leave_out_empty: false, fields: [] };
      const values = { ...item, fields: rows };
      const save = () =>
        saveAdaptor(change, old?.id ?? null, old === undefined ? { ...fresh, ...unset(values) } : values);
      if (problems.length > 0) throw new SectionProblems([...problems, ...(await whatElse(problems, save))]);
      await save();
    },
    connects: async (item: FileConnect) => {
      once("connects", item.name);
      const { adaptor, ...rest } = item;
      const old = (await listConnects(scope, 0, all)).find(({ name }) => name === item.name);
      const problems: { path: readonly PropertyKey[]; message: string }[] = [];
      let spoiledAdaptor = false;
      let adaptor_id: AdaptorId | null | undefined;
      try {
        adaptor_id = await named<AdaptorId>("adaptors", "adaptor", adaptor, () => listAdaptors(scope, 0, all));
      } catch (error) {
        if (!(error instanceof SectionProblems)) throw error;
        problems.push(...error.places);
        spoiledAdaptor = true;
      }
      const secret = (key: "api_url" | "api_authentication" | "authorization_header") =>
        fromEnvironment(item[key], old?.settings[key], [key], problems);
      const values = {
        ...rest,
        adaptor_id,
        api_url: secret("api_url"),
        api_authentication: secret("api_authentication"),
        authorization_header: secret("authorization_header"),
      };
      if (old === undefined) {
        if (item.api_url === undefined) problems.push({ path: ["name"], message: "a new connect needs an api_url" });
        if (rest.request_method === undefined)
          problems.push({ path: ["name"], message: "a new connect needs a request_method" });
      }
      const save = (standIn = {}) =>
        saveConnect(
          change,
          old?.id ?? null,
          old === undefined ? { ...freshConnect(), ...standIn, ...unset(values) } : values,
        );
      if (problems.length > 0 || spoiledAdaptor) {
        const told = spoiledAdaptor ? [...problems, { path: ["adaptor"] }] : problems;
        throw new SectionProblems([
          ...problems,
          ...(await whatElse(told, () => save({ api_url: "https://a.invalid" }))),
        ]);
      }
      await save();
    },
    workflows: async (item) => {
      once("workflows", item.name);
      const old = (await listWorkflows(scope, 0, all)).find(({ name }) => name === item.name);
      const problems: { path: readonly PropertyKey[]; message: string }[] = [];
      for (const key of ["events", "action_sets"] as const)
        if (old === undefined && item[key] === undefined)
          problems.push({ path: ["name"], message: `a new workflow needs ${key}` });
      const values = await workflowFromFile(item, async (kind, name, path) => {
        const row = (await namedThings(scope, kind)).find((one) => one.name === name);
        const section = kind === "user" || kind === "token" ? null : (`${kind}s` as FileSection);
        if (row === undefined && !(section !== null && spoiled.has(`${section} ${name}`)))
          problems.push({ path, message: `There is no ${sayKind(kind)} ${name}, here or earlier in this file` });
        return row?.id ?? null;
      });
      if (problems.length > 0 || values === null) throw new SectionProblems(problems);
      await saveWorkflow(
        change,
        old?.id ?? null,
        old === undefined ? { ...freshWorkflow(), ...unset(values) } : values,
      );
    },
  };
}

/** What a new workflow has where the file says nothing. */
function freshWorkflow(): Omit<WorkflowSettings, "name" | "events" | "action_sets"> {
  const {
    name: _,
    events: __,
    action_sets: ___,
    ...rest
  } = WorkflowSettings.parse({
    name: "x",
    events: [{ type: "callback" }],
    action_sets: [{ actions: [{ type: "dnc" }] }],
  });
  return rest;
}

/** Its mask, where a sign-in needs one: saving says whether it may go to this server and user. */
function storedPassword({ smtp_secrets }: MailSettings, { username }: SmtpServer): string | undefined {
  return smtp_secrets === null || username === "" ? undefined : secretMask;
}

/** What saving would refuse besides what is told already. Its caller throws, so nothing of it stays. */
async function whatElse(
  told: readonly { readonly path: readonly PropertyKey[] }[],
  save: () => Promise<unknown>,
): Promise<SectionProblems["places"]> {
  try {
    await save();
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const known = new Set(told.map(({ path }) => writePath(path)));
    return error.errors
      .map(({ path, message }) => ({ path: stepsOf(path), message }))
      .filter(({ path }) => !known.has(writePath(path)));
  }
}

/** `fields[3].to` as steps; a connect's `adaptor_id` is the file's `adaptor`, and so with other names. */
export function stepsOf(path: string): PropertyKey[] {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  return steps.map((step) =>
    /^\d+$/.test(step) ? Number(step) : step.replace(/^(adaptor|campaign|connect|list)_id$/, "$1"),
  );
}

/** What a new connect has where the file says nothing. */
function freshConnect(): Omit<ConnectSettings, "name" | "api_url"> {
  const { name: _, api_url: __, ...rest } = ConnectSettings.parse({ name: "x", api_url: "x", request_method: "GET" });
  return rest;
}

function refused(path: readonly PropertyKey[], message: string): SectionProblems {
  return new SectionProblems([{ path, message }]);
}

/** What is shown of the static row that goes out under this name. */
function storedValue(adaptor: StoredRow | undefined, to: string): string | undefined {
  const row = adaptor?.settings.fields.find((one) => one.section === "static" && one.to === to);
  return row?.section === "static" ? row.value : undefined;
}

/** Without keys that have no value. */
function unset<T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as ReturnType<typeof unset<T>>;
}
