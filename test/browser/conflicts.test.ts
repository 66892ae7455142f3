import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Adaptor } from "../../src/contracts/adaptor.ts";
import type { Connect } from "../../src/contracts/connect.ts";
import type { Workflow } from "../../src/contracts/endpoints/workflows.ts";
import { api } from "./chromium.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

// one thing open in two tabs: the second save shows what the first changed, and loses nothing of either

const patchbay = browse();
const planted = "planted-s3cret";
let adaptor: number;
let names = 0;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  adaptor = await make(page, "/api/adaptors", { name: "Usual", fields: [row("first_name", "first")] });
  await make(page, "/api/statuses", { code: "SALE", name: "Sale" });
  await make(page, "/api/statuses", { code: "NI", name: "Not interested" });
  await page.context().close();
}, 60_000);

const row = (field: string, to: string) => ({ section: "lead", field, to });
const secret = (value: string) => ({ section: "static", to: "api_token", value, secret: true });
const when = (status: string) => [{ type: "disposition", statuses: [status] }];
const make = async (page: Page, path: string, of: object): Promise<number> =>
  (await api<{ id: number }>(page, "POST", path, of)).id;
const newName = (): string => `Vendor ${++names}`;
const makeConnect = (page: Page, more: object = {}): Promise<number> =>
  make(page, "/api/connects", {
    name: newName(),
    api_url: patchbay.vendor.url("/leads"),
    request_method: "POST",
    adaptor_id: adaptor,
    authorization_header: `Authorization: Bearer ${planted}`,
    ...more,
  });
const connectOf = (page: Page, id: number) => api<Connect>(page, "GET", `/api/connects/${id}`);

const drawer = (page: Page): Locator => page.getByRole("dialog", { name: "Somebody else saved this" });
const place = (page: Page, name: string): Locator =>
  drawer(page).getByRole("listitem", { name: new RegExp(`^${name}( \\([A-J]\\))?$`) });
const mine = (page: Page, name: string) =>
  place(page, name)
    .getByRole("button", { name: /^Keep mine/ })
    .click();
const theirs = (page: Page, name: string) => place(page, name).getByRole("button", { name: "Take theirs" }).click();
/** As it was, theirs, mine. */
const told = (page: Page, name: string): Promise<string[]> => place(page, name).locator("dd").allTextContents();
const saveChosen = async (page: Page, verb: string): Promise<void> => {
  await drawer(page).getByRole("button", { name: verb }).click();
  await drawer(page).waitFor({ state: "hidden" });
};

const editConnect = async (page: Page, id: number): Promise<void> => {
  await page.goto(`/connects/${id}`);
  await loaded(page);
  await page.getByRole("textbox", { name: /Response Key/ }).fill("data.mine");
  await page
    .getByRole("textbox", { name: /^. ?Name$|Name$/ })
    .first()
    .fill("Named by me");
};

