import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { api } from "./chromium.ts";
import { browse, loaded, paste, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();
const mask = "••••••••";
const header = "Authorization Header";
let names = 0;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  await api(page, "POST", "/api/leads/sample");
  await page.context().close();
}, 60_000);

// before any connect is made
test("the first connect's header is asked about before it is made", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/start");
  await page.getByLabel("Name").fill(`First ${++names}`);
  await page.getByLabel("API URL").fill(`${patchbay.vendor.origin}/lead`);
  await page.getByRole("textbox", { name: header }).fill("Authorization: Bearer: t-1,");
  await page.getByRole("button", { name: "Go on to Test" }).click();
  const question = page.getByRole("group", { name: `Worth a look: ${header}` });
  await question.getByText("ends with a comma").waitFor();
  await question.getByRole("button", { name: "Put it right" }).click();
  expect(await page.getByRole("textbox", { name: header }).inputValue()).toBe("Authorization: Bearer t-1");
  await page.getByRole("button", { name: "Go on to Test" }).click();
  await page.getByRole("textbox", { name: header }).waitFor({ state: "detached" });
  await page.context().close();
});

test("Replace takes the whole text away and shows its shape; until something is typed, what is stored stays", async () => {
  const { page, id } = await open({ authorization_header: "X-Team: north-1|Authorization: Bearer t-old-token" });
  const field = setting(page, header);
  const shape = `X-Team: ${mask}|Authorization: Bearer ${mask}`;
  expect(await state(field)).toEqual({ value: shape, readonly: true });
  await page.getByRole("button", { name: `Replace ${header}` }).click();
  await expect.poll(() => state(field)).toEqual({ value: "", readonly: false });
  expect(await field.getAttribute("placeholder")).toBe(shape);
  await page.getByText("What is stored stays until you type.").waitFor();
  expect(await page.getByText(/unsaved change/).count()).toBe(0);

  // back, also from what was typed
  await page.getByRole("button", { name: `Cancel replacing ${header}` }).click();
  expect(await state(field)).toEqual({ value: shape, readonly: true });
  await page.getByRole("button", { name: `Replace ${header}` }).click();
  await page.keyboard.insertText("Authorization: Bearer t-other");
  await page.getByText(`1 unsaved change: ${header}`).waitFor();
  await page.getByRole("button", { name: `Cancel replacing ${header}` }).click();
  expect(await state(field)).toEqual({ value: shape, readonly: true });

  // the header as the vendor mails it; what was stored besides is offered, not kept unasked
  await page.getByRole("button", { name: `Replace ${header}` }).click();
  await page.keyboard.insertText("Authorization: Bearer t-new-token");
  await page.getByText(`Before, it sent X-Team: ${mask} too.`).waitFor();
  await page.getByRole("button", { name: "Keep that" }).click();
  await save(page);
  await expect.poll(() => state(field)).toEqual({ value: `Authorization: Bearer ${mask}|X-Team: ${mask}`, readonly: true }); // prettier-ignore
  expect(await sent(page, id)).toMatchObject({ authorization: "Bearer t-new-token", "x-team": "north-1" });
  await page.context().close();
});

const asked = [
  ["its own name in its value", "Authorization: Bearer Authorization: Bearer t-1", "says its own name twice"],
  ["Bearer twice", "Authorization: Bearer Bearer t-1", "says Bearer twice"],
  ["a line break", "Authorization: Bearer t-\n1", "has a line break in its value"],
  ["quotes", '"Authorization: Bearer t-1"', "is in quotes"],
  ["a word processor's quotes around the token", "Authorization: Bearer “t-1”", "has its token in quotes"],
  ["no name", "Bearer t-1", "has no name"],
  ["curl's option", "-H 'Authorization: Bearer t-1'", "curl command"],
] as const;

test.each(asked)("%s is asked about before the save, and put right by one press", async (_, typed, words) => {
  const { page, id } = await open({ authorization_header: "Authorization: Bearer t-old-token" });
  await page.getByRole("button", { name: `Replace ${header}` }).click();
  await page.keyboard.insertText(typed);
  await page.getByRole("button", { name: "Save Connect" }).click();
  const question = page.getByRole("group", { name: `Worth a look: ${header}` });
  await question.getByText(words).waitFor();
  await page.getByText(`Not saved yet: say what is meant in ${header}`).waitFor();
  await page.locator("[data-question] button:focus").waitFor();
  expect(await revision(page, id)).toBe(1);
  expect(await setting(page, header).inputValue()).toBe(typed);

  await question.getByRole("button", { name: "Put it right" }).click();
  expect(await setting(page, header).inputValue()).toBe("Authorization: Bearer t-1");
  await question.waitFor({ state: "detached" });
  await save(page);
  expect(await sent(page, id)).toMatchObject({ authorization: "Bearer t-1" });
  await page.context().close();
});

