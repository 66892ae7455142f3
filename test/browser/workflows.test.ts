import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "./chromium.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();
let token = "";
let listId = 0;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/connects");
  await api(page, "POST", "/api/campaigns", { name: "Campaign A", code: "CAMP_A" });
  await api(page, "POST", "/api/campaigns", { name: "Campaign B", code: "CAMP_B" });
  listId = (await api<{ id: number }>(page, "POST", "/api/lists", { name: "November" })).id;
  for (const code of ["SALE", "NA", "FOLLOWUP"]) await api(page, "POST", "/api/statuses", { code, name: code });
  const adaptor = await api<{ id: number }>(page, "POST", "/api/adaptors", {
    name: "What a vendor wants",
    fields: [
      { section: "lead", field: "phone_number", to: "phone" },
      { section: "lead", field: "status", to: "lead_status" },
      { section: "call", field: "status", to: "disposition" },
    ],
  });
  const vendors = {
    "Acme CRM": "crm",
    "Guide start": "start",
    "Guide stop": "stop",
    "Guide dispo": "dispo",
    Later: "later",
  };
  for (const [name, path] of Object.entries(vendors))
    await api(page, "POST", "/api/connects", {
      name,
      api_url: patchbay.vendor.url(`/${path}`),
      request_method: "POST",
      response_data_type: "JSON",
      response_key: "data.id",
      adaptor_id: adaptor.id,
    });
  const made = { name: "dialler", access: ["events", "leads"] };
  token = (await api<{ secret: string }>(page, "POST", "/api/tokens", made)).secret;
  await page.context().close();
}, 60_000);

