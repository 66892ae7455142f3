import { beforeEach, expect, test } from "vitest";
import { createAccount } from "../../src/admin/create-account.ts";
import { exportConfig } from "../../src/admin/export-config.ts";
import { importConfig } from "../../src/admin/import-config.ts";
import type { AccountId } from "../../src/contracts/ids.ts";
import { accountScope, type AccountScope } from "../../src/store/account-scope.ts";
import { findMailSettings } from "../../src/store/mail-settings.ts";
import { listWorkflows } from "../../src/store/saved-workflows.ts";
import { createSecretBox } from "../../src/store/secret-box.ts";
import { cloneDatabase } from "../clone-database.ts";

const cloned = cloneDatabase();
const secretBox = createSecretBox(new Uint8Array(32).fill(9));
const actor = { kind: "command" as const, id: null, name: "test" };
let accounts = 0;
let account: AccountId;
let scope: AccountScope;

async function newAccount(): Promise<void> {
  const admin = { name: "A", email: `a${++accounts}@example.com`, password: "long enough for this" };
  const names = { name: `Account ${accounts}`, timeZone: "UTC", admin };
  account = await createAccount({ database: cloned.db, secretBox }, names, { actor, onlyFirst: false });
  scope = accountScope(cloned.db, account);
}
beforeEach(newAccount);

const importText = (text: string, environment: Record<string, string> = {}) =>
  importConfig({ database: cloned.db, secretBox, accountId: account, actor }, text, { environment, dryRun: false });
async function changed(text: string, environment: Record<string, string> = {}): Promise<string[]> {
  const imported = await importText(text, environment);
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems, null, 1));
  return imported.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
}

/** Every kind of condition, operand, delay and action. `EMAIL` is the account's first user. */
const whole = `patchbay: 1
account:
  name: NAME
  smtp: { host: mail.example.com, port: 587, username: acme, from: Acme <news@example.com>, password: { env: SMTP_PASSWORD } }
  provider_connects: { sms: Acme CRM }
campaigns: [ { name: Campaign A }, { name: Campaign B } ]
lists: [ { name: Web leads, campaign: Campaign A } ]
queues: [ { name: Inbound sales, code: INSALES } ]
inbound_numbers: [ { name: Toll-free, code: 8005550100 } ]
statuses:
  - { code: SALE, name: Sale, reached: true, final: true }
  - { code: 007, name: Bond }
lead_fields:
  - { name: publisher, label: Publisher, type: text }
  - { name: renewal, label: Renewal, type: date }
email_templates: [ { name: Welcome, subject: "Hi {lead.first_name}", body: "From {lead.publisher}" } ]
connects:
  - { name: Acme CRM, api_url: https://crm.example.com/lead, request_method: GET }
workflows:
  - name: Sales to CRM
    description: ""
    active: true
    relation: { campaign: [Campaign A] }
    stop_if: never
    loop_protection: true
    skip_if_pending: false
    schedule: { zone: account, days: [mon-fri], hours: "9-17" }
    percentage: 100
    events: [ { type: disposition, statuses: [SALE] } ]
    action_sets: [ { delay: none, actions: [ { type: integration, connect: Acme CRM } ] } ]
  - name: Everything
    description: all of it
    active: false
    relation: { queue: [Inbound sales] }
    stop_if: { filter: [ { type: field, field: publisher, operator: is_blank } ] }
    loop_protection: false
    skip_if_pending: true
    schedule: { zone: lead, days: [ { days: [mon, wed-fri], hours: 8:30-20:00 }, { days: [sat-sun], hours: 22-6 } ] }
    percentage: 12.5
    events:
      - { type: redisposition, statuses: [007, SALE] }
      - { type: call_count, operator: at_least, values: [3, 4] }
      - { type: call_type, call_types: [OUTBOUND, 3WAY] }
      - { type: callback, active: false }
      - { type: hopper_expired }
      - { type: lead_action, actions: [create, save] }
      - { type: field, section: call, field: queue_seconds, operator: within, from: 1, to: 10 }
      - { type: field, section: lead, field: renewal, operator: within_next, value: 3d }
      - { type: lead_status, from: [NEW], to: [SALE] }
      - { type: submitted_by, users: [EMAIL], workflows: [Sales to CRM] }
      - { type: term_reason, reasons: [CALLEE/AGENT] }
      - { type: email_event, event: opened }
      - type: any_of
        events: [ { type: connect_outcome, connect: Acme CRM, outcomes: [accepted] }, { type: happened, types: [x.form.sent] } ]
    action_sets:
      - delay: 2d4h30m
        window: 9-5
        actions:
          - { type: status, status: 007, skip_if_live_call: true }
          - { type: move, list: Web leads, latest_values: true }
          - { type: field, field: publisher, from: lead.publisher }
          - { type: field, field: annual_revenue, multiply: 1.5, active: false }
      - delay: { after_last_called: 1h }
        actions: [ { type: callback, in: 1d }, { type: callback_update, remove: true }, { type: hopper, priority: 50, expires_in: 30 } ]
      - delay: { field: renewal, offset: -1d }
        window: 22-6
        actions:
          - { type: dnc }
          - { type: revenue, amount: 12.5 }
          - { type: email, to: "{lead.email}", subject: "Hi", body: "Dear {lead.publisher}" }
          - { type: sms }
          - { type: voice_broadcast, connect: Acme CRM }
  - name: Always
    relation: { campaign: all }
    schedule: off
    events: [ { type: lead_action, actions: [create] } ]
    action_sets: [ { actions: [ { type: dnc } ] } ]
`;
const text = (): string => whole.replace("NAME", `Account ${accounts}`).replace("EMAIL", `a${accounts}@example.com`);
const environment = { SMTP_PASSWORD: "mail-secret-1" };