test("what is meant as it is typed is saved like that, and stays worth a look", async () => {
  const { page, id } = await open({});
  await setting(page, header).fill("Authorization: Bearer Bearer t-1");
  await page.getByRole("button", { name: "Save Connect" }).click();
  await page.getByRole("button", { name: "Keep it as it is" }).click();
  await save(page);
  expect(await sent(page, id)).toMatchObject({ authorization: "Bearer Bearer t-1" });
  await page.locator("form").getByText("The header Authorization says Bearer twice").waitFor();
  await page.context().close();
});

test("several lines that are pasted become several headers, and pairs; Enter saves", async () => {
  const { page, id } = await open({
    authorization_header: "Authorization: Bearer t-old-token",
    api_authentication: "api_key=k-old-key",
  });
  await page.getByRole("button", { name: `Replace ${header}` }).click();
  await paste(page, setting(page, header), "Authorization: Bearer t-1\r\nX-Team: north\r\nX-Pipe: a|b\r\n");
  expect(await setting(page, header).inputValue()).toBe("Authorization: Bearer t-1|X-Team: north|X-Pipe: a\\|b");
  await page.getByRole("button", { name: "Replace Api Authentication" }).click();
  await paste(page, setting(page, "Api Authentication"), "api_key: k-1\nteam: 2\n");
  expect(await setting(page, "Api Authentication").inputValue()).toBe("api_key=k-1&team=2");
  await setting(page, header).press("Enter");
  await page.getByText(/ is saved\.$/).waitFor();
  expect(await sent(page, id)).toMatchObject({ authorization: "Bearer t-1", "x-team": "north", "x-pipe": "a|b" });
  expect(patchbay.vendor.requests.at(-1)?.url).toBe("/lead?api_key=k-1&team=2");
  await page.context().close();
});

test("Api Authentication is asked about, too", async () => {
  const { page, id } = await open({ api_authentication: "api_key=k-old-key" });
  await page.getByRole("button", { name: "Replace Api Authentication" }).click();
  await page.keyboard.insertText('api_key="k-1" ');
  await page.getByRole("button", { name: "Save Connect" }).click();
  const question = page.getByRole("group", { name: "Worth a look: Api Authentication" });
  await question.getByText("The value of api_key is in quotes").waitFor();
  expect(await revision(page, id)).toBe(1);
  await question.getByRole("button", { name: "Put it right" }).click();
  await save(page);
  await sent(page, id);
  expect(patchbay.vendor.requests.at(-1)?.url).toBe("/lead?api_key=k-1");
  await page.context().close();
});

test("removing what is stored is asked about, and brings it back or removes it", async () => {
  const { page, id } = await open({ authorization_header: "Authorization: Bearer t-old-token" });
  const remove = async (): Promise<Locator> => {
    await page.getByRole("button", { name: `Replace ${header}` }).click();
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByRole("button", { name: "Save Connect" }).click();
    const question = page.getByRole("group", { name: `Worth a look: ${header}` });
    await question.getByText("what is stored is removed").waitFor();
    return question;
  };
  await (await remove()).getByRole("button", { name: "Bring it back" }).click();
  expect(await state(setting(page, header))).toEqual({ value: `Authorization: Bearer ${mask}`, readonly: true });
  await (await remove()).getByRole("button", { name: "Remove it" }).click();
  await save(page);
  expect((await sent(page, id))["authorization"]).toBe(undefined);
  await page.context().close();
});

test("what can't be sent is refused by its header's name, not by a character's number", async () => {
  const { page } = await open({});
  await setting(page, header).fill("Content-type: text/plain|X-Key: аbc");
  await page.getByRole("button", { name: "Save Connect" }).click();
  await expect
    .poll(() => page.locator("#setting-authorization_header-error").textContent())
    .toBe("The header X-Key has а in its value, which can't be sent. Delete it, or type the value again");
  await setting(page, header).fill("Content-type: text/plain|Our Key: abc");
  await page.getByRole("button", { name: "Save Connect" }).click();
  const question = page.getByRole("group", { name: `Worth a look: ${header}` });
  await question.getByText("The second header has a space in its name").waitFor();
  // it can't be kept, nor put right for them
  await question.getByRole("button").first().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Save Connect" }).click();
  await setting(page, header).and(page.locator(":focus")).waitFor();
  expect(await page.locator("form").textContent()).not.toMatch(/character \d/i);
  await page.context().close();
});

test("a static pair's secret is replaced as a whole, and asked about", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const fields = [{ section: "static", to: "api_token", value: "s-old-secret" }];
  const { id } = await api<{ id: number }>(page, "POST", "/api/adaptors", { name: `Adaptor ${++names}`, fields });
  await page.goto(`/adaptors/${id}?mapped=1`);
  const value = page.getByLabel("Static pair api_token: value");
  await value.waitFor();
  expect(await value.inputValue()).toBe(mask);
  // wherever the cursor is put, the dots go as a whole
  await value.press("End");
  await page.keyboard.type("s");
  expect(await value.inputValue()).toBe("s");
  await page.getByRole("button", { name: "Cancel replacing the value of api_token" }).click();
  expect(await value.inputValue()).toBe(mask);

  await value.fill("“s-1” ");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByText("Not saved yet: the value of api_token is worth a look").waitFor();
  expect((await api<{ revision: number }>(page, "GET", `/api/adaptors/${id}`)).revision).toBe(1);
  await page.getByRole("button", { name: "Put it right" }).click();
  expect(await value.inputValue()).toBe("s-1");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByText(/ is saved/).waitFor();
  await expect.poll(() => value.inputValue()).toBe(mask);
  const connect = await make(page, { adaptor_id: id });
  await sent(page, connect);
  expect(JSON.parse(patchbay.vendor.requests.at(-1)?.text ?? "")).toEqual({ api_token: "s-1" });
  await page.context().close();
});