describe("a connect", () => {
  test.each([
    { width: 1280, dark: false },
    { width: 390, dark: true },
  ])(
    "$width px, dark: $dark: field by field; nothing typed is lost on the way back; no secret is shown",
    async (look) => {
      const page = await patchbay.openSignedIn(look);
      await page.goto("/");
      const id = await makeConnect(page, { response_data_type: "JSON", response_key: "data.id" });
      await editConnect(page, id);
      await api(page, "PATCH", `/api/connects/${id}`, {
        response_key: "data.theirs",
        delimiter: "|",
        authorization_header: "Authorization: Bearer another-s3cret",
      });
      await page.getByRole("button", { name: "Save Connect" }).click();
      await drawer(page).getByText("Dana Whitfield").waitFor();
      expect(await told(page, "Response Key")).toEqual(["data.id", "data.theirs", "data.mine"]);
      expect(await told(page, "Delimiter")).toEqual(["–", "|"]);
      await place(page, "Authorization Header").getByText("They replaced it, and the old one is gone").waitFor();
      await drawer(page).getByText("Yours alone, and kept: Name (A).").waitFor();
      expect(await page.content()).not.toContain("s3cret");
      expect(await seriousFindings(page)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      // what nobody chose yet can't be saved
      expect(await drawer(page).getByRole("button", { name: "Save Connect" }).isDisabled()).toBe(true);
      await drawer(page).getByText("1 to choose").waitFor();

      // back to the form and here again: all that was typed is there, and nothing was saved
      await page.keyboard.press("Escape");
      await drawer(page).waitFor({ state: "hidden" });
      const words = page.getByRole("alert").filter({ hasText: "Not saved: it was changed elsewhere while you typed" });
      await words.waitFor();
      // never a column of one word a line
      const box = (await words.boundingBox())!;
      expect(box.width).toBeGreaterThan(look.width === 390 ? 280 : 400);
      expect(await page.getByRole("textbox", { name: /Response Key/ }).inputValue()).toBe("data.mine");
      expect(await connectOf(page, id)).toMatchObject({ response_key: "data.theirs" });
      await page.getByRole("button", { name: "Save Connect" }).click();
      await mine(page, "Response Key");
      await saveChosen(page, "Save Connect");
      await page.getByText("Named by me is saved.").waitFor();
      expect(await connectOf(page, id)).toMatchObject({
        name: "Named by me",
        response_key: "data.mine",
        delimiter: "|",
        authorization_header: "Authorization: Bearer ••••••••",
      });
      await api(page, "PATCH", `/api/connects/${id}`, { name: newName() });
      await page.context().close();
    },
  );

  test("theirs is taken, theirs is undone, and a third save in the meantime asks again", async () => {
    const page = await patchbay.openSignedIn();
    await page.goto("/");
    const id = await makeConnect(page, { response_data_type: "JSON", response_key: "data.id" });
    await editConnect(page, id);
    await api(page, "PATCH", `/api/connects/${id}`, { response_key: "data.theirs", delimiter: "|" });
    await page.getByRole("button", { name: "Save Connect" }).click();
    await theirs(page, "Response Key");
    await mine(page, "Delimiter");
    const third = newName();
    await api(page, "PATCH", `/api/connects/${id}`, { name: third });
    await drawer(page).getByRole("button", { name: "Save Connect" }).click();
    expect(await eventually(() => told(page, "Name"))).toEqual([expect.any(String), third, "Named by me"]);
    await mine(page, "Name");
    await saveChosen(page, "Save Connect");
    await page.getByText("Named by me is saved.").waitFor();
    expect(await connectOf(page, id)).toMatchObject({
      name: "Named by me",
      response_key: "data.theirs",
      delimiter: "",
    });
    await api(page, "PATCH", `/api/connects/${id}`, { name: newName() });
    await page.context().close();
  });

  test("a secret typed here is masked beside theirs, and chosen like the rest", async () => {
    const page = await patchbay.openSignedIn();
    await page.goto("/");
    const id = await makeConnect(page);
    await page.goto(`/connects/${id}`);
    await loaded(page);
    await page.getByRole("button", { name: "Replace Authorization Header" }).click();
    await page.keyboard.insertText("Authorization: Bearer typed-s3cret");
    await api(page, "PATCH", `/api/connects/${id}`, { authorization_header: "Authorization: Bearer another-s3cret" });
    await page.getByRole("button", { name: "Save Connect" }).click();
    const header = "Authorization: ••••••••";
    expect(await eventually(() => told(page, "Authorization Header"))).toEqual([header, header, header]);
    expect(await drawer(page).textContent()).not.toContain("s3cret");
    await mine(page, "Authorization Header");
    await saveChosen(page, "Save Connect");
    await page.getByText(/^Vendor \d+ is saved\.$/).waitFor();
    const sent = patchbay.vendor.requests.length;
    const lead = await api<{ id: number }>(page, "POST", "/api/leads/sample");
    await api(page, "POST", `/api/leads/${lead.id}/send`, { connect_id: id });
    await patchbay.vendor.received(sent + 1);
    expect(patchbay.vendor.requests[sent]?.headers["authorization"]).toBe("Bearer typed-s3cret");
    await page.context().close();
  });
});

test("the switch in the head of an edited connect is no conflict, though it saves", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const id = await makeConnect(page);
  await page.goto(`/connects/${id}`);
  await loaded(page);
  await page
    .getByRole("combobox", { name: /Delimiter/ })
    .or(page.getByRole("textbox", { name: /Delimiter/ }))
    .first()
    .fill("|");
  await page.getByRole("switch", { name: "Active" }).click({ force: true });
  await page.getByText(/ is off\. /).waitFor();
  await page.getByRole("button", { name: "Save Connect" }).click();
  await page.getByText(/^Vendor \d+ is saved\.$/).waitFor();
  expect(await connectOf(page, id)).toMatchObject({ delimiter: "|", active: false });
  await page.context().close();
});

