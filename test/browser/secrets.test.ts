import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { findSecrets } from "../find-secrets.ts";
import type { Act } from "../receiver.ts";
import { api } from "./chromium.ts";
import { browse, loaded } from "./page.ts";

const patchbay = browse();

/** One of each kind of secret, in every place that takes one. */
const planted = {
  url: "url-planted-7f3a",
  user: "user-planted-1c9d",
  pass: "pass-planted-52be",
  query: "query planted+/=&é-88",
  header: "header-planted-0d4f",
  bearer: "bearer-planted-b6e1",
  mail: "mail-planted-3e77",
  pair: "pair-planted-\"'-93c2",
  choice: "choice-planted-41fb",
};
const basic = `${planted.user}:${planted.pass}`;

/** A vendor that repeats what it got in every form: in the body, in headers, decoded, in base64, as an address. */
const echoEverything =
  (status: number): Act =>
  (request) => {
    const got = [request.url, ...Object.values(request.headers), request.text].join("\n");
    const secrets = Object.entries({ ...planted, basic }).filter(
      ([name, secret]) => findSecrets(got, { [name]: secret })[0],
    );
    const sent = [decodeURIComponent(request.url), ...secrets.map(([, secret]) => secret)];
    const inAscii = sent.map((text) => encodeURIComponent(text));
    return {
      status,
      headers: { "Content-Type": "application/json", "X-Echo": request.url, Location: request.url, "X-Said": inAscii },
      body: {
        data: { id: request.headers["x-key"], of: request.headers["authorization"] },
        message: `You sent ${sent.join(" and ")}`,
        all: { url: request.url, headers: request.headers, body: request.text },
        base64: sent.map((text) => Buffer.from(text).toString("base64")),
        lines: Array.from({ length: 30 }, (_, at) => `line ${at}: ${sent[at % sent.length]}`),
      },
    };
  };

type Made = Record<"posting" | "asking" | "adaptor" | "workflow" | "lead", number> & { retried: string; asked: string };
let made: Made;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const make = async (path: string, body?: object) => (await api<{ id: number }>(page, "POST", path, body)).id;
  const lead = await make("/api/leads/sample");
  const adaptor = await make("/api/adaptors", {
    name: "CRM",
    fields: [
      { section: "lead", field: "first_name", to: "first" },
      { section: "static", to: "api_token", value: planted.pair },
      { section: "static", to: "plain", value: planted.choice, secret: true },
    ],
  });
  const origin = patchbay.vendor.origin.replace("//", `//${planted.user}:${planted.pass}@`);
  const settings = {
    api_url: `${origin}/lead?token=${planted.url}&campaign=open`,
    api_authentication: `api_key=${encodeURIComponent(planted.query)}`,
    adaptor_id: adaptor,
    retry: { schedule: ["1s"] },
  };
  const posting = await make("/api/connects", {
    ...settings,
    name: "Posting",
    authorization_header: `X-Key: ${planted.header}|Accept: text/plain`,
    request_method: "POST",
    response_key: "data.id",
  });
  // its result is the answer's text, whole
  const asking = await make("/api/connects", {
    ...settings,
    name: "Asking",
    authorization_header: `X-Key: old-${planted.header}|Authorization: Bearer ${planted.bearer}`,
    request_method: "GET",
    response_data_type: "TEXT",
  });
  await api(page, "PATCH", `/api/connects/${asking}`, {
    authorization_header: `X-Key: ${planted.header}|Authorization: Bearer ${planted.bearer}`,
  });
  const smtp = { host: "mail.example.com", from: "news@example.com", username: "acme", password: planted.mail };
  await api(page, "PATCH", "/api/account", { smtp });
  const workflow = await make("/api/workflows", {
    name: "Sales",
    events: [{ type: "lead_action", actions: ["save"] }],
    action_sets: [{ actions: [{ type: "integration", connect_id: posting }] }],
  });

  const send = async (connect_id: number) =>
    (await api<{ delivery_id: string }>(page, "POST", `/api/leads/${lead}/send`, { connect_id })).delivery_id;
  patchbay.vendor.answer([503, 302, 200].map(echoEverything));
  const retried = await send(posting);
  await settled(page, retried);
  const asked = await send(asking);
  await settled(page, asked);
  await api(page, "PATCH", `/api/leads/${lead}`, { first_name: "Ada" });
  made = { lead, adaptor, posting, asking, workflow, retried, asked };
  await page.context().close();
}, 90_000);

