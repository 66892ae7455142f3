import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DeliveryFilter } from "../../src/contracts/delivery.ts";
import type { Endpoint, Role } from "../../src/contracts/endpoint.ts";
import { csvPath, livePath } from "../../src/contracts/endpoints/deliveries.ts";
import { api } from "../../src/contracts/endpoints/index.ts";
import type { AccountId } from "../../src/contracts/ids.ts";
import type { Problem } from "../../src/contracts/problem.ts";
import { type Receiver, startReceiver } from "../receiver.ts";
import { startPatchbay, type Answer, type Client } from "./patchbay.ts";

/** Who sees a value masked can't filter, sort or search by it: letter by letter, they would find it out. */

const patchbay = startPatchbay();

/**
 * What every parameter of every list asks by. `masked`: what some readers see masked. `open`: what all readers see, or
 * nothing of a person. A parameter without a decision fails a test.
 */
const decisions: Readonly<Record<string, "open" | "masked">> = {
  limit: "open",
  cursor: "open", // an id
  connect: "open",
  outcome: "open",
  state: "open",
  test: "open",
  phone: "masked",
  lead_id: "open",
  result: "masked",
  from: "open",
  to: "open",
  diagnosis: "open", // codes
  settled_before: "open",
  search: "masked",
  q: "masked",
  list: "open",
  status: "open",
  workflow: "open",
  event: "open",
  fired: "open",
  type: "open",
  hours: "open",
  held: "open",
  unless_changed_since: "open", // what was read before; a save, by who may write
};

/** What would match the lead and its delivery below. */
const values: Readonly<Record<string, string>> = { phone: "2125550199", result: "Maria*", search: "Maria Gonzalez", q: "2125550199" }; // prettier-ignore

type Asked = { readonly name: string; readonly method: string; readonly path: string; readonly least: Role; readonly parameter: string; readonly inBody: boolean }; // prettier-ignore

function endpointsIn(value: unknown): Endpoint[] {
  if (typeof value !== "object" || value === null || "_zod" in value) return [];
  if ("method" in value && "path" in value) return [value as Endpoint];
  return Object.values(value as Record<string, unknown>).flatMap(endpointsIn);
}

