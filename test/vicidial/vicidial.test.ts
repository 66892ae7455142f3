import { describe, expect, test } from "vitest";
import { serveEvents } from "../events/serve.ts";

const served = serveEvents();
const { rows } = served;

const call = async (path: string, variables: Record<string, string | number>, method = "GET"): Promise<string> => {
  const query = new URLSearchParams({
    user: "dialler",
    pass: served.token,
    source: "test",
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
  });
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const response =
    method === "GET"
      ? await fetch(`${served.base}${path}?${query.toString()}`)
      : await fetch(`${served.base}${path}`, { method: "POST", body: query.toString(), headers: form });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  return (await response.text()).trimEnd();
};
const api = (variables: Record<string, string | number>) => call("/vicidial/non_agent_api.php", variables);
const leadsOf = (phone: string) =>
  rows<{ id: number; list_id: number; status: string; called_count: number; fields: Record<string, string> }>(
    "select * from leads where phone_number = $1 order by id",
    [phone],
  );
const eventsOf = async (id: number) =>
  rows<{ type: string; snapshot: { call: Record<string, unknown> | null } }>(
    "select * from events where lead_id = $1 order by id",
    [id],
  );

const newLead = (phone: string, more: Record<string, string | number> = {}) => ({
  function: "add_lead",
  phone_number: phone,
  phone_code: 1,
  list_id: served.account.listId,
  ...more,
});

const make = async (phone: string, code: string): Promise<number> => {
  const answer = await api({
    function: "add_lead",
    phone_number: phone,
    list_id: served.account.listId,
    vendor_lead_code: code,
    city: "Reno",
  });
  return Number(/\|(\d+)\|-?\d+$/.exec(answer)![1]);
};
const update = (variables: Record<string, string | number>) => api({ function: "update_lead", ...variables });

describe("Start and Dispo Call URLs", () => {
  const start = {
    lead_id: 500,
    phone_number: "3105550101",
    first_name: "Grace",
    list_id: "101",
    campaign: "TESTCAMP",
    channel_group: "TESTCAMP",
    agent_user: "6666",
    call_id: "V3011000000000000500",
    SQLdate: "2026-03-01 10:00:00",
  };

  test("make an unknown lead with its list, keep the dialler's lead id, and follow the call", async () => {
    expect(await call("/vicidial/start", start)).toMatch(/^SUCCESS: start EVENT HAS BEEN STORED - /);
    expect(
      await call("/vicidial/dispo", {
        ...start,
        dispo: "SALE",
        talk_time: 42,
        term_reason: "CALLER",
        recording_filename: "--A--recording_filename--B--",
      }),
    ).toMatch(/^SUCCESS: dispo /);
    const [lead, ...others] = await leadsOf("3105550101");
    expect(others).toEqual([]);
    expect(lead).toMatchObject({ status: "SALE", called_count: 1, fields: { first_name: "Grace", remote_id: "500" } });
    expect(await rows("select code, described from lists where id = $1", [lead!.list_id])).toEqual([
      { code: "101", described: false },
    ]);
    expect(await rows("select * from call_logs where lead_id = $1", [lead!.id])).toMatchObject([
      {
        call_key: "V3011000000000000500",
        call_type: "OUTBOUND",
        length_in_sec: 42,
        term_reason: "CALLER",
        recording: null,
        queue_id: null,
        started_at: new Date("2026-03-01T18:00:00Z"),
      },
    ]);
    const events = await eventsOf(lead!.id);
    expect(events.map(({ type }) => type)).toEqual(["lead.created", "call.started", "call.dispositioned"]);
    expect(events[2]!.snapshot.call).toMatchObject({ campaign_name: "TESTCAMP", user_id: "6666", status: "SALE" });
  });

  test("know a lead that was posted here before by its phone, and from then on by the dialler's id", async () => {
    const posted = await api({ function: "add_lead", phone_number: "3105550102", list_id: served.account.listId });
    expect(posted).toMatch(/^SUCCESS/);
    await call("/vicidial/start", { lead_id: 501, phone_number: "3105550102", list_id: "101" });
    await call("/vicidial/dispo", { lead_id: 501, dispo: "NI" });
    const leads = await leadsOf("3105550102");
    expect(leads).toMatchObject([{ status: "NI", list_id: served.account.listId, fields: { remote_id: "501" } }]);
    // the dialler's other record of the same number is another lead
    await call("/vicidial/start", { lead_id: 502, phone_number: "3105550102", list_id: "101" });
    expect(await leadsOf("3105550102")).toHaveLength(2);
  });

  const refused: { name: string; path: string; variables: Record<string, string>; answer: RegExp }[] = [
    { name: "without a lead", path: "/vicidial/start", variables: {}, answer: /^ERROR: start Add lead_id=/ },
    { name: "without a disposition", path: "/vicidial/dispo", variables: { lead_id: "1" }, answer: /^ERROR: dispo Add dispo=/ },
    { name: "of a lead nobody knows, with nothing to make it of", path: "/vicidial/start", variables: { lead_id: "999" }, answer: /^ERROR: start phone_number is missing/ },
    { name: "with a wrong token", path: "/vicidial/start", variables: { pass: "pb_wrong", lead_id: "1" }, answer: /^ERROR: Invalid Username\/Password: \|dialler\|$/ },
  ]; // prettier-ignore
  test.for(refused)("$name are answered ERROR, with HTTP 200", async ({ path, variables, answer }) => {
    expect(await call(path, variables)).toMatch(answer);
  });
});