test("the vendor gets every secret that is meant for it", () => {
  const got = patchbay.vendor.requests.flatMap(({ url, headers, text }) => [url, ...Object.values(headers), text]);
  const { mail: _forMails, user: _inBasic, pass: _inBasicToo, ...alone } = planted;
  for (const [name, secret] of Object.entries({ ...alone, basic }))
    expect(findSecrets(got.join("\n"), { [name]: secret })).not.toEqual([]);
});

/** What is done on a page before it is looked at; each stop is looked at. */
type Visit = readonly [name: string, path: () => string, act: (page: Page, look: () => Promise<void>) => Promise<void>];
const nothing = (): Promise<void> => Promise.resolve();
const clickEvery = async (page: Page, name: RegExp): Promise<void> => {
  const buttons = page.getByRole("button", { name });
  for (let left = await buttons.count(); left > 0; left--) await buttons.nth(left - 1).click();
};
const walkAttempts = async (page: Page, look: () => Promise<void>): Promise<void> => {
  const attempts = page.getByRole("button", { name: /^Attempt \d+:/ });
  await attempts.first().waitFor();
  for (let at = 0; at < (await attempts.count()); at++) {
    await attempts.nth(at).click();
    await clickEvery(page, /more headers|Show all/);
    await look();
    await clickEvery(page, /As it travelled/);
    await look();
  }
};
const openConnect = async (page: Page, look: () => Promise<void>): Promise<void> => {
  const preview = page.getByRole("region", { name: "What would be sent" });
  await preview.getByText("campaign").first().waitFor();
  await look();
  await clickEvery(page, /^Replace /);
  await look();
  await page.getByRole("button", { name: "Test Connect" }).click();
  await page
    .getByRole("region", { name: "Test Connect" })
    .getByText(/^Result /)
    .waitFor();
};
const settingsTabs = [
  "account", "lists", "statuses", "agents", "queues", "fields", "event-sources", "email", "users", "tokens", "sign-in",
]; // prettier-ignore

