import { beforeAll, describe, expect, test } from "vitest";
import type { AccountId, LeadId } from "../../src/contracts/ids.ts";
import { accountScope, type AccountScope } from "../../src/store/account-scope.ts";
import { startPatchbay, type Client } from "../http/patchbay.ts";
import { disposition, happen } from "../workflows/fixtures.ts";

const patchbay = startPatchbay();
type Body = Record<string, unknown> & { readonly id: number };
type Page<Item> = { readonly items: readonly Item[]; readonly next_cursor: string | null };

let accountId: AccountId;
let scope: AccountScope;
let admin: Client;
let operator: Client;
let viewer: Client;
let campaign: number;
let connect: number;
let lead: LeadId;
beforeAll(async () => {
  accountId = await patchbay.account("Acme");
  scope = accountScope(patchbay.db, accountId);
  admin = await patchbay.user(accountId, "admin");
  operator = await patchbay.user(accountId, "operator");
  viewer = await patchbay.user(accountId, "viewer");
  campaign = (await admin.ok<Body>("POST", "/api/campaigns", { name: "Campaign A" })).id;
  const list = (await admin.ok<Body>("POST", "/api/lists", { name: "Web leads", campaign_id: campaign })).id;
  await admin.ok("POST", "/api/statuses", { code: "SALE", name: "Sale", reached: true, final: true });
  await admin.ok("POST", "/api/statuses", { code: "NI", name: "Not interested" });
  const adaptor = await admin.ok<Body>("POST", "/api/adaptors", { name: "CRM", fields: [{ section: "lead", field: "first_name", to: "first" }] }); // prettier-ignore
  connect = (await admin.ok<Body>("POST", "/api/connects", { name: "Acme CRM", api_url: "https://crm.example.com/", request_method: "POST", active: false, adaptor_id: adaptor.id })).id; // prettier-ignore
  lead = (await admin.ok<Body>("POST", "/api/leads", { list_id: list, phone_number: "3105550142", first_name: "Adelaide" })).id as LeadId; // prettier-ignore
});

const sales = (overrides: object = {}): object => ({
  name: `Sales ${Math.random()}`,
  relation: { kind: "campaign", of: [campaign] },
  events: [{ type: "disposition", statuses: ["SALE"] }],
  action_sets: [{ actions: [{ type: "integration", connect_id: connect }] }],
  ...overrides,
});
const make = (overrides: object = {}): Promise<Body> => admin.ok<Body>("POST", "/api/workflows", sales(overrides));
const tell = (status: string): Promise<void> =>
  happen(patchbay.db, { accountId, scope } as never, [disposition(lead, status)]);

describe("saving a workflow", () => {
  test("reads back as a sentence, with what deserves a look", async () => {
    const made = await make({ name: "Sales to CRM", stop_if: "final" });
    expect(made).toMatchObject({
      revision: 1,
      sentence: "When Disposition is SALE in Campaign A, send the lead to Acme CRM.",
      notice: null,
      warnings: [
        { path: "stop_if" },
        { path: "action_sets[0].actions[0].connect_id", message: "Acme CRM is off: what is sent to it is held" },
      ],
    });
    expect(await viewer.ok("GET", `/api/workflows/${made.id}`)).toEqual(made);
    const { items } = await viewer.ok<Page<Body>>("GET", "/api/workflows");
    expect(items).toContainEqual(expect.objectContaining({ id: made.id, active: true, fired: 0, pending: 0, sentence: made["sentence"] })); // prettier-ignore
  });

  test("changes what is named and nothing else, on the revision that was looked at, with an audit row", async () => {
    const made = await make({ percentage: 40 });
    const path = `/api/workflows/${made.id}`;
    const off = await admin.ok<Body>("PATCH", path, { active: false, revision: 1 });
    expect(off).toMatchObject({ active: false, revision: 2, percentage: 40, events: made["events"] });
    expect(await admin.ok("PATCH", path, { active: false, revision: 2 })).toMatchObject({ revision: 2 });
    await admin.refused("conflict", "PATCH", path, { active: true, revision: 1 });
    const { items } = await admin.ok<Page<Body>>("GET", "/api/audit?limit=1");
    expect(items).toMatchObject([{ action: "switch off", target: { kind: "workflow", id: String(made.id) } }]);
    const versions = await scope.query<{ version: number }>(
      "select version from workflows where account_id = $1 order by version desc limit 2",
    );
    const [account] = await scope.query<{ version: number }>("select workflows_version as version from accounts where id = $1"); // prettier-ignore
    expect(versions[0]!.version).toBe(account!.version);
  });

  test("refuses what names nothing, by its place, and a name twice", async () => {
    const before = await scope.query("select count(*)::int from workflows where account_id = $1");
    const problem = await admin.refused(
      "bad_input",
      "POST",
      "/api/workflows",
      sales({ relation: { kind: "list", of: [999_999] }, events: [{ type: "field", field: "nope", operator: "equals" }] }),
    ); // prettier-ignore
    expect(problem.errors.map(({ path }) => path).toSorted()).toEqual(["events[0].field", "events[0].value", "relation.of[0]"]); // prettier-ignore
    const made = await make();
    await admin.refused("name_taken", "POST", "/api/workflows", sales({ name: made["name"] }));
    expect(await scope.query("select count(*)::int from workflows where account_id = $1")).not.toEqual(before);
    await operator.refused("forbidden", "POST", "/api/workflows", sales());
  });

  test("unsaved settings read back, whatever is still wrong with them", async () => {
    const draft = sales({
      events: [{ type: "any_of", events: [{ type: "disposition", statuses: ["SALE", "NOPE"] }] }],
      action_sets: [{ delay: "1d", actions: [{ type: "dnc" }, { type: "sms" }] }],
    });
    expect(await viewer.ok("POST", "/api/workflows/read-back", draft)).toMatchObject({
      conditions: ["any of: Disposition is SALE or NOPE"],
      action_sets: [["add the phone number to the DNC list", "send an SMS"]],
      warnings: [{ path: "action_sets[0].actions[1].connect_id" }],
    });
  });

  test("what a workflow uses stays while it is used", async () => {
    const made = await make();
    await admin.refused("in_use", "DELETE", `/api/connects/${connect}`);
    await admin.refused("in_use", "DELETE", `/api/campaigns/${campaign}`);
    await admin.ok("DELETE", `/api/workflows/${made.id}`);
    await admin.refused("not_found", "GET", `/api/workflows/${made.id}`);
  });
});