describe("add_lead", () => {
  test("answers as the dialler does: phone, list, lead id, hours from GMT", async () => {
    const answer = await api(
      newLead("3105550110", {
        first_name: "Bob",
        address3: "ignored",
        vendor_lead_code: "V-1",
        add_to_hopper: "Y",
        hopper_priority: 200,
      }),
    );
    const [stored] = await leadsOf("3105550110");
    const gmt = Temporal.Now.zonedDateTimeISO("America/Los_Angeles").offsetNanoseconds / 3.6e12;
    expect(answer.split("\n")).toEqual([
      `SUCCESS: add_lead LEAD HAS BEEN ADDED - 3105550110|${served.account.listId}|${stored!.id}|${gmt}`,
      `NOTICE: add_lead ADDED TO HOPPER - 3105550110|${stored!.id}|dialler`,
    ]);
    expect(stored).toMatchObject({ status: "NEW", fields: { first_name: "Bob", std_account_number: "V-1" } });
    expect((await eventsOf(stored!.id)).map(({ type }) => type)).toEqual(["lead.created"]);
    expect(await rows("select priority from hopper_entries where lead_id = $1", [stored!.id])).toEqual([
      { priority: 99 },
    ]);
  });

  test("takes a list by its code, and POST too", async () => {
    await rows("insert into lists (account_id, name, code) values ($1, 'Coded', 'L77')", [served.account.accountId]);
    const answer = await call("/vicidial/non_agent_api.php", newLead("3105550111", { list_id: "L77" }), "POST");
    expect(answer).toMatch(/^SUCCESS: add_lead LEAD HAS BEEN ADDED - 3105550111\|L77\|\d+\|-\d$/);
  });

  test("checks for duplicates in the list, the campaign's lists and everywhere; two at once make one", async () => {
    const { accountId, listId } = served.account;
    const [campaign] = await rows<{ id: number }>(
      "insert into campaigns (account_id, name) values ($1, 'Dup') returning id",
      [accountId],
    );
    const [sister] = await rows<{ id: number }>(
      "insert into lists (account_id, name, campaign_id) values ($1, 'Sister', $2) returning id",
      [accountId, campaign!.id],
    );
    const [brother] = await rows<{ id: number }>(
      "insert into lists (account_id, name, campaign_id) values ($1, 'Brother', $2) returning id",
      [accountId, campaign!.id],
    );
    const twice = await Promise.all(
      [1, 2].map(() => api(newLead("3105550112", { list_id: sister!.id, duplicate_check: "DUPLIST" }))),
    );
    const [first, ...others] = await leadsOf("3105550112");
    expect(others).toEqual([]);
    expect(twice.toSorted()).toEqual([
      `ERROR: add_lead DUPLICATE PHONE NUMBER IN LIST - 3105550112|${sister!.id}|${first!.id}`,
      expect.stringMatching(/^SUCCESS/),
    ]);
    expect(await api(newLead("3105550112", { list_id: brother!.id, duplicate_check: "DUPLIST-DUPCAMP" }))).toBe(
      `ERROR: add_lead DUPLICATE PHONE NUMBER IN CAMPAIGN LISTS - 3105550112|${brother!.id}|${first!.id}|${sister!.id}`,
    );
    expect(await api(newLead("3105550112", { duplicate_check: "DUPSYS" }))).toBe(
      `ERROR: add_lead DUPLICATE PHONE NUMBER IN SYSTEM - 3105550112|${listId}|${first!.id}|${sister!.id}`,
    );
    expect(await api(newLead("3105550112", { duplicate_check: "DUPCAMP" }))).toMatch(/^SUCCESS/);
    expect(await api(newLead("3105550112", { list_id: brother!.id, duplicate_check: "DUPTITLEALTPHONELIST" }))).toMatch(
      /^SUCCESS.*\nNOTICE: add_lead DUPLICATE CHECK NOT KNOWN HERE/,
    );
    await rows("update leads set created_at = now() - interval '10 days' where phone_number = '3105550112'");
    expect(await api(newLead("3105550112", { duplicate_check: "DUPSYS5DAY" }))).toMatch(/^SUCCESS/);
    expect(await api(newLead("3105550112", { duplicate_check: "DUPSYS30DAY" }))).toMatch(/^ERROR: add_lead DUPLICATE/);
  });

  const refused: { name: string; variables: Record<string, string>; answer: RegExp }[] = [
    { name: "no function", variables: {}, answer: /^ERROR: NO FUNCTION SPECIFIED$/ },
    { name: "an unknown function", variables: { function: "add_user" }, answer: /^ERROR: FUNCTION NOT KNOWN HERE/ },
    { name: "a short phone", variables: { function: "add_lead", phone_number: "72755" }, answer: /^ERROR: add_lead INVALID PHONE NUMBER LENGTH - 72755\|dialler$/ },
    { name: "no list", variables: { function: "add_lead", phone_number: "3105550113" }, answer: /^ERROR: add_lead NOT A DEFINED LIST ID, LIST EXISTS CHECK ENABLED - 3105550113\|999$/ },
    { name: "an update of nobody", variables: { function: "update_lead", lead_id: "999999" }, answer: /^ERROR: update_lead NO MATCHES FOUND IN THE SYSTEM - dialler\|999999\|\|$/ },
    { name: "an update by no method", variables: { function: "update_lead", search_method: "NAME" }, answer: /^ERROR: update_lead NO VALID SEARCH METHOD - dialler\|NAME/ },
    { name: "a wrong token", variables: { pass: "x", function: "add_lead" }, answer: /^ERROR: Invalid Username\/Password/ },
  ]; // prettier-ignore
  test.for(refused)("$name is answered in the dialler's words", async ({ variables, answer }) => {
    expect(await api(variables)).toMatch(answer);
  });
});