test("the mail server's password is replaced as a whole, asked about, and closed again after the save", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const smtp = { host: "mail.example.com", username: "acme", from: "news@example.com", password: "mail-password-1" };
  await api(page, "PATCH", "/api/account", { smtp });
  await page.goto("/settings?tab=email");
  const password = page.getByLabel("Password", { exact: true });
  await password.waitFor();
  expect(await state(password)).toEqual({ value: mask, readonly: true });
  await page.getByRole("button", { name: "Replace the password" }).click();
  await expect.poll(() => state(password)).toEqual({ value: "", readonly: false });
  await page.getByRole("button", { name: "Cancel replacing the password" }).click();
  expect(await state(password)).toEqual({ value: mask, readonly: true });

  await page.getByRole("button", { name: "Replace the password" }).click();
  await page.keyboard.insertText("'mail-password-2' ");
  await page.getByRole("button", { name: "Save settings" }).click();
  const question = page.getByRole("group", { name: "Worth a look: Password" });
  await question.getByText("The password is in quotes").waitFor();
  await question.getByText("The password has a space at an end").waitFor();
  await question.getByRole("button", { name: "Put it right" }).click();
  expect(await password.inputValue()).toBe("mail-password-2");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("How workflows send is saved").waitFor();
  await expect.poll(() => state(password)).toEqual({ value: mask, readonly: true });

  // emptied it would be removed
  await page.getByRole("button", { name: "Replace the password" }).click();
  await page.keyboard.insertText("x");
  await page.keyboard.press("Backspace");
  await page.getByRole("button", { name: "Save settings" }).click();
  await question.getByText("what is stored is removed").waitFor();
  await question.getByRole("button", { name: "Bring it back" }).click();
  expect(await state(password)).toEqual({ value: mask, readonly: true });
  await page.context().close();
});

test.each([
  { width: 1280, dark: false },
  { width: 390, dark: true },
])("a question has no serious finding and scrolls nothing sideways, $width px wide, dark: $dark", async (look) => {
  const { page } = await open({ authorization_header: "X-Team: north-1|Authorization: Bearer t-old-token" }, look);
  await page.getByRole("button", { name: `Replace ${header}` }).click();
  expect(await seriousFindings(page, "form")).toEqual([]);
  await page.keyboard.insertText(`Authorization: Bearer Bearer ${"0123456789abcdef".repeat(20)},`);
  await page.getByRole("button", { name: "Save Connect" }).click();
  await page.getByRole("group", { name: `Worth a look: ${header}` }).waitFor();
  expect(await seriousFindings(page, "form")).toEqual([]);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  await page.context().close();
});

async function make(page: Page, settings: object): Promise<number> {
  const connect = { name: `Connect ${++names}`, api_url: `${patchbay.vendor.origin}/lead`, request_method: "POST" };
  return (await api<{ id: number }>(page, "POST", "/api/connects", { ...connect, ...settings })).id;
}

/** A connect with these settings, on its page. */
async function open(settings: object, look?: { width: number; dark: boolean }): Promise<{ page: Page; id: number }> {
  const page = await patchbay.openSignedIn(look);
  await page.goto("/");
  const fields = [{ section: "lead", field: "first_name", to: "first" }];
  const adaptor = await api<{ id: number }>(page, "POST", "/api/adaptors", { name: `Adaptor ${++names}`, fields });
  const id = await make(page, { adaptor_id: adaptor.id, ...settings });
  await page.goto(`/connects/${id}`);
  await loaded(page);
  await setting(page, header).waitFor();
  return { page, id };
}

const setting = (page: Page, name: string): Locator => page.getByRole("textbox", { name, exact: true });
const state = async (field: Locator) => ({
  value: await field.inputValue(),
  readonly: (await field.getAttribute("readonly")) !== null,
});
const revision = async (page: Page, id: number): Promise<number> =>
  (await api<{ revision: number }>(page, "GET", `/api/connects/${id}`)).revision;

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save Connect" }).click();
  await page.getByText(/ is saved\.$/).waitFor();
}

/** What the vendor gets of the connect as it is stored, in its headers. */
async function sent(page: Page, id: number): Promise<Readonly<Record<string, string>>> {
  const before = patchbay.vendor.requests.length;
  await api(page, "POST", `/api/connects/${id}/test`, {});
  return (await patchbay.vendor.received(before + 1)).at(-1)?.headers ?? {};
}
