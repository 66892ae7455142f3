import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { ConnectHealth } from "../../src/contracts/health.ts";
import { hang } from "../receiver-acts.ts";
import { eventually } from "../engine/fixtures.ts";
import { api } from "./chromium.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();
let connect: number;
let quiet: number;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const lead = await api<{ id: number }>(page, "POST", "/api/leads/sample");
  const adaptor = await api<{ id: number }>(page, "POST", "/api/adaptors", {
    name: "Acme lead",
    fields: [{ section: "lead", field: "phone_number", to: "phone" }],
  });
  const make = async (name: string): Promise<number> => {
    const settings = {
      name,
      api_url: patchbay.vendor.url("/leads"),
      request_method: "POST",
      response_data_type: "TEXT",
      adaptor_id: adaptor.id,
      timeout_seconds: 1,
      retry: { schedule: ["1h"] },
    };
    return (await api<{ id: number }>(page, "POST", "/api/connects", settings)).id;
  };
  connect = await make("Acme CRM");
  quiet = await make("Never used");
  patchbay.vendor.answer([200, { body: "A-2" }, { status: 422 }, { status: 404 }, hang(), 200]);
  for (let n = 1; n <= 6; n++) {
    // the last one is a test, which counts nowhere
    if (n === 6) await api(page, "POST", `/api/connects/${connect}/test`, {});
    else await api(page, "POST", `/api/leads/${lead.id}/send`, { connect_id: connect });
    await patchbay.vendor.received(n);
  }
  await eventually(async () => {
    const answer = await page.request.get(`/api/connects/${connect}/health?hours=1`);
    return ((await answer.json()) as ConnectHealth).attempts === 5;
  }, 60_000);
  await page.context().close();
}, 120_000);

const openHealth = async (look?: Parameters<typeof patchbay.openSignedIn>[0]): Promise<Page> => {
  const page = await patchbay.openSignedIn(look);
  await page.goto(`/connects/${connect}/health`);
  await page.getByRole("heading", { name: "2 of 5 attempts did not get through" }).waitFor();
  return page;
};

test("the tab says what is so, in words and in a chart that can be heard", async () => {
  const page = await openHealth();
  expect(await page.getByRole("tab", { name: "Health" }).getAttribute("aria-selected")).toBe("true");
  await page.getByText("40 %", { exact: true }).waitFor();
  await page.getByText("accepted, of 5 attempts").waitFor();
  await page
    .getByRole("img", {
      name: "Attempts in each 30 minutes of the last 24 hours: 2 accepted, 1 rejected, 1 retrying, 1 failed.",
    })
    .waitFor();
  await page.getByRole("img", { name: /^Of the calls of the last 24 hours half took up to/ }).waitFor();
  await page.getByRole("row", { name: /^First byte/ }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "No answer in time1 attempt" }).waitFor();
  await page.getByText("Never. A connect pauses itself").waitFor();
  await page.context().close();
});

test("the range is in the address, and the numbers stand in a table", async () => {
  const page = await openHealth();
  await page.getByRole("radiogroup", { name: "Range" }).getByText("1 hour").click();
  await page.waitForURL("**/health?hours=1");
  await page.getByText(/^In the last hour\./).waitFor();
  await page.getByText("The numbers as a table").click();
  const table = page.getByRole("region", { name: "Numbers" });
  const cells = await table.getByRole("row").nth(1).getByRole("cell").allTextContents();
  expect(cells).toHaveLength(9);
  await page.reload();
  await page.getByText(/^In the last hour\./).waitFor();
  await page.context().close();
});

test("a connect that sent nothing says what will stand here", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto(`/connects/${quiet}/health`);
  await page.getByRole("heading", { name: "Nothing was sent in the last 24 hours" }).waitFor();
  await page.getByRole("button", { name: "Look at the last 7 days" }).click();
  await page.getByRole("heading", { name: "Nothing was sent in the last 7 days" }).waitFor();
  expect(await page.getByRole("button", { name: "Look at the last 7 days" }).count()).toBe(0);
  await page.context().close();
});

test("Show Connect has the last 24 hours of each in bars", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/connects");
  await page
    .getByRole("row", { name: /Acme CRM/ })
    .getByRole("img", { name: "5 attempts in the last 24 hours; some did not get through in 1 hour" })
    .waitFor();
  await page
    .getByRole("row", { name: /Never used/ })
    .getByRole("img", { name: "Nothing sent in the last 24 hours" })
    .waitFor();
  await page.context().close();
});

test.each([[1280], [390]])(
  "it has no serious finding at %i px, light or dark, and does not scroll sideways",
  async (width) => {
    const page = await openHealth({ width, height: 900 });
    await page.getByText("The numbers as a table").click();
    for (const path of [`/connects/${connect}/health`, `/connects/${quiet}/health`, "/connects"]) {
      if (!page.url().endsWith(path)) await page.goto(path);
      await loaded(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await seriousFindings(page)).toEqual([]);
        const folder = process.env["C_SHOTS"];
        if (folder)
          await page.screenshot({
            path: `${folder}/${path.replaceAll("/", "-")}-${width}-${colorScheme}.png`,
            fullPage: true,
          });
      }
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  },
);
