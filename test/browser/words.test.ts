import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import { api } from "./chromium.ts";
import { owe } from "./owe.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

// the page says what is so, and nothing else

const patchbay = browse();
let adaptor: number;
let lead: number;
let names = 0;

beforeAll(async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  lead = (await api<{ id: number }>(page, "POST", "/api/leads/sample")).id;
  const fields = [{ section: "lead", field: "phone_number", to: "phone" }];
  adaptor = (await api<{ id: number }>(page, "POST", "/api/adaptors", { name: "Usual", fields })).id;
  await page.context().close();
}, 60_000);

type Made = { readonly id: number; readonly name: string };
const connectOf = (page: Page, more: object = {}): Promise<Made> =>
  api<Made>(page, "POST", "/api/connects", {
    name: `Vendor ${++names}`,
    api_url: patchbay.vendor.url("/leads"),
    request_method: "POST",
    response_data_type: "TEXT",
    adaptor_id: adaptor,
    ...more,
  });

/** One that ended, as first sent some minutes ago. */
async function settle(
  connect: number,
  { test: isTest = false, outcome = "failed", diagnosis = null as object | null, remark = null as string | null } = {},
): Promise<string> {
  const id = newUuidV7();
  await patchbay.db.query(
    `insert into deliveries (account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test,
       connect_revision, give_up_at, attempts, maybe_sent_twice, payload, outcome, diagnosis, remark, adaptor_id)
     values (1, $1, $2, $3, '2125550142', $1, 'lead.sent', $4, 1, now(), 1, false,
       '{"query": [], "body": ["{}"], "contentType": "application/json", "places": {}}', $5, $6, $7, $8)`,
    [id, connect, lead, isTest, outcome, diagnosis, remark, adaptor],
  );
  return id;
}

const toast = (page: Page) => page.locator(".toast");
const drawer = (page: Page) => page.getByRole("dialog", { name: "Send again" });

test("a connect's only delivery was not sent out of order, whatever its lane did", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id } = await connectOf(page);
  const delivery = await settle(id, { outcome: "accepted", remark: "out_of_order" });
  await page.goto(`/connects/${id}/logs`);
  await page.getByRole("row").filter({ hasText: "Accepted" }).waitFor();
  expect(await page.locator("main").textContent()).not.toMatch(/out of order/i);
  await page.goto(`/deliveries/${delivery}`);
  await page.getByRole("heading", { name: /accepted the lead$/ }).waitFor();
  expect(await page.locator("main").textContent()).not.toMatch(/out of order/i);
  await page.context().close();
});

test("ending the pause of a connect that is off does not say that what waited goes out", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id, name } = await connectOf(page);
  const held = await owe(patchbay.db, id);
  await api(page, "POST", `/api/connects/${id}/pause`);
  await api(page, "PATCH", `/api/connects/${id}`, { active: false });
  await page.goto(`/deliveries/${held}`);
  await page.getByText(`Switch ${name} on and resume it, and it goes out.`).waitFor();
  await page.goto(`/connects/${id}`);
  const notice = page.getByRole("region", { name: "How the connect stands" });
  await notice.getByText("It is off as well").waitFor();
  expect(await page.getByRole("button", { name: "Resume" }).count()).toBe(0);
  await notice.getByRole("button", { name: "End the pause" }).click();
  await toast(page)
    .getByText(`${name} is no longer paused. It is off, so what waits goes out when it is switched on.`)
    .waitFor();
  await page.context().close();
});

test("switching on a connect that is paused does not say that what was held goes out", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id, name } = await connectOf(page, { active: false });
  await owe(patchbay.db, id, "connect_off");
  await api(page, "POST", `/api/connects/${id}/pause`);
  await page.goto("/connects");
  await page.getByRole("switch", { name: `${name}: status` }).click({ force: true });
  await page
    .getByRole("dialog", { name: `Switch ${name} on?` })
    .getByRole("button", { name: "Switch on" })
    .click();
  await toast(page).getByText(`${name} is on, but is still paused. Held deliveries go out when that ends.`).waitFor();
  await page.context().close();
});

