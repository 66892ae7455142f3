import { describe, expect, test } from "vitest";
import { dropOldCalls } from "../../src/store/call-logs.ts";
import { dropExpiredEventKeys } from "../../src/store/event-keys.ts";
import { serveEvents } from "./serve.ts";

const served = serveEvents();
const { post, take, rows } = served;

const makeLead = async (phone: string, fields: Record<string, unknown> = {}, status = "NEW"): Promise<number> => {
  const [lead] = await rows<{ id: number }>(
    `insert into leads (account_id, list_id, phone_number, status, fields) values ($1, $2, $3, $4, $5) returning id`,
    [served.account.accountId, served.account.listId, phone, status, JSON.stringify(fields)],
  );
  return lead!.id;
};
const lead = async (id: number) => (await rows("select * from leads where id = $1", [id]))[0]!;
const calls = (id: number) => rows("select * from call_logs where lead_id = $1 order by id", [id]);
type Snapshot = { lead: Record<string, unknown>; call: Record<string, unknown> | null; extra: Record<string, unknown> };
const events = (id: number) =>
  rows<{ type: string; at: Date; snapshot: Snapshot; details: Record<string, unknown>; source: { kind: string } }>(
    "select * from events where lead_id = $1 order by id",
    [id],
  );

describe("a call, from its start to its disposition", () => {
  test("keeps its log, the lead's counters and times, and what was so at each event", async () => {
    await rows(
      `insert into statuses (account_id, code, name, reached, final) values ($1, 'SALE', 'Sale', true, true)`,
      [served.account.accountId],
    );
    const id = await makeLead("3105550101", { first_name: "Ada", user_id: "7000" });
    const call = { call_id: "c-1", campaign: "CAMPA", agent: "ada", call_type: "OUTBOUND" };
    await take({ type: "call.started", lead_id: id, at: "2026-03-01T10:00:00Z", call });
    expect(await lead(id)).toMatchObject({ called_count: 0, last_called: new Date("2026-03-01T10:00:00Z") });
    await take({
      type: "call.ended",
      lead_id: id,
      at: "2026-03-01T10:03:04Z",
      call: { call_id: "c-1", term_reason: "CALLER" },
    });
    expect(await lead(id)).toMatchObject({ called_count: 1, called_count_inbound: 0, status: "NEW" });
    await take({
      type: "call.dispositioned",
      lead_id: id,
      at: "2026-03-01T10:04:00Z",
      call: { call_id: "c-1", status: "SALE" },
    });

    expect(await lead(id)).toMatchObject({
      status: "SALE",
      called_count: 1,
      last_reached_at: new Date("2026-03-01T10:04:00Z"),
      final_reached_at: new Date("2026-03-01T10:04:00Z"),
    });
    expect(await calls(id)).toMatchObject([
      { call_key: "c-1", status: "SALE", term_reason: "CALLER", length_in_sec: 184, call_type: "OUTBOUND" },
    ]);
    const [started, ended, dispositioned] = await events(id);
    expect(started).toMatchObject({
      type: "call.started",
      snapshot: {
        lead: { called_count: 0, status: "NEW" },
        call: { status: null, campaign_name: "CAMPA", user_id: "ada", length_in_sec: null },
      },
      details: { statusChange: null, belongings: { inbound: false, list: served.account.listId } },
      source: { kind: "token" },
    });
    expect(ended!.snapshot).toMatchObject({
      lead: { called_count: 1 },
      call: { term_reason: "CALLER", length_in_sec: 184 },
    });
    expect(dispositioned).toMatchObject({
      snapshot: {
        lead: { status: "SALE" },
        call: { status: "SALE" },
        extra: { status_name: "Sale", agent_full_name: "ada" },
      },
      details: { statusChange: { from: "NEW", to: "SALE" }, status: { reached: true, final: true } },
    });
  });

  test("without a call id belongs together too, and a new start is a new call", async () => {
    const id = await makeLead("3105550102");
    for (const day of ["02", "03"]) {
      await take({ type: "call.started", lead_id: id, at: `2026-03-${day}T10:00:00Z` });
      await take({ type: "call.ended", lead_id: id, at: `2026-03-${day}T10:00:30Z` });
      await take({ type: "call.dispositioned", lead_id: id, at: `2026-03-${day}T10:00:40Z`, call: { status: "NA" } });
    }
    expect(await calls(id)).toMatchObject([
      { status: "NA", length_in_sec: 30 },
      { status: "NA", length_in_sec: 30 },
    ]);
    expect(await lead(id)).toMatchObject({ called_count: 2, status: "NA" });
    await take({ type: "call.redispositioned", lead_id: id, at: "2026-03-04T10:00:00Z", call: { status: "CB" } });
    expect(await calls(id)).toMatchObject([{ status: "NA" }, { status: "CB" }]);
    expect(await lead(id)).toMatchObject({ called_count: 2, status: "CB" });
  });

  test("of which only the disposition is told is counted once, and so is one whose events come in reverse", async () => {
    const id = await makeLead("3105550103");
    await take({
      type: "call.dispositioned",
      lead_id: id,
      at: "2026-03-01T10:05:00Z",
      call: { call_id: "r-1", status: "NI", call_type: "INBOUND", length_in_sec: "60" },
    });
    await take({ type: "call.ended", lead_id: id, at: "2026-03-01T10:04:50Z", call: { call_id: "r-1" } });
    await take({ type: "call.started", lead_id: id, at: "2026-03-01T10:03:50Z", call: { call_id: "r-1" } });
    expect(await lead(id)).toMatchObject({ called_count: 1, called_count_inbound: 1 });
    expect(await calls(id)).toMatchObject([
      { status: "NI", length_in_sec: 60, started_at: new Date("2026-03-01T10:03:50Z") },
    ]);
  });

  test("of another lead is refused for this one", async () => {
    const [one, other] = [await makeLead("3105550104"), await makeLead("3105550105")];
    await take({ type: "call.started", lead_id: one, call: { call_id: "mine" } });
    const { results } = await post({ type: "call.ended", lead_id: other, call: { call_id: "mine" } });
    expect(results).toMatchObject([{ stored: false, code: "conflict", path: "call.call_id" }]);
    expect(await calls(other)).toEqual([]);
  });
});

