import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "./chromium.ts";
import { browse, loaded, paste, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();
let lead: { readonly first_name: string; readonly last_name: string };

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/leads");
  lead = await api(page, "POST", "/api/leads/sample");
  await page.context().close();
}, 60_000);

test("an adaptor is written, ordered and saved by the keyboard alone, and Generated Data follows", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/adaptors/new");
  await loaded(page);
  // the name has the cursor
  await page.keyboard.type("Acme lead");
  await tabTo(page, "Search fields");
  await page.keyboard.type("name");
  await tabTo(page, "Last Name: mapped to");
  await page.keyboard.type("contact.last");
  // Enter goes down to the next cell of the column
  await page.keyboard.press("Enter");
  expect(await focused(page)).toBe("First Name: mapped to");
  await page.keyboard.type("contact.first");
  const generated = page.getByRole("complementary", { name: "Generated Data" });
  await generated.getByText(`"${lead.last_name}"`).waitFor();
  await generated.getByText(`"${lead.first_name}"`).waitFor();
  await page.keyboard.press("ControlOrMeta+s");
  await page.getByRole("heading", { name: "Acme lead", level: 1 }).waitFor();
  const id = Number(new URL(page.url()).pathname.split("/").at(-1));
  expect(targets(await saved(page, id))).toEqual(["contact.last", "contact.first"]);

  // a date, in a pattern chosen with the arrow keys
  await tabTo(page, "Created At: mapped to");
  await page.keyboard.type("created");
  await tabTo(page, /^Created At: System default/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: /^Created At/ }).waitFor();
  expect(await focused(page)).toBe("Date format");
  // System default, Y-m-d H:i:s, Y-m-d
  for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await generated.getByText(/"created": "\d{4}-\d\d-\d\d"/).waitFor();
  expect(await focused(page)).toMatch(/^Created At: Y-m-d,/);

  // the order is what the vendor receives
  await tabTo(page, "Only mapped", true);
  await page.keyboard.press("Space");
  await page.getByRole("heading", { name: "In the order the vendor receives them" }).waitFor();
  await tabTo(page, "Created At: mapped to");
  await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowUp");
  expect(await focused(page)).toBe("Created At: mapped to");
  await expect.poll(() => generated.locator("pre").textContent()).toMatch(/^\{\s*"created"/);
  await page.getByText("1 unsaved change: Created At").waitFor();
  await page.keyboard.press("ControlOrMeta+s");
  await page.getByText("Acme lead is saved").first().waitFor();
  // the earlier save's notice may still stand: what is stored tells
  await expect.poll(async () => targets(await saved(page, id))).toEqual(["created", "contact.last", "contact.first"]);
  expect(await focused(page)).toBe("Created At: mapped to");
  await page.context().close();
});

test("what can't be used is said under its row, and a save of it is refused with nothing written", async () => {
  const page = await patchbay.openSignedIn();
  const id = await adaptor(page, "Refused", [{ section: "lead", field: "created_at", to: "created" }]);
  await page.goto(`/adaptors/${id}`);
  await page.getByRole("button", { name: /^Created At: System default/ }).click();
  await page.getByLabel("Date format", { exact: true }).fill("Y-q");
  const words = "The letter q at character 3 has no meaning";
  await page.getByRole("dialog").getByText(words).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByText("Not saved: one row needs a look").waitFor();
  await page.locator("[data-row='lead.created_at']").getByText(words).waitFor();
  expect(await focused(page)).toBe("Created At: mapped to");
  expect((await saved(page, id)).fields[0]?.date_format).toBe("");

  // leaving asks once, and names what would be lost
  await page.getByRole("link", { name: "Leads" }).click();
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByText("Not saved: Created At.").waitFor();
  await question.getByRole("button", { name: "Stay" }).click();
  await question.waitFor({ state: "hidden" });
  expect(new URL(page.url()).pathname).toBe(`/adaptors/${id}`);
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("link", { name: "Leads" }).click();
  await page.getByRole("heading", { name: "Leads", level: 1 }).waitFor();
  await page.context().close();
});

test("two targets that are the same warn under the later row, and in the sum beside Generated Data", async () => {
  const page = await patchbay.openSignedIn();
  const id = await adaptor(page, "Twice", [
    { section: "lead", field: "phone_number", to: "phone" },
    { section: "lead", field: "alt_phone_1", to: "mobile", default: "none" },
  ]);
  await page.goto(`/adaptors/${id}`);
  await page.getByLabel("Cell Phone: mapped to", { exact: true }).fill("phone");
  await page.locator("[data-row='lead.alt_phone_1']").getByText("This later row wins").waitFor();
  const beside = page.getByRole("complementary", { name: "Generated Data" });
  await beside.getByText("1 warning").waitFor();
  await beside.getByRole("button", { name: "Cell Phone" }).click();
  expect(await focused(page)).toBe("Cell Phone: mapped to");
  await page.context().close();
});

test("a static pair's secret is sealed: dots ever after, kept by a save, typed anew in a copy", async () => {
  const page = await patchbay.openSignedIn();
  const id = await adaptor(page, "With a secret", [{ section: "lead", field: "first_name", to: "first" }]);
  await page.goto(`/adaptors/${id}`);
  await page.getByRole("button", { name: "Add a pair" }).click();
  await page.keyboard.type("api_token");
  await page.getByLabel("Static pair api_token: value").fill("planted-s3cret");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByText("With a secret is saved").first().waitFor();
  expect(await page.getByLabel("Static pair api_token: value").inputValue()).toBe("••••••••");
  await page.reload();
  await page.getByLabel("First Name: mapped to", { exact: true }).fill("first_name");
  const generated = page.getByRole("complementary", { name: "Generated Data" });
  await generated.getByText('"first_name"').waitFor();
  expect(await page.content()).not.toContain("planted-s3cret");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByText("With a secret is saved").first().waitFor();
  expect(JSON.stringify(await saved(page, id))).toContain("••••••••");

  await page.getByRole("button", { name: "Actions for With a secret" }).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await page.getByRole("heading", { name: "Copy of With a secret" }).waitFor();
  expect(await page.getByLabel("Static pair api_token: value").inputValue()).toBe("");
  await page.context().close();
});

