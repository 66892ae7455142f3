import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { api } from "./chromium.ts";
import { browse } from "./page.ts";

const patchbay = browse();
let connect: number;
let lead: { id: number; phone_number: string };

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  lead = await api(page, "POST", "/api/leads/sample");
  const adaptor = await api<{ id: number }>(page, "POST", "/api/adaptors", {
    name: "Acme lead",
    fields: [{ section: "lead", field: "phone_number", to: "phone" }],
  });
  connect = (
    await api<{ id: number }>(page, "POST", "/api/connects", {
      name: "Acme CRM",
      api_url: patchbay.vendor.url("/leads"),
      request_method: "POST",
      response_data_type: "TEXT",
      adaptor_id: adaptor.id,
    })
  ).id;
  patchbay.vendor.answer([
    { body: "A-1" },
    { status: 422, body: "state not served" },
    { status: 404 },
    { body: "A-4" },
  ]);
  for (let n = 1; n <= 3; n++) {
    await send(page);
    await patchbay.vendor.received(n);
  }
  await page.context().close();
}, 60_000);

const send = (page: Page) =>
  api<{ delivery_id: string }>(page, "POST", `/api/leads/${lead.id}/send`, { connect_id: connect });
const patience = { timeout: 10_000 };
const rows = (page: Page) => page.getByRole("row").filter({ hasText: "555" });

test("chips count and filter by outcome, and the address keeps what is chosen", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${connect}/logs`);
  await expect.poll(() => rows(page).count(), patience).toBe(3);
  await page.getByRole("button", { name: "Failed 1" }).click();
  await page.waitForURL("**outcome=failed**");
  await expect.poll(() => rows(page).count(), patience).toBe(1);
  await page.reload();
  await expect.poll(() => rows(page).count(), patience).toBe(1);
  await page.getByRole("textbox", { name: "Search logs" }).fill("(212) 555-0000");
  await page.getByText("No delivery matches: phone (212) 555-0000, failed").waitFor();
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await expect.poll(() => rows(page).count(), patience).toBe(3);
  await page.context().close();
});

test("K and J walk from delivery to delivery, and the address names the open one", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${connect}/logs`);
  await rows(page).first().click();
  const view = page.getByRole("dialog");
  await view.getByText("404 Not Found").first().waitFor();
  const first = new URL(page.url()).searchParams.get("open");
  await page.keyboard.press("j");
  await view.getByText("422 Unprocessable Content").first().waitFor();
  expect(new URL(page.url()).searchParams.get("open")).not.toBe(first);
  await page.keyboard.press("k");
  await view.getByText("404 Not Found").first().waitFor();
  await view.getByRole("link", { name: "Open as page" }).click();
  await page.waitForURL(`**/deliveries/${first}`);
  await page.getByText("404 Not Found").first().waitFor();
  await page.context().close();
});

test("a new delivery comes in live at the top, and what is retried changes in its place", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${connect}/logs`);
  await expect.poll(() => rows(page).count(), patience).toBe(3);
  await send(page);
  await expect.poll(() => rows(page).count(), patience).toBe(4);
  await rows(page).first().getByText("A-4").waitFor();

  // the one that met 404 is sent again, and is taken now
  const failed = rows(page).filter({ hasText: "404" });
  await failed.getByRole("checkbox").check();
  await page.getByText("1 chosen").waitFor();
  await page.getByRole("region", { name: "Chosen rows" }).getByRole("button", { name: "Retry…" }).click();
  const drawer = page.getByRole("dialog", { name: "Send again" });
  await drawer.getByText("Today’s settings change nothing").waitFor();
  await drawer.getByRole("button", { name: "Send 1 again" }).click();
  await page.getByText("1 delivery goes out again.").waitFor();
  await expect.poll(() => rows(page).filter({ hasText: "Accepted" }).count(), patience).toBe(3);
  expect(await rows(page).count()).toBe(4);
  await page.context().close();
});

test("CSV gives the rows that match", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${connect}/logs?outcome=rejected`);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("rejected,422");
  await page.context().close();
});

test("switching on with deliveries held asks what becomes of them", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/connects");
  const status = page.getByRole("switch", { name: "Acme CRM: status" });
  await status.click({ force: true });
  await page.getByText("Acme CRM is off.").waitFor();
  await send(page);
  await page.reload();
  await page.getByText("Not active, 1 held").waitFor();
  const before = patchbay.vendor.requests.length;
  await status.click({ force: true });
  const question = page.getByRole("dialog", { name: "Switch Acme CRM on?" });
  await question.getByText(/^1 waiting, oldest/).waitFor();
  await question.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("Acme CRM is active. Held deliveries are going out.").waitFor();
  await patchbay.vendor.received(before + 1);
  await page.context().close();
});

const isTail = (request: { url: () => string }) => request.url().includes("/api/deliveries/live");

test("where a user has too many tails open the page says so, waits as long as it is told, and comes back", async () => {
  const page = await patchbay.openSignedIn();
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const others = new AbortController();
  // kept, as one that nobody holds any more is closed
  const held: Response[] = [];
  while (held.length < 20) {
    const answer = await fetch(`${patchbay.url}/api/deliveries/live`, { headers: { cookie }, signal: others.signal });
    if (answer.ok) held.push(answer);
  }
  const asked: string[] = [];
  page.on("request", (request) => {
    if (isTail(request)) asked.push(request.url());
  });
  await page.goto(`/connects/${connect}/logs`);
  await page.getByRole("status").filter({ hasText: "Live is off: This user has 20 live streams open" }).waitFor();
  // what was there is there, and nothing is asked again and again
  await expect.poll(() => rows(page).count(), patience).toBe(5);
  await page.waitForTimeout(5_000);
  expect(asked).toHaveLength(1);
  expect(held).toHaveLength(20);
  others.abort();
  await expect.poll(() => page.getByText("Live is off").count(), { timeout: 90_000 }).toBe(0);
  await page.context().close();
});

test("a tail that ends comes back by itself; where the session has ended, the page asks to sign in", async () => {
  const page = await patchbay.openSignedIn();
  await Promise.all([page.waitForResponse(isTail), page.goto(`/connects/${connect}/logs`)]);
  await expect.poll(() => rows(page).count(), patience).toBe(5);
  // in another role it is another one
  const back = page.waitForResponse((response) => isTail(response) && response.ok());
  await patchbay.db.query("update users set role = 'operator'");
  await back;
  await send(page);
  await expect.poll(() => rows(page).count(), patience).toBe(6);
  await patchbay.db.query("update users set role = 'admin'");

  await patchbay.db.query("delete from sign_in_session");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.context().close();
});