test("an adaptor's rows are told one by one", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const fields = (first: string, more: object[] = []) => [row("first_name", first), row("email", "email"), ...more];
  const id = await make(page, "/api/adaptors", { name: "Shared", fields: fields("first", [secret(planted)]) });
  await page.goto(`/adaptors/${id}`);
  await page.getByLabel("First Name: mapped to", { exact: true }).fill("given");
  await page.getByLabel("Last Name: mapped to", { exact: true }).fill("family");
  await api(page, "PATCH", `/api/adaptors/${id}`, {
    leave_out_empty: true,
    fields: fields("forename", [row("city", "town"), secret("another-s3cret")]),
  });
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await drawer(page).waitFor();
  expect(await told(page, "First Name")).toEqual(["to: first", "to: forename", "to: given"]);
  expect(await told(page, "Leave out empty values")).toEqual(["no", "yes"]);
  expect(await told(page, "City")).toEqual(["not there", "to: town"]);
  await place(page, "Static pair api_token").getByText("They replaced it").waitFor();
  await drawer(page).getByText("Yours alone, and kept: Last Name.").waitFor();
  expect(await page.content()).not.toContain("s3cret");
  await page.keyboard.press("Escape");
  await page.getByText("Not saved: it was changed elsewhere while you typed").waitFor();
  expect(await page.getByLabel("First Name: mapped to", { exact: true }).inputValue()).toBe("given");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await mine(page, "First Name");
  await mine(page, "City");
  await saveChosen(page, "Save Adaptor");
  await page.getByText("Shared is saved").waitFor();
  const { leave_out_empty, fields: now } = await api<Adaptor>(page, "GET", `/api/adaptors/${id}`);
  expect(leave_out_empty).toBe(true);
  expect(now.map((one) => one.to).toSorted()).toEqual(["api_token", "email", "family", "given"]);
  await page.context().close();
});

test("what was chosen of an adaptor and can't be saved is said at its row", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const id = await make(page, "/api/adaptors", { name: "Refused", fields: [row("created_at", "created")] });
  await page.goto(`/adaptors/${id}`);
  await page.getByRole("button", { name: /^Created At: System default/ }).click();
  await page.getByLabel("Date format", { exact: true }).fill("Y-q");
  await page.keyboard.press("Escape");
  await api(page, "PATCH", `/api/adaptors/${id}`, { fields: [row("created_at", "made")] });
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await mine(page, "Created At");
  await saveChosen(page, "Save Adaptor");
  await page.getByText("Not saved: one row needs a look").waitFor();
  await page.locator("[data-row='lead.created_at']").getByText("The letter q at character 3").waitFor();
  await page.context().close();
});

test("a workflow's conditions and actions are told in its own sentences", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const id = await make(page, "/api/workflows", {
    name: "Sold",
    events: when("SALE"),
    action_sets: [{ actions: [{ type: "dnc" }] }],
  });
  await page.goto(`/workflows/${id}`);
  await loaded(page);
  await page.getByLabel("Name", { exact: true }).fill("Sold by me");
  await page.getByRole("button", { name: "Schedule: always" }).waitFor();
  await api(page, "PATCH", `/api/workflows/${id}`, {
    name: "Sold by them",
    events: when("NI"),
    action_sets: [{ delay: "1d", actions: [{ type: "dnc" }] }],
  });
  await page.getByRole("button", { name: "Save Workflow" }).click();
  await drawer(page).waitFor();
  expect(await told(page, "Name")).toEqual(["Sold", "Sold by them", "Sold by me"]);
  expect(await told(page, "Event 1")).toEqual(["Disposition is SALE", "Disposition is NI"]);
  const [, sets] = await told(page, "Action set 1");
  expect(sets).toContain("add the phone number to the DNC list");
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByText("Not saved: it was changed elsewhere while you typed").waitFor();
  await page.getByRole("button", { name: "Save Workflow" }).click();
  await mine(page, "Name");
  await mine(page, "Action set 1");
  await saveChosen(page, "Save Workflow");
  await page.getByText("Sold by me is saved.").waitFor();
  const now = await api<Workflow>(page, "GET", `/api/workflows/${id}`);
  expect(now).toMatchObject({ name: "Sold by me", events: when("NI") });
  expect(now.action_sets).toMatchObject([{ delay: expect.not.stringMatching("1d") }]);
  await page.context().close();
});