test("a refused delete is said as refused, without a tick", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings?tab=lists");
  const list = (await api<{ id: number }>(page, "POST", "/api/lists", { name: "Full" })).id;
  await api(page, "POST", "/api/leads", { list_id: list, phone_number: "2125550177" });
  await page.reload();
  await page.getByRole("button", { name: "Actions for Full" }).first().click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete list" }).click();
  const refusal = page.getByRole("dialog", { name: "Full is not deleted" });
  await refusal.getByRole("alert").getByText("1 lead is in Full, so it stays.").waitFor();
  expect(await toast(page).count()).toBe(0);
  expect(await seriousFindings(page)).toEqual([]);
  await refusal.getByRole("button", { name: "Close" }).last().click();
  await refusal.waitFor({ state: "hidden" });

  // a connect that is owed something since it was asked is asked about again, with that
  const { id, name } = await connectOf(page);
  await page.goto("/connects");
  await page.getByRole("button", { name: `${name}: actions` }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const question = page.getByRole("dialog", { name: `Delete ${name}?` });
  await question.getByText("Nothing can be sent through it any more.").waitFor();
  await owe(patchbay.db, id, "answer_lost");
  await question.getByRole("button", { name: `Delete ${name}` }).click();
  await question.getByText("1 delivery that is still owed is discarded. Logs stay.").waitFor();
  expect(await toast(page).count()).toBe(0);
  await question.getByRole("button", { name: `Delete ${name}` }).click();
  await toast(page).getByText(`${name} is deleted.`).waitFor();
  await page.context().close();
});

test("the audit says which secret was replaced", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id, name } = await connectOf(page, { authorization_header: "X-Key: planted-s3cret" });
  await api(page, "PATCH", `/api/connects/${id}`, { authorization_header: "X-Key: another-s3cret" });
  await page.goto("/settings?tab=audit");
  await page
    .getByRole("row")
    .filter({ hasText: name })
    .filter({ hasText: /changed|update|saved/i })
    .getByRole("button")
    .first()
    .click();
  await page.getByText("Authorization Header was replaced. Secrets are never shown.").first().waitFor();
  expect(await page.content()).not.toMatch(/Nothing that is shown here changed|s3cret/);
  await page.context().close();
});

test("a rehearsal over nothing says that there is nothing, not that nothing changes", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id } = await connectOf(page);
  await page.goto(`/connects/${id}`);
  await page.getByRole("button", { name: "What would change?" }).click();
  const panel = page.getByRole("dialog").filter({ hasText: "Rehears" });
  await panel.getByText("There is nothing to rehearse over yet").waitFor();
  await panel.getByText("Nothing happened so far that this has to do with.").waitFor();
  expect(await panel.textContent()).not.toMatch(/Nothing changes|Over 0/);
  await page.context().close();
});

test.each([{ width: 1280 }, { width: 390 }])("why fewer are sent again than match: $width px", async (look) => {
  const page = await patchbay.openSignedIn(look);
  await page.goto("/");
  const { id } = await connectOf(page);
  for (let n = 0; n < 5; n++) await settle(id, { test: n >= 3 });
  await page.goto(`/connects/${id}/logs?outcome=failed`);
  await page.getByRole("button", { name: "Retry all 5 failed…" }).click();
  await drawer(page).getByText("3 deliveries go out again").waitFor();
  await drawer(page).getByText("2 more match and can’t be sent again: 2 are tests.").waitFor();
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  patchbay.vendor.answer({ body: "taken" });
  await drawer(page).getByRole("button", { name: "Send 3 again" }).click();
  // the notice is true while it is read: they go out, then they were sent
  await toast(page).getByText("3 deliveries were sent again.").waitFor();
  expect(await toast(page).textContent()).not.toContain("go out again");
  await page.context().close();
});

