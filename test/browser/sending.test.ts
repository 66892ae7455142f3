import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Connect } from "../../src/contracts/connect.ts";
import { api } from "./chromium.ts";
import { owe } from "./owe.ts";
import { browse, loaded, seriousFindings } from "./page.ts";

const patchbay = browse();
let names = 0;
let page: Page;

beforeAll(async () => {
  page = await patchbay.openSignedIn();
  await page.goto("/");
  await api(page, "POST", "/api/leads/sample");
}, 60_000);

const makeConnect = async (more: object = {}): Promise<{ id: number; name: string }> => {
  const settings = { name: `Vendor ${++names}`, api_url: patchbay.vendor.url("/leads"), request_method: "GET" };
  return api(page, "POST", "/api/connects", { ...settings, ...more });
};
const open = async (id: number): Promise<void> => {
  await page.goto(`/connects/${id}`);
  await loaded(page);
};
const saved = (id: number) => api<Connect>(page, "GET", `/api/connects/${id}`);
const choose = async (label: string, option: string): Promise<void> => {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
};
const save = async (name: string): Promise<void> => {
  // the words of an earlier save may still stand there
  const answered = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await page.getByRole("button", { name: "Save Connect" }).click();
  await answered;
  await page.getByText(`${name} is saved.`).last().waitFor();
};

describe("pace and order", () => {
  test("are set in words, shown in one line, and kept as the file writes them", async () => {
    await makeConnect({ name: "Call start", order_group: "Acme calls", order: "newest_wins" });
    const { id, name } = await makeConnect();
    await open(id);
    const line = page.getByRole("button", { name: /Pace, order/ });
    await line.getByText("32 at once · no rate limit · order kept per lead, 10 min").waitFor();
    await line.click();
    await page.getByLabel("Calls at once").fill("4");
    await page.getByRole("textbox", { name: /^Rate/ }).fill("10");
    await page.getByRole("radiogroup", { name: "Rate: per" }).getByText("a minute").click();
    await choose("Keep order for", "1 hour");
    await page.getByRole("combobox", { name: /^Order group/ }).fill("Acme c");
    await page.getByRole("option", { name: "Acme calls" }).click();
    await page.getByText("One order together with Call start.").waitFor();
    // the connects of a group must agree; that is said before anything is saved
    const remark = page.locator(".remark").filter({ hasText: "Call start (Newest wins)" });
    await remark.waitFor();
    await choose("Order", "Newest wins");
    await remark.waitFor({ state: "detached" });
    await save(name);
    await line.getByText("4 at once · 10 a minute · newest wins with Acme calls").waitFor();
    expect(await saved(id)).toMatchObject({
      concurrency: 4, rate: { per_second: 0.1666 }, order: "newest_wins", order_group: "Acme calls", keep_order_for: "1h",
    }); // prettier-ignore

    // it comes back as it was typed
    await page.reload();
    await loaded(page);
    await line.click();
    expect(await page.getByRole("textbox", { name: /^Rate/ }).inputValue()).toBe("10");
    await page.getByRole("textbox", { name: /^Rate/ }).fill("");
    await choose("Order", "As they come");
    await page.getByText("Order is As they come, so Acme calls keeps nothing in order").first().waitFor();
    await page.getByRole("combobox", { name: /^Order group/ }).fill("");
    await save(name);
    expect(await saved(id)).toMatchObject({ rate: null, order: "none", order_group: "" });
    await line.getByText("4 at once · no rate limit · as they come").waitFor();
  });

  test("a value that can't be is refused at its field", async () => {
    const { id } = await makeConnect();
    await open(id);
    await page.getByRole("button", { name: /Pace, order/ }).click();
    await page.getByRole("textbox", { name: /^Rate/ }).fill("0");
    await page.getByRole("button", { name: "Save Connect" }).click();
    await page.getByText("To put right: Rate").waitFor();
    await page.locator(".fold").getByText("This must be at least 0.01").waitFor();
    await page.getByRole("region", { name: "Preview", exact: true }).getByText("Rate:").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Discard" }).click();
    expect(await page.getByRole("textbox", { name: /^Rate/ }).inputValue()).toBe("");
  });
});

describe("retries", () => {
  test("are chosen by name, kept as what they are, and an own list is typed", async () => {
    const { id, name } = await makeConnect();
    await open(id);
    const line = page.getByRole("button", { name: /Time-out, retries/ });
    await line.getByText("30 s · 5s, 30s, 2m … for 8 days").waitFor();
    await line.click();
    await choose("Retry", "Real time");
    await page.getByText("After 2s, 5s, 10s, then every 20s, until 60 s are over.").waitFor();
    await save(name);
    await line.getByText("30 s · real time: 2s, 5s, 10s … for 60 s").waitFor();
    expect(await saved(id)).toMatchObject({ retry: { schedule: ["2s", "5s", "10s", "20s"] }, give_up_after: "60s" });

    // a list that is typed stays one, whatever it reads like on the way
    await page.reload();
    await loaded(page);
    await line.click();
    expect(await page.getByRole("combobox", { name: "Retry", exact: true }).inputValue()).toBe("Real time");
    await choose("Retry", "Own list…");
    await page.getByLabel("Waits between attempts").fill("5m, 1h");
    await page
      .getByText("The first retry comes 5 minutes after a failure, but after 60 seconds Patchbay has given up")
      .first()
      .waitFor();
    await choose("Give up after", "1 day");
    await page.locator(".remark").filter({ hasText: "has given up" }).waitFor({ state: "detached" });
    await save(name);
    expect(await saved(id)).toMatchObject({ retry: { schedule: ["5m", "1h"] }, give_up_after: "1d" });

    await page.getByLabel("Waits between attempts").fill("5x");
    await page.getByRole("button", { name: "Save Connect" }).click();
    await page.getByText("To put right: Retry").waitFor();
    // said below the field, and by the preview beside it once that has looked at the draft
    await page.locator(".fold").getByText("Write a length of time such as 30s, 10m, 4h or 8d").waitFor();
    await choose("Retry", "Off");
    await save(name);
    expect((await saved(id)).retry).toBe("off");
    await line.getByText("30 s · no retries").waitFor();
  });
});