describe("what became of it", () => {
  test("runs, actions, timeline and why tell the same story", async () => {
    const fired = await make();
    const other = await make({ events: [{ type: "disposition", statuses: ["NI"] }] });
    const late = await make({ action_sets: [{ delay: "1d", actions: [{ type: "revenue", amount: 5 }] }] });
    await tell("SALE");

    const runs = await viewer.ok<Page<Body>>("GET", `/api/runs?workflow=${other.id}`);
    expect(runs.items).toMatchObject([
      {
        fired: false,
        because: "condition",
        headline: "It did not fire: the disposition was SALE",
        event: { type: "call.dispositioned", says: "a call was dispositioned as SALE" },
        checks: [{ check: "active", met: true }, {}, {}, { check: "condition", says: "Disposition is NI", met: false, found: "SALE" }, {}, {}, {}, {}, {}, {}],
      },
    ]); // prettier-ignore
    const actions = await viewer.ok<Page<Body>>("GET", `/api/actions?workflow=${fired.id}`);
    expect(actions.items).toMatchObject([{ type: "integration", state: "done", list: { name: "Web leads" }, delivery_id: expect.any(String) }]); // prettier-ignore

    const pending = await viewer.ok<Page<Body>>("GET", `/api/actions?workflow=${late.id}&state=pending`);
    expect(pending.items).toMatchObject([{ type: "revenue", state: "pending", due_at: expect.any(String) }]);
    await viewer.refused("forbidden", "POST", `/api/actions/${pending.items[0]!.id}/run-now`);
    await operator.ok("POST", `/api/actions/${pending.items[0]!.id}/run-now`);
    await expect
      .poll(async () => (await viewer.ok<Page<Body>>("GET", `/api/actions?workflow=${late.id}`)).items, { timeout: 10_000 })
      .toMatchObject([{ state: "done" }]); // prettier-ignore

    const first = await viewer.ok<Page<Body>>("GET", `/api/leads/${lead}/timeline?limit=3`);
    expect(first.items).toHaveLength(3);
    const rest = await viewer.ok<Page<Body>>("GET", `/api/leads/${lead}/timeline?cursor=${first.next_cursor}`);
    const all = [...first.items, ...rest.items];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["event", "run", "action", "delivery"]));
    expect(all.map(({ title }) => title)).toEqual(
      expect.arrayContaining([`${fired["name"] as string} fired`, "A call was dispositioned as SALE", "To Acme CRM", "The lead was created"]),
    ); // prettier-ignore
    // its condition said no: that is no news of the lead
    expect(all.map(({ title }) => title)).not.toContain(`${other["name"] as string} did not fire`);
    const summary = (await viewer.ok<Page<Body>>("GET", "/api/workflows")).items.find(({ id }) => id === fired.id);
    expect(summary).toMatchObject({ fired: 1 });
  });

  test("flush skips what is pending, and says by whom it was", async () => {
    const late = await make({ action_sets: [{ delay: "1d", actions: [{ type: "dnc" }, { type: "hopper" }] }] });
    await tell("SALE");
    await operator.refused("bad_input", "POST", "/api/actions/flush", {});
    expect(await operator.ok("POST", "/api/actions/flush", { workflow: late.id })).toEqual({ count: 2 });
    expect((await viewer.ok<Page<Body>>("GET", `/api/actions?workflow=${late.id}`)).items).toMatchObject([
      { state: "skipped", note: expect.stringContaining("Flushed") },
      { state: "skipped" },
    ]);
  });
});