test("(a) on SALE in Campaign A the lead goes to the CRM, and to nobody on another campaign or status", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/workflows");
  await page.getByRole("heading", { name: "Nothing happens by itself yet" }).waitFor();
  await page.getByRole("button", { name: "Add Workflow" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Sold to the CRM");
  await page.getByRole("button", { name: "Campaign: any" }).click();
  await page.getByRole("option", { name: "Campaign A" }).click();
  await shut(page);
  await addEvent(page, "Disposition");
  await typed(page, "Disposition", "SALE");
  await addAction(page, "Integration");
  await page.getByRole("option", { name: "Acme CRM" }).click();
  await page.getByText("When Disposition is SALE in Campaign A, send the lead to Acme CRM.").waitFor();
  await page.getByRole("button", { name: "Save Workflow" }).click();
  await page.getByRole("heading", { name: "Sold to the CRM", level: 1 }).waitFor();

  const sold = await bringIn(page, "3105550101");
  await tell(page, [
    { type: "call.dispositioned", lead_id: sold, call: { status: "SALE", campaign: "CAMP_B" } },
    { type: "call.dispositioned", lead_id: sold, call: { status: "NI", campaign: "CAMP_A" } },
    { type: "call.dispositioned", lead_id: sold, call: { status: "SALE", campaign: "CAMP_A" } },
  ]);
  await expect.poll(() => sentTo("/crm")).toEqual([{ phone: "3105550101", lead_status: "SALE", disposition: "SALE" }]);

  // the lead's page tells it, and asks why of the one that did not fire
  await page.goto(`/leads/${sold}`);
  await page.getByText("Workflow Sold to the CRM fired").waitFor();
  await page.getByRole("link", { name: "View: To Acme CRM" }).waitFor();
  await page.getByRole("button", { name: "Why? A call was dispositioned as NI" }).click();
  await page.getByRole("heading", { name: "It did not fire: the disposition was NI" }).waitFor();
  await page.getByText("To make it fire:").waitFor();
  await page.getByRole("listitem").filter({ hasText: "Disposition is SALE: no, NI" }).waitFor();
  await page.context().close();
});

test("Ctrl-K goes to a workflow by its name", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/leads");
  await loaded(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search", exact: true }).fill("sold to");
  await page.getByRole("option", { name: /Sold to the CRM.*Workflow/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Sold to the CRM", level: 1 }).waitFor();
  await page.context().close();
});

test("(b) call start, call stop and disposition go to three connects of a vendor, each once", async () => {
  const page = await patchbay.openSignedIn();
  const guides = [
    ["Guide call start", "A call started", "Guide start"],
    ["Guide call stop", "A call ended", "Guide stop"],
    ["Guide disposition", "A call was dispositioned", "Guide dispo"],
  ] as const;
  for (const [name, happening, connect] of guides) {
    await page.goto("/workflows/new");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await addEvent(page, "What happened");
    await page.getByRole("combobox", { name: "What the dialler tells" }).click();
    await page.getByRole("option", { name: happening, exact: true }).click();
    await shut(page);
    await addAction(page, "Integration");
    await page.getByRole("option", { name: connect }).click();
    await page.getByRole("button", { name: "Save Workflow" }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
  }
  const lead = await bringIn(page, "3105550102");
  const call = { call_id: "guide-1", campaign: "CAMP_B" };
  await tell(page, [{ type: "call.started", lead_id: lead, call }]);
  await tell(page, [{ type: "call.ended", lead_id: lead, call: { ...call, length_in_sec: 42 } }]);
  await tell(page, [{ type: "call.dispositioned", lead_id: lead, call: { ...call, status: "NI" } }]);
  await expect.poll(() => sentTo("/dispo")).toEqual([{ phone: "3105550102", lead_status: "NI", disposition: "NI" }]);
  const before = { phone: "3105550102", lead_status: "NEW", disposition: "" };
  await expect.poll(() => [...sentTo("/start"), ...sentTo("/stop")].map(blanksFilled)).toEqual([before, before]);
  await page.context().close();
});

test("(c) after three no-answers it waits a day, then within 9–5 of the lead's own zone changes the status and sends", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/workflows/new");
  await page.getByLabel("Name", { exact: true }).fill("Third time");
  await addEvent(page, "Disposition");
  await typed(page, "Disposition", "NA");
  await addEvent(page, "Call Count");
  await typed(page, "Call Count", "3");
  await page.getByRole("button", { name: "When: At once" }).click();
  await page.getByRole("radio", { name: "Some time after the event" }).check();
  await shut(page);
  await page.getByRole("button", { name: "Window: at any time" }).click();
  await popover(page, "Window").getByRole("combobox", { name: "Window" }).click();
  await page.getByRole("option", { name: "9:00–17:00" }).click();
  await shut(page);
  await page.getByRole("button", { name: "Time: the account’s time" }).first().click();
  await page.getByRole("menuitemradio", { name: "the lead’s own time" }).click();
  await addAction(page, "Status change");
  await typed(page, "Status", "FOLLOWUP");
  await addAction(page, "Integration");
  await page.getByRole("option", { name: "Later" }).click();
  await page.getByRole("button", { name: "Which values: as it was at the event" }).click();
  await page.getByRole("menuitemradio", { name: /^as it is then/ }).click();
  await page.getByText("after 1 day, between 9:00 and 17:00 of the lead's own time").waitFor();
  await page.getByRole("button", { name: "Save Workflow" }).click();
  await page.getByRole("heading", { name: "Third time", level: 1 }).waitFor();

  // a lead of Hawaii, where the account's clock is of no use
  const lead = await bringIn(page, "8085550103", { locale_gmt: "Pacific/Honolulu" });
  for (let call = 1; call <= 3; call++)
    await tell(page, [
      { type: "call.dispositioned", lead_id: lead, call: { call_id: `na-${call}`, status: "NA", campaign: "CAMP_B" } },
    ]);
  await page.getByRole("tab", { name: "Logs" }).click();
  const row = page.getByRole("row").filter({ hasText: "Status change" });
  await row.getByText("Pending").waitFor();
  const { items } = await api<{ items: { due_at: string }[] }>(
    page,
    "GET",
    `/api/actions?lead_id=${lead}&state=pending`,
  );
  expect(items).toHaveLength(2);
  for (const { due_at } of items) {
    expect(Date.parse(due_at) - Date.now()).toBeGreaterThan(86_400_000 - 120_000);
    const hour = Number(
      new Intl.DateTimeFormat("en", { timeZone: "Pacific/Honolulu", hour: "2-digit", hourCycle: "h23" }).format(
        new Date(due_at),
      ),
    );
    expect(hour).toBeGreaterThanOrEqual(9);
    expect(hour).toBeLessThan(17);
  }
  expect(sentTo("/later")).toEqual([]);

  // a person need not wait a day
  await row.getByRole("button", { name: /^Run now/ }).click();
  await row.getByText("Done").waitFor();
  await page.getByRole("button", { name: /^Run now: Integration/ }).click();
  await expect
    .poll(() => sentTo("/later"))
    .toEqual([{ phone: "8085550103", lead_status: "FOLLOWUP", disposition: "NA" }]);
  await page.context().close();
});

test("a rehearsal tells what a draft would have done, and sends nothing", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/workflows");
  await page.getByRole("link", { name: "Sold to the CRM" }).click();
  await page.getByRole("button", { name: "Disposition: SALE" }).click();
  await popover(page, "Disposition").getByRole("combobox").fill("NI");
  await page.keyboard.press("Enter");
  await shut(page);
  await page.getByText("1 unsaved change: Events").waitFor();
  const sent = patchbay.vendor.requests.length;
  const panel = page.getByRole("complementary", { name: "Rehearsal" });
  await panel.getByRole("button", { name: "Rehearse" }).click();
  await panel.getByText("Nothing was sent.").waitFor();
  expect(await panel.getByRole("listitem").count()).toBeGreaterThan(0);
  expect(patchbay.vendor.requests).toHaveLength(sent);
  await page.getByRole("button", { name: "Discard" }).click();
  await page.context().close();
});

test("what is not whole is refused where it stands, and an event that is switched off says so", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/workflows/new");
  await page.getByLabel("Name", { exact: true }).fill("Not whole");
  await addEvent(page, "Disposition");
  await shut(page);
  await page.getByRole("switch", { name: "Disposition: active" }).click({ force: true });
  await page.locator(".wev[data-off]").getByText("Off", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Save Workflow" }).click();
  await page.getByText(/^Not saved: \d places need a look$/).waitFor();
  await page
    .locator(".wev[data-off]")
    .getByText(/^choose at least one$/i)
    .waitFor();
  await page.getByText(/^add an action$/i).waitFor();
  await page.context().close();
});

describe.each([
  { width: 1280, dark: false },
  { width: 1280, dark: true },
  { width: 390, dark: false },
])("$width px wide, dark: $dark", (look) => {
  test("no page of workflows and their settings has a serious finding, or scrolls sideways", async () => {
    const page = await patchbay.openSignedIn(look);
    for (const path of [
      "/workflows",
      "/workflows/1",
      "/workflows/1/logs",
      "/workflows/1/logs?show=runs",
      "/workflows/1/why",
      "/leads/1",
      "/settings?tab=event-sources",
      "/settings?tab=queues",
      "/settings?tab=email",
    ]) {
      await page.goto(path);
      await loaded(page);
      expect([path, await seriousFindings(page)]).toEqual([path, []]);
      expect([path, await sidewaysScroll(page)]).toEqual([path, 0]);
    }
    await page.goto("/workflows/1");
    await page.getByRole("button", { name: "Disposition: SALE" }).click();
    await popover(page, "Disposition").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await shut(page);
    await page.getByRole("button", { name: "Schedule: always" }).click();
    await popover(page, "Schedule").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.context().close();
  });
});

async function addEvent(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Add event", exact: true }).click();
  await menuItem(page, name).click();
}

async function addAction(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Add action", exact: true }).click();
  await menuItem(page, name).click();
}

const menuItem = (page: Page, name: string): Locator =>
  page.getByRole("menuitem").filter({ has: page.getByText(name, { exact: true }) });

/** Into the popover that opened by itself. */
async function typed(page: Page, label: string, text: string): Promise<void> {
  await popover(page, label).getByRole("textbox").or(popover(page, label).getByRole("combobox")).first().fill(text);
  await page.keyboard.press("Enter");
  await shut(page);
}

/** A value's editor is named by the value that it changes: "Disposition: SALE". */
const popover = (page: Page, label: string): Locator => page.getByRole("dialog", { name: new RegExp(`^${label}: `) });

/** Escape closes the list of choices first, then the editor. */
async function shut(page: Page): Promise<void> {
  const open = page.getByRole("dialog");
  await expect
    .poll(async () => {
      if ((await open.count()) > 0) await page.keyboard.press("Escape");
      return open.count();
    })
    .toBe(0);
}

async function bringIn(page: Page, phone: string, fields: object = {}): Promise<number> {
  const lead = { list_id: listId, phone_number: phone, first_name: "Maria", ...fields };
  return (await api<{ id: number }>(page, "POST", "/api/leads", lead)).id;
}

async function tell(page: Page, events: readonly object[]): Promise<void> {
  const answer = await page.request.post("/v1/events", {
    headers: { authorization: `Bearer ${token}` },
    data: events,
  });
  const { results } = (await answer.json()) as { results: { stored: boolean }[] };
  expect(results.every(({ stored }) => stored)).toBe(true);
}

const sentTo = (path: string): Record<string, string>[] =>
  patchbay.vendor.requests
    .filter(({ url }) => url === path)
    .map(({ text }) => JSON.parse(text) as Record<string, string>);

/** A call without a disposition yet: whether its status goes out as null, empty or not at all is the adaptor's matter. */
const blanksFilled = (sent: Record<string, string | null>): Record<string, string> => ({
  phone: sent["phone"] ?? "",
  lead_status: sent["lead_status"] ?? "",
  disposition: sent["disposition"] ?? "",
});
