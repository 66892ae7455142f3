import { beforeAll, describe, expect, test } from "vitest";
import { exportConfig, exportConnect } from "../../src/admin/export-config.ts";
import { importConfig } from "../../src/admin/import-config.ts";
import { createAccount } from "../../src/admin/create-account.ts";
import type { AccountId, ConnectId } from "../../src/contracts/ids.ts";
import { openConnectSecrets } from "../../src/admin/save-connect.ts";
import { openAdaptorSecrets } from "../../src/admin/save-adaptor.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import { listAdaptors } from "../../src/store/adaptors.ts";
import { listConnects } from "../../src/store/connects.ts";
import { createSecretBox } from "../../src/store/secret-box.ts";
import { cloneDatabase } from "../clone-database.ts";

const cloned = cloneDatabase();
const secretBox = createSecretBox(new Uint8Array(32).fill(9));
const actor = { kind: "command" as const, id: null, name: "test" };
let accounts = 0;

const newAccount = (): Promise<AccountId> => {
  const name = `Account ${++accounts}`;
  const admin = { name: "A", email: `a${accounts}@example.com`, password: "long enough for this" };
  return createAccount(
    { database: cloned.db, secretBox },
    { name, timeZone: "UTC", admin },
    { actor, onlyFirst: false },
  );
};
const importInto = (accountId: AccountId, text: string, environment: Record<string, string> = {}, dryRun = false) =>
  importConfig({ database: cloned.db, secretBox, accountId, actor }, text, { environment, dryRun });
const scopeOf = (accountId: AccountId) => accountScope(cloned.db, accountId);
const changed = async (accountId: AccountId, text: string, environment: Record<string, string> = {}) => {
  const imported = await importInto(accountId, text, environment);
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems, null, 1));
  return imported.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
};
const countRows = async (): Promise<unknown> => {
  const { rows } = await cloned.db.query(
    `select (select count(*) from revisions) as revisions, (select count(*) from audit) as audit,
       (select count(*) from connects) as connects, (select count(*) from lists) as lists`,
  );
  return rows[0];
};

/** Every kind of setting, away from its default. */
const whole = (name: string) => `patchbay: 1
account: { name: "${name}", time_zone: America/Los_Angeles, date_format: "m/d/Y", fields_masked_in_logs: [email, publisher] }
campaigns:
  - { name: Campaign A, code: 007 }
lists:
  - { name: Web leads, campaign: Campaign A }
  - { name: "Quotes \\" and: colons", code: "no" }
agents:
  - { number: 6666, code: ada, name: Ada Agent, email: ada@example.com }
  - { name: Nameless in numbers }
statuses:
  - { code: SALE, name: Sale, reached: true, final: true }
  - { code: 10, name: Ten }
lead_fields:
  - { name: publisher, label: Publisher, type: text, personal: true }
  - { name: size, label: Size, type: dropdown, options: [S, M, "10"] }
adaptors:
  - name: CRM
    active: true
    leave_out_empty: true
    fields:
      - { section: lead, field: publisher, to: pub }
      - { section: lead, field: first_name, to: "first,second", default: 0, required: true }
      - { section: call, field: status, to: disposition, value_map: { HU: Hang Up, 2: two, 1: one, true: Y } }
      - { section: lead, field: annual_revenue, to: revenue, type: number }
      - { section: lead, field: created_at, to: created, date_format: 'D \\a\\t H' }
      - { section: lead, field: alt_phone_1, to: mobile, format: e164 }
      - { section: lead, field: city }
      - { section: static, to: source, value: "{lead.publisher|lead.city} x", type: text }
      - { section: static, to: hidden, value: { env: HIDDEN }, secret: true }
      - { section: static, to: token_of_nobody, value: plain, secret: false }
  - name: Off and unused
    active: false
connects:
  - name: Acme CRM
    api_url: { env: ACME_URL }
    api_authentication: { env: ACME_AUTH }
    authorization_header: "X-Key: 1|Accept: text/plain"
    request_method: POST
    post_data_type: RAW
    response_data_type: TEXT
    delimiter: ";"
    response_key: 0
    adaptor: CRM
    active: false
    timeout_seconds: 7
    give_up_after: 60s
    if_answer_lost: hold
    follow_redirects: true
    order_group: Acme CRM
    keep_order_for: 90s
    retry: { schedule: [5s, 30s, 2m] }
    concurrency: 64
    rate: { per_second: 0.5 }
    order: newest_wins
  - name: Looks up
    api_url: https://lookup.example.com/{lead.publisher}?n={lead.phone_number}
    request_method: GET
    get_mode: send
    retry: { schedule: off }
    order: none
`;
const environment = {
  HIDDEN: "hidden-value",
  ACME_URL: "https://crm.example.com/lead?token=url-secret&x=1",
  ACME_AUTH: "api_key=auth-secret",
};

