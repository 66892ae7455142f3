import { beforeAll, describe, expect, test } from "vitest";
import type { AccountId } from "../../src/contracts/ids.ts";
import type { Problem } from "../../src/contracts/problem.ts";
import { startReceiver, type Receiver } from "../receiver.ts";
import { startPatchbay, type Client } from "./patchbay.ts";

// A lead's values may not be multiplied without end: whatever is built of them ends at 1 MiB, at the row that passes it.

const patchbay = startPatchbay();
let admin: Client;
let viewer: Client;
let vendor: Receiver;
let lead: number;
let names = 0;

beforeAll(async () => {
  vendor = await startReceiver({ body: {} });
  const account: AccountId = await patchbay.account("Acme Calls");
  admin = await patchbay.user(account, "admin");
  viewer = await patchbay.user(account, "viewer");
  const { id: list_id } = await admin.ok<{ id: number }>("POST", "/api/lists", { name: "Web leads" });
  const token = await patchbay.withToken(account, ["leads"]);
  const values = { list_id, phone_number: "3105550142", first_name: "Ada", notes: "x".repeat(60_000) };
  lead = (await token.ok<{ id: number }>("POST", "/v1/leads/insert", values)).id;
  return () => vendor.close();
});

type Row = { section: "lead"; field: string; to: string } | { section: "static"; to: string; value: string };
const many = (rows: number): Row[] =>
  Array.from({ length: rows }, (_, row) => ({ section: "static", to: `t${row}`, value: "{lead.notes}".repeat(600) }));
/** Small enough for 17 of them. */
const notes = (rows: number): Row[] =>
  Array.from({ length: rows }, (_, row) => ({ section: "static", to: `t${row}`, value: "{lead.notes}" }));

const connectTo = (path: string, more: object = {}) => ({
  name: `Connect ${++names}`,
  api_url: vendor.url(path),
  request_method: "POST",
  ...more,
});
const makeAdaptor = async (fields: readonly Row[]): Promise<number> =>
  (await admin.ok<{ id: number }>("POST", "/api/adaptors", { name: `Adaptor ${++names}`, fields })).id;
const makeConnect = async (fields: readonly Row[], more: object = {}): Promise<number> => {
  const adaptor_id = await makeAdaptor(fields);
  return (await admin.ok<{ id: number }>("POST", "/api/connects", connectTo("/leads", { adaptor_id, ...more }))).id;
};