/** The names within `filter` of a body. */
function filterOf({ body }: Endpoint): string[] {
  const shape = (body as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
  const filter = shape["filter"] as { unwrap?: () => { shape: object } } | undefined;
  return Object.keys(filter?.unwrap?.().shape ?? {});
}

const asked: Asked[] = [
  ...endpointsIn(api).flatMap((endpoint) => {
    const { method, path } = endpoint;
    const least = endpoint.role === "anyone" ? "viewer" : endpoint.role;
    const of = (parameter: string, inBody: boolean): Asked => ({ name: `${method} ${path} ${parameter}`, method, path, least, parameter, inBody }); // prettier-ignore
    return [
      ...Object.keys(endpoint.query?.shape ?? {}).map((parameter) => of(parameter, false)),
      ...filterOf(endpoint).map((parameter) => of(parameter, true)),
    ];
  }),
  ...[csvPath, livePath].flatMap(
    (path) =>
    Object.keys(DeliveryFilter.shape).map((parameter): Asked => ({ name: `GET ${path} ${parameter}`, method: "GET", path, least: "viewer", parameter, inBody: false })), // prettier-ignore
  ),
];
const masked = asked.filter(({ parameter }) => decisions[parameter] === "masked");

let open: AccountId;
let hiding: AccountId;
let vendor: Receiver;
const clients = new Map<string, Client>();
const leads = new Map<AccountId, number>();
beforeAll(async () => {
  vendor = await startReceiver({ headers: { "Content-Type": "text/plain" }, body: "Maria Gonzalez is lead 99" });
  open = await patchbay.account("Open");
  hiding = await patchbay.account("Hiding");
  for (const account of [open, hiding]) {
    const admin = await patchbay.user(account, "admin");
    const list = await admin.ok<{ id: number }>("POST", "/api/lists", { name: "Web" });
    const lead = await admin.ok<{ id: number }>("POST", "/api/leads", {
      list_id: list.id,
      phone_number: "2125550199",
      first_name: "Maria",
      last_name: "Gonzalez",
      email: "maria@example.com",
    });
    const connect = await admin.ok<{ id: number }>("POST", "/api/connects", {
      name: "CRM",
      api_url: vendor.url("/"),
      request_method: "GET",
      response_data_type: "TEXT",
    });
    await admin.ok("POST", `/api/leads/${lead.id}/send`, { connect_id: connect.id });
    leads.set(account, lead.id);
    clients.set(`admin of ${account}`, admin);
    clients.set(`operator of ${account}`, await patchbay.user(account, "operator"));
    clients.set(`viewer of ${account}`, await patchbay.user(account, "viewer"));
    clients.set(`token of ${account}`, await patchbay.withToken(account, ["admin"]));
    await settled(admin);
  }
  await clientOf("admin", hiding).ok("PATCH", "/api/account", {
    fields_masked_in_logs: ["first_name", "phone_number"],
  });
});
afterAll(() => vendor.close());

async function settled(client: Client): Promise<void> {
  for (;;) {
    const { items } = await client.ok<{ items: { state: string }[] }>("GET", "/api/deliveries");
    if (items.length > 0 && items.every(({ state }) => state === "settled")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const clientOf = (who: string, account: AccountId): Client => clients.get(`${who} of ${account}`)!;

function ask(client: Client, { method, path, parameter, inBody }: Asked, value = values[parameter]!) {
  if (inBody) return client.call<Problem>(method, path, { filter: { [parameter]: value } });
  return client.call<Problem>(method, `${path}?${new URLSearchParams({ [parameter]: value }).toString()}`);
}

function expectRefused({ status, body }: Answer<Problem>, detail: RegExp): void {
  expect([status, body.code]).toEqual([403, "forbidden"]);
  expect(body.detail).toMatch(detail);
  expect(JSON.stringify(body)).not.toMatch(/Maria|Gonzalez|2125550199/);
}

test.each(asked)("$name has a decision", ({ parameter }) => {
  expect(Object.keys(decisions)).toContain(parameter);
});

test("there is something to be tested", () => {
  expect(masked.length).toBeGreaterThanOrEqual(12);
  for (const { parameter } of masked) expect(Object.keys(values)).toContain(parameter);
});

describe("a viewer", () => {
  test.each(masked.filter(({ least }) => least === "viewer"))("is refused $name, and told why", async (one) => {
    expectRefused(await ask(clientOf("viewer", open), one), /Your role sees .*masked, so it can't (?:filter|search)/);
    if (one.parameter === "result") {
      // nor may they learn how long it is, or that there is any
      for (const value of ["M*", "*", "Zzz", ""])
        expectRefused(await ask(clientOf("viewer", open), one, value), /results masked/);
    }
  });

  test.each(masked)("is the only one of the account who is: $name", async (one) => {
    for (const who of ["operator", "admin", "token"]) {
      if (one.path === livePath) continue;
      const { status } = await ask(clientOf(who, open), one);
      expect([who, status < 300]).toEqual([who, true]);
    }
  });

  test("finds a lead by its id, and by nothing else of it", async () => {
    const viewer = clientOf("viewer", open);
    const id = leads.get(open)!;
    const list = async (search: string) =>
      (await viewer.ok<{ items: { id: number }[] }>("GET", `/api/leads?search=${encodeURIComponent(search)}`)).items;
    const search = async (q: string) =>
      (await viewer.ok<{ items: { kind: string; id: string }[] }>("GET", `/api/search?q=${encodeURIComponent(q)}`))
        .items;
    expect((await list(String(id))).map((lead) => lead.id)).toEqual([id]);
    expect(await search(String(id))).toContainEqual(expect.objectContaining({ kind: "lead", id: String(id) }));
    for (const text of ["2125550199", "212-555-0199", "maria@example.com", "Maria", "mar", "%"])
      await viewer.refused("forbidden", "GET", `/api/leads?search=${encodeURIComponent(text)}`);
    for (const text of ["2125550199", "+1 (212) 555 0199", "maria@example.com", "nobody@example.com", "2125550100"])
      await viewer.refused("forbidden", "GET", `/api/search?q=${encodeURIComponent(text)}`);
    // a name may be a connect's
    for (const text of ["Maria", "Gonzalez"]) expect(await search(text)).toEqual([]);
    expect(await search("CRM")).toHaveLength(1);
    expect(await list("")).toHaveLength(1);
  });

  test("sees no masked value in any list", async () => {
    const viewer = clientOf("viewer", open);
    for (const endpoint of endpointsIn(api)) {
      if (endpoint.method !== "GET" || endpoint.role !== "viewer" || endpoint.path.includes("{")) continue;
      const { status, body } = await viewer.call("GET", endpoint.path);
      if (status === 200) expect([endpoint.path, JSON.stringify(body)]).not.toEqual([endpoint.path, expect.stringMatching(/Maria|Gonzalez|2125550199/)]); // prettier-ignore
    }
    const csv = await viewer.call<string>("GET", csvPath);
    expect(csv.body).not.toMatch(/Maria|Gonzalez|2125550199/);
  });
});

describe("where the account masks fields in its logs, nobody filters the logs by them:", () => {
  const ofLogs = masked.filter(({ parameter }) => parameter === "phone" || parameter === "result");
  test.each(ofLogs)("$name", async (one) => {
    for (const who of ["operator", "admin", "token"])
      expectRefused(await ask(clientOf(who, hiding), one), /This account masks .* in its logs.* nobody can filter/);
  });

  test("a phone that is not masked may be asked for, a result may not", async () => {
    const admin = clientOf("admin", hiding);
    await admin.ok("PATCH", "/api/account", { fields_masked_in_logs: ["city"] });
    expect(await admin.ok("GET", "/api/deliveries?phone=2125550199")).toMatchObject({ items: [{}] });
    await admin.refused("forbidden", "GET", "/api/deliveries?result=x");
    await admin.ok("PATCH", "/api/account", { fields_masked_in_logs: ["first_name", "phone_number"] });
  });

  test("leads are searched as before, since a lead is no log", async () => {
    const { items } = await clientOf("operator", hiding).ok<{ items: unknown[] }>("GET", "/api/leads?search=Maria");
    expect(items).toHaveLength(1);
  });
});

test("a filter by a phone of blanks asks for nothing", async () => {
  expect(await clientOf("viewer", open).ok("GET", "/api/deliveries?phone=%20")).toMatchObject({ items: [{}] });
});
