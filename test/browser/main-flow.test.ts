import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { admin } from "./chromium.ts";
import { browse } from "./page.ts";

const patchbay = browse();

test("an admin sets up, brings a lead in, adds a connect, tests it and reads on the Logs tab what the vendor answered", async () => {
  const page = await patchbay.open();
  const { vendor } = patchbay;

  // the first visit leads to the setup page
  await page.goto("/");
  await page.getByRole("heading", { name: "Set up Patchbay" }).waitFor();
  await page.getByLabel("Company").fill(admin.account_name);
  await page.getByLabel("Your name").fill(admin.name);
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await page.getByRole("button", { name: "Make the account" }).click();

  // three steps
  await page.getByRole("heading", { name: "Send your first lead to a vendor" }).waitFor();
  await page.getByRole("button", { name: "Use a sample lead" }).click();
  await field(page, "Name").fill("First vendor");
  await field(page, "API URL").fill(vendor.url("/first"));
  await page.getByRole("button", { name: "Go on to Test" }).click();
  await page.getByRole("button", { name: "Test Connect" }).click();
  await page.getByText("Check result on the Connect Logs tab.").waitFor();
  await vendor.received(1);
  expect(JSON.parse(vendor.requests[0]?.text ?? "")).toMatchObject({
    phone_number: expect.stringMatching(/55501\d\d$/),
  });

  // Apps → Connect → Add Connect, A to J
  await page.getByRole("link", { name: "To Connect" }).click();
  await page.getByRole("heading", { name: "Show Connect" }).waitFor();
  await page.getByRole("button", { name: "Add Connect" }).click();
  await field(page, "Name").fill("Acme CRM");
  await field(page, "API URL").fill(vendor.url("/v2/leads"));
  await field(page, "Api Authentication").fill("api_key=k-1234567890");
  await page
    .getByLabel("Authorization Header", { exact: true })
    .fill("X-Team: north|Authorization: Bearer t-0987654321");
  await page.getByRole("radiogroup", { name: "Request Method" }).getByText("POST").click();
  await field(page, "Response Data Type").click();
  await page.getByRole("option", { name: "JSON" }).click();
  await field(page, "Response Key").fill("data.id");
  await field(page, "Adaptor ID").click();
  await page.getByRole("option", { name: /Standard lead fields/ }).click();

  // the preview follows, and hides what is secret
  const preview = page.getByRole("region", { name: "What would be sent" });
  await preview.getByText('"phone_number"').waitFor();
  const previewed = await preview.textContent();
  expect(previewed).toContain("/v2/leads?api_key=");
  expect(previewed).not.toMatch(/k-1234567890|t-0987654321/);

  await page.getByRole("button", { name: "Save Connect" }).click();
  await page.getByRole("heading", { name: "Acme CRM", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Test Connect" }).click();
  await page.getByText("Check result on the Connect Logs tab.").waitFor();
  await vendor.received(2);
  expect(vendor.requests[1]?.url).toBe("/v2/leads?api_key=k-1234567890");
  expect(vendor.requests[1]?.headers["authorization"]).toBe("Bearer t-0987654321");

  // the Logs tab, and View
  await page.getByRole("tab", { name: "Connect Logs" }).click();
  const row = page.getByRole("row").filter({ hasText: "L-48197" });
  await row.getByText("Accepted").waitFor();
  await row.getByText("200").waitFor();
  await row.getByRole("button", { name: /^View/ }).click();
  const view = page.getByRole("dialog");
  await view.getByText("exactly as sent").waitFor();
  const story = await view.textContent();
  expect(story).toContain('"id": "L-48197"');
  expect(story).toContain("X-Team");
  expect(story).not.toMatch(/k-1234567890|t-0987654321/);
  await page.context().close();
});

test("a vendor who refuses the credentials leads from the log to the setting, which shows the same fault", async () => {
  const page = await patchbay.openSignedIn();
  patchbay.vendor.answer({ status: 401, body: { error: "invalid_token" } });
  await page.goto("/connects");
  await page.getByRole("link", { name: "Acme CRM" }).click();
  await page.getByRole("button", { name: "Test Connect" }).click();
  await page.getByRole("link", { name: "Open it" }).click();
  const view = page.getByRole("dialog");
  await view.getByText("What to do:").waitFor();
  await view.getByRole("button", { name: /^Open A/ }).click();
  const setting = page
    .locator("#setting-authorization_header, #setting-api_authentication")
    .and(page.locator(":focus"));
  await setting.waitFor();
  await page.getByRole("link", { name: "See the answer" }).waitFor();

  // a new token, as the vendor mails it: it takes the place of the whole setting
  await page.getByRole("button", { name: "Replace Authorization Header" }).click();
  await page.keyboard.insertText("Authorization: Bearer t-new-secret");
  await page.getByText("1 unsaved change: Authorization Header").waitFor();
  patchbay.vendor.answer({ body: { data: { id: "L-2" } } });
  await page.getByRole("button", { name: "Test Connect" }).click();
  await page.getByText("L-2").first().waitFor();
  expect(patchbay.vendor.requests.at(-1)?.headers["authorization"]).toBe("Bearer t-new-secret");
  await page.context().close();
});

test("leaving unsaved settings asks once, and names them", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/connects");
  await page.getByRole("link", { name: "Acme CRM" }).click();
  await field(page, "Response Key").fill("data.other");
  await page.getByRole("link", { name: "Leads" }).click();
  const question = page.getByRole("dialog");
  await question.getByText("Not saved: Response Key.").waitFor();
  await question.getByRole("button", { name: "Stay" }).click();
  await question.waitFor({ state: "hidden" });
  expect(await field(page, "Response Key").inputValue()).toBe("data.other");
  await page.getByRole("link", { name: "Leads" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await page.waitForURL("**/leads");
  await page.context().close();
});

test("a setting that can't be is refused under its own label, and takes the cursor", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/connects/new");
  await field(page, "Name").fill("Nowhere");
  await field(page, "API URL").fill("ftp://vendor.example.com");
  await page.getByRole("button", { name: "Save Connect" }).click();
  const url = field(page, "API URL");
  await page.locator("#setting-api_url:focus").waitFor();
  expect(await url.getAttribute("aria-invalid")).toBe("true");
  expect(await page.locator("#setting-api_url-error").textContent()).toMatch(/http/);
  await page.context().close();
});

/** A setting by the name that is read out: its letter is not. */
const field = (page: Page, name: string): Locator =>
  page
    .getByRole("textbox", { name: new RegExp(`^${name}`) })
    .or(page.getByRole("combobox", { name: new RegExp(`^${name}`) }));
