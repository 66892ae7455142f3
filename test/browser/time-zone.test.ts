import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { timeZones } from "../../src/contracts/time-zones.ts";
import { admin, api } from "./chromium.ts";
import { browse, loaded, seriousFindings } from "./page.ts";

const patchbay = browse();

const zoneField = (page: Page): Locator => page.getByRole("combobox", { name: "Time zone" });
const options = (page: Page): Locator => page.getByRole("listbox", { name: "Time zone" }).getByRole("option");
const savedZone = async (page: Page): Promise<string> =>
  (await api<{ account: { time_zone: string } }>(page, "GET", "/api/session")).account.time_zone;

async function openSettings(): Promise<Page> {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings");
  await loaded(page);
  return page;
}

async function choose(page: Page, typed: string): Promise<void> {
  await zoneField(page).click();
  await page.keyboard.type(typed);
  await page.keyboard.press("Enter");
}

// before the account is made
test("setting up finds the zone by what people type, and makes no account without one", async () => {
  const page = await patchbay.open();
  await page.goto("/");
  await page.getByLabel("Company").fill(admin.account_name);
  await page.getByLabel("Your name").fill(admin.name);
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await zoneField(page).click();
  await page.keyboard.type("nowhere at all");
  await page.getByText("No zone is found.").waitFor();
  await page.keyboard.press("Tab");
  await page.getByText("No time zone is called nowhere at all. Choose one from the list").waitFor();
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect.poll(() => zoneField(page).getAttribute("aria-invalid")).toBe("true");
  expect(await (await page.request.get("/api/setup")).json()).toMatchObject({ needed: true });

  await zoneField(page).fill("");
  await choose(page, "new york");
  await expect.poll(() => zoneField(page).inputValue()).toBe("America/New_York");
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.waitForURL("**/start");
  expect(await savedZone(page)).toBe("America/New_York");
  await page.context().close();
});

test("typing replaces what stands there, and finds a zone by city, country, abbreviation, name or offset", async () => {
  const page = await openSettings();
  for (const [typed, zone] of [
    ["los angeles", "America/Los_Angeles"],
    ["LOS_ANGELES", "America/Los_Angeles"],
    ["germany", "Europe/Berlin"],
    ["eastern", "America/New_York"],
    ["PST", "America/Los_Angeles"],
    ["CET", "Europe/Paris"],
    ["+5:30", "Asia/Kolkata"],
    ["us/pacific", "America/Los_Angeles"],
    ["são paulo", "America/Sao_Paulo"],
    ["Eastern Time (US & Canada)", "America/New_York"],
  ] as const) {
    await choose(page, typed);
    await expect.poll(async () => [typed, await zoneField(page).inputValue()]).toEqual([typed, zone]);
  }
  // behind what was chosen just now, too
  await page.keyboard.press("End");
  await page.keyboard.type("vienna");
  expect(await zoneField(page).inputValue()).toBe("vienna");
  await page.keyboard.press("Enter");
  expect(await zoneField(page).inputValue()).toBe("Europe/Vienna");
  await choose(page, "tokyo");
  await page.getByText("1 unsaved change: Time zone").waitFor();
  await page.getByRole("button", { name: "Save account" }).click();
  await page.getByText("The account is saved").first().waitFor();
  expect(await savedZone(page)).toBe("Asia/Tokyo");
  await page.context().close();
});

test("opened, the list holds every zone, and shows the one that is set", async () => {
  const page = await openSettings();
  await zoneField(page).click();
  await options(page).first().waitFor();
  expect(await options(page).count()).toBe(timeZones.size);
  expect(await zoneField(page).getAttribute("placeholder")).toBe(await savedZone(page));
  const last = options(page).filter({ hasText: "Pacific/Wallis" });
  await last.click();
  expect(await zoneField(page).inputValue()).toBe("Pacific/Wallis");
  // opened and left, or Escape: as it was
  await zoneField(page).click();
  await page.keyboard.press("Tab");
  expect(await zoneField(page).inputValue()).toBe("Pacific/Wallis");
  await zoneField(page).click();
  await page.keyboard.type("berl");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  expect(await zoneField(page).inputValue()).toBe("Pacific/Wallis");
  await page.context().close();
});

test("what is no zone, or may be several, is not saved", async () => {
  const page = await openSettings();
  const before = await savedZone(page);
  for (const [typed, words] of [
    ["Atlantis City", "No time zone is called Atlantis City. Choose one from the list"],
    ["CET", /^CET may be any of \d+ time zones. Choose one from the list$/],
  ] as const) {
    await zoneField(page).fill(typed);
    await page.keyboard.press("Tab");
    await page.getByText(words).waitFor();
    await page.getByRole("button", { name: "Save account" }).click();
    await page.getByText("choose a time zone").waitFor();
    await page.locator(":focus").and(zoneField(page)).waitFor();
    expect(await zoneField(page).inputValue()).toBe(typed);
    expect(await savedZone(page)).toBe(before);
  }
  // one alone is meant
  await zoneField(page).fill("reykjavik");
  await page.keyboard.press("Tab");
  await expect.poll(() => zoneField(page).inputValue()).toBe("Atlantic/Reykjavik");
  await page.getByRole("button", { name: "Discard" }).click();
  expect(await zoneField(page).inputValue()).toBe(before);
  await page.context().close();
});

test("the open list has no serious finding", async () => {
  const page = await openSettings();
  await zoneField(page).click();
  await page.keyboard.type("eastern");
  await options(page).first().waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.context().close();
});