const visits: readonly Visit[] = [
  ["Show Connect", () => "/connects", nothing],
  ["a POST connect, its preview and its test", () => `/connects/${made.posting}`, openConnect],
  ["a GET connect, its preview and its test", () => `/connects/${made.asking}`, openConnect],
  [
    "a rehearsal of a connect that would send another body",
    () => `/connects/${made.posting}`,
    async (page, look) => {
      await page.getByRole("combobox", { name: "Post Data Type" }).click();
      await page.getByRole("option", { name: "RAW (form)" }).click();
      await page.getByRole("button", { name: "What would change?" }).click();
      await page.getByRole("list", { name: "Differences" }).waitFor();
      await look();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Discard" }).click();
    },
  ],
  ["Connect Logs", () => `/connects/${made.posting}/logs`, nothing],
  ["Connect Logs with the answer's text as result", () => `/connects/${made.asking}/logs`, nothing],
  ["Health", () => `/connects/${made.posting}/health`, nothing],
  [
    "a paused connect, what is held for it, and what sending it again would change",
    () => `/connects/${made.asking}`,
    async (page, look) => {
      await api(page, "POST", `/api/connects/${made.asking}/pause`);
      await api(page, "POST", `/api/leads/${made.lead}/send`, { connect_id: made.asking });
      await page.goto(`/connects/${made.asking}/logs?state=held`);
      await page.getByRole("button", { name: /^View/ }).first().click();
      await loaded(page);
      await look();
      await page.goto(`/connects/${made.asking}/health`);
      await loaded(page);
      await look();
      await page.goto(`/connects/${made.posting}/logs`);
      await page.getByRole("checkbox").first().check();
      await page
        .getByRole("button", { name: /^Retry/ })
        .first()
        .click();
      await page.getByRole("dialog", { name: "Send again" }).waitFor();
      await loaded(page);
      await look();
      await page.keyboard.press("Escape");
      await api(page, "POST", `/api/connects/${made.asking}/resume`);
    },
  ],
  ["View, with every attempt", () => `/connects/${made.posting}/logs?open=${made.retried}`, walkAttempts],
  ["a delivery's page", () => `/deliveries/${made.asked}`, walkAttempts],
  ["all deliveries", () => "/deliveries", nothing],
  ["adaptors", () => "/adaptors", nothing],
  [
    "an adaptor, with its Generated Data",
    () => `/adaptors/${made.adaptor}`,
    async (page, look) => {
      for (const tab of ["GET string", "POST RAW", "POST JSON"]) {
        await page.getByRole("tab", { name: tab }).click();
        await page.getByLabel(tab, { exact: true }).getByText("api_token").first().waitFor();
        await look();
      }
    },
  ],
  ["workflows", () => "/workflows", nothing],
  ["a workflow", () => `/workflows/${made.workflow}`, nothing],
  ["its logs", () => `/workflows/${made.workflow}/logs`, nothing],
  ["why it did not fire", () => `/workflows/${made.workflow}/why`, nothing],
  ["leads", () => "/leads", nothing],
  [
    "a lead, with its timeline",
    () => `/leads/${made.lead}`,
    (page) => page.getByRole("link", { name: "View: To Posting" }).first().waitFor(),
  ],
  ["the first steps", () => "/start", nothing],
  ...settingsTabs.map((tab): Visit => [`settings, ${tab}`, () => `/settings?tab=${tab}`, nothing]),
  [
    "settings, audit, with what was before and after",
    () => "/settings?tab=audit",
    async (page, look) => {
      const entries = page.getByRole("table", { name: "Audit" }).getByRole("button");
      await entries.first().waitFor();
      for (let at = 0; at < (await entries.count()); at++) {
        await entries.nth(at).click();
        await look();
      }
    },
  ],
  [
    "the search box",
    () => "/connects",
    async (page, look) => {
      await page.keyboard.press("Control+k");
      const box = page.getByRole("combobox", { name: "Search", exact: true });
      for (const text of ["Posting", "Asking", "CRM", "Sales", made.retried]) {
        await box.fill(text);
        await page.getByRole("option").first().waitFor();
        await look();
      }
      await box.fill("planted");
      await page.getByText("Nothing is found").waitFor();
    },
  ],
];

describe("no secret is on the screen, nor behind it, on", () => {
  let page: Page;
  beforeAll(async () => {
    page = await patchbay.openSignedIn();
  });

  test.each(visits)("%s", async (_name, path, act) => {
    const look = async (): Promise<void> => {
      const shown = await page.evaluate<string[]>(everythingOn);
      expect(findSecrets(shown.join("\n"), { ...planted, basic })).toEqual([]);
    };
    await page.goto(path());
    await loaded(page);
    await act(page, look);
    await look();
  });

  test("a page that would be caught if it were", async () => {
    await page.goto(`/connects/${made.posting}`);
    const input = page.getByRole("textbox", { name: "Response Key" });
    await input.fill(planted.header);
    const caught = async () => findSecrets((await page.evaluate<string[]>(everythingOn)).join("\n"), planted).length;
    expect(await caught()).toBeGreaterThan(0);
    await input.fill("");
    expect(await caught()).toBe(0);
    await page.evaluate(`document.querySelector("main").title = ${JSON.stringify(encodeURIComponent(planted.query))}`);
    expect(await caught()).toBeGreaterThan(0);
  });
});

/**
 * All that a picture, a screen reader or a look into the page's tree could tell: text (joined, as one secret may stand in
 * several elements), every attribute, what inputs hold, the address and what the browser keeps.
 */
const everythingOn = `[
  document.documentElement.textContent,
  document.body.innerText,
  location.href,
  document.title,
  JSON.stringify({ ...localStorage, ...sessionStorage }),
  ...Array.from(document.querySelectorAll("*")).flatMap((element) => [
    ...Array.from(element.attributes, (attribute) => attribute.value),
    "value" in element ? String(element.value) : "",
  ]),
]`;

async function settled(page: Page, delivery: string): Promise<void> {
  const state = async () => (await api<{ state: string }>(page, "GET", `/api/deliveries/${delivery}`)).state;
  while ((await state()) !== "settled") await page.waitForTimeout(50);
}