describe("every type is stored", () => {
  const types: { type: string; with?: Record<string, unknown> }[] = [
    { type: "call.started" },
    { type: "call.ended" },
    { type: "call.dispositioned", with: { call: { status: "NI" } } },
    { type: "call.redispositioned", with: { call: { status: "NI" } } },
    {
      type: "callback.scheduled",
      with: { callback: { at: "2026-03-01 09:00:00", comments: "after lunch", agent: "ada" } },
    },
    { type: "hopper.expired" },
    { type: "lead.viewed" },
    { type: "x.form.filled", with: { data: { score: 7, nested: { a: [1] } }, call: { status: "odd" } } },
  ];
  test.for(types)("$type", async ({ type, with: more }) => {
    const id = await makeLead("3105550110");
    await rows("insert into hopper_entries (account_id, lead_id) values ($1, $2)", [served.account.accountId, id]);
    await take({ type, lead_id: id, at: "2026-03-01T10:00:00+01:00", ...more });
    const [event] = await events(id);
    expect(event).toMatchObject({ type, at: new Date("2026-03-01T09:00:00Z"), snapshot: { lead: { id } } });
    if (type === "lead.viewed") expect(await lead(id)).toMatchObject({ last_viewed: event!.at, last_called: null });
    expect(await rows("select 1 from hopper_entries where lead_id = $1", [id])).toHaveLength(
      type === "hopper.expired" ? 0 : 1,
    );
    if (type === "callback.scheduled") {
      // a time without an offset is in the account's zone
      const at = new Date("2026-03-01T17:00:00Z");
      expect(await rows("select * from callbacks where lead_id = $1", [id])).toMatchObject([
        { callback_at: at, comments: "after lunch" },
      ]);
      expect(event!.details).toMatchObject({ callback: { at: at.toISOString(), comments: "after lunch" } });
    }
    if (type === "x.form.filled") {
      expect(event).toMatchObject({
        details: { data: { score: 7 } },
        snapshot: { call: { status: "odd", call_log_id: null } },
      });
      expect(await calls(id)).toEqual([]);
    }
  });
});