test("a static value is offered every field", async () => {
  const page = await patchbay.openSignedIn();
  const id = await adaptor(page, "Of any field", [{ section: "static", to: "note", value: "" }]);
  await page.goto(`/adaptors/${id}`);
  await page.getByRole("button", { name: /^Static pair note: Text/ }).click();
  await page.getByRole("combobox", { name: "Put a field into the value" }).click();
  // the last of the catalog
  await page.getByRole("option", { name: "Status Name (status_name)" }).click();
  expect(await page.getByLabel("Static pair note: value").inputValue()).toBe("{extra.status_name}");
  await page.context().close();
});

test("a pasted table of too many pairs is kept whole, and its save is refused with the limit", async () => {
  const page = await patchbay.openSignedIn();
  const id = await adaptor(page, "Of many pairs", [{ section: "lead", field: "status", to: "state" }]);
  await page.goto(`/adaptors/${id}`);
  await page.getByRole("button", { name: /^Status: Text/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Add a pair" }).click();
  const table = Array.from({ length: 501 }, (_, at) => (at === 1 ? "alone" : `s${at}\tsent ${at}`)).join("\n");
  await paste(page, page.getByLabel("Value 1", { exact: true }), table);
  expect(await page.getByLabel("Value 2", { exact: true }).inputValue()).toBe("alone");
  expect(await page.getByLabel("Value 501 is sent as").inputValue()).toBe("sent 500");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.locator("[data-row='lead.status']").getByText(/500/).waitFor();
  expect(targets(await saved(page, id))).toEqual(["state"]);
  await page.context().close();
});

test("names are suggested, and the list shows, copies and deletes", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/adaptors/new");
  await page.getByLabel("Name", { exact: true }).fill("Suggested");
  await page.getByRole("button", { name: "Suggest names" }).click();
  await page.getByRole("button", { name: "Use email" }).click();
  await page.getByRole("region", { name: "Extra fields" }).getByRole("button", { name: "Use all 3" }).click();
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByRole("heading", { name: "Suggested", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Adaptors" }).first().click();
  const row = page.getByRole("row").filter({ hasText: "Suggested" });
  await row.getByText("4", { exact: true }).waitFor();
  await row.getByRole("button", { name: "Actions for Suggested" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete adaptor" }).click();
  await row.waitFor({ state: "detached" });
  await page.context().close();
});

test("somebody else's save in the meantime is not overwritten", async () => {
  const page = await patchbay.openSignedIn();
  const id = await adaptor(page, "Shared", []);
  await page.goto(`/adaptors/${id}`);
  await page.getByLabel("Email: mapped to", { exact: true }).fill("mail");
  await api(page, "PATCH", `/api/adaptors/${id}`, { leave_out_empty: true });
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByText("Somebody else saved this in the meantime").waitFor();
  expect((await saved(page, id)).fields).toEqual([]);
  await page.context().close();
});

describe.each([
  { width: 1280, dark: true },
  { width: 390, dark: false },
])("$width px wide, dark: $dark", (look) => {
  test("the editor with its popovers has no serious finding, and does not scroll sideways", async () => {
    const page = await patchbay.openSignedIn(look);
    const id = await adaptor(page, `Looked at ${look.width}`, [
      { section: "lead", field: "first_name", to: "first" },
      { section: "lead", field: "created_at", to: "created" },
      { section: "static", to: "campaign", value: "abc" },
    ]);
    await page.goto(`/adaptors/${id}`);
    await loaded(page);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    for (const name of [/^First Name: Text/, /^Created At: System default/, /^Static pair campaign: Text/]) {
      await page.getByRole("button", { name }).click();
      await page.getByRole("dialog").waitFor();
      expect(await seriousFindings(page, "[role=dialog]")).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
    }
    await page.goto(`/adaptors/${id}?mapped=1`);
    await page.getByRole("heading", { name: "In the order the vendor receives them" }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    if (look.width < 600) {
      await page.getByRole("button", { name: "Generated Data" }).click();
      await page.getByRole("dialog", { name: "Generated Data" }).getByText('"first"').waitFor();
      expect(await seriousFindings(page, "[role=dialog]")).toEqual([]);
    }
    await page.context().close();
  });
});

type Saved = { readonly fields: readonly { readonly to: string; readonly date_format?: string }[] };

const saved = (page: Page, id: number): Promise<Saved> => api<Saved>(page, "GET", `/api/adaptors/${id}`);
const targets = ({ fields }: Saved): string[] => fields.map(({ to }) => to);

async function adaptor(page: Page, name: string, fields: readonly object[]): Promise<number> {
  await page.goto("/adaptors");
  return (await api<{ id: number }>(page, "POST", "/api/adaptors", { name, fields })).id;
}

/** What has the cursor, as a screen reader names it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.labels?.[0]?.textContent ?? ''",
  );

/** Presses Tab (backwards: Shift+Tab) until this has the cursor, as a person without a mouse does. */
async function tabTo(page: Page, name: string | RegExp, backwards = false): Promise<void> {
  for (let presses = 0; presses < 400; presses++) {
    const here = await focused(page);
    if (typeof name === "string" ? here === name : name.test(here)) return;
    await page.keyboard.press(backwards ? "Shift+Tab" : "Tab");
  }
  throw new Error(`Tab does not lead to ${String(name)}.`);
}