const why = (id: number, of: object = {}): Promise<Body & { checks: { check: string; met: boolean | null }[] }> =>
  viewer.ok("POST", `/api/workflows/${id}/why`, { lead_id: lead, ...of });

describe("why did this not fire", () => {
  test("a stored run answers; without one it is worked out as it was saved then", async () => {
    const asked = await make();
    const elsewhere = await make({ relation: { kind: "queue", of: "all" } });
    const off = await make({ active: false });
    await tell("NI");
    const later = await make();

    expect(await why(asked.id)).toMatchObject({
      fired: false,
      worked_out: false,
      headline: "It did not fire: the disposition was NI",
      fix: "Change the event “Disposition is SALE”, or switch it off",
      event: { says: "a call was dispositioned as NI" },
    });
    expect(await why(elsewhere.id)).toMatchObject({
      worked_out: true,
      headline: "It did not fire: the lead or call belongs elsewhere",
    });
    expect(await why(off.id)).toMatchObject({ worked_out: true, headline: "It did not fire: it was switched off" });
    expect(await why(later.id)).toMatchObject({
      worked_out: true,
      headline: expect.stringMatching(/^It did not fire: it was first saved later, on \d{1,2} \w+ \d{4}, \d\d:\d\d$/),
      fix: "It fires on what happens from now on",
    });

    // as it was then, not as it is now
    await admin.ok("PATCH", `/api/workflows/${off.id}`, { active: true, events: [{ type: "disposition", statuses: ["NI"] }] }); // prettier-ignore
    expect(await why(off.id)).toMatchObject({ headline: "It did not fire: it was switched off" });

    const { events } = (await why(asked.id)) as unknown as { events: { id: string; says: string }[] };
    const created = events.find(({ says }) => says === "the lead was created")!;
    const about = await make({ active: true });
    await tell("NI");
    expect(await why(about.id, { event_id: created.id })).toMatchObject({ event: { says: "the lead was created" } });
    await viewer.refused("not_found", "POST", "/api/workflows/999999/why", { lead_id: lead });
  });

  test("a viewer sees no personal value in it", async () => {
    const made = await make({
      events: [{ type: "disposition", statuses: ["NI"] }, { type: "field", field: "first_name", operator: "equals", value: "Bob" }],
    }); // prettier-ignore
    await tell("NI");
    expect(JSON.stringify(await why(made.id))).not.toContain("Adelaide");
    const seen = await admin.ok("POST", `/api/workflows/${made.id}/why`, { lead_id: lead });
    expect(seen).toMatchObject({ headline: "It did not fire: First Name was Adelaide" });
  });
});

test("a rehearsal is an admin's, and answers in words", async () => {
  const made = await make();
  await tell("SALE");
  const settings = sales({ name: made["name"], events: [{ type: "disposition", statuses: ["NI"] }] });
  const draft = { of: "workflow", id: made.id, settings };
  await operator.refused("forbidden", "POST", "/api/rehearsals", { draft });
  const found = await admin.ok<{ headline: string; counts: object; differences: object[] }>("POST", "/api/rehearsals", { draft, events_max: 1 }); // prettier-ignore
  expect(found).toMatchObject({
    events: 1,
    headline: "1 action would no longer be done",
    differences: [{ kind: "vanishes", lead_id: lead, what: "send the lead to Acme CRM", because: "Disposition is NI: no, the disposition was SALE" }],
  }); // prettier-ignore
  const problem = await admin.refused("bad_input", "POST", "/api/rehearsals", {
    draft: { ...draft, settings: sales({ events: [{ type: "connect_outcome", connect_id: 4_242, outcomes: ["failed"] }] }) },
  }); // prettier-ignore
  expect(problem.errors[0]?.path).toBe("draft.settings.events[0].connect_id");
});