describe("which lead it is", () => {
  test("of several with one phone number, the one called last", async () => {
    await makeLead("3105550120");
    const called = await makeLead("3105550120");
    await makeLead("3105550120");
    await take({ type: "call.ended", lead_id: called });
    await take({ type: "lead.viewed", phone_number: "+1 (310) 555-0120" });
    expect((await events(called)).map(({ type }) => type)).toEqual(["call.ended", "lead.viewed"]);
  });

  test("an unknown one is refused with the reason, unless it comes inline; then it is made once, and an event", async () => {
    const unknown = await post({ type: "lead.viewed", phone_number: "3105550121" });
    expect(unknown.status).toBe(202);
    expect(unknown.results).toMatchObject([{ stored: false, code: 6001, path: "phone_number" }]);
    const inline = {
      type: "lead.viewed",
      phone_number: "3105550121",
      lead: { list_id: served.account.listId, first_name: "Grace" },
    };
    const both = await Promise.all([post([inline, inline]), post(inline)]);
    expect(both.flatMap(({ results }) => results.map(({ stored }) => stored))).toEqual([true, true, true]);
    const made = await rows<{ id: number }>("select id from leads where phone_number = '3105550121'");
    expect(made).toHaveLength(1);
    expect((await events(made[0]!.id)).map(({ type }) => type)).toEqual([
      "lead.created",
      "lead.viewed",
      "lead.viewed",
      "lead.viewed",
    ]);
  });

  const refused: { name: string; event: Record<string, unknown>; answer: Record<string, unknown> }[] = [
    { name: "no lead at all", event: { type: "lead.viewed" }, answer: { code: "bad_input", path: "lead_id" } },
    { name: "an unknown type", event: { type: "call.made", lead_id: 1 }, answer: { code: "bad_input", path: "type" } },
    { name: "no type", event: { lead_id: 1 }, answer: { code: "bad_input", path: "type" } },
    { name: "a disposition without its status", event: { type: "call.dispositioned", lead_id: 1 }, answer: { code: "bad_input", path: "call.status" } },
    { name: "a day that isn't", event: { type: "lead.viewed", lead_id: 1, at: "2026-02-31T10:00:00Z" }, answer: { code: "bad_input", path: "at" } },
    { name: "a name nobody knows", event: { type: "lead.viewed", lead_id: 1, lead_ID: 2 }, answer: { code: "bad_input", path: "lead_ID" } },
    { name: "an impossible phone", event: { type: "lead.viewed", phone_number: "12" }, answer: { code: 6008, path: "phone_number" } },
    { name: "an unknown lead id", event: { type: "lead.viewed", lead_id: 999_999 }, answer: { code: 6001, path: "lead_id" } },
    { name: "an unknown campaign id", event: { type: "call.started", lead_id: 1, call: { campaign: 999_999 } }, answer: { code: 6004, path: "call.campaign" } },
    { name: "an inline lead without a list", event: { type: "lead.viewed", lead: { phone_number: "3105550199" } }, answer: { code: 6007, path: "lead.list_id" } },
    { name: "a length beyond all calls", event: { type: "call.ended", lead_id: 1, call: { length_in_sec: 1e12 } }, answer: { code: "bad_input", path: "call.length_in_sec" } },
  ]; // prettier-ignore
  test.for(refused)("$name is refused with its place", async ({ event, answer }) => {
    const { status, results } = await post(event);
    expect(status).toBe(202);
    expect(results).toMatchObject([{ stored: false, ...answer }]);
    expect((results[0] as { error: string }).error).not.toBe("");
  });
});