describe("a round trip", () => {
  test("export, then import, changes nothing, after every kind of setting", async () => {
    const account = await newAccount();
    expect((await changed(account, whole("Round trip"), environment)).length).toBe(14);
    const before = await countRows();
    const yaml = await exportConfig(scopeOf(account));
    expect(await changed(account, yaml)).toEqual([]);
    expect(await changed(account, whole("Round trip"))).toEqual([]);
    expect(await countRows()).toEqual(before);
    expect(await exportConfig(scopeOf(account))).toBe(yaml);
  });

  test("an older name of a zone is the zone of today, again and again", async () => {
    const account = await newAccount();
    const older = "patchbay: 1\naccount:\n  time_zone: US/Pacific\n";
    expect((await changed(account, older)).length).toBe(1);
    expect(await changed(account, older)).toEqual([]);
    expect(await exportConfig(scopeOf(account))).toContain("time_zone: America/Los_Angeles");
  });

  test("an export makes the same account elsewhere, secrets from the environment", async () => {
    const source = await newAccount();
    await changed(source, whole("Source"), environment);
    const yaml = (await exportConfig(scopeOf(source))).replace("name: Source", "name: Target");
    for (const secret of ["url-secret", "auth-secret", "hidden-value"]) expect(yaml).not.toContain(secret);
    const names = [...yaml.matchAll(/\{ env: (\w+) \}/g)].map(([, name]) => name);
    expect(names).toEqual(["CRM_HIDDEN", "ACME_CRM_URL", "ACME_CRM_AUTH", "ACME_CRM_HEADER"]);
    const target = await newAccount();
    const secrets = {
      CRM_HIDDEN: environment.HIDDEN,
      ACME_CRM_URL: environment.ACME_URL,
      ACME_CRM_AUTH: environment.ACME_AUTH,
      ACME_CRM_HEADER: "X-Key: 1|Accept: text/plain",
    };
    await changed(target, yaml, secrets);
    expect(await exportConfig(scopeOf(target))).toBe(yaml);
    for (const [open, list] of [
      [openConnectSecrets, listConnects],
      [openAdaptorSecrets, listAdaptors],
    ] as const) {
      const opened = await Promise.all(
        [source, target].map(async (account) =>
          (await list(scopeOf(account), 0, 10)).map((row) => open(scopeOf(account), secretBox, row as never)),
        ),
      );
      expect(opened[1]).toEqual(opened[0]);
    }
  });

  test("a value map keeps its order, a custom field its name", async () => {
    const account = await newAccount();
    await changed(account, whole("Order"), environment);
    const yaml = await exportConfig(scopeOf(account));
    expect(yaml).toContain('value_map: { HU: Hang Up, "2": two, "1": one, "true": Y }');
    expect(yaml).toContain("{ section: lead, field: publisher, to: pub }");
    expect(yaml).toContain('value: "{lead.publisher|lead.city} x"');
    expect(yaml).toContain(`    order_group: Acme CRM
    keep_order_for: 90s
    retry: { schedule: [ 5s, 30s, 2m ] }
    concurrency: 64
    rate: { per_second: 0.5 }
    order: newest_wins
`);
    expect(yaml).toContain(
      'order_group: ""\n    keep_order_for: 10m\n    retry: off\n    concurrency: 32\n    rate: null\n',
    );
    expect(yaml).toContain("api_url: https://lookup.example.com/{lead.publisher}?n={lead.phone_number}");
  });

  test("one connect brings what it uses", async () => {
    const account = await newAccount();
    await changed(account, whole("One connect"), environment);
    const connects = await listConnects(scopeOf(account), 0, 10);
    const yaml = await exportConnect(scopeOf(account), connects[0]!.id);
    expect(yaml).not.toMatch(/Off and unused|Looks up|campaigns|name: size/);
    const elsewhere = await newAccount();
    const secrets = {
      CRM_HIDDEN: "a",
      ACME_CRM_URL: environment.ACME_URL,
      ACME_CRM_AUTH: "b=c",
      ACME_CRM_HEADER: "X: y",
    };
    expect(await changed(elsewhere, yaml, secrets)).toEqual([
      "create lead field publisher",
      "create adaptor CRM",
      "create connect Acme CRM",
    ]);
    await expect(exportConnect(scopeOf(elsewhere), 999_999 as ConnectId)).rejects.toThrow(
      "There is no connect 999999.",
    );
  });
});