test("what is sent again through a connect that is off does not go out, and nobody says so", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id, name } = await connectOf(page);
  for (let n = 0; n < 2; n++) await settle(id);
  await api(page, "PATCH", `/api/connects/${id}`, { active: false });
  await page.goto(`/connects/${id}/logs?outcome=failed`);
  await page.getByRole("button", { name: "Retry all 2 failed…" }).click();
  await drawer(page).getByText("2 deliveries become due again, and wait").waitFor();
  await drawer(page).getByText(`${name} is off: until it is switched on, they wait.`).waitFor();
  await drawer(page).getByRole("button", { name: "Send 2 again" }).click();
  await toast(page).getByText(`2 deliveries are due again, and wait for ${name}.`).waitFor();
  const replay = page.getByRole("list", { name: "Replays" }).getByRole("listitem");
  await replay.getByText("2 of 2 due again").waitFor();
  expect(await replay.textContent()).not.toContain("Sent again");
  await page.context().close();
});

test("a connect through which only tests were sent says so", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id, name } = await connectOf(page);
  const untouched = await connectOf(page);
  await settle(id, { test: true, outcome: "accepted" });
  await page.goto("/connects");
  await page.getByRole("row").filter({ hasText: name }).getByText("Only tests sent so far").waitFor();
  await page.getByRole("row").filter({ hasText: untouched.name }).getByText("Nothing sent yet").waitFor();
  await page.context().close();
});

test("a delivery's advice leads somewhere: to the adaptor's row, and nowhere where its connect is gone", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id, name } = await connectOf(page);
  const fix = "Type the value of api_token into its row of the adaptor again";
  const missing = { code: "required_value_missing", message: "The request lacks a value", fix, setting: "adaptor_id" };
  const delivery = await settle(id, { diagnosis: missing });
  await page.goto(`/deliveries/${delivery}`);
  await page.getByText(fix).waitFor();
  await page.getByRole("button", { name: "Open Usual" }).click();
  await page.waitForURL(`**/adaptors/${adaptor}`);

  const told = await settle(id, {
    diagnosis: { code: "http_404", message: "Nothing is there", fix: "Check API URL", setting: "api_url" },
  });
  await api(page, "PATCH", `/api/connects/${id}`, { active: false });
  await patchbay.db.query("update connects set deleted_at = now() where id = $1", [id]);
  await page.goto(`/deliveries/${told}`);
  await page.getByText(`${name} was deleted, so there is nowhere to send it.`).waitFor();
  await loaded(page);
  expect(await page.getByRole("button", { name: /^(Retry|Open|Compare)/ }).count()).toBe(0);
  await page.context().close();
});

test("the row beside an open delivery says what its page says, never that it is being sent", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/");
  const { id } = await connectOf(page);
  const delivery = await owe(patchbay.db, id);
  await patchbay.db.query("update due set lease_until = now() + interval '10 min' where id = $1", [delivery]);
  await page.goto(`/connects/${id}/logs?live=off`);
  const row = page.getByRole("row").filter({ hasText: "555" });
  await row.getByText("Sending").waitFor();
  // it ends while the log stands still
  await patchbay.db.query("delete from due where id = $1", [delivery]);
  await patchbay.db.query(
    `insert into deliveries (account_id, id, connect_id, phone_number, event_id, event_type, test, connect_revision,
       give_up_at, attempts, maybe_sent_twice, payload, outcome)
     values (1, $1, $2, '2125550142', $1, 'lead.sent', false, 1, now(), 1, false, '{}', 'accepted')`,
    [delivery, id],
  );
  await row.click();
  const view = page.getByRole("dialog");
  await view.getByRole("heading", { name: /accepted the lead$/ }).waitFor();
  await row.getByText("Accepted").waitFor();
  expect(await row.textContent()).not.toContain("Sending");
  await page.context().close();
});