describe("a batch", () => {
  test("of 1,000 with a bad one among them stores the other 999, each with its own answer", async () => {
    const before = await rows<{ count: number }>("select count(*) from events");
    const ids = await Promise.all(Array.from({ length: 40 }, () => makeLead("3105550130")));
    const batch = Array.from({ length: 1_000 }, (_, at) => ({
      type: "call.ended",
      lead_id: ids[at % 40],
      call: { call_id: `b-${at}` },
    }));
    batch[500] = { ...batch[500]!, type: "call.exploded" };
    const { status, results } = await post(batch);
    expect(status).toBe(202);
    expect(results).toHaveLength(1_000);
    expect(results.flatMap((result, at) => (result.stored ? [] : [at]))).toEqual([500]);
    const after = await rows<{ count: number }>("select count(*) from events");
    expect(after[0]!.count - before[0]!.count).toBe(999);
    const counted = await rows<{ sum: number }>("select sum(called_count)::int from leads where id = any ($1)", [ids]);
    expect(counted).toEqual([{ sum: 999 }]);
  });

  test("may be NDJSON, in which a line that can't be read is refused alone", async () => {
    const id = await makeLead("3105550131");
    const line = JSON.stringify({ type: "lead.viewed", lead_id: id });
    for (const type of ["application/x-ndjson", "application/json", "text/plain"]) {
      const { status, results } = await post(`${line}\r\n{oops\n\n[1]\n${line}\n`, type);
      expect(status).toBe(202);
      expect(results).toMatchObject([
        { stored: true },
        { stored: false, code: "unreadable" },
        { stored: false, code: "unreadable" },
        { stored: true },
      ]);
    }
    expect((await events(id)).length).toBe(6);
  });

  test("keeps the order of one lead's events", async () => {
    const id = await makeLead("3105550132");
    const statuses = Array.from({ length: 30 }, (_, at) => `S${at}`);
    await post(
      statuses.map((status) => ({ type: "call.dispositioned", lead_id: id, call: { call_id: `o-${status}`, status } })),
    );
    const changes = (await events(id)).map(
      ({ details }) => (details["statusChange"] as { from: string; to: string }) ?? {},
    );
    expect(changes.map(({ to }) => to)).toEqual(statuses);
    expect(changes.map(({ from }) => from)).toEqual(["NEW", ...statuses.slice(0, -1)]);
  });

  test("whose event the database itself refuses stores all others", async () => {
    const [good, bad] = [await makeLead("3105550133"), await makeLead("3105550134")];
    await rows(`create function refuse_phone() returns trigger language plpgsql as $$ begin
      if new.lead_id = ${bad} then raise exception 'a fault of the test'; end if; return new; end $$`);
    await rows("create trigger refuse_phone before insert on call_logs for each row execute function refuse_phone()");
    const { status, results } = await post([good, bad, good].map((lead_id) => ({ type: "call.ended", lead_id })));
    await rows("drop trigger refuse_phone on call_logs");
    expect(status).toBe(202);
    expect(results).toMatchObject([{ stored: true }, { stored: false, code: "fault" }, { stored: true }]);
    expect((await events(good)).length).toBe(2);
  });

  const unreadable: { name: string; body: string }[] = [
    { name: "nothing", body: "" },
    { name: "no JSON", body: "hello" },
    { name: "a broken array", body: '[{"type":"lead.viewed"},' },
    { name: "a number", body: "7" },
  ];
  test.for(unreadable)("that is $name is answered 400", async ({ body }) => {
    expect((await post(body)).status).toBe(400);
  });

  test("of more than 1,000 is refused, and more than 8 MiB too", async () => {
    expect((await post(Array.from({ length: 1_001 }, () => ({})))).status).toBe(413);
    const large = await post(`"${"x".repeat(8 * 1_048_576)}"`);
    expect(large.status).toBe(413);
    expect(large.text).toContain("8 MiB");
  });

  test("of 2 MiB is taken", async () => {
    const id = await makeLead("3105550135");
    const batch = Array.from({ length: 700 }, () => ({
      type: "x.big",
      lead_id: id,
      data: { text: "y".repeat(3_000) },
    }));
    expect((await post(batch)).results.every(({ stored }) => stored)).toBe(true);
  });
});

describe("the same id again", () => {
  test("is answered as before and does nothing: later, in one batch, and at the same time", async () => {
    const id = await makeLead("3105550140");
    const event = { id: "once", type: "call.ended", lead_id: id };
    const answers = await Promise.all([post([event, event]), post(event), post(event)]);
    const later = await post(event);
    for (const { results } of [...answers, later])
      for (const result of results) expect(result).toEqual({ id: "once", stored: true });
    expect(await events(id)).toHaveLength(1);
    expect(await lead(id)).toMatchObject({ called_count: 1 });
  });

  test("is free after a refusal, and after 7 days", async () => {
    const id = await makeLead("3105550141");
    expect((await post({ id: "again", type: "call.ended", lead_id: 999_999 })).results[0]!.stored).toBe(false);
    await take({ id: "again", type: "call.ended", lead_id: id });
    await rows("update event_keys set expires_at = now() - interval '1 second' where key = 'again'");
    await take({ id: "again", type: "call.ended", lead_id: id });
    expect(await events(id)).toHaveLength(2);
  });
});

test("batches over the same leads, in any order and with new codes, neither wait for each other for ever nor lose a count", async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => makeLead("3105550145")));
  const batches = Array.from({ length: 6 }, (_, batch) =>
    ids
      .toSorted((one, other) => ((one * 7 + batch) % 12) - ((other * 7 + batch) % 12))
      .map((lead_id) => ({
        id: `m-${batch}-${lead_id}`,
        type: "call.dispositioned",
        lead_id,
        call: {
          call_id: `m-${batch}-${lead_id}`,
          status: `M${(lead_id + batch) % 5}`,
          agent: `m${(lead_id * batch) % 5}`,
        },
      })),
  );
  const answers = await Promise.all(batches.map((batch) => post(batch)));
  expect(answers.flatMap(({ results }) => results).filter(({ stored }) => !stored)).toEqual([]);
  for (const id of ids) expect(await lead(id)).toMatchObject({ called_count: 6 });
});