test("export, then import, changes nothing, with every condition, delay and action", async () => {
  expect(await changed(text(), environment)).toHaveLength(15);
  const yaml = await exportConfig(scope);
  expect(yaml).not.toContain("mail-secret-1");
  expect(await changed(yaml)).toEqual([]);
  expect(await changed(text())).toEqual([]);
  expect(await exportConfig(scope)).toBe(yaml);
  expect(await findMailSettings(scope)).toMatchObject({ smtp: { host: "mail.example.com" }, provider_connects: { sms: expect.any(Number) } }); // prettier-ignore
  const [, everything] = await listWorkflows(scope, 0, 10);
  const { events, stop_if, schedule, action_sets } = everything!.settings;
  expect(events[0]).toMatchObject({ statuses: ["007", "SALE"] });
  expect(events[7]).toMatchObject({ field: "field_2" });
  expect(stop_if).toMatchObject({ filter: [{ field: "field_1" }] });
  expect(schedule).toEqual({
    zone: "lead",
    days: [
      { days: ["mon", "wed", "thu", "fri"], hours: "8:30-20:00" },
      { days: ["sat", "sun"], hours: "22-6" },
    ],
  });
  expect(action_sets[0]!.actions[0]).toMatchObject({ status: "007", skip_if_live_call: true });
  expect(action_sets[2]!.delay).toEqual({ field: "field_2", offset: "-1d" });
});

test.each([
  ["host", "mail.example.com", "mail.example.org"],
  ["port", "port: 587", "port: 588"],
  ["encryption", "port: 587", "port: 587, security: tls"],
  ["user name", "username: acme", "username: eve"],
])("a stored SMTP password goes to no other %s by a file: it is asked for again", async (_, from, to) => {
  await changed(text(), environment);
  const before = await findMailSettings(scope);
  const other = text().replace(from, to);
  const refusal = {
    ok: false,
    problems: [{ line: 4, message: expect.stringMatching(/smtp\.password: .*type it again/) as string }],
  };
  expect(await importText(other)).toEqual(refusal);
  expect(await importText(other.replace(", password: { env: SMTP_PASSWORD }", ""))).toEqual(refusal);
  expect(await findMailSettings(scope)).toEqual(before);
  expect(await changed(other, { SMTP_PASSWORD: "mail-secret-2" })).toHaveLength(1);
  expect(await changed(other)).toEqual([]);
  // without a user nobody signs in, and no password is kept
  const open = other.replace(/username: \w+, /, "").replace(", password: { env: SMTP_PASSWORD }", "");
  expect(await changed(open)).toHaveLength(1);
  expect(await findMailSettings(scope)).toMatchObject({ smtp: { username: "" }, smtp_secrets: null });
});

