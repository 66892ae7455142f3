import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "./chromium.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();
const patience = { timeout: 15_000 };
let connect: number;
let adaptor: number;
let beta: number;
let leadId: number;

const fields = (to: string) => [
  { section: "lead", field: "first_name", to },
  { section: "lead", field: "phone_number", to: "phone" },
];

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const lead = await api<{ id: number }>(page, "POST", "/api/leads/sample");
  adaptor = (await api<{ id: number }>(page, "POST", "/api/adaptors", { name: "Acme lead", fields: fields("name") }))
    .id;
  const settings = { name: "Acme CRM", request_method: "POST", response_data_type: "TEXT", adaptor_id: adaptor };
  connect = (
    await api<{ id: number }>(page, "POST", "/api/connects", { ...settings, api_url: patchbay.vendor.url("/old") })
  ).id;
  patchbay.vendor.answer(({ url }) => (url.startsWith("/old") ? 404 : { body: "taken" }));
  for (let n = 1; n <= 4; n++) {
    await api(page, "POST", `/api/leads/${lead.id}/send`, { connect_id: connect });
    await patchbay.vendor.received(n);
  }
  const old = { ...settings, name: "Beta CRM", api_url: patchbay.vendor.url("/old") };
  beta = (await api<{ id: number }>(page, "POST", "/api/connects", old)).id;
  leadId = lead.id;
  await page.context().close();
}, 60_000);

/** Two of another connect's fail, too. */
async function failElsewhere(page: Page): Promise<void> {
  const before = patchbay.vendor.requests.length;
  for (let n = 1; n <= 2; n++) {
    await api(page, "POST", `/api/leads/${leadId}/send`, { connect_id: beta });
    await patchbay.vendor.received(before + n);
  }
}

const replays = (page: Page) => page.getByRole("list", { name: "Replays" }).getByRole("listitem");
const drawer = (page: Page) => page.getByRole("dialog", { name: "Send again" });
const outcomes = async (page: Page): Promise<string> => {
  const counts = await api<Record<string, number>>(page, "GET", `/api/deliveries/counts?connect=${connect}`);
  return `${counts["accepted"]} accepted, ${counts["failed"]} failed`;
};

test("dead letters are one click away, and the difference stands before anything is sent", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/deliveries");
  await page.getByRole("button", { name: "Gave up / failed 4" }).click();
  await page.waitForURL("**outcome=failed**");
  await api(page, "PATCH", `/api/adaptors/${adaptor}`, { fields: fields("given_name") });
  const sent = patchbay.vendor.requests.length;
  await page.getByRole("button", { name: "Retry all 4 failed…" }).click();
  await drawer(page).getByText("4 deliveries go out again").waitFor();
  await drawer(page).getByText("With today’s settings 4 payloads change").waitFor();
  await drawer(page).getByText("Payload to Acme CRM changes").first().click();
  await drawer(page)
    .getByText(/^\+\s+"given_name"/)
    .first()
    .waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await drawer(page).getByRole("button", { name: "Leave them" }).click();
  expect(patchbay.vendor.requests).toHaveLength(sent);
  await page.getByRole("button", { name: "Gave up / failed" }).click();
  await expect.poll(() => new URL(page.url()).search, patience).not.toContain("failed");
  await page.context().close();
});

test("started at a pace, a replay stands above the logs", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${connect}/logs?outcome=failed`);
  await page.getByRole("button", { name: "Retry all 4 failed…" }).click();
  await drawer(page).getByRole("combobox", { name: "Pace" }).click();
  await page.getByRole("option", { name: "100 a second" }).click();
  await drawer(page).getByRole("button", { name: "Send 4 again" }).click();
  await page.getByText("4 deliveries go out again.").waitFor();
  await replays(page).getByText("100 a second at most").waitFor();
  await replays(page).getByText("Sent again", { exact: true }).waitFor();
  await replays(page).getByText("4 failed").waitFor();
  await replays(page).getByRole("button", { name: "Hide: Sent again" }).click();
  await page.context().close();
});

test("it is still there after a reload, and can be stopped and put away", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${connect}/logs`);
  await loaded(page);
  await api(page, "POST", "/api/deliveries/retry", { filter: { connect, outcome: "failed" }, per_second: 0.02 });
  await page.reload();
  await replays(page).getByText("1 of 4 sent again").waitFor();
  await page.reload();
  const slow = replays(page).filter({ hasText: "0.02 a second at most" });
  await slow.getByRole("button", { name: "Stop" }).click();
  await slow.getByText("Stopped").waitFor();
  await slow.getByRole("button", { name: "Hide: Stopped" }).click();
  await expect.poll(() => slow.count(), patience).toBe(0);
  await page.reload();
  await loaded(page);
  expect(await slow.count()).toBe(0);
  await page.context().close();
});

test("after a save that puts it right, what failed on the old settings is offered, and arrives", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${connect}`);
  await page.getByRole("textbox", { name: "API URL" }).fill(patchbay.vendor.url("/new"));
  await page.getByRole("button", { name: "Save Connect" }).click();
  await page.getByText("4 deliveries failed on the old settings.").waitFor();
  await page.getByRole("button", { name: "Send the 4 again…" }).click();
  await drawer(page).getByRole("radio", { name: "With today’s settings" }).check();
  await drawer(page).getByRole("button", { name: "Send 4 again" }).click();
  await page.getByText("4 deliveries go out again.").waitFor();
  await page.getByRole("tab", { name: "Connect Logs" }).click();
  await replays(page).filter({ hasText: "with today’s settings" }).getByText("4 accepted").waitFor();
  expect(await outcomes(page)).toBe("4 accepted, 0 failed");
  const last = patchbay.vendor.requests.slice(-4);
  expect(last.map(({ url, text }) => `${url} ${Object.keys(JSON.parse(text) as object).join()}`)).toEqual(
    Array(4).fill("/new given_name,phone"),
  );
  await page.context().close();
});

describe.each([
  [1280, 800],
  [390, 844],
] as const)("%i px wide", (width, height) => {
  beforeAll(async () => {
    const page = await patchbay.openSignedIn();
    await page.goto("/deliveries");
    if (width === 1280) await failElsewhere(page);
    await page.context().close();
  });

  test.each(["light", "dark"] as const)("progress and drawer fit and have no serious finding, %s", async (scheme) => {
    const page = await patchbay.openSignedIn({ width, height, dark: scheme === "dark" });
    await page.goto("/deliveries?outcome=failed");
    await loaded(page);
    const slow = { filter: { connect, outcome: "accepted" }, per_second: 0.02 };
    const { replay_id } = await api<{ replay_id: number }>(page, "POST", "/api/deliveries/retry", slow);
    await page.reload();
    await replays(page).getByText("Sending again").first().waitFor();
    await loaded(page);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Retry all 2 failed…" }).click();
    await drawer(page).getByText("2 deliveries go out again").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    await api(page, "POST", `/api/replays/${replay_id}/cancel`);
    await page.context().close();
  });
});
