/**
 * Takes the pictures of the documentation: `npm run pictures`. It starts a Patchbay of its own on an empty database,
 * with a vendor on loopback, does in it what the pictures show, and writes docs/pictures/*.png.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { admin, api, launchChromium } from "../test/browser/chromium.ts";
import { startPatchbay } from "../test/patchbay-process.ts";
import { startReceiver } from "../test/receiver.ts";

const row = (field: string, to: string) => ({ section: "lead", field, to });
const folder = join(import.meta.dirname, "pictures");
const data = mkdtempSync(join(tmpdir(), "patchbay-pictures-"));
mkdirSync(folder, { recursive: true });

const vendor = await startReceiver({ body: { data: { id: "L-48197" } } });
const patchbay = await startPatchbay({ environment: { PATCHBAY_DATA: data, PATCHBAY_ALLOW_HOSTS: vendor.allow } });
const browser = await launchChromium();
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1.5,
    baseURL: patchbay.url,
  });
  const page = await context.newPage();
  await page.request.post("/api/setup", { data: admin });
  await page.request.post("/api/auth/sign-in/email", { data: { email: admin.email, password: admin.password } });
  await page.goto("/");
  const connect = await describeVendor(page);

  await page.goto(`/connects/${connect}`);
  await settled(page);
  await page.screenshot({ path: join(folder, "connect-light.png") });
  await page
    .getByRole("region", { name: "Preview", exact: true })
    .screenshot({ path: join(folder, "preview-light.png") });

  vendor.answer({ status: 401, body: { error: "invalid_token", message: "Token was revoked" } });
  const { delivery_id } = await api<{ delivery_id: string }>(page, "POST", `/api/connects/${connect}/test`, {});
  await page.goto(`/connects/${connect}/logs?open=${delivery_id}`);
  await page.getByRole("dialog").getByText("What to do:").waitFor();
  await settled(page);
  await page.screenshot({ path: join(folder, "diagnosis-light.png") });
} finally {
  await browser.close();
  await patchbay.end();
  await vendor.close();
  rmSync(data, { recursive: true, force: true });
}
console.log(`The pictures are in ${folder}.`);

async function describeVendor(page: Page): Promise<number> {
  const list = await api<{ id: number }>(page, "POST", "/api/lists", { name: "Autumn campaign" });
  await api(page, "POST", "/api/leads", {
    list_id: list.id,
    phone_number: "2125550147",
    first_name: "Maria",
    last_name: "Alvarez",
    email: "maria.alvarez@example.com",
    state: "NY",
  });
  const adaptor = await api<{ id: number }>(page, "POST", "/api/adaptors", {
    name: "Acme lead",
    fields: [
      row("first_name", "contact.first_name"),
      row("last_name", "contact.last_name"),
      row("phone_number", "contact.phone"),
      row("email", "contact.email"),
      row("state", "contact.state"),
      { section: "extra", field: "status_name", to: "disposition" },
      { section: "static", to: "campaign", value: "solar-east" },
    ],
  });
  const connect = await api<{ id: number }>(page, "POST", "/api/connects", {
    name: "Acme CRM",
    api_url: vendor.url("/v2/leads"),
    api_authentication: "api_key=k-1234567890",
    authorization_header: "Content-Type: application/json|Authorization: Bearer t-0987654321",
    request_method: "POST",
    response_key: "data.id",
    adaptor_id: adaptor.id,
  });
  return connect.id;
}

async function settled(page: Page): Promise<void> {
  await page.getByRole("heading").first().waitFor();
  await page.waitForTimeout(1200); // fonts, and the preview, which follows the last keystroke after 200 ms
}