describe("secrets", () => {
  test("an unset variable keeps what is stored, else is refused with its name", async () => {
    const account = await newAccount();
    const refused = await importInto(account, whole("Env"));
    expect(refused).toMatchObject({ ok: false });
    expect(!refused.ok && refused.problems).toEqual([
      { line: 30, message: "adaptors.fields.value: set HIDDEN in the environment: nothing is stored here yet" },
      { line: 36, message: "connects.api_url: set ACME_URL in the environment: nothing is stored here yet" },
      {
        line: 37,
        message: "connects.api_authentication: set ACME_AUTH in the environment: nothing is stored here yet",
      },
    ]);
    await changed(account, whole("Env"), environment);
    expect(await changed(account, whole("Env"))).toEqual([]);
    expect(await changed(account, whole("Env"), { ...environment, ACME_AUTH: "api_key=newer" })).toEqual([
      "update connect Acme CRM",
    ]);
  });

  test("a stored secret doesn't go to a new address by way of a file", async () => {
    const account = await newAccount();
    await changed(account, whole("Moved"), environment);
    const moved = "patchbay: 1\nconnects:\n  - name: Acme CRM\n    api_url: https://evil.example.com/\n";
    const imported = await importInto(account, moved);
    expect(!imported.ok && imported.problems.map(({ line, message }) => [line, message.split(":")[0]])).toEqual([
      [3, "connects.api_authentication"],
      [3, "connects.authorization_header"],
    ]);
  });
});

