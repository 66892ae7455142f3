import { expect, test } from "vitest";
import { totp } from "../http/totp.ts";
import { admin, api } from "./chromium.ts";
import { browse, loaded, seriousFindings, sidewaysScroll } from "./page.ts";

const patchbay = browse();

test("a token for a vendor is made, shown once, and brings a lead in over HTTP until it is revoked", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings?tab=lists");
  await page.getByRole("button", { name: "Add list" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Web form leads");
  await page.getByRole("dialog").getByRole("button", { name: "Add list" }).click();
  await page.getByRole("row").filter({ hasText: "Web form leads" }).waitFor();

  await page.getByRole("navigation", { name: "Settings" }).getByText("API tokens").click();
  await page.getByRole("button", { name: "Add token" }).click();
  // refused at its field
  await page.getByRole("button", { name: "Make the token" }).click();
  await page.getByText("give the token a name").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Ridgeline web form");
  await page.getByRole("button", { name: "Make the token" }).click();
  const shown = page.getByRole("dialog", { name: "Token Ridgeline web form" });
  const secret = (await shown.locator("code").textContent()) ?? "";
  const curl = (await shown.locator("pre").textContent()) ?? "";
  expect(curl).toContain(`curl ${patchbay.url}/v1/leads/insert`);
  expect(curl).toContain(`auth_token=${secret}`);
  await shown.getByRole("button", { name: "I have it" }).click();
  await shown.waitFor({ state: "detached" });
  expect(await page.content()).not.toContain(secret);

  // the very call that was shown
  expect(await post(curl)).toMatchObject({ success: true, data: { lead_id: expect.any(Number) } });
  await page.goto("/leads");
  await page.getByRole("link", { name: "Maria Alvarez" }).waitFor();

  await page.goto("/settings?tab=tokens");
  const row = page.getByRole("row").filter({ hasText: "Ridgeline web form" });
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke token" }).click();
  await row.getByText("Revoked").waitFor();
  expect(await post(curl)).toMatchObject({ success: false, code: 5001 });
  await page.context().close();
});

test("a custom field keeps its mapping when it is renamed", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings?tab=fields");
  await page.getByRole("button", { name: "Add lead field" }).click();
  // the system name follows the label until somebody writes it
  await page.getByLabel("Label").fill("Roof type");
  expect(await page.getByLabel("System name").inputValue()).toBe("roof_type");
  await page.getByRole("dialog").getByRole("button", { name: "Add lead field" }).click();
  await page.getByRole("row").filter({ hasText: "field_1" }).waitFor();

  await page.goto("/adaptors/new");
  await page.getByLabel("Name", { exact: true }).fill("With a roof");
  await page.getByLabel("Roof type: mapped to").first().fill("roof");
  await page.getByRole("button", { name: "Save Adaptor" }).click();
  await page.getByRole("heading", { name: "With a roof", level: 1 }).waitFor();

  await page.goto("/settings?tab=fields");
  await page.getByRole("button", { name: "Roof type", exact: true }).click();
  await page.getByLabel("Label").fill("Covering");
  await page.getByLabel("System name").fill("covering");
  await page.getByRole("button", { name: "Save lead field" }).click();
  await page.getByRole("row").filter({ hasText: "covering" }).getByText("field_1").waitFor();

  await page.goto("/adaptors");
  await page.getByRole("link", { name: "With a roof" }).click();
  expect(await page.getByLabel("Covering: mapped to").first().inputValue()).toBe("roof");

  // a field in use stays, and by what it is used is said
  await page.goto("/settings?tab=fields");
  await page.getByRole("button", { name: "Actions for Covering" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete lead field" }).click();
  await page.getByRole("dialog", { name: "Covering is not deleted" }).getByText("With a roof").waitFor();
  await page.context().close();
});

test("the account's settings show what they mean, and another tab asks before they are lost", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings");
  await page.getByRole("combobox", { name: "Date format" }).fill("d.m.Y");
  await page.getByText(/^Now is written \d\d\.\d\d\.\d{4}$/).waitFor();
  await page.getByRole("combobox", { name: "Time zone" }).click();
  await page.getByRole("combobox", { name: "Time zone" }).fill("angeles");
  await page.getByRole("option", { name: "America/Los_Angeles" }).click();
  await page.getByText("2 unsaved changes: Time zone, Date format").waitFor();
  await page.getByRole("navigation", { name: "Settings" }).getByText("Statuses").click();
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Stay" }).click();
  await question.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Save account" }).click();
  await page.getByText("The account is saved").first().waitFor();
  const { account } = await api<{ account: object }>(page, "GET", "/api/session");
  expect(account).toMatchObject({ time_zone: "America/Los_Angeles", date_format: "d.m.Y" });

  // a letter that means nothing is refused at its field
  await page.getByRole("combobox", { name: "Date format" }).fill("d.q");
  await page.getByRole("button", { name: "Save account" }).click();
  await page.getByText(/The letter q at character 3/).waitFor();
  await page.getByRole("button", { name: "Discard" }).click();
  expect(await page.getByRole("combobox", { name: "Date format" }).inputValue()).toBe("d.m.Y");

  // and the audit says who changed what
  await page.getByRole("navigation", { name: "Settings" }).getByText("Audit").click();
  await page
    .getByRole("button", { name: /^Changed account/ })
    .first()
    .click();
  const details = page.getByRole("row").filter({ hasText: "Before" });
  await details.getByText("America/Los_Angeles").waitFor();
  await page.context().close();
});

test("statuses, agents and campaigns are added, changed and deleted", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings?tab=statuses");
  await page.getByRole("button", { name: "Add status" }).click();
  await page.getByLabel("Code").fill("SALE");
  await page.getByLabel("Name", { exact: true }).fill("Sale");
  await page.getByRole("dialog").getByRole("button", { name: "Add status" }).click();
  const status = page.getByRole("row").filter({ hasText: "SALE" });
  await status.waitFor();
  await status.getByRole("button", { name: "Actions for Sale" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete status" }).click();
  await status.waitFor({ state: "detached" });

  await page.goto("/settings?tab=agents");
  await page.getByRole("button", { name: "Add agent" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Theo Lindqvist");
  await page.getByLabel("Number").fill("17");
  await page.getByLabel("E-mail").fill("theo@example");
  await page.getByRole("dialog").getByRole("button", { name: "Add agent" }).click();
  await page.getByText("write an e-mail address").waitFor();
  await page.getByLabel("E-mail").fill("theo@example.com");
  await page.getByRole("dialog").getByRole("button", { name: "Add agent" }).click();
  await page.getByRole("row").filter({ hasText: "17" }).waitFor();

  await page.goto("/settings?tab=lists");
  await page.getByRole("button", { name: "Add campaign" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Solar East");
  await page.getByRole("dialog").getByRole("button", { name: "Add campaign" }).click();
  await page.getByRole("button", { name: "Solar East", exact: true }).waitFor();
  await page.getByRole("button", { name: "Web form leads", exact: true }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Campaign" }).click();
  await page.getByRole("option", { name: "Solar East" }).click();
  await page.getByRole("button", { name: "Save list" }).click();
  await page.getByRole("row").filter({ hasText: "Web form leads" }).getByText("Solar East").waitFor();
  await page.context().close();
});

test("a viewer who was invited by a link sees settings, and changes none", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings?tab=users");
  await page.getByRole("button", { name: "Invite a user" }).click();
  await page.getByLabel("E-mail").fill("vera@example.com");
  await page.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "Viewer" }).click();
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
  await page.getByRole("button", { name: "I have it" }).click();

  const guest = await patchbay.open();
  await guest.goto(link);
  await guest.getByLabel("Your name").fill("Vera Quist");
  await guest.getByLabel("Password", { exact: true }).fill("another long password");
  await guest.getByRole("button", { name: /^Join/ }).click();
  await guest.getByRole("navigation", { name: "Main" }).waitFor();
  await guest.goto("/settings");
  await guest.getByRole("heading", { name: "Account" }).waitFor();
  expect(await guest.getByRole("button", { name: "Save account" }).count()).toBe(0);
  expect(await guest.getByRole("navigation", { name: "Settings" }).getByText("API tokens").count()).toBe(0);
  await guest.goto("/adaptors");
  await guest.getByRole("link", { name: "With a roof" }).click();
  expect(await guest.getByLabel("Covering: mapped to").first().isDisabled()).toBe(true);
  expect(await guest.getByRole("button", { name: "Save Adaptor" }).count()).toBe(0);
  await guest.goto("/leads");
  await guest.getByRole("heading", { name: "Leads" }).waitFor();
  expect(await guest.getByRole("button", { name: "Add lead" }).count()).toBe(0);

  // who may not sign in any more is out at once
  await page.reload();
  await page.getByRole("button", { name: "Edit Vera Quist" }).click();
  await page.getByLabel("May sign in").click();
  await page.getByRole("button", { name: "Save user" }).click();
  await page.getByRole("row").filter({ hasText: "Vera Quist" }).getByText("No", { exact: true }).waitFor();
  await guest.goto("/leads");
  await guest.getByRole("heading", { name: "Sign in" }).waitFor();
  await guest.context().close();
  await page.context().close();
});

const tabs: readonly (readonly [tab: string, act: string | null])[] = [
  ["account", null],
  ["lists", "Add list"],
  ["statuses", null],
  ["agents", null],
  ["fields", null],
  ["users", "Invite a user"],
  ["tokens", "Add token"],
  ["audit", null],
  ["sign-in", null],
];

test.each([
  { width: 1280, dark: true },
  { width: 390, dark: false },
])("no tab has a serious finding or scrolls sideways, $width px wide, dark: $dark", async (look) => {
  const page = await patchbay.openSignedIn(look);
  const found: string[] = [];
  for (const [tab, act] of tabs) {
    await page.goto(`/settings?tab=${tab}`);
    await loaded(page);
    await page.getByRole("heading", { level: 2 }).first().waitFor();
    if ((await sidewaysScroll(page)) > 0) found.push(`${tab} scrolls sideways`);
    // one look at the frame around the tabs is enough
    found.push(...(await seriousFindings(page, tab === "account" ? "html" : "#main")));
    if (act !== null) {
      await page.getByRole("button", { name: act }).click();
      await page.getByRole("dialog").waitFor();
      found.push(...(await seriousFindings(page, "[role=dialog]")));
    }
  }
  expect(found).toEqual([]);
  await page.context().close();
});

// last: from here on the admin's sign-in asks for a code
test("a stored SMTP password is asked for again when the server or the user changes, and kept when it does not", async () => {
  const page = await patchbay.openSignedIn();
  const smtp = { host: "mail.example.com", username: "acme", from: "news@example.com", password: "mail-password-9" };
  await api(page, "PATCH", "/api/account", { smtp });
  await page.goto("/settings?tab=email");
  const password = page.getByLabel("Password", { exact: true });
  await page.getByText("Dots keep what is stored").waitFor();
  expect(await password.inputValue()).toBe("••••••••");

  for (const [field, other, before] of [["Server", "mail.example.org", "mail.example.com"], ["Port", "588", "587"], ["User name", "eve", "acme"]] as const) {
    await page.getByLabel(field, { exact: true }).fill(other);
    await page.getByText("The stored one belongs to another server").waitFor();
    expect([field, await password.inputValue()]).toEqual([field, ""]);
    await page.getByLabel(field, { exact: true }).fill(before);
    await page.getByText("Dots keep what is stored").waitFor();
    expect([field, await password.inputValue()]).toEqual([field, "••••••••"]);
  } // prettier-ignore

  await page.getByLabel("User name", { exact: true }).fill("eve");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("type it again").first().waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await password.fill("mail-password-10");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("How workflows send is saved").waitFor();
  expect(await password.inputValue()).toBe("••••••••");
  const session = await api<{ account: object }>(page, "GET", "/api/session");
  expect(session.account).toMatchObject({ smtp: { username: "eve", password: "••••••••" } });

  // nobody signs in: no password is kept
  await page.getByLabel("User name", { exact: true }).fill("");
  expect(await password.inputValue()).toBe("");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByRole("button", { name: "Discard" }).waitFor({ state: "detached" });
  const after = await api<{ account: object }>(page, "GET", "/api/session");
  expect(after.account).toMatchObject({ smtp: { username: "", password: "" } });
  await page.context().close();
});

test("a second factor is set up, asked for at the next sign-in, and switched off again", async () => {
  const page = await patchbay.openSignedIn();
  await page.goto("/settings?tab=sign-in");
  await page.getByLabel("Your password").fill(admin.password);
  await page.getByRole("button", { name: "Set it up" }).click();
  const key = ((await page.locator("code").first().textContent()) ?? "").replaceAll(" ", "");
  await page.getByRole("img", { name: /^The key as a picture/ }).waitFor();
  await page.getByLabel(/^3\. Type the code/).fill(totp(key));
  await page.getByRole("button", { name: "Switch it on" }).click();
  await page.getByText("The second factor is on").first().waitFor();

  const again = await patchbay.open();
  await again.goto("/settings?tab=sign-in");
  await again.getByLabel("E-mail").fill(admin.email);
  await again.getByLabel("Password", { exact: true }).fill(admin.password);
  await again.getByRole("button", { name: "Sign in" }).click();
  await again.getByRole("heading", { name: "Second factor" }).waitFor();
  // the code that switched it on was used
  await again.getByLabel("Code").fill(totp(key, 1));
  await again.getByRole("button", { name: "Go on" }).click();
  await again.getByRole("heading", { name: "Your sign-in" }).waitFor();
  await again.getByLabel("Your password").fill(admin.password);
  await again.getByRole("button", { name: "Switch it off" }).click();
  await again.getByText("The second factor is off").first().waitFor();
  await again.context().close();
  await page.context().close();
});

/** Does what the shown curl does, and gives the answer. */
async function post(curl: string): Promise<unknown> {
  const [, url = ""] = /^curl (\S+)/.exec(curl) ?? [];
  const pairs = Array.from(curl.matchAll(/-d (\S+?)=(\S+)/g), ([, name = "", value = ""]): [string, string] => [
    name,
    value,
  ]);
  return (await fetch(url, { method: "POST", body: new URLSearchParams(pairs) })).json();
}