describe("update_lead", () => {
  test("changes the lead found by id, vendor's code or phone, and is an event", async () => {
    const id = await make("3105550120", "U-1");
    const done = `SUCCESS: update_lead LEAD HAS BEEN UPDATED - dialler|${id}`;
    expect(await update({ lead_id: id, last_name: "SMITH", status: "OLD", city: "--BLANK--" })).toBe(done);
    expect(await update({ search_method: "VENDOR_LEAD_CODE", vendor_lead_code: "U-1", state: "NV" })).toBe(done);
    expect(
      await update({
        search_method: "PHONE_NUMBER",
        phone_number: "3105550120",
        search_location: "LIST",
        list_id: served.account.listId,
        email: "ada@example.com",
      }),
    ).toBe(done);
    const [lead] = await leadsOf("3105550120");
    expect(lead).toMatchObject({
      status: "OLD",
      fields: { last_name: "SMITH", state: "NV", email: "ada@example.com", std_account_number: "U-1" },
    });
    expect(lead!.fields).not.toHaveProperty("city");
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      "lead.created",
      "lead.saved",
      "lead.saved",
      "lead.saved",
    ]);
  });

  test("only looks when asked to, says what can't be taken, and deletes", async () => {
    const id = await make("3105550121", "U-2");
    expect(await update({ lead_id: id, no_update: "Y" })).toBe(
      `NOTICE: update_lead LEADS FOUND IN THE SYSTEM: |dialler|${id}|U-2|3105550121|${served.account.listId}|0`,
    );
    expect(await update({ lead_id: id, email: "nobody" })).toMatch(
      /^ERROR: update_lead NOBODY IS NOT AN E-MAIL ADDRESS - dialler\|\d+$/,
    );
    expect(await update({ lead_id: id, delete_lead: "Y" })).toMatch(
      /^SUCCESS: update_lead LEAD HAS BEEN DELETED - 3105550121\|dialler\|/,
    );
    expect(await leadsOf("3105550121")).toEqual([]);
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: "lead.deleted", snapshot: { lead: { city: "Reno" } } });
  });

  test("adds the lead when told to", async () => {
    const answer = await update({
      search_method: "PHONE_NUMBER",
      phone_number: "3105550122",
      list_id: served.account.listId,
      insert_if_not_found: "Y",
      lead_id: 7,
    });
    const [lead] = await leadsOf("3105550122");
    expect(answer).toMatch(
      new RegExp(
        `^SUCCESS: update_lead LEAD HAS BEEN ADDED - 3105550122\\|dialler\\|${served.account.listId}\\|${lead!.id}\\|-\\d$`,
      ),
    );
  });
});
