import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Cookie, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { cloneDatabase } from "../clone-database.ts";
import { startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { startReceiver, type Receiver } from "../receiver.ts";
import { admin, api, launchChromium } from "./chromium.ts";

export type Look = { readonly width?: number; readonly height?: number; readonly dark?: boolean };

export type Browsed = {
  /** Where the real process listens. */
  readonly url: string;
  /** A vendor whom the address guard lets through. */
  readonly vendor: Receiver;
  /** The process's database, for what nobody can bring about by hand. */
  readonly db: Database;
  /** A fresh browser: no cookies. Faults of the page's script fail the test that opened it. */
  readonly open: (look?: Look) => Promise<Page>;
  /** One in which the account is made and its admin signed in. */
  readonly openSignedIn: (look?: Look) => Promise<Page>;
};

/** A real process on a database of its own, a vendor on loopback and a browser, for one test file. Call it at its top. */
export function browse(): Browsed {
  const database = cloneDatabase();
  const data = mkdtempSync(join(tmpdir(), "patchbay-browser-"));
  let patchbay: RunningPatchbay | undefined;
  let vendor: Receiver | undefined;
  let browser: Browser | undefined;
  const faults: string[] = [];
  let cookies: Cookie[] | undefined;

  beforeAll(async () => {
    vendor = await startReceiver({ body: { data: { id: "L-48197" } } });
    const environment = { DATABASE_URL: database.url, PATCHBAY_DATA: data, PATCHBAY_ALLOW_HOSTS: vendor.allow };
    [patchbay, browser] = await Promise.all([startPatchbay({ environment }), launchChromium()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await patchbay?.end();
    await vendor?.close();
    rmSync(data, { recursive: true, force: true });
    if (faults.length > 0) throw new Error(`The page's script failed: ${faults.join("; ")}`);
  });

  const open = async ({ width = 1280, height = 800, dark = false }: Look = {}): Promise<Page> => {
    const context = await started(browser).newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      baseURL: started(patchbay).url,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    return page;
  };
  return {
    get url() {
      return started(patchbay).url;
    },
    get db() {
      return database.db;
    },
    get vendor() {
      return started(vendor);
    },
    open,
    openSignedIn: async (look) => {
      const page = await open(look);
      // once a file: signing in is slowed by address
      if (cookies === undefined) {
        await page.goto("/");
        await page.request.post("/api/setup", { data: admin });
        await api(page, "POST", "/api/auth/sign-in/email", { email: admin.email, password: admin.password });
        cookies = await page.context().cookies();
      }
      await page.context().addCookies(cookies);
      return page;
    },
  };
}

/** Waits until the page stands and nothing of it is on its way. */
export async function loaded(page: Page): Promise<void> {
  await page.getByRole("heading").first().waitFor();
  await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: 10_000 }).toBe(0);
}

/** What axe finds serious or critical on the page as it stands (or in one part of it), in words. */
export async function seriousFindings(page: Page, within = "html"): Promise<string[]> {
  await expect.poll(() => page.evaluate(standsStill), { timeout: 10_000 }).toBe(true);
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(${JSON.stringify(within)}, { resultTypes: ["violations"] })`,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

/** Colours on their way from one scheme to the other have no contrast to speak of. */
const standsStill = `
  document.documentElement.dataset.mantineColorScheme ===
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") &&
  document.getAnimations().every(({ playState }) => playState !== "running")`;

/** How many pixels the page is wider than its window. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - window.innerWidth");

/** As a person pastes, from a clipboard that holds this. */
export async function paste(page: Page, field: Locator, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await field.focus();
  await page.keyboard.press("Control+v");
}

function started<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error("It is there from beforeAll on.");
  return thing;
}
