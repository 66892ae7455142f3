import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { api } from "./chromium.ts";
import { browse, loaded, seriousFindings, sidewaysScroll, type Look } from "./page.ts";

/** What a reader sees masked, the page does not offer to search by; and says why. */

const patchbay = browse();
const viewer = { name: "Vera Lind", email: "vera@example.com", password: "correct horse battery" } as const;
let connect: number;
let lead: number;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  lead = (await api<{ id: number }>(page, "POST", "/api/leads/sample")).id;
  const settings = { name: "Acme CRM", api_url: patchbay.vendor.url("/"), request_method: "GET" };
  connect = (await api<{ id: number }>(page, "POST", "/api/connects", settings)).id;
  await api(page, "POST", `/api/leads/${lead}/send`, { connect_id: connect });
  await patchbay.vendor.received(1);
  const { link } = await api<{ link: string }>(page, "POST", "/api/invitations", {
    email: viewer.email,
    role: "viewer",
  });
  const accept = `/api/invitations/${new URL(link).pathname.split("/").at(-1)!}/accept`;
  await api(page, "POST", accept, { name: viewer.name, password: viewer.password });
  await page.context().close();
}, 60_000);

async function openAsViewer(look?: Look): Promise<Page> {
  const page = await patchbay.open(look);
  await page.goto("/");
  const { email, password } = viewer;
  await api(page, "POST", "/api/auth/sign-in/email", { email, password });
  return page;
}

const logsSay = "Phones and results are masked for your role, so the logs can't be searched by them.";

test("a viewer's logs are searched by lead id alone, and say why", async () => {
  const page = await openAsViewer();
  await page.goto(`/connects/${connect}/logs`);
  await page.getByText(logsSay).waitFor();
  await page.getByRole("combobox", { name: "Search by" }).click();
  expect(await page.getByRole("option").allTextContents()).toEqual(["Lead ID"]);
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Search logs" }).fill(String(lead));
  await page.waitForURL(`**lead_id=${lead}**`);
  await expect.poll(() => page.getByRole("button", { name: /^View / }).count()).toBe(1);
  expect(await seriousFindings(page)).toEqual([]);
  await page.context().close();
});

test("an address that filters by what its reader sees masked says so, and shows the rest", async () => {
  const page = await openAsViewer();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`/connects/${connect}/logs?result=L*`);
  await page.getByText("Your role sees results masked, so it can't filter by them.").waitFor();
  await expect.poll(() => page.getByRole("button", { name: /^View / }).count()).toBe(1);
  expect(asked.filter((url) => url.includes("/api/") && url.includes("result="))).toEqual([]);
  await page.getByRole("button", { name: "Leave it out" }).click();
  await expect.poll(() => page.url()).not.toContain("result=");
  await page.context().close();
});

test("a viewer searches leads by id alone, in the table and in the search box", async () => {
  const page = await openAsViewer({ width: 390 });
  await page.goto("/leads");
  await loaded(page);
  await page.getByText("so leads are searched by id alone").waitFor();
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  const box = page.getByRole("searchbox", { name: "Search leads" });
  expect(await box.getAttribute("placeholder")).toBe("Lead id");
  await box.fill("Grace");
  await page.getByText("Search by the lead's id.").waitFor();
  await box.fill(String(lead));
  await expect.poll(() => page.locator(`a[href="/leads/${lead}"]`).count()).toBeGreaterThan(0);
  await page.keyboard.press("Control+k");
  await page.getByText("Leads are found by id: their names, phones and e-mails are masked for your role.").waitFor();
  await page.getByRole("combobox", { name: "Search" }).fill("somebody@example.com");
  await page.getByText("so it can't search leads by them").waitFor();
  await page.getByRole("combobox", { name: "Search" }).fill(String(lead));
  await page.getByRole("option", { name: `Lead ${lead}` }).waitFor();
  await page.context().close();
});

test("where the account masks a field in its logs, nobody is offered to search them by results", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  await api(page, "PATCH", "/api/account", { fields_masked_in_logs: ["city"] });
  await page.goto("/deliveries");
  await page.getByText("Results are masked in this account's logs, so the logs can't be searched by them.").waitFor();
  await page.getByRole("combobox", { name: "Search by" }).click();
  expect(await page.getByRole("option").allTextContents()).toEqual(["Phone", "Lead ID"]);
  await api(page, "PATCH", "/api/account", { fields_masked_in_logs: [] });
  await page.context().close();
});