describe("a pause", () => {
  test("holds what waits, says so wherever it is looked for, and ends with one click", async () => {
    const { id, name } = await makeConnect();
    const waits = await owe(patchbay.db, id);
    await owe(patchbay.db, id);
    await owe(patchbay.db, id, "answer_lost");
    await open(id);
    await page.getByText("1 delivery is held for a person, as the answer was lost.").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText(`${name} is paused. What comes in waits.`).waitFor();
    const notice = page.getByRole("region", { name: "How the connect stands" });
    await notice.getByText(/^Paused since \d\d:\d\d by Dana Whitfield\. What comes in waits/).waitFor();
    await notice
      .getByText("2 deliveries are held because it is paused; 1 for a person, as the answer was lost.")
      .waitFor();
    expect(await seriousFindings(page)).toEqual([]);

    await notice.getByRole("link", { name: "Show them" }).click();
    await page.waitForURL(`**/connects/${id}/logs?state=held`);
    await page.getByRole("row").filter({ hasText: "The connect is paused" }).first().waitFor();
    await page.goto(`/deliveries/${waits}`);
    await page.getByRole("heading", { name: `${name} is paused` }).waitFor();
    await page.getByText(`Resume ${name}, and it goes out.`).waitFor();
    expect(await page.getByRole("button", { name: "Retry now" }).count()).toBe(0);
    await page.getByRole("button", { name: `Open ${name}` }).click();
    await notice.getByRole("button", { name: "Resume" }).click();
    await page.getByText(`${name} is resumed. What waited goes out.`).waitFor();
    await page.getByRole("button", { name: "Pause" }).waitFor();

    // and from Show Connect
    await page.goto("/connects");
    const row = page.getByRole("row").filter({ hasText: name });
    await row.getByText("1 wait for a person").waitFor();
    await row.getByRole("button", { name: `${name}: actions` }).click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await row.getByText("Paused, 3 held").waitFor();
    await row.getByRole("button", { name: `${name}: actions` }).click();
    await page.getByRole("menuitem", { name: "Resume" }).click();
    await row.getByText("1 wait for a person").waitFor();
  });

  test("that the connect made itself is told with its reason, and what is held can be discarded", async () => {
    const { id, name } = await makeConnect();
    for (let n = 0; n < 3; n++) await owe(patchbay.db, id);
    await owe(patchbay.db, id, "answer_lost");
    await patchbay.db.query(
      `insert into connect_states (account_id, connect_id, breaker, breaker_since, breaker_because, probe_at,
         probe_wait_seconds)
       values (1, $1, 'open', now(), '20 attempts failed in a row', now() + interval '1 h', 300)`,
      [id],
    );
    await page.goto("/connects");
    const row = page.getByRole("row").filter({ hasText: name });
    await row.getByText("Paused by itself, 4 held").waitFor();
    await row.getByRole("link", { name }).click();
    await page
      .getByText(
        /^Paused by itself since \d\d:\d\d: 20 attempts failed in a row\. One delivery is tried every 30 s to 5 min, next at/,
      )
      .waitFor();
    await page.getByRole("button", { name: "Discard held…" }).click();
    const question = page.getByRole("dialog", { name: `Discard what is held for ${name}?` });
    await question.getByText(/^4 held deliveries are discarded and not sent\./).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await question.getByRole("combobox", { name: "Which" }).click();
    await page.getByRole("option", { name: "3 held because it paused itself" }).click();
    await question.getByRole("button", { name: "Discard 3" }).click();
    await page.getByText("3 deliveries are discarded.").waitFor();
    await page.getByText("1 delivery is held for a person, as the answer was lost.").waitFor();
  });

  test("over refused credentials ends when the connect is saved anew", async () => {
    const { id, name } = await makeConnect({ authorization_header: "X-Key: 0123456789" });
    await owe(patchbay.db, id);
    await patchbay.db.query(
      "insert into connect_states (account_id, connect_id, breaker, breaker_since) values (1, $1, 'refused', now())",
      [id],
    );
    await open(id);
    const words = page.getByText(/^Paused by itself: the vendor refused the credentials three times in a row/);
    await words.waitFor();
    await page.getByLabel("Timeout").waitFor({ state: "detached" });
    await page.getByRole("textbox", { name: /Name$/ }).fill(`${name} anew`);
    await save(`${name} anew`);
    await words.waitFor({ state: "detached" });
  });
});
