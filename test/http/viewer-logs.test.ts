import { beforeAll, describe, expect, test } from "vitest";
import type { DeliveryStory } from "../../src/contracts/delivery.ts";
import { eventually } from "../engine/fixtures.ts";
import { startReceiver } from "../receiver.ts";
import { startPatchbay, type Client } from "./patchbay.ts";

/** A viewer sees no personal data in any log, whenever it came to be and however a vendor repeats it. */

const patchbay = startPatchbay();
let admin: Client;
let viewer: Client;
let list: number;
beforeAll(async () => {
  const account = await patchbay.account("Acme Calls");
  admin = await patchbay.user(account, "admin");
  viewer = await patchbay.user(account, "viewer");
  list = (await admin.ok<{ id: number }>("POST", "/api/lists", { name: "Web" })).id;
});

const made = async (path: string, body: object): Promise<number> => (await admin.ok<{ id: number }>("POST", path, body)).id; // prettier-ignore

type Rows = { items: { id: string; state: string }[] };
const settledOf = (lead: number): Promise<Rows["items"]> =>
  eventually(async () => {
    const { items } = await admin.ok<Rows>("GET", `/api/deliveries?lead_id=${lead}`);
    return items.length > 0 && items.every(({ state }) => state === "settled") ? items : null;
  }, 30_000);

test("what a workflow changed, and sent of the lead as it was by then, is masked like what the event knew", async () => {
  await using vendor = await startReceiver((request) => ({ body: { got: request.text } }));
  const moved = await made("/api/lists", { name: "Moved" });
  const adaptor = await made("/api/adaptors", {
    name: "CRM",
    fields: ["first_name", "city", "industry"].map((field) => ({ section: "lead", field, to: field })),
  });
  const connect = await made("/api/connects", {
    name: "CRM",
    api_url: vendor.url("/"),
    request_method: "POST",
    adaptor_id: adaptor,
    response_key: "got",
  });
  await made("/api/workflows", {
    name: "Moved",
    events: [{ type: "lead_action", actions: ["create"] }],
    relation: { kind: "list", of: [moved] },
    action_sets: [
      {
        actions: [
          { type: "field", field: "city", set: "Springfield" },
          { type: "field", field: "first_name", set: "Zoë" },
          { type: "integration", connect_id: connect, latest_values: true },
        ],
      },
    ],
  });
  const fields = { first_name: "Maria", city: "Reno", industry: "Insurance" };
  const lead = await made("/api/leads", { list_id: moved, phone_number: "2125550199", ...fields });
  const [delivery] = await settledOf(lead);
  expect(vendor.requests[0]?.text).toBe('{"first_name":"Zoë","city":"Springfield","industry":"Insurance"}');
  await admin.ok("PATCH", `/api/leads/${lead}`, { city: "Elsewhere", first_name: "Nobody" });

  const personal = /Maria|Zo|Reno|Springfield|2125550199/;
  const paths = [`/api/deliveries/${delivery!.id}`, `/api/deliveries?lead_id=${lead}`, `/api/actions?lead_id=${lead}`, `/api/leads/${lead}/timeline`, "/api/connects"]; // prettier-ignore
  for (const path of paths) {
    expect([path, JSON.stringify(await admin.ok("GET", path))]).toEqual([path, expect.stringMatching(/Springfield|2125550199/)]); // prettier-ignore
    expect([path, JSON.stringify(await viewer.ok("GET", path))]).toEqual([path, expect.not.stringMatching(personal)]);
  }
  const story = await viewer.ok<DeliveryStory>("GET", `/api/deliveries/${delivery!.id}`);
  expect(story.attempts_log[0]?.calls[0]?.request.body).toBe(
    '{"first_name":"••••••••","city":"••••••••","industry":"Insurance"}',
  );
});

describe("of a lead that a vendor repeats", () => {
  const lead = { first_name: "Ana", last_name: "Gonzalez-Ñandú", email: "ana@example.com", city: "Ely" };
  const echoes: [string, string, RegExp][] = [
    ["in capitals", "LEAD ANA GONZALEZ-ÑANDÚ OF ELY", /ana|gonzalez|ely/i],
    ["HTML-escaped", "&#65;na Gonzalez-&Ntilde;and&uacute;, &#x45;ly", /gonzalez|and|&#65;|&#x45;/i],
    ["URL-encoded twice", encodeURIComponent(encodeURIComponent("ana@example.com Gonzalez-Ñandú")), /ana|gonzalez/i],
    ["in hexadecimal digits", Buffer.from("ana@example.com").toString("hex"), /616e61/],
    ["in base64 of base64", Buffer.from(Buffer.from("Gonzalez-Ñandú").toString("base64")).toString("base64"), /R1/],
    ["in a result that is cut within it", `${"x".repeat(992)}Gonzalez-Ñandú`, /Gonz/],
  ];
  test.each(echoes)("%s, nothing is shown", async (_name, body, rest) => {
    await using vendor = await startReceiver({ headers: { "Content-Type": `text/plain; of="${body.slice(0, 60)}"` }, body }); // prettier-ignore
    const api = { api_url: vendor.url("/"), request_method: "GET", response_data_type: "TEXT" };
    const connect = await made("/api/connects", { name: `Echo ${Math.random()}`, ...api });
    const id = await made("/api/leads", { list_id: list, phone_number: "2125550198", ...lead });
    await admin.ok("POST", `/api/leads/${id}/send`, { connect_id: connect });
    const items = await settledOf(id);
    for (const { id: delivery } of items) {
      const { attempts_log: log, ...row } = await viewer.ok<DeliveryStory>("GET", `/api/deliveries/${delivery}`);
      const [call] = log.flatMap(({ calls }) => calls);
      expect(JSON.stringify([row.result, row.diagnosis, log[0]?.result, call?.response])).not.toMatch(rest);
    }
  });
});

test("of an event that is past its retention, nobody knows what in the logs was personal: all of it is masked", async () => {
  await using vendor = await startReceiver({ headers: { "Content-Type": "text/plain" }, body: "Pedro is lead 99" });
  const connect = await made("/api/connects", {
    name: "Old",
    api_url: vendor.url("/"),
    request_method: "GET",
    response_data_type: "TEXT",
  });
  const id = await made("/api/leads", { list_id: list, phone_number: "2125550197", first_name: "Pedro" });
  await admin.ok("POST", `/api/leads/${id}/send`, { connect_id: connect });
  const items = await settledOf(id);
  await patchbay.db.query("delete from events where lead_id = $1", [id]);
  for (const { id: delivery } of items) {
    const story = await viewer.ok<DeliveryStory>("GET", `/api/deliveries/${delivery}`);
    expect(JSON.stringify(story)).not.toMatch(/Pedro|lead 99/);
  }
  expect(JSON.stringify(await admin.ok("GET", `/api/deliveries?lead_id=${id}`))).toContain("Pedro is lead 99");
});
