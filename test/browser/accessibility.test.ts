import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "./chromium.ts";
import { owe } from "./owe.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();
const widths = [
  [1280, 800],
  [390, 844],
] as const;

let connect: number;
let paused: number;
let adaptor: number;
let lead: number;
let delivery: string;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  lead = (await api<{ id: number }>(page, "POST", "/api/leads/sample")).id;
  adaptor = (
    await api<{ id: number }>(page, "POST", "/api/adaptors", {
      name: "Acme lead",
      fields: ["first_name", "last_name", "phone_number", "email", "date_of_birth"].map((field) => ({
        section: "lead",
        field,
        to: field,
      })),
    })
  ).id;
  const settings = { request_method: "POST", adaptor_id: adaptor, response_key: "data.id" };
  connect = (
    await api<{ id: number }>(page, "POST", "/api/connects", {
      ...settings,
      name: "Acme CRM",
      api_url: patchbay.vendor.url("/v2/leads"),
      authorization_header: "Authorization: Bearer t-0987654321",
    })
  ).id;
  paused = (
    await api<{ id: number }>(page, "POST", "/api/connects", {
      ...settings,
      name: "Ridgeline",
      api_url: patchbay.vendor.url("/r"),
      // settings that fight, so that their remarks are looked at too
      order: "none",
      order_group: "Acme calls",
      give_up_after: "3s",
    })
  ).id;
  for (const hold of [null, "answer_lost"] as const) await owe(patchbay.db, paused, hold);
  await api(page, "POST", `/api/connects/${paused}/pause`);
  patchbay.vendor.answer([200, 401]);
  for (let n = 0; n < 2; n++)
    delivery = (await api<{ delivery_id: string }>(page, "POST", `/api/connects/${connect}/test`, {})).delivery_id;
  await patchbay.vendor.received(2);
  await page.context().close();
}, 60_000);

type Visit = readonly [name: string, path: () => string, act: (page: Page) => Promise<void>];
const nothing = (): Promise<void> => Promise.resolve();
const pages: readonly Visit[] = [
  ["Show Connect", () => "/connects", nothing],
  ["Add Connect", () => "/connects/new", nothing],
  [
    "a connect's settings",
    () => `/connects/${connect}`,
    async (page) => {
      await page.getByRole("button", { name: /Time-out, retries/ }).click();
      await page.getByRole("button", { name: /Pace, order/ }).click();
    },
  ],
  [
    "a paused connect whose settings fight",
    () => `/connects/${paused}`,
    (page) => page.getByRole("button", { name: "Resume" }).waitFor(),
  ],
  [
    "the question before what is held is discarded",
    () => `/connects/${paused}`,
    async (page) => {
      await page.getByRole("button", { name: "Discard held…" }).click();
      await page.getByRole("button", { name: "Discard 2" }).waitFor();
    },
  ],
  ["what a paused connect holds", () => `/connects/${paused}/logs?state=held`, nothing],
  ["its logs", () => `/connects/${connect}/logs`, nothing],
  [
    "View",
    () => `/connects/${connect}/logs?open=${delivery}`,
    (page) => page.getByRole("dialog").getByText("Retry plan").waitFor(),
  ],
  ["all deliveries", () => "/deliveries", nothing],
  ["nothing that matches", () => "/deliveries?phone=2125550199", nothing],
  ["a delivery's page", () => `/deliveries/${delivery}`, nothing],
  ["the first steps", () => "/start", nothing],
  ["adaptors", () => "/adaptors", nothing],
  ["an adaptor", () => `/adaptors/${adaptor}`, nothing],
  ["leads", () => "/leads", nothing],
  ["a lead", () => `/leads/${lead}`, nothing],
  ["settings", () => "/settings", nothing],
  ["an address that leads nowhere", () => "/nowhere", nothing],
];

describe.each(widths)("%i px wide", (width, height) => {
  let page: Page;
  beforeAll(async () => {
    page = await patchbay.openSignedIn({ width, height });
  });

  test.each(pages)(
    "%s has no serious finding, light or dark, and does not scroll sideways",
    async (_name, path, act) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(path());
      await loaded(page);
      await act(page);
      expect(await seriousFindings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await seriousFindings(page)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      if (width === 390) {
        await page.setViewportSize({ width: 360, height });
        expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      }
    },
  );
});

test("on a narrow screen the menu has no serious finding and can be closed without going anywhere", async () => {
  const page = await patchbay.openSignedIn({ width: 390, height: 844 });
  await page.goto("/leads");
  await loaded(page);
  await page.getByRole("button", { name: "Menu" }).click();
  const menu = page.getByRole("dialog", { name: "Menu" });
  await menu.getByRole("link", { name: "Workflows" }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await menu.getByRole("button", { name: "Close" }).click();
  await menu.waitFor({ state: "hidden" });
  expect(new URL(page.url()).pathname).toBe("/leads");
  await page.context().close();
});

test("the sign-in page has no serious finding", async () => {
  const page = await patchbay.open();
  await page.goto("/connects");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.context().close();
});
