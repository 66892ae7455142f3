import pino from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { createAccess } from "../../src/http/access.ts";
import { diallerRoutes } from "../../src/http/api/dialler.ts";
import { registerHealth } from "../../src/http/health.ts";
import { registerRoutes } from "../../src/http/route.ts";
import { createServer } from "../../src/http/server.ts";
import { createSiteCheck } from "../../src/http/mount-sign-in.ts";
import { createSignIn } from "../../src/http/sign-in.ts";
import { openDatabase } from "../../src/store/database.ts";
import { secretBox, startPatchbay, type Client } from "./patchbay.ts";

const patchbay = startPatchbay();
let admin: Client;
beforeAll(async () => {
  admin = await patchbay.user(await patchbay.account("Acme Calls"), "admin");
});
const field = (name: string, more = {}) => ({ name, label: name, type: "text", ...more });
const make = async (path: string, body: object): Promise<number> =>
  (await admin.ok<{ id: number }>("POST", path, body)).id;

describe("lists and campaigns", () => {
  test("a list is added, moved and renamed; what is not named stays", async () => {
    const campaign = await make("/api/campaigns", { name: "Campaign A", code: "CAMPA" });
    const list = await make("/api/lists", { name: "Web leads", code: "WEB", campaign_id: campaign });
    expect(await admin.ok("PATCH", `/api/lists/${list}`, { name: "Web" })).toMatchObject({
      name: "Web",
      code: "WEB",
      campaign: { id: campaign, name: "Campaign A" },
      leads: 0,
      described: true,
    });
    expect(await admin.ok("PATCH", `/api/lists/${list}`, { campaign_id: null })).toMatchObject({ campaign: null });
  });

  test("what is in use is not deleted, and by what is said", async () => {
    const campaign = await make("/api/campaigns", { name: "In use" });
    const list = await make("/api/lists", { name: "Full", campaign_id: campaign });
    await make("/api/leads", { list_id: list, phone_number: "3105550142" });
    expect((await admin.refused("in_use", "DELETE", `/api/campaigns/${campaign}`)).detail).toBe(
      "1 list belongs to In use. Move them to another campaign first.",
    );
    expect((await admin.refused("in_use", "DELETE", `/api/lists/${list}`)).detail).toBe(
      "1 lead is in Full, so it stays.",
    );
    const empty = await make("/api/lists", { name: "Empty" });
    await admin.ok("DELETE", `/api/lists/${empty}`);
    await admin.refused("not_found", "DELETE", `/api/lists/${empty}`);
  });

  test("a taken name or code is refused where it stands", async () => {
    await make("/api/lists", { name: "Taken", code: "TAKEN" });
    const byName = await admin.refused("name_taken", "POST", "/api/lists", { name: "Taken" });
    const byCode = await admin.refused("name_taken", "POST", "/api/lists", { name: "Other", code: "TAKEN" });
    expect([byName, byCode].map(({ errors }) => errors[0]?.path)).toEqual(["name", "code"]);
  });

  test("lists page by cursor, each once", async () => {
    for (let n = 0; n < 5; n++) await make("/api/lists", { name: `Page ${n}` });
    const seen: number[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: { items: { id: number }[]; next_cursor: string | null } = await admin.ok(
        "GET",
        `/api/lists?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    const all = await admin.ok<{ items: { id: number }[]; next_cursor: null }>("GET", "/api/lists");
    expect(seen).toEqual(all.items.map(({ id }) => id));
    expect(all.next_cursor).toBeNull();
    await admin.refused("bad_input", "GET", "/api/lists?cursor=abc");
    await admin.refused("bad_input", "GET", "/api/lists?limit=0");
  });
});

describe("statuses and agents", () => {
  test("NEW stays as it is; a status that a lead has keeps its code", async () => {
    const { items } = await admin.ok<{ items: { id: number; code: string }[] }>("GET", "/api/statuses");
    const { id } = items.find(({ code }) => code === "NEW")!;
    await admin.refused("in_use", "DELETE", `/api/statuses/${id}`);
    await admin.refused("in_use", "PATCH", `/api/statuses/${id}`, { code: "OLD" });
    expect(await admin.ok("PATCH", `/api/statuses/${id}`, { name: "Fresh" })).toMatchObject({
      code: "NEW",
      name: "Fresh",
    });
    const sale = await make("/api/statuses", { code: "SALE", name: "Sale", final: true });
    expect(await admin.ok("PATCH", `/api/statuses/${sale}`, { code: "SOLD" })).toMatchObject({
      code: "SOLD",
      final: true,
    });
    await admin.ok("DELETE", `/api/statuses/${sale}`);
  });

  test("an agent that a lead names is not deleted", async () => {
    const agent = await make("/api/agents", { name: "Ada Agent", number: 6666, email: "ada@example.com" });
    await admin.refused("name_taken", "POST", "/api/agents", { name: "Other", number: 6666 });
    await admin.refused("bad_input", "POST", "/api/agents", { name: "Other", email: "no address" });
    const list = await make("/api/lists", { name: "Agents' leads" });
    await make("/api/leads", { list_id: list, phone_number: "3105550143", user_id: "6666" });
    await admin.refused("in_use", "DELETE", `/api/agents/${agent}`);
  });
});

describe("lead fields", () => {
  test("a number is given once and for all", async () => {
    const first = await admin.ok<{ id: number; number: number }>("POST", "/api/lead-fields", field("publisher"));
    await admin.ok("DELETE", `/api/lead-fields/${first.id}`);
    const second = await admin.ok<{ id: number; number: number }>("POST", "/api/lead-fields", field("publisher"));
    expect(second.number).toBe(first.number + 1);
  });

  test.each(["phone_number", "field_3", "auth_token", "Publisher", "1st", ""])(
    "the name %j is refused",
    async (name) => {
      await admin.refused("bad_input", "POST", "/api/lead-fields", field(name));
    },
  );

  test("renaming keeps the mapping; while a row names it, it is not deleted", async () => {
    const { id, number } = await admin.ok<{ id: number; number: number }>("POST", "/api/lead-fields", field("shoe"));
    const fields = [
      { section: "lead", field: "shoe", to: "shoe" },
      { section: "static", to: "both", value: "{lead.shoe} {lead.first_name}" },
    ];
    const adaptor = await make("/api/adaptors", { name: "Shoes", fields });
    await admin.ok("PATCH", `/api/lead-fields/${id}`, { name: "boot" });
    expect(await admin.ok("GET", `/api/adaptors/${adaptor}`)).toMatchObject({
      fields: [{ field: `field_${number}` }, { value: `{lead.field_${number}} {lead.first_name}` }],
    });
    const { detail } = await admin.refused("in_use", "DELETE", `/api/lead-fields/${id}`);
    expect(detail).toBe("shoe is used by the adaptor Shoes. Take it out there first.");
    await admin.ok("DELETE", `/api/adaptors/${adaptor}`);
    await admin.ok("DELETE", `/api/lead-fields/${id}`);
  });

  test("only a dropdown has choices", async () => {
    await admin.refused("bad_input", "POST", "/api/lead-fields", field("size", { options: ["S"] }));
    const size = await admin.ok("POST", "/api/lead-fields", field("size", { type: "dropdown", options: ["S", "M"] }));
    expect(size).toMatchObject({ options: ["S", "M"] });
  });
});

describe("the account", () => {
  test("takes a time zone, a date pattern and fields to mask", async () => {
    const change = { time_zone: "Europe/Berlin", date_format: "d.m.Y", fields_masked_in_logs: ["email"] };
    expect(await admin.ok("PATCH", "/api/account", change)).toMatchObject(change);
    expect(await admin.ok("PATCH", "/api/account", {})).toMatchObject(change);
  });

  test.each([
    [{ time_zone: "Mars/Olympus" }, "time_zone"],
    [{ time_zone: "+05:00" }, "time_zone"],
    [{ time_zone: "UTC+2" }, "time_zone"],
    [{ time_zone: "EST" }, "time_zone"],
    [{ time_zone: "eastern" }, "time_zone"],
    [{ time_zone: "New York" }, "time_zone"],
    [{ time_zone: "America/Nowhere" }, "time_zone"],
    [{ time_zone: "" }, "time_zone"],
    [{ time_zone: " " }, "time_zone"],
    [{ time_zone: null }, "time_zone"],
    [{ date_format: "Y-Q" }, "date_format"],
    [{ fields_masked_in_logs: ["email", "shoe_size"] }, "fields_masked_in_logs[1]"],
    [{ nmae: "x" }, "nmae"],
  ])("refuses %j", async (change, path) => {
    const { errors } = await admin.refused("bad_input", "PATCH", "/api/account", change);
    expect(errors.map((place) => place.path)).toEqual([path]);
  });

  test("a zone that is none is refused in words, and the one that was set stays", async () => {
    await admin.ok("PATCH", "/api/account", { time_zone: "Europe/Berlin" });
    for (const [time_zone, words] of [
      ["Mars/Olympus", "There is no time zone Mars/Olympus. Write a name such as America/Los_Angeles"],
      ["EST", "EST is no time zone's name. Abbreviations are shared by several zones: write a name such as America/New_York"],
      ["", "choose a time zone"],
    ] as const) {
      const { errors } = await admin.refused("bad_input", "PATCH", "/api/account", { time_zone });
      expect(errors).toEqual([{ path: "time_zone", message: words }]);
    } // prettier-ignore
    expect(await admin.ok("PATCH", "/api/account", {})).toMatchObject({ time_zone: "Europe/Berlin" });
  });

  test.each([
    ["US/Pacific", "America/Los_Angeles"],
    ["asia/calcutta", "Asia/Kolkata"],
    ["America/New York", "America/New_York"],
    [" Europe/Kiev ", "Europe/Kyiv"],
    ["Etc/UTC", "UTC"],
    ["Etc/GMT+5", "Etc/GMT+5"],
  ])("the zone %j is kept by its name of today, %s", async (time_zone, kept) => {
    expect(await admin.ok("PATCH", "/api/account", { time_zone })).toMatchObject({ time_zone: kept });
  });

  test("an account with a zone from before they were checked keeps it until somebody chooses another", async () => {
    await patchbay.db.query("update accounts set time_zone = 'EST'");
    expect(await admin.ok("PATCH", "/api/account", { time_zone: "EST" })).toMatchObject({ time_zone: "EST" });
    await admin.ok("PATCH", "/api/account", { time_zone: "America/New_York" });
    await admin.refused("bad_input", "PATCH", "/api/account", { time_zone: "EST" });
  });

  test("two accounts can't have one name", async () => {
    await patchbay.account("Second");
    await admin.refused("name_taken", "PATCH", "/api/account", { name: "Second" });
  });
});

type Found = { kind: string; id: string; title: string; detail: string };
const found = async (by: Client, q: string): Promise<Found[]> =>
  (await by.ok<{ items: Found[] }>("GET", `/api/search?q=${encodeURIComponent(q)}`)).items;

describe("the search box", () => {
  test("finds connects, adaptors, workflows, leads and deliveries; a viewer sees no person's name or number", async () => {
    const accountId = await patchbay.account("Searched");
    const own = await patchbay.user(accountId, "admin");
    const viewer = await patchbay.user(accountId, "viewer");
    const list = await own.ok<{ id: number }>("POST", "/api/lists", { name: "Leads" });
    const lead = { list_id: list.id, phone_number: "3105550199", first_name: "Grace", last_name: "Hopper" };
    const { id } = await own.ok<{ id: number }>("POST", "/api/leads", lead);
    await own.ok("POST", "/api/adaptors", { name: "Hopper fields" });
    const connect = { name: "50% off", api_url: "https://a.example.com/", request_method: "GET", active: false };
    const saved = await own.ok<{ id: number }>("POST", "/api/connects", connect);
    expect(await found(own, "hopper")).toEqual(
      [
        { kind: "adaptor", id: "1", title: "Hopper fields", detail: "" },
        { kind: "lead", id: String(id), title: "Grace Hopper", detail: "3105550199 · Leads" },
      ].map((item) => (item.kind === "adaptor" ? { ...item, id: expect.any(String) } : item)),
    );
    await viewer.refused("forbidden", "GET", "/api/search?q=(310)%20555-0199");
    expect(await found(viewer, "hopper")).toMatchObject([{ kind: "adaptor" }]);
    expect(await found(viewer, String(id))).toContainEqual({
      kind: "lead",
      id: String(id),
      title: `Lead ${id}`,
      detail: "••••••••99 · Leads",
    });
    expect((await found(own, "0% o")).map(({ kind }) => kind)).toEqual(["connect"]);
    const workflow = await own.ok<{ id: number }>("POST", "/api/workflows", {
      name: "Sales to Acme",
      active: false,
      events: [{ type: "disposition", statuses: ["NEW"] }],
      action_sets: [{ actions: [{ type: "integration", connect_id: saved.id }] }],
    });
    expect(await found(own, "sales to")).toEqual([
      { kind: "workflow", id: String(workflow.id), title: "Sales to Acme", detail: "Off" },
    ]);
    expect(await found(viewer, "SALES")).toMatchObject([{ title: "Sales to Acme" }]);
    await own.ok("DELETE", `/api/workflows/${workflow.id}`);
    expect(await found(own, "Sales to")).toEqual([]);
    expect(await found(own, "_")).toEqual([]);
    const sent = await own.ok<{ delivery_id: string }>("POST", `/api/connects/${saved.id}/test`, {});
    expect(await found(own, sent.delivery_id)).toMatchObject([{ kind: "delivery", title: "Delivery to 50% off" }]);
    expect(await found(own, "  ")).toEqual([]);
  });
});

test("without its database the API says so, and when to come back", async () => {
  const gone = openDatabase({ host: "/nonexistent", user: "nobody", database: "none" });
  const server = await createServer({ trustProxy: false, log: pino({ level: "silent" }) });
  const signIn = createSignIn(gone, { secret: "x".repeat(32), baseUrl: "http://localhost" });
  registerHealth(server, gone);
  registerRoutes(
    server,
    diallerRoutes({ database: gone, secretBox }),
    createAccess(gone, signIn, createSiteCheck(null)),
  );
  const base = await server.listen({ port: 0, host: "127.0.0.1" });
  try {
    const answer = await fetch(`${base}/api/lists`, { headers: { authorization: "Bearer pb_some-token" } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toMatchObject({
      code: "busy",
      detail: "The database does not answer. Try again in a few seconds.",
    });
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    const ready = await fetch(`${base}/readyz`);
    expect([ready.status, ready.headers.get("retry-after")]).toEqual([503, "5"]);
  } finally {
    await server.close();
    await gone.close();
  }
});