test("a mail's recipients are read when it is saved", async () => {
  const imported = await importText(`patchbay: 1
workflows:
  - name: W
    events: [ { type: callback } ]
    action_sets:
      - actions: [ { type: email, to: "{lead.email}, Ada", subject: Hi, body: Hello } ]
`);
  expect(imported).toMatchObject({ ok: false, problems: [{ line: 6, message: expect.stringContaining("no e-mail address at character 15") as string }] }); // prettier-ignore
});

test("an export makes the same workflows elsewhere, under that account's own numbers", async () => {
  await changed(text(), environment);
  const yaml = await exportConfig(scope);
  const from = accounts;
  await newAccount();
  await changed("patchbay: 1\nlead_fields: [ { name: first_here, label: First, type: text } ]\n");
  const there = yaml
    .replaceAll(`Account ${from}`, `Account ${accounts}`)
    .replaceAll(`a${from}@example.com`, `a${accounts}@example.com`);
  await changed(there, environment);
  const again = await exportConfig(scope);
  expect(again.replace(/ {2}- \{ name: first_here.*\n/, "")).toBe(there);
});

test("a workflow that the file names in part keeps the rest", async () => {
  await changed(text(), environment);
  expect(await changed("patchbay: 1\nworkflows: [ { name: Sales to CRM, active: false } ]\n")).toEqual([
    "switch off workflow Sales to CRM",
  ]);
  const [sales] = await listWorkflows(scope, 0, 10);
  expect(sales).toMatchObject({ active: false, settings: { relation: { kind: "campaign" }, events: [{ statuses: ["SALE"] }] } }); // prettier-ignore
});

test("schedule: off and false are the same, and so is always", async () => {
  for (const word of ["off", "false", "always"]) {
    await newAccount();
    await changed(`patchbay: 1
workflows:
  - { name: W, schedule: ${word}, events: [ { type: callback } ], action_sets: [ { actions: [ { type: dnc } ] } ] }
`);
    expect(await listWorkflows(scope, 0, 10)).toMatchObject([{ settings: { schedule: "always" } }]);
  }
});

test("what can't be taken is named with its line, all at once, and nothing is written", async () => {
  const imported = await importText(`patchbay: 1
workflows:
  - name: One
    events:
      - { type: disposition, statuses: [SALE] }
      - { type: connect_outcome, connect: Nobody, outcomes: [accepted] }
    action_sets: [ { actions: [ { type: dnc } ] } ]
  - name: Two
    relation: { campaign: all, list: all }
    events: [ { type: field, field: nope, operator: equals } ]
    action_sets: [ { actions: [ { type: dnc } ] } ]
  - name: Three
    events: [ { type: field, field: nope, operator: equals } ]
    action_sets:
      - actions:
          - { type: move, list: Web leads, colour: red }
  - name: Four
    events: [ { type: shouting } ]
    action_sets: [ { window: 9-5, delay: soon, actions: [ { type: dnc } ] } ]
  - name: Five
    events: [ { type: callback } ]
    action_sets:
      - actions: [ { type: sms } ]
  - name: Six
    active: true
`);
  if (imported.ok) throw new Error("taken");
  expect(imported.problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    "6: workflows.events.connect: There is no connect Nobody, here or earlier in this file",
    "9: workflows.relation: name one of campaign, list, queue, inbound_number, email_template",
    expect.stringMatching(/^16: .*colour/),
    expect.stringMatching(/^18: workflows.events/),
    expect.stringMatching(/^19: workflows.action_sets.delay/),
    expect.stringMatching(/^23: workflows.action_sets.actions.connect: No connect sends SMS/),
    "24: workflows.name: a new workflow needs events",
    "24: workflows.name: a new workflow needs action_sets",
  ]);
  expect(await listWorkflows(scope, 0, 10)).toEqual([]);
});