describe("what is wrong", () => {
  let account: AccountId;
  beforeAll(async () => {
    account = await newAccount();
  });
  const problemsOf = async (text: string) => {
    const before = await countRows();
    const imported = await importInto(account, text);
    expect(await countRows()).toEqual(before);
    if (imported.ok) throw new Error("It was taken.");
    return imported.problems.map(({ line, message }) => `${line}: ${message}`);
  };

  test("one bad line writes nothing of the file, and is named", async () => {
    const lines = whole("Bad").split("\n");
    const at = lines.findIndex((line) => line.includes("timeout_seconds")) + 1;
    const text = whole("Bad").replace("timeout_seconds: 7", "timeout_seconds: 700");
    expect(await problemsOf(text)).toEqual([
      "30: adaptors.fields.value: set HIDDEN in the environment: nothing is stored here yet",
      `${at}: connects.timeout_seconds: this must be at most 120`,
    ]);
  });

  test.each([
    ["no YAML", "patchbay: 1\nlists: [\n", /^2: this is not YAML|^3: this is not YAML/],
    ["a key twice", "patchbay: 1\nlists: []\nlists: []\n", /^3: this is not YAML: Map keys must be unique/],
    ["no version", "lists: []\n", /^1: patchbay: the file must say patchbay: 1/],
    ["another version", "patchbay: 2\n", /^1: patchbay: the file must say patchbay: 1/],
    ["an empty file", "", /^1: the file must be a map/],
    ["a list", "- 1\n", /^1: the file must be a map/],
    ["an unknown section", "patchbay: 1\nlisst: []\n", /^2: lisst: Patchbay does not know this name/],
    ["an unknown section", "patchbay: 1\nworkflow: []\n", /^2: workflow: Patchbay does not know this name/],
    ["a section that is no list", "patchbay: 1\nlists: { name: x }\n", /^2: lists: this must be a list/],
    ["an item that is nothing", "patchbay: 1\nlists:\n  -\n", /^\d: lists: this must be an object/],
    [
      "a name twice",
      "patchbay: 1\nlists:\n  - { name: a }\n  - { name: a }\n",
      /^4: lists.name: a stands in this file twice/,
    ],
    [
      "an unknown campaign",
      "patchbay: 1\nlists:\n  - { name: a,\n      campaign: b }\n",
      /^4: lists.campaign: There is no campaign b/,
    ],
    [
      "an unknown zone",
      "patchbay: 1\naccount:\n  time_zone: Mars/Olympus\n",
      /^3: account.time_zone: There is no time zone/,
    ],
    [
      "an abbreviation for a zone",
      "patchbay: 1\naccount:\n  time_zone: EST\n",
      /^3: account.time_zone: EST is no time zone's name/,
    ],
    [
      "a bad field name",
      "patchbay: 1\nlead_fields:\n  - { name: Bad, label: x, type: text }\n",
      /^3: lead_fields.name: use small letters/,
    ],
    [
      "a status without a name",
      "patchbay: 1\nstatuses:\n  - { code: X }\n",
      /^3: statuses.code: a new status needs a name/,
    ],
    [
      "an unknown field",
      "patchbay: 1\nadaptors:\n  - name: a\n    fields:\n      - { section: lead, field: nope, to: x }\n",
      /^5: adaptors.fields.field: "nope" is no field/,
    ],
    [
      "an unknown section of a row",
      "patchbay: 1\nadaptors:\n  - name: a\n    fields:\n      - { section: leed, field: city }\n",
      /^5: adaptors.fields.section/,
    ],
    [
      "a key of later issues",
      "patchbay: 1\nconnects:\n  - name: a\n    api_url: https://a.example.com\n    request_method: GET\n    outcome_rules: []\n",
      /^6: connects.outcome_rules: Patchbay does not have this yet/,
    ],
    [
      "a connect without a method",
      "patchbay: 1\nconnects:\n  - name: a\n    api_url: https://a.example.com\n",
      /^3: connects.name: a new connect needs a request_method/,
    ],
    [
      "a schedule that is no time",
      "patchbay: 1\nconnects:\n  - name: a\n    api_url: https://a.example.com\n    request_method: GET\n    retry: { schedule: [5x] }\n",
      /^6: connects.retry.schedule: write a length of time/,
    ],
    ["bombs of aliases", `patchbay: 1\na: &a [1]\nlists: [${"*a, ".repeat(200)}]\n`, /aliases are too many/],
    ["too deep", `patchbay: 1\nlists: ${"[".repeat(50)}${"]".repeat(50)}\n`, /nested too deeply/],
  ])("%s is refused by its line", async (_name, text, wanted) => {
    expect((await problemsOf(text)).join("\n")).toMatch(wanted);
  });

  test.each([
    ["no calls at once", "concurrency: 0", /^6: connects.concurrency: this must be at least 1/],
    ["half a call at once", "concurrency: 1.5", /^6: connects.concurrency: this must be a whole number/],
    ["a rate that is only a number", "rate: 50", /^6: connects.rate: this must be an object/],
    ["a rate of nothing", "rate: { per_second: 0 }", /^6: connects.rate.per_second: this must be at least 0.01/],
    [
      "a rate per another time",
      "rate: {\n      per_minute: 5 }",
      /^7: connects.rate.per_minute: Patchbay does not know/m,
    ],
    ["an order nobody knows", "order: random", /^6: connects.order: this must be one of per_lead, newest_wins, none/],
    ["a length of time that is none", "keep_order_for: soon", /^6: connects.keep_order_for: write a length of time/],
    ["a group that is no text", "order_group: [a]", /^6: connects.order_group: this must be a text/],
  ])("%s is refused by the line of the setting", async (_name, line, wanted) => {
    const text = `patchbay: 1\nconnects:\n  - name: a\n    api_url: https://a.example.com\n    request_method: GET\n    ${line}\n`;
    expect((await problemsOf(text)).join("\n")).toMatch(wanted);
  });

  test("all at once, in the order of the file, and what hangs on a refused one isn't blamed", async () => {
    const text = `patchbay: 1
campaigns:
  - { name: C, colour: red }
lists:
  - { name: L, campaign: C }
adaptors:
  - { name: A, active: maybe }
connects:
  - { name: X, api_url: "https://a.example.com", request_method: POST, adaptor: A }
  - { name: Y, api_url: "https://a.example.com", request_method: POST }
  - { name: Z, api_url: "ftp://a.example.com", request_method: GET }
`;
    const problems = await problemsOf(text);
    expect(problems.map((problem) => problem.split(": ").slice(0, 2).join(": "))).toEqual([
      "3: campaigns.colour",
      "7: adaptors.active",
      "10: connects.adaptor",
      "11: connects.api_url",
    ]);
  });
});