describe("settings", () => {
  test("a list: the drawer below stays open, also on Escape", async () => {
    const page = await patchbay.openSignedIn({ width: 390 });
    await page.goto("/settings?tab=lists");
    const campaign = await make(page, "/api/campaigns", { name: "Campaign A" });
    const id = await make(page, "/api/lists", { name: "Web" });
    await page.reload();
    await page.getByRole("button", { name: "Web", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Edit Web" });
    await form.getByLabel("Name", { exact: true }).fill("Web by me");
    await api(page, "PATCH", `/api/lists/${id}`, { name: "Web by them", campaign_id: campaign });
    await form.getByRole("button", { name: "Save list" }).click();
    await drawer(page).waitFor();
    expect(await told(page, "Name")).toEqual(["Web", "Web by them", "Web by me"]);
    expect(await told(page, "Campaign")).toEqual(["–", "Campaign A"]);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    await page.keyboard.press("Escape");
    await drawer(page).waitFor({ state: "hidden" });
    expect(await form.getByLabel("Name", { exact: true }).inputValue()).toBe("Web by me");
    await form.getByText("Not saved: it was changed elsewhere while you typed").waitFor();
    await form.getByRole("button", { name: "Save list" }).click();
    await mine(page, "Name");
    await saveChosen(page, "Save list");
    await form.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Web by me", exact: true }).waitFor();
    const { items } = await api<{ items: object[] }>(page, "GET", "/api/lists");
    expect(items).toContainEqual(
      expect.objectContaining({ name: "Web by me", campaign: expect.objectContaining({ name: "Campaign A" }) }),
    );
    await page.context().close();
  });

  test("a user", async () => {
    const page = await patchbay.openSignedIn();
    await page.goto("/settings?tab=users");
    await page.getByRole("row").getByRole("button", { name: "Dana Whitfield (you)" }).click();
    const form = page.getByRole("dialog", { name: "Edit Dana Whitfield" });
    await form.getByLabel("Name", { exact: true }).fill("Dana Mine");
    const { items } = await api<{ items: { id: number }[] }>(page, "GET", "/api/users");
    await api(page, "PATCH", `/api/users/${items[0]!.id}`, { name: "Dana Theirs" });
    await form.getByRole("button", { name: "Save user" }).click();
    await drawer(page).waitFor();
    expect(await told(page, "Name")).toEqual(["Dana Whitfield", "Dana Theirs", "Dana Mine"]);
    await theirs(page, "Name");
    await saveChosen(page, "Save user");
    await page.getByRole("row").getByRole("button", { name: "Dana Theirs (you)" }).waitFor();
    await api(page, "PATCH", `/api/users/${items[0]!.id}`, { name: "Dana Whitfield" });
    await page.context().close();
  });

  test("the account", async () => {
    const page = await patchbay.openSignedIn();
    await page.goto("/settings?tab=account");
    await loaded(page);
    await page.getByLabel("Name", { exact: true }).fill("Northgate Mine");
    await api(page, "PATCH", "/api/account", { name: "Northgate Theirs", date_format: "Y-m-d" });
    await page.getByRole("button", { name: "Save account" }).click();
    await drawer(page).waitFor();
    expect(await told(page, "Name")).toEqual(["Northgate Calls", "Northgate Theirs", "Northgate Mine"]);
    await mine(page, "Name");
    await saveChosen(page, "Save account");
    await page.getByText("The account is saved").waitFor();
    const { account } = await api<{ account: object }>(page, "GET", "/api/session");
    expect(account).toMatchObject({ name: "Northgate Mine", date_format: "Y-m-d" });
    await page.context().close();
  });

  test("the mail server: part by part, its password never shown", async () => {
    const page = await patchbay.openSignedIn();
    await page.goto("/settings?tab=email");
    const smtp = {
      host: "smtp.example.com",
      port: 587,
      security: "starttls",
      username: "calls",
      from: "a@example.com",
      password: planted,
    };
    await api(page, "PATCH", "/api/account", { smtp });
    await page.reload();
    await loaded(page);
    await page.getByLabel("From").fill("mine@example.com");
    const connect = await makeConnect(page);
    await api(page, "PATCH", "/api/account", {
      smtp: { ...smtp, from: "theirs@example.com", password: "another-s3cret" },
      provider_connects: { sms: connect, voice_broadcast: null, ringless_voicemail: null },
    });
    await page.getByRole("button", { name: "Save settings" }).click();
    await drawer(page).waitFor();
    expect(await told(page, "From")).toEqual(["a@example.com", "theirs@example.com", "mine@example.com"]);
    expect((await told(page, "SMS"))[1]).toMatch(/^Vendor \d+$|^connect \d+$/);
    await place(page, "Password").getByText("They replaced it").waitFor();
    expect(await page.content()).not.toContain("s3cret");
    await mine(page, "From");
    await saveChosen(page, "Save settings");
    await page.getByText("How workflows send is saved").waitFor();
    const { account } = await api<{ account: object }>(page, "GET", "/api/session");
    expect(account).toMatchObject({
      smtp: { host: "smtp.example.com", from: "mine@example.com", password: "••••••••" },
      provider_connects: { sms: connect },
    });
    await page.context().close();
  });

  test("somebody else's other setting is in nobody's way", async () => {
    const page = await patchbay.openSignedIn();
    await page.goto("/settings?tab=account");
    await loaded(page);
    await page.getByLabel("Name", { exact: true }).fill("Northgate Again");
    const provider_connects = { sms: null, voice_broadcast: await makeConnect(page), ringless_voicemail: null };
    await api(page, "PATCH", "/api/account", { provider_connects });
    await page.getByRole("button", { name: "Save account" }).click();
    await page.getByText("The account is saved").waitFor();
    const { account } = await api<{ account: object }>(page, "GET", "/api/session");
    expect(account).toMatchObject({ name: "Northgate Again", provider_connects });
    await page.context().close();
  });
});

test("a lead: the same field asks, another does not", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings?tab=lists");
  const list = await make(page, "/api/lists", { name: newName() });
  const lead = { list_id: list, phone_number: "2125550142", first_name: "Ann", city: "Boston" };
  const id = await make(page, "/api/leads", lead);
  const open = async (): Promise<Locator> => {
    await page.goto(`/leads/${id}`);
    await page.getByRole("button", { name: "Edit lead" }).click();
    return page.getByRole("dialog", { name: "Edit lead" });
  };
  let form = await open();
  await form.getByLabel("First Name", { exact: true }).fill("Anna");
  await api(page, "PATCH", `/api/leads/${id}`, { city: "Albany" });
  await form.getByRole("button", { name: "Save lead" }).click();
  await form.waitFor({ state: "hidden" });
  form = await open();
  await form.getByLabel("First Name", { exact: true }).fill("Annie");
  await api(page, "PATCH", `/api/leads/${id}`, { first_name: "Hanna" });
  await form.getByRole("button", { name: "Save lead" }).click();
  await drawer(page).waitFor();
  expect(await told(page, "First Name")).toEqual(["Anna", "Hanna", "Annie"]);
  await page.keyboard.press("Escape");
  await drawer(page).waitFor({ state: "hidden" });
  expect(await form.getByLabel("First Name", { exact: true }).inputValue()).toBe("Annie");
  await form.getByRole("button", { name: "Save lead" }).click();
  await mine(page, "First Name");
  await saveChosen(page, "Save lead");
  await expect
    .poll(async () => api<{ fields: object }>(page, "GET", `/api/leads/${id}`).then((now) => now.fields))
    .toMatchObject({ first_name: "Annie", city: "Albany" });
  await page.context().close();
});

/** What is told, once it is there. */
async function eventually(tell: () => Promise<string[]>): Promise<string[]> {
  await expect.poll(async () => (await tell()).length, { timeout: 15_000 }).toBeGreaterThan(0);
  return tell();
}
