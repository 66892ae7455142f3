import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { api } from "./chromium.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();

test("the first lead: the page says what leads are for, and a sample is one click away", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/leads");
  await page.getByRole("heading", { name: "Bring a lead in" }).waitFor();
  expect(await page.locator("pre").textContent()).toContain(`curl ${patchbay.url}/v1/leads/insert`);
  await page.getByRole("button", { name: "Add a sample lead" }).click();
  await page.getByText(/^Lead \d+$/).waitFor();
  await page.getByText("The lead was created").waitFor();
  await page.context().close();
});

test("a lead is added by hand, sent through a connect, and its delivery seen with what the vendor answered", async () => {
  const page = await patchbay.openSignedIn();
  const connect = await makeConnect(page, "Acme CRM");
  await page.goto("/leads");
  await page.getByRole("button", { name: "Add lead" }).click();
  const drawer = page.getByRole("dialog", { name: "Add lead" });
  // refused under the field, which gets the cursor
  await drawer.getByLabel("First Name").fill("Kim");
  await drawer.getByLabel("Phone Number").fill("12");
  await drawer.getByRole("button", { name: "Add lead" }).click();
  await drawer.getByText("12 can't be a phone number").waitFor();
  await drawer.getByLabel("Phone Number").fill("(212) 555-0191");
  await drawer.getByRole("button", { name: "Add lead" }).click();
  await page.getByRole("heading", { name: "Kim", level: 1 }).waitFor();
  await page.getByRole("complementary", { name: "Fields" }).getByText("(212) 555-0191").waitFor();

  const before = patchbay.vendor.requests.length;
  await page.getByRole("button", { name: "Send through connect…" }).click();
  await page.getByRole("button", { name: "Send Kim" }).click();
  await patchbay.vendor.received(before + 1);
  expect(JSON.parse(patchbay.vendor.requests[before]?.text ?? "")).toEqual({ first: "Kim", phone: "2125550191" });
  const line = page.getByRole("listitem").filter({ hasText: "Acme CRM" });
  await line.getByText("Accepted").waitFor();
  await line.getByText("L-48197").waitFor();
  await line.getByRole("link", { name: /^View/ }).click();
  await page.waitForURL(/\/deliveries\/[0-9a-f-]{36}/);
  await page.getByText("L-48197").first().waitFor();
  expect(connect).toBeGreaterThan(0);
  await page.context().close();
});

test("a lead through a connect that is off is held, and says so", async () => {
  const page = await patchbay.openSignedIn();
  const connect = await makeConnect(page, "Resting CRM");
  await api(page, "PATCH", `/api/connects/${connect}`, { active: false });
  await page.goto("/leads");
  await page.getByRole("link", { name: "Kim" }).click();
  await page.getByRole("button", { name: "Send through connect…" }).click();
  await page.getByRole("combobox", { name: "Connect" }).click();
  await page.getByRole("option", { name: "Resting CRM" }).click();
  await page.getByText("It is off: the delivery is held").waitFor();
  await page.getByRole("button", { name: "Send Kim" }).click();
  const line = page.getByRole("listitem").filter({ hasText: "Resting CRM" });
  await line.getByText("Held").waitFor();
  await page.context().close();
});

test("a lead is edited: what was changed is saved, what the system keeps is greyed", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/leads?search=2125550191");
  await page.getByRole("link", { name: "Kim" }).click();
  await page.getByRole("button", { name: "Edit lead" }).click();
  const drawer = page.getByRole("dialog", { name: "Edit lead" });
  await drawer.getByLabel("City").fill("Springfield");
  await drawer.getByLabel("Date Of Birth").fill("1990-02-03");
  expect(await drawer.getByLabel("Lead ID").isDisabled()).toBe(true);
  await drawer.getByRole("button", { name: "Save lead" }).click();
  await page.getByRole("complementary", { name: "Fields" }).getByText("Springfield").waitFor();
  await page.getByRole("complementary", { name: "Fields" }).getByText("1990-02-03").waitFor();
  await page.context().close();
});

test("search, filters and pages are in the address, and Back goes back", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/leads");
  const [list] = (await api<{ items: { id: number }[] }>(page, "GET", "/api/lists")).items;
  for (let n = 0; n < 120; n++)
    await api(page, "POST", "/api/leads", {
      list_id: list?.id,
      phone_number: `21255501${String(n % 100).padStart(2, "0")}`,
      first_name: `Person ${n}`,
    });
  await page.goto("/leads");
  await page.getByText("The 100 newest leads").waitFor();
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByRole("link", { name: "Person 0", exact: true }).waitFor();
  expect(page.url()).toContain("cursor=");
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("link", { name: "Person 119", exact: true }).waitFor();

  await page.getByLabel("Search leads").fill("Person 77");
  await page.waitForURL(/search=Person/);
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  await page.reload();
  await page.getByRole("link", { name: "Person 77" }).waitFor();
  expect(await page.getByLabel("Search leads").inputValue()).toBe("Person 77");
  await page.getByLabel("Search leads").fill("nobody like that");
  await page.getByRole("heading", { name: "No lead matches" }).waitFor();
  await page.getByRole("button", { name: "Lift the filters" }).click();
  await page.getByRole("link", { name: "Person 119" }).waitFor();
  expect(await page.getByLabel("Search leads").inputValue()).toBe("");
  await page.context().close();
});

test.each([
  { width: 1280, dark: true },
  { width: 390, dark: false },
])("no page of leads has a serious finding or scrolls sideways, $width px wide, dark: $dark", async (look) => {
  const page = await patchbay.openSignedIn(look);
  const found: string[] = [];
  await page.goto("/leads");
  const { id } = await api<{ id: number }>(page, "POST", "/api/leads/sample");
  for (const [path, part] of [
    ["/leads?list=1", "html"],
    ["/leads?search=nobody", "#main"],
    ["/leads?add=1", "[role=dialog]"],
    [`/leads/${id}?fields=all`, "#main"],
    [`/leads/${id}?edit=1`, "[role=dialog]"],
  ] as const) {
    await page.goto(path);
    await loaded(page);
    if (part === "[role=dialog]") await page.getByRole("dialog").getByLabel("Phone Number").waitFor();
    found.push(...(await seriousFindings(page, part)));
    if ((await sidewaysScroll(page)) > 0) found.push(`${path} scrolls sideways`);
  }
  expect(found).toEqual([]);
  await page.context().close();
});

async function makeConnect(page: Page, name: string): Promise<number> {
  await page.goto("/leads");
  const adaptor = await api<{ id: number }>(page, "POST", "/api/adaptors", {
    name: `${name} lead`,
    fields: [
      { section: "lead", field: "first_name", to: "first" },
      { section: "lead", field: "phone_number", to: "phone" },
    ],
  });
  const connect = await api<{ id: number }>(page, "POST", "/api/connects", {
    name,
    api_url: patchbay.vendor.url("/leads"),
    request_method: "POST",
    response_key: "data.id",
    adaptor_id: adaptor.id,
  });
  return connect.id;
}