type Story = {
  id: string;
  state: string;
  outcome: string;
  headline: string;
  attempts_log: object[];
  diagnosis: { code: string; message: string; fix: string; setting: string };
};
const settled = async (id: string): Promise<Story> => {
  for (let n = 0; n < 400; n++) {
    const story = await admin.ok<Story>("GET", `/api/deliveries/${id}`);
    if (story.state === "settled") return story;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${id} was not settled`);
};
const tooLarge = (row: string) => ({
  outcome: "failed",
  attempts_log: [],
  headline: "What would be sent is too large",
  diagnosis: {
    code: "payload_too_large",
    message: expect.stringMatching(new RegExp(`larger than 1 MiB: .*${row}`)) as string,
    fix: expect.stringContaining("shorter") as string,
  },
});

const places = ({ errors }: Problem) => errors.map(({ path }) => path);
const preview = (fields: readonly object[], more: object = {}) =>
  admin.call<Problem>("POST", "/api/connects/preview", {
    connect: connectTo("/leads", more),
    adaptor: { name: "Unsaved", fields },
    lead_id: lead,
  });
/** The notes under so many names. */
const under = (count: number) => [
  { section: "lead", field: "notes", to: Array.from({ length: count }, (_, at) => `n${at}`).join(",") },
];
const generate = (of: object) => admin.refused("payload_too_large", "POST", "/api/adaptors/generated-data", of);

describe("a payload over 1 MiB", () => {
  test.each([100, 140])("is previewed as a refusal that names the row, of %i rows saved or not", async (rows) => {
    const adaptor = { name: "Unsaved", fields: many(rows) };
    const connect = connectTo("/leads");
    const unsaved = await admin.refused("payload_too_large", "POST", "/api/connects/preview", { connect, adaptor });
    expect(unsaved).toMatchObject({ status: 413, errors: [{ path: "adaptor.fields[0].value" }] });
    expect(unsaved.errors[0]!.message).toContain("larger than 1 MiB: row 1 of the adaptor (t0) passes it. Use fewer places"); // prettier-ignore
    const connect_id = await makeConnect(many(rows));
    expect(places(await admin.refused("payload_too_large", "POST", "/api/connects/preview", { connect_id }))).toEqual([
      "adaptor.fields[0].value",
    ]);
  });

  test("counts row by row, as it is encoded, and every name that a row is sent under", async () => {
    expect((await preview(notes(17))).status).toBe(200);
    for (const rows of [18, 2_000])
      expect((await preview(notes(rows))).body).toMatchObject({ code: "payload_too_large", errors: [{ path: "adaptor.fields[17].value" }] }); // prettier-ignore
    expect((await preview(under(17))).status).toBe(200);
    expect((await preview(under(18))).body).toMatchObject({ errors: [{ path: "adaptor.fields[0].field" }] });
    // what is not sent counts nothing
    const unsent = Array.from({ length: 40 }, () => ({ section: "static", to: "", value: "{lead.notes}".repeat(600) }));
    expect((await preview([...unsent, ...notes(1)])).status).toBe(200);
    // a default and a value map count as what they are
    const byDefault = [{ section: "lead", field: "city", to: "c", default: "&".repeat(2_000) }, ...notes(17)];
    expect((await preview(byDefault, { post_data_type: "RAW" })).status).toBe(200);
    const bulky = Array.from({ length: 175 }, (_, at) => at.toString(36)).join(",");
    const map = [{ section: "lead", field: "first_name", to: bulky, value_map: [["Ada", "&".repeat(2_000)]] }];
    expect((await preview(map, { post_data_type: "RAW" })).body).toMatchObject({ errors: [{ path: "adaptor.fields[0].field" }] }); // prettier-ignore
    expect((await preview(map)).status).toBe(200);
    const api_url = vendor.url(`/?n=${"{lead.notes}".repeat(40)}`);
    expect((await preview(notes(1), { api_url })).body).toMatchObject({ code: "payload_too_large", errors: [{ path: "connect.api_url" }] }); // prettier-ignore
  });

  test("is no Generated Data", async () => {
    const adaptor = { name: "Unsaved", fields: many(100) };
    expect(places(await generate({ adaptor, lead_id: lead }))).toEqual(["adaptor.fields[0].value"]);
    expect(places(await generate({ adaptor_id: await makeAdaptor(notes(20)), lead_id: lead }))).toEqual([
      "adaptor.fields[17].value",
    ]);
  });

  test("is not sent by Test Connect, saved or not: its row of the logs names what passed", async () => {
    const before = vendor.requests.length;
    const connect_id = await makeConnect(many(100));
    const test1 = await admin.ok<{ delivery_id: string }>("POST", `/api/connects/${connect_id}/test`, {});
    expect(await settled(test1.delivery_id)).toMatchObject(tooLarge("row 1 of the adaptor \\(t0\\)"));
    const unsaved = { connect: connectTo("/leads", { adaptor_id: await makeAdaptor([]) }), adaptor: { name: "Unsaved", fields: notes(18) } }; // prettier-ignore
    const test2 = await admin.ok<{ delivery_id: string }>("POST", "/api/connects/test", unsaved);
    expect(await settled(test2.delivery_id)).toMatchObject(tooLarge("row 18 of the adaptor \\(t17\\)"));
    expect(vendor.requests.length).toBe(before);
  });

  test("settles a delivery as failed, which everybody can read, and which goes out once the adaptor is shorter", async () => {
    const connect_id = await makeConnect([...notes(2), ...many(100)]);
    const { delivery_id } = await admin.ok<{ delivery_id: string }>("POST", `/api/leads/${lead}/send`, { connect_id });
    expect(await settled(delivery_id)).toMatchObject(tooLarge("row 3 of the adaptor \\(t0\\)"));
    const found = await viewer.ok<{ items: object[] }>("GET", `/api/deliveries?connect=${connect_id}`);
    expect(found.items).toMatchObject([{ outcome: "failed", diagnosis: { code: "payload_too_large" } }]);
    expect(await viewer.ok("GET", `/api/deliveries/${delivery_id}`)).toMatchObject({ state: "settled" });

    const again = await admin.refused("conflict", "POST", `/api/deliveries/${delivery_id}/retry`);
    expect(again.detail).toContain("row 3 of the adaptor");
    const { adaptor_id } = await admin.ok<{ adaptor_id: number }>("GET", `/api/connects/${connect_id}`);
    await admin.ok("PATCH", `/api/adaptors/${adaptor_id}`, { fields: notes(2) });
    await admin.ok("POST", `/api/deliveries/${delivery_id}/retry`);
    for (let n = 0; n < 400 && (await settled(delivery_id)).outcome !== "accepted"; n++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(await settled(delivery_id)).toMatchObject({ outcome: "accepted" });
  });

  test("is what a rehearsal and a replay's preview say a delivery would not go out for", async () => {
    const connect_id = await makeConnect(notes(1));
    const { delivery_id } = await admin.ok<{ delivery_id: string }>("POST", `/api/leads/${lead}/send`, { connect_id });
    expect(await settled(delivery_id)).toMatchObject({ outcome: "accepted" });
    const { adaptor_id } = await admin.ok<{ adaptor_id: number }>("GET", `/api/connects/${connect_id}`);
    const settings = { name: `Adaptor ${++names}`, fields: many(100) };
    const draft = { of: "adaptor", id: adaptor_id, settings };
    const vanishes = [{ kind: "vanishes", because: expect.stringContaining("row 1 of the adaptor (t0)") as string }];
    expect(await admin.ok("POST", "/api/rehearsals", { draft })).toMatchObject({ counts: { vanish: 1 }, differences: vanishes, left_out: 0 }); // prettier-ignore
    await admin.ok("PATCH", `/api/adaptors/${adaptor_id}`, settings);
    expect(await admin.ok("POST", "/api/replays/preview", { filter: { connect: connect_id } })).toMatchObject({ compared: 1, differences: vanishes }); // prettier-ignore
  });

  test("may come of secrets alone, and is not sent then either", async () => {
    const before = vendor.requests.length;
    const to = Array.from({ length: 175 }, (_, at) => at.toString(36)).join(",");
    const connect_id = await makeConnect([{ section: "static", to, value: "s".repeat(8_000), secret: true } as Row]);
    expect((await admin.call("POST", "/api/connects/preview", { connect_id })).status).toBe(200);
    const { delivery_id } = await admin.ok<{ delivery_id: string }>("POST", `/api/leads/${lead}/send`, { connect_id });
    const story = await settled(delivery_id);
    expect(story.diagnosis).toMatchObject({ code: "payload_too_large", setting: "adaptor_id" });
    expect(story.diagnosis.message).toContain("secrets");
    expect(vendor.requests.length).toBe(before);
  });
});
