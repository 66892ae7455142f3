import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { admin } from "./chromium.ts";
import { browse } from "./page.ts";

const patchbay = browse();

test("the main job is done with the keyboard alone, from the setup page to the result", async () => {
  const page = await patchbay.open();
  await page.goto("/");
  await page.getByRole("heading", { name: "Set up Patchbay" }).waitFor();
  await typeInto(page, "Company", admin.account_name);
  await typeInto(page, "Your name", admin.name);
  await typeInto(page, "E-mail", admin.email);
  await typeInto(page, "Password", admin.password);
  await press(page, "Make the account");

  await page.getByRole("heading", { name: "Send your first lead to a vendor" }).waitFor();
  await press(page, "Use a sample lead");
  await page.getByLabel("API URL").waitFor();
  await typeInto(page, "Name", "First vendor");
  await typeInto(page, "API URL", patchbay.vendor.url("/first"));
  await press(page, "Go on to Test");
  await page.getByRole("button", { name: "Test Connect" }).waitFor();
  await press(page, "Test Connect");
  await page.getByText("Check result on the Connect Logs tab.").waitFor();
  await press(page, "To Connect");

  await page.getByRole("heading", { name: "Show Connect" }).waitFor();
  await press(page, "Add Connect");
  await page.getByRole("heading", { name: "Add Connect" }).waitFor();
  await typeInto(page, "Name", "Acme CRM");
  await typeInto(page, "API URL", patchbay.vendor.url("/v2/leads"));
  await typeInto(page, "Api Authentication", "api_key=k-1234567890");
  await typeInto(page, "Authorization Header", "X-Team: north");
  await typeInto(page, "Response Key", "data.id");
  await tabTo(page, "Adaptor ID");
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option", { name: /Standard lead fields/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await press(page, "Save Connect");
  await page.getByRole("heading", { name: "Acme CRM", level: 1 }).waitFor();
  await press(page, "Test Connect");
  await page.getByText("Check result on the Connect Logs tab.").waitFor();

  await tabTo(page, "Open it");
  await page.keyboard.press("Enter");
  const view = page.getByRole("dialog");
  await view.getByText("exactly as sent").waitFor();
  // the verdict has the cursor; Escape closes and gives it back to the page
  expect(await page.evaluate("document.activeElement?.tagName")).toBe("H2");
  await page.keyboard.press("Escape");
  await view.waitFor({ state: "hidden" });
  await press(page, /^View/);
  await view.getByText("L-48197").first().waitFor();
  await page.keyboard.press("Escape");
  await view.waitFor({ state: "hidden" });

  // and Ctrl-K leads anywhere
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search", exact: true }).waitFor();
  await page.keyboard.type("First v");
  await page.getByRole("option", { name: /First vendor/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "First vendor", level: 1 }).waitFor();
  await page.context().close();
});

/** Presses Tab until what has this name has the cursor; fails after one round of the page. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const walked: string[] = [];
  for (let step = 0; step < 150; step++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate<string>(focusedName);
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
    walked.push(focused);
  }
  throw new Error(`Tab never reached ${String(name)}: ${walked.slice(0, 80).join(" → ")}`);
}

async function typeInto(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, label);
  await page.keyboard.type(text);
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}

/** Runs in the page: the name of what has the cursor, without the letter badge, which is not read out either. */
const focusedName = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  const words = (node) => {
    const copy = node.cloneNode(true);
    for (const hidden of copy.querySelectorAll('[aria-hidden="true"], .dim')) hidden.remove();
    return copy.textContent.trim();
  };
  return at.getAttribute("aria-label") ?? (at.labels?.[0] ? words(at.labels[0]) : words(at));
})()`;
