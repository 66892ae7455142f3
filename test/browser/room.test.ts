import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { admin, api, launchChromium } from "./chromium.ts";
import { loaded, seriousFindings, sidewaysScroll } from "./page.ts";

const data = mkdtempSync(join(tmpdir(), "patchbay-browser-"));
let browser: Browser;
let patchbay: RunningPatchbay;

// the embedded database: of another one's disk nothing can be seen
const start = (least: string, port = "0"): Promise<RunningPatchbay> =>
  startPatchbay({ environment: { PATCHBAY_DATA: data, PATCHBAY_DISK_FREE_MIN: least, PORT: port } });

beforeAll(async () => {
  [browser, patchbay] = await Promise.all([launchChromium(), start("900TB")]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await patchbay.end();
  rmSync(data, { recursive: true, force: true });
});

async function open(width: number, colorScheme: "light" | "dark"): Promise<Page> {
  const viewport = { width, height: 800 };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", baseURL: patchbay.url });
  return context.newPage();
}

const notice = (of: Page) => of.getByText(/^The disk is nearly full: \d+ [MG]B are free, and new work/);

test("while the disk is nearly full every page says so, and when there is room it says so no more", async () => {
  const page = await open(1280, "light");
  await page.goto("/");
  // settings are no new work: an account can be made
  await page.request.post("/api/setup", { data: admin });
  await api(page, "POST", "/api/auth/sign-in/email", { email: admin.email, password: admin.password });
  const cookies = await page.context().cookies();
  for (const path of ["/leads", "/connects", "/settings"]) {
    await page.goto(path);
    await notice(page).waitFor();
  }
  await page.goto("/deliveries");
  await loaded(page);
  await notice(page).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  for (const [width, scheme] of [[390, "dark"], [1280, "dark"], [390, "light"]] as const) {
    const other = await open(width, scheme);
    await other.context().addCookies(cookies);
    await other.goto("/deliveries");
    await loaded(other);
    await notice(other).waitFor();
    expect([await sidewaysScroll(other), await seriousFindings(other)]).toEqual([0, []]);
    await other.context().close();
  } // prettier-ignore

  const { port } = new URL(patchbay.url);
  await patchbay.end();
  patchbay = await start("1MB", port);
  await notice(page).waitFor({ state: "detached", timeout: 60_000 });
});
