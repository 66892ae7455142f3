import { beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "../../src/contracts/problem.ts";
import { startPatchbay, type Client } from "./patchbay.ts";

// two people change one thing: the second is told, and overwrites nothing that they have not seen

const patchbay = startPatchbay();
let first: Client;
let second: Client;
let dialler: Client;
let listId: number;

beforeAll(async () => {
  const account = await patchbay.account("Acme Calls");
  first = await patchbay.user(account, "admin");
  second = await patchbay.user(account, "admin");
  dialler = await patchbay.withToken(account, ["events"]);
  listId = (await make("/api/lists", { name: "Leads" })).id;
});

type Thing = { readonly id: number; readonly revision: number } & Readonly<Record<string, unknown>>;

const make = (path: string, body: object): Promise<Thing> => first.ok<Thing>("POST", path, body);
const found = async (path: string, id: number): Promise<Thing> =>
  (await first.ok<{ items: Thing[] }>("GET", `${path}?limit=1000`)).items.find((item) => item.id === id)!;

const shownAccount = async (): Promise<Thing> => (await first.ok<{ account: Thing }>("GET", "/api/session")).account;
const header = (token: string) => ({ authorization_header: `X-Team: north|Authorization: Bearer ${token}` });
const fields = (value: string) => [{ section: "static", to: "api_token", value, secret: true }];
const changeOf = (id: number, since: string): string => `/api/leads/${id}?unless_changed_since=${since}`;

const onSale = {
  events: [{ type: "disposition", statuses: ["SALE"] }],
  action_sets: [{ actions: [{ type: "dnc" }] }],
};

/** Every settings noun that is saved on a revision: how one is made, and a change of it. */
const nouns: readonly [path: string, of: object, change: object, other: object][] = [
  ["/api/campaigns", { name: "Campaign A" }, { name: "Campaign B" }, { code: "CAMP_B" }],
  ["/api/lists", { name: "Web" }, { name: "Web leads" }, { code: "WEB" }],
  ["/api/statuses", { code: "SALE", name: "Sale" }, { name: "Sold" }, { final: true }],
  ["/api/queues", { name: "Inbound" }, { name: "Inbound A" }, { code: "IN_A" }],
  ["/api/inbound-numbers", { name: "Hotline", code: "8005550100" }, { name: "Hotline A" }, { code: "8005550101" }],
  ["/api/agents", { code: "7001", name: "Ann" }, { name: "Anna" }, { email: "ann@example.com" }],
  ["/api/lead-fields", { name: "roof", label: "Roof", type: "text" }, { label: "Roof type" }, { personal: true }],
  ["/api/email-templates", { name: "Hello", subject: "Hi", body: "Hi" }, { subject: "Hello" }, { body: "Hello you" }],
  ["/api/adaptors", { name: "Fields" }, { name: "Other fields" }, { leave_out_empty: true }],
  [
    "/api/connects",
    { name: "Vendor", api_url: "https://vendor.example.com/", request_method: "GET" },
    { name: "Seller" },
    { delimiter: "|" },
  ],
  ["/api/workflows", { name: "Sold", ...onSale }, { description: "When it is sold" }, { name: "It is sold" }],
];

describe.each(nouns)("%s", (path, of, change, other) => {
  test("a change that was made on an older revision is refused, says who saved since, and changes nothing", async () => {
    const { id, revision } = await make(path, of);
    const saved = await first.ok<Thing>("PATCH", `${path}/${id}`, { ...change, revision });
    expect(saved.revision).toBeGreaterThan(revision);
    const { conflict } = await second.refused("conflict", "PATCH", `${path}/${id}`, { ...other, revision });
    expect(conflict).toEqual({
      revision: saved.revision,
      saved: [{ at: expect.any(String), by: "A admin", replaced_secrets: [] }],
    });
    const now = await found(path, id);
    expect(now).toMatchObject(change);
    expect(now).not.toMatchObject(other);

    // on the newest it is taken, and one that names none is as ever
    await second.ok("PATCH", `${path}/${id}`, { ...other, revision: saved.revision });
    await second.ok("PATCH", `${path}/${id}`, change);
  });

  test("of two at once on one revision, one is saved", async () => {
    const { id, revision } = await make(path, twin(of));
    const answers = await Promise.all([
      first.call<Problem>("PATCH", `${path}/${id}`, { ...twin(change), revision }),
      second.call<Problem>("PATCH", `${path}/${id}`, { ...twin(other), revision }),
    ]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(["200", "409"]);
  });

  test("no number that no save can have counts as a revision", async () => {
    const { id } = await make(path, twin(twin(of)));
    for (const revision of [-1, 1.5, 2 ** 31, Number.MIN_SAFE_INTEGER])
      expect((await first.refused("bad_input", "PATCH", `${path}/${id}`, { revision })).errors).toMatchObject([
        { path: "revision" },
      ]);
  });
});

/** The same under names of its own. */
const twin = (of: object): object =>
  Object.fromEntries(
    Object.entries(of).map(([key, value]) => [
      key,
      ["name", "code"].includes(key) && typeof value === "string" ? `${value}2` : value,
    ]),
  );

test("a user's name and role", async () => {
  const { items } = await first.ok<{ items: Thing[] }>("GET", "/api/users");
  const { id, revision } = items.at(-1)!;
  await first.ok("PATCH", `/api/users/${id}`, { name: "Ann", revision });
  await second.refused("conflict", "PATCH", `/api/users/${id}`, { name: "Anna", revision });
  expect(await found("/api/users", id)).toMatchObject({ name: "Ann" });
});

describe("the account", () => {
  const server = { host: "smtp.example.com", port: 587, security: "starttls", username: "u", from: "a@example.com" };

  test("its settings and its mail server are one thing", async () => {
    const { revision } = await shownAccount();
    await first.ok("PATCH", "/api/account", { smtp: { ...server, password: "planted-s3cret" }, revision });
    await second.refused("conflict", "PATCH", "/api/account", { date_format: "Y-m-d", revision });
    const now = await shownAccount();
    await second.ok("PATCH", "/api/account", { date_format: "Y-m-d", revision: now.revision });
  });

  test("a password that was replaced is told by its name alone", async () => {
    const { revision } = await shownAccount();
    await first.ok("PATCH", "/api/account", { smtp: { ...server, password: "another-s3cret" }, revision });
    const problem = await second.refused("conflict", "PATCH", "/api/account", { date_format: "d.m.Y", revision });
    expect(problem.conflict?.saved).toMatchObject([{ replaced_secrets: ["smtp.password"] }]);
    expect(JSON.stringify(problem)).not.toContain("s3cret");
    const { items } = await first.ok<{ items: { replaced_secrets: string[] }[] }>("GET", "/api/audit?limit=1");
    expect(items).toMatchObject([{ replaced_secrets: ["smtp.password"] }]);
  });
});

describe("a secret that was replaced", () => {
  test("of a connect is told by its setting, in the conflict and in the audit", async () => {
    const of = {
      name: "With a token",
      api_url: "https://vendor.example.com/",
      request_method: "GET",
      ...header("planted-s3cret"),
    };
    const { id, revision } = await make("/api/connects", of);
    await first.ok("PATCH", `/api/connects/${id}`, { ...header("another-s3cret"), revision });
    const problem = await second.refused("conflict", "PATCH", `/api/connects/${id}`, { delimiter: "|", revision });
    expect(problem.conflict?.saved).toMatchObject([{ replaced_secrets: ["authorization_header"] }]);
    expect(JSON.stringify(problem)).not.toContain("s3cret");
    const { items } = await first.ok<{ items: object[] }>("GET", "/api/audit?limit=1");
    expect(items).toMatchObject([{ action: "update", replaced_secrets: ["authorization_header"] }]);
  });

  test("of an adaptor is told by its row", async () => {
    const { id, revision } = await make("/api/adaptors", { name: "With a token", fields: fields("planted-s3cret") });
    await first.ok("PATCH", `/api/adaptors/${id}`, { fields: fields("another-s3cret"), revision });
    const problem = await second.refused("conflict", "PATCH", `/api/adaptors/${id}`, {
      leave_out_empty: true,
      revision,
    });
    expect(problem.conflict?.saved).toMatchObject([{ replaced_secrets: ["static.api_token"] }]);
    expect(JSON.stringify(problem)).not.toContain("s3cret");
  });

  test("is not told when the same was typed again, or its mask sent", async () => {
    const of = {
      name: "Same token",
      api_url: "https://vendor.example.com/",
      request_method: "GET",
      authorization_header: "X-Key: planted-s3cret",
    };
    const { id } = await make("/api/connects", of);
    await first.ok("PATCH", `/api/connects/${id}`, { authorization_header: "X-Key: planted-s3cret", delimiter: "|" });
    await first.ok("PATCH", `/api/connects/${id}`, { authorization_header: "X-Key: ••••••••", delimiter: ";" });
    const { items } = await first.ok<{ items: object[] }>("GET", "/api/audit?limit=2");
    expect(items).toMatchObject([{ replaced_secrets: [] }, { replaced_secrets: [] }]);
  });
});

describe("a lead", () => {
  type Lead = { readonly id: number; readonly fields: Readonly<Record<string, string>> };
  const lead = (id: number): Promise<Lead> => first.ok<Lead>("GET", `/api/leads/${id}`);

  test("that was changed since is told with who changed it", async () => {
    const { id } = await make("/api/leads", { list_id: listId, phone_number: "3105550142", first_name: "Ann" });
    const since = (await lead(id)).fields["modified_at"]!;
    await first.ok("PATCH", changeOf(id, since), { first_name: "Anna" });
    const { conflict } = await second.refused("conflict", "PATCH", changeOf(id, since), { first_name: "Annie" });
    expect(conflict).toMatchObject({ revision: null, saved: [{ by: "A admin" }] });
    expect((await lead(id)).fields["first_name"]).toBe("Anna");
    await second.ok("PATCH", changeOf(id, (await lead(id)).fields["modified_at"]!), { first_name: "Annie" });
    await second.ok("PATCH", `/api/leads/${id}`, { first_name: "Ann" });
  });

  test("that was changed twice is told with both, and not with what knew the changes", async () => {
    const { id } = await make("/api/leads", { list_id: listId, phone_number: "3105550143", first_name: "Ann" });
    const since = (await lead(id)).fields["modified_at"]!;
    for (const first_name of ["Anna", "Annie"]) {
      await first.ok("PATCH", `/api/leads/${id}`, { first_name });
      await dialler.ok("POST", "/v1/events", [{ type: "x.own", lead_id: id }, { type: "x.other", lead_id: id }]); // prettier-ignore
    }
    const { conflict } = await second.refused("conflict", "PATCH", changeOf(id, since), { first_name: "Anne" });
    expect(conflict?.saved.map(({ by }) => by)).toEqual(["A admin", "A admin"]);
  });
});