describe("the account's mail settings", () => {
  test("keep the password, which no answer shows, for the server it was typed for", async () => {
    const smtp = { host: "mail.example.com", port: 587, security: "starttls", username: "acme", from: "news@example.com" }; // prettier-ignore
    const set = (more: object) => ({ smtp: { ...smtp, ...more } });
    const saved = await admin.ok("PATCH", "/api/account", set({ password: "mail-password-1" }));
    expect(saved).toMatchObject({ smtp: { ...smtp, password: "••••••••" } });
    const same = { password: "••••••••", from: "Acme <other@example.com>", host: "MAIL.example.com" };
    await admin.ok("PATCH", "/api/account", set(same));
    for (const other of [{ host: "evil.example.com" }, { port: 25 }, { security: "tls" }, { security: "none" }, { username: "other" }, { username: "" }]) {
      const problem = await admin.refused("bad_input", "PATCH", "/api/account", set({ ...other, password: "••••••••" }));
      expect(problem.errors).toMatchObject([{ path: "smtp.password", message: expect.stringContaining("type it again") as string }]);
    } // prettier-ignore
    const left = await admin.refused("bad_input", "PATCH", "/api/account", set({ username: "other" }));
    expect(left.errors).toMatchObject([{ path: "smtp.password" }]);
    const nobody = await admin.refused("bad_input", "PATCH", "/api/account", set({ from: "Acme, news@example.com" }));
    expect(nobody.errors).toMatchObject([{ path: "smtp.from" }]);
    const session = await viewer.ok<{ account: object }>("GET", "/api/session");
    expect(session.account).toMatchObject({ smtp: { from: "Acme <other@example.com>", password: "••••••••" } });
    await admin.ok("PATCH", "/api/account", set({ username: "other", password: "mail-password-2" }));
    await admin.ok("PATCH", "/api/account", { provider_connects: {} });
    await admin.ok("PATCH", "/api/account", set({ username: "other", password: "••••••••" }));
    const audit = await admin.ok("GET", "/api/audit?limit=10");
    expect(JSON.stringify([session, audit])).not.toMatch(/mail-password-\d/);
  });

  test("whoever writes another server into the row gains nothing by saving the mask", async () => {
    const smtp = { host: "mail.example.com", port: 587, security: "starttls", username: "acme", from: "news@example.com" }; // prettier-ignore
    await admin.ok("PATCH", "/api/account", { smtp: { ...smtp, password: "mail-password-3" } });
    await patchbay.db.query(`update accounts set smtp = smtp || '{"host":"evil.example.com"}'`);
    const evil = { ...smtp, host: "evil.example.com", password: "••••••••" };
    const problem = await admin.refused("bad_input", "PATCH", "/api/account", { smtp: evil });
    expect(problem.errors).toMatchObject([{ path: "smtp.password" }]);
    // other settings are saved without it being lost
    await admin.ok("PATCH", "/api/account", { provider_connects: { voice_broadcast: connect } });
    await patchbay.db.query(`update accounts set smtp = smtp || '{"host":"mail.example.com"}'`);
    await admin.ok("PATCH", "/api/account", { smtp: { ...smtp, password: "••••••••" } });
  });

  test("none stored, the mask stands for nothing", async () => {
    const smtp = { host: "mail.example.com", from: "news@example.com" };
    await admin.ok("PATCH", "/api/account", { smtp });
    const problem = await admin.refused("bad_input", "PATCH", "/api/account", { smtp: { ...smtp, password: "••••••••" } }); // prettier-ignore
    expect(problem.errors).toMatchObject([{ path: "smtp.password", message: "No password is stored: type it" }]);
  });

  test("name the connect that sends SMS, without which the action can't be on", async () => {
    const texting = sales({ action_sets: [{ actions: [{ type: "sms" }] }] });
    await admin.refused("bad_input", "POST", "/api/workflows", texting);
    await admin.refused("bad_input", "PATCH", "/api/account", { provider_connects: { sms: 4_242 } });
    await admin.ok("PATCH", "/api/account", { provider_connects: { sms: connect } });
    await admin.ok("POST", "/api/workflows", texting);
  });

  test("e-mail templates keep their places by field, and refuse what is no field", async () => {
    const template = { name: "Welcome", subject: "Hi {lead.first_name}", body: "Hello" };
    const made = await admin.ok<Body>("POST", "/api/email-templates", template);
    expect(made).toMatchObject(template);
    const problem = await admin.refused("bad_input", "PATCH", `/api/email-templates/${made.id}`, { body: "{lead.nick}" }); // prettier-ignore
    expect(problem.errors).toMatchObject([{ path: "body" }]);
    expect((await viewer.ok<Page<Body>>("GET", "/api/email-templates")).items).toHaveLength(1);
    await admin.ok("DELETE", `/api/email-templates/${made.id}`);
  });
});