describe("names of the dialler's", () => {
  test("that nobody knows are added once, marked as not described, by however many at once", async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => makeLead("3105550150")));
    const call = {
      campaign: "NEWCAMP",
      queue: "NEWQ",
      agent: "newbie",
      originating_agent: "other",
      inbound_number: "8005550100",
      status: "NEWST",
    };
    const answers = await Promise.all(
      ids.map((lead_id) =>
        post(
          Array.from({ length: 3 }, (_, at) => ({
            type: "call.dispositioned",
            lead_id,
            call: { ...call, call_id: `n-${lead_id}-${at}` },
          })),
        ),
      ),
    );
    expect(answers.flatMap(({ results }) => results).every(({ stored }) => stored)).toBe(true);
    for (const [table, code] of [
      ["campaigns", "NEWCAMP"],
      ["queues", "NEWQ"],
      ["agents", "newbie"],
      ["agents", "other"],
      ["inbound_numbers", "8005550100"],
      ["statuses", "NEWST"],
    ] as const)
      expect(await rows(`select code, name, described from ${table} where code = $1`, [code])).toEqual([
        { code, name: code, described: false },
      ]);
    const [event] = await events(ids[0]!);
    expect(event!.snapshot.call).toMatchObject({
      campaign_name: "NEWCAMP",
      queue_name: "NEWQ",
      inbound_number: "8005550100",
      user_id: "newbie",
    });
    expect(event!.details).toMatchObject({ belongings: { inbound: true } });
  });

  test("are found by id, by code, by name, and agents by their number", async () => {
    const { accountId } = served.account;
    const [campaign] = await rows<{ id: number }>(
      "insert into campaigns (account_id, name) values ($1, 'Campaign A') returning id",
      [accountId],
    );
    await rows(
      "insert into agents (account_id, number, name, email) values ($1, 6666, 'Ada Agent', 'ada@example.com')",
      [accountId],
    );
    const id = await makeLead("3105550151");
    await take({ type: "call.started", lead_id: id, call: { call_id: "1", campaign: campaign!.id, agent: 6666 } });
    await take({ type: "call.started", lead_id: id, call: { call_id: "2", campaign: "Campaign A", agent: "6666" } });
    for (const { snapshot } of await events(id)) {
      expect(snapshot.call).toMatchObject({ campaign_id: campaign!.id, campaign_name: "Campaign A", user_id: "6666" });
      expect(snapshot.extra).toMatchObject({ agent_full_name: "Ada Agent", agent_email: "ada@example.com" });
    }
  });
});

test("a token without the section is forbidden, a wrong one is no token, and one in the event itself counts", async () => {
  const id = await makeLead("3105550160");
  const send = async (token: string, event: object) => {
    const response = await fetch(`${served.base}/v1/events`, {
      method: "POST",
      body: JSON.stringify(event),
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.json()) as { code?: number; results?: { stored: boolean }[] };
  };
  expect(await send("pb_wrong", {})).toMatchObject({ code: 5001 });
  expect(await send("", { type: "lead.viewed", lead_id: id, auth_token: served.token })).toMatchObject({
    results: [{ stored: true }],
  });
});

test("odd characters are stored", async () => {
  const id = await makeLead("3105550161");
  const data = { text: "a\u0000b\ud800c", "n\u0000\ud800": 1 };
  await take({ type: "x.odd", lead_id: id, data, call: { campaign: "nul\u0000" } });
  expect((await events(id))[0]!.details).toMatchObject({ data: { text: "a\ufffdb\ufffdc", "n\ufffd\ufffd": 1 } });
  // as the lead's timeline reads it
  expect(await rows("select details -> 'statusChange' as change from events where type = 'x.odd'")).toEqual([
    { change: null },
  ]);
});

test("ids that ran out and calls past their retention are forgotten, the others stay", async () => {
  const id = await makeLead("3105550162");
  for (const key of ["old", "young"]) await take({ id: key, type: "call.ended", lead_id: id, call: { call_id: key } });
  await rows("update event_keys set expires_at = now() - interval '1 second' where key = 'old'");
  await rows("update call_logs set started_at = now() - interval '91 days' where call_key = 'old'");
  const db = { query: (sql: string, values?: unknown[]) => rows(sql, values) } as never;
  await dropExpiredEventKeys(db);
  await dropOldCalls(db, 90);
  expect(await rows("select key from event_keys where key in ('old', 'young')")).toEqual([{ key: "young" }]);
  expect(await calls(id)).toMatchObject([{ call_key: "young" }]);
});