describe("what a file leaves out", () => {
  test("stays as it is, and nothing is deleted", async () => {
    const account = await newAccount();
    await changed(account, whole("Leaves out"), environment);
    const part = `patchbay: 1
connects:
  - { name: Acme CRM, timeout_seconds: 8 }
lists:
  - { name: Web leads, code: WEB }
`;
    expect(await changed(account, part)).toEqual(["update list Web leads", "update connect Acme CRM"]);
    const [connect] = await listConnects(scopeOf(account), 0, 1);
    expect(connect?.settings).toMatchObject({ timeout_seconds: 8, give_up_after: "60s", active: false });
    expect(await changed(account, "patchbay: 1\nconnects: []\n")).toEqual([]);
    expect(await listConnects(scopeOf(account), 0, 10)).toHaveLength(2);
  });

  test("a rate and a group are taken away by name", async () => {
    const account = await newAccount();
    await changed(account, whole("Taken away"), environment);
    const part = 'patchbay: 1\nconnects:\n  - { name: Acme CRM, rate: null, order_group: "" }\n';
    expect(await changed(account, part)).toEqual(["update connect Acme CRM"]);
    const [connect] = await listConnects(scopeOf(account), 0, 1);
    expect(connect?.settings).toMatchObject({ rate: null, order_group: "", order: "newest_wins", concurrency: 64 });
  });

  test("a dry run tells what would change, and changes nothing", async () => {
    const account = await newAccount();
    const before = await countRows();
    const told = await importInto(account, whole("Dry run"), environment, true);
    expect(told.ok && told.changes.length).toBe(14);
    expect(await countRows()).toEqual(before);
  });

  test.each(["off", "false", "{ schedule: off }", "{ schedule: false }"])("retry: %s is off", async (retry) => {
    const account = await newAccount();
    const text = `patchbay: 1\nconnects:\n  - { name: a, api_url: "https://a.example.com", request_method: GET, retry: ${retry} }\n`;
    await changed(account, text);
    expect((await listConnects(scopeOf(account), 0, 1))[0]?.settings.retry).toBe("off");
  });
});
