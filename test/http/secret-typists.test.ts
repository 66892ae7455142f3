import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importConfig } from "../../src/admin/import-config.ts";
import { byCommand } from "../../src/cli/with-account.ts";
import { secretMask } from "../../src/contracts/connect.ts";
import type { AccountId } from "../../src/contracts/ids.ts";
import type { Problem } from "../../src/contracts/problem.ts";
import { startReceiver, type Receiver } from "../receiver.ts";
import { secretBox, startPatchbay, type Client } from "./patchbay.ts";

/**
 * A secret static value belongs to who typed it until a connect binds it to an address, and goes to that address only from
 * then on, but by the hand of who typed it. Two admins, two tokens and the command line try.
 */

const patchbay = startPatchbay();
let accountId: AccountId;
let vendor: Receiver;
let elsewhere: Receiver;
/** `namesake` is the token that has the first admin's number. */
const people = {} as Record<"first" | "second" | "token" | "namesake", Client>;
type Person = keyof typeof people;
let names = 0;

beforeAll(async () => {
  vendor = await startReceiver({ body: {} });
  elsewhere = await startReceiver({ body: {} });
  accountId = await patchbay.account("Acme Calls");
  people.first = await patchbay.user(accountId, "admin");
  people.second = await patchbay.user(accountId, "admin");
  const { user } = await people.first.ok<{ user: { id: number } }>("GET", "/api/session");
  const tokens = new Map<number, string>();
  while (!tokens.has(user.id + 1)) {
    const made = { name: `token ${tokens.size}`, access: ["admin"] };
    const { id, secret } = await people.first.ok<{ id: number; secret: string }>("POST", "/api/tokens", made);
    tokens.set(id, secret);
  }
  people.namesake = patchbay.bearer(tokens.get(user.id)!);
  people.token = patchbay.bearer(tokens.get(user.id + 1)!);
  await people.first.ok("POST", "/api/leads/sample");
});
afterAll(async () => {
  await Promise.all([vendor.close(), elsewhere.close()]);
});

const row = (value: string) => ({ section: "static", to: "vendor_code", value, secret: true });
/** What a case begins with: an adaptor, its secret typed by somebody, perhaps bound by a connect at the vendor. */
type Scene = { adaptor: number; adaptorName: string; secret: string; bound: number | null };

const type = async (by: Person, secret: string): Promise<Scene> => {
  const adaptorName = `Adaptor ${++names}`;
  const settings = { name: adaptorName, fields: [row(secret)] };
  const { id } = await people[by].ok<{ id: number }>("POST", "/api/adaptors", settings);
  return { adaptor: id, adaptorName, secret, bound: null };
};
const connectTo = (to: Receiver, adaptor: number) => ({
  name: `Connect ${++names}`,
  api_url: `${to.origin}/lead`,
  request_method: "POST",
  adaptor_id: adaptor,
});

const importFile = async (scene: Scene, to: Receiver, environment: Record<string, string>) => {
  const typed = `adaptors:\n  - name: ${scene.adaptorName}\n    fields:\n      - { section: static, to: vendor_code, secret: true, value: { env: CODE } }\n`;
  const file = `patchbay: 1\n${Object.keys(environment).length > 0 ? typed : ""}connects:\n  - name: Connect ${++names}\n    api_url: ${to.origin}/lead\n    request_method: POST\n    adaptor: ${scene.adaptorName}\n`;
  const by = { database: patchbay.db, secretBox, accountId, actor: byCommand };
  const imported = await importConfig(by, file, { environment, dryRun: false });
  return imported.ok
    ? { status: 200, body: {} }
    : { status: 400, body: { errors: imported.problems.map(({ message }) => ({ path: "file", message })) } };
};

type Act = (who: Client, scene: Scene, to: Receiver) => Promise<{ status: number; body: unknown }>;
const acts = {
  "saves a connect": (who, { adaptor }, to) => who.call("POST", "/api/connects", connectTo(to, adaptor)),
  "tests unsaved settings": (who, { adaptor }, to) =>
    who.call("POST", "/api/connects/test", { connect: connectTo(to, adaptor) }),
  "tests with the mask in a draft of the adaptor": (who, { adaptor }, to) => {
    const draft = { name: "Draft", fields: [row(secretMask)] };
    return who.call("POST", "/api/connects/test", { connect: connectTo(to, adaptor), adaptor: draft });
  },
  "tests a draft with the bound connect's other secrets": (who, { adaptor, bound }, to) => {
    const draft = { name: "Draft", fields: [row(secretMask)] };
    const connect = connectTo(to, adaptor);
    return who.call("POST", "/api/connects/test", { connect_id: bound, connect, adaptor: draft });
  },
  "tests the bound connect as it is saved": (who, { bound }) => who.call("POST", `/api/connects/${bound}/test`, {}),
  "moves the bound connect": (who, { bound }, to) =>
    who.call("PATCH", `/api/connects/${bound}`, { api_url: `${to.origin}/moved` }),
  "moves a copy of the bound connect": async (who, { bound }, to) => {
    const { id } = await who.ok<{ id: number }>("POST", `/api/connects/${bound}/duplicate`);
    return who.call("PATCH", `/api/connects/${id}`, { api_url: `${to.origin}/copied` });
  },
  "gives the adaptor to a connect that had another": async (who, { adaptor }, to) => {
    const other = await who.ok<{ id: number }>("POST", "/api/adaptors", { name: `Adaptor ${++names}` });
    const { id } = await who.ok<{ id: number }>("POST", "/api/connects", connectTo(to, other.id));
    return who.call("PATCH", `/api/connects/${id}`, { adaptor_id: adaptor });
  },
  "saves the adaptor with its mask, then tests": async (who, { adaptor }, to) => {
    await who.ok("PATCH", `/api/adaptors/${adaptor}`, { name: `Renamed ${++names}`, fields: [row(secretMask)] });
    return who.call("POST", "/api/connects/test", { connect: connectTo(to, adaptor) });
  },
  "types it again, then tests": async (who, { adaptor, secret }, to) => {
    await who.ok("PATCH", `/api/adaptors/${adaptor}`, { fields: [row(secret)] });
    return who.call("POST", "/api/connects/test", { connect: connectTo(to, adaptor) });
  },
  "types it again, then saves a connect": async (who, { adaptor, secret }, to) => {
    await who.ok("PATCH", `/api/adaptors/${adaptor}`, { fields: [row(secret)] });
    return who.call("POST", "/api/connects", connectTo(to, adaptor));
  },
  "types it again in a draft": (who, { adaptor, secret }, to) =>
    who.call("POST", "/api/connects/test", {
      connect: connectTo(to, adaptor),
      adaptor: { name: "Draft", fields: [row(secret)] },
    }),
  "deletes the bound connect, then tests": async (who, { adaptor, bound }, to) => {
    await who.ok("DELETE", `/api/connects/${bound}`);
    return who.call("POST", "/api/connects/test", { connect: connectTo(to, adaptor) });
  },
  "imports a file with a connect": (_who, scene, to) => importFile(scene, to, {}),
  "imports a file that has the secret, with a connect": (_who, scene, to) =>
    importFile(scene, to, { CODE: scene.secret }),
} satisfies Record<string, Act>;

type Case = {
  typed: Person;
  bound?: Person;
  who: Person;
  does: keyof typeof acts;
  to: "the vendor" | "elsewhere";
  /** Allowed, or why it is refused. */
  is: "allowed" | "another's" | "for another address";
};
const cases: Case[] = [
  // before any connect uses the adaptor
  { typed: "first", who: "first", does: "saves a connect", to: "the vendor", is: "allowed" },
  { typed: "first", who: "first", does: "tests unsaved settings", to: "the vendor", is: "allowed" },
  { typed: "first", who: "first", does: "tests with the mask in a draft of the adaptor", to: "elsewhere", is: "allowed" },
  { typed: "first", who: "second", does: "saves a connect", to: "elsewhere", is: "another's" },
  { typed: "first", who: "second", does: "tests unsaved settings", to: "elsewhere", is: "another's" },
  { typed: "first", who: "second", does: "tests with the mask in a draft of the adaptor", to: "elsewhere", is: "another's" },
  { typed: "first", who: "second", does: "gives the adaptor to a connect that had another", to: "elsewhere", is: "another's" },
  { typed: "first", who: "second", does: "saves the adaptor with its mask, then tests", to: "elsewhere", is: "another's" },
  { typed: "first", who: "second", does: "types it again, then tests", to: "elsewhere", is: "allowed" },
  { typed: "first", who: "second", does: "types it again, then saves a connect", to: "elsewhere", is: "allowed" },
  { typed: "first", who: "second", does: "types it again in a draft", to: "elsewhere", is: "allowed" },
  { typed: "first", who: "token", does: "saves a connect", to: "elsewhere", is: "another's" },
  { typed: "first", who: "token", does: "tests unsaved settings", to: "elsewhere", is: "another's" },
  { typed: "first", who: "namesake", does: "saves a connect", to: "elsewhere", is: "another's" },
  { typed: "first", who: "namesake", does: "tests unsaved settings", to: "elsewhere", is: "another's" },
  { typed: "first", who: "first", does: "imports a file with a connect", to: "elsewhere", is: "another's" },
  { typed: "first", who: "first", does: "imports a file that has the secret, with a connect", to: "elsewhere", is: "allowed" },
  { typed: "token", who: "token", does: "saves a connect", to: "the vendor", is: "allowed" },
  { typed: "token", who: "token", does: "tests unsaved settings", to: "the vendor", is: "allowed" },
  { typed: "token", who: "first", does: "tests unsaved settings", to: "elsewhere", is: "another's" },
  { typed: "namesake", who: "first", does: "tests unsaved settings", to: "elsewhere", is: "another's" },
  { typed: "namesake", who: "first", does: "saves a connect", to: "elsewhere", is: "another's" },
  // when a connect has bound it to the vendor
  { typed: "first", bound: "first", who: "second", does: "saves a connect", to: "the vendor", is: "allowed" },
  { typed: "first", bound: "first", who: "second", does: "tests unsaved settings", to: "the vendor", is: "allowed" },
  { typed: "first", bound: "first", who: "second", does: "tests the bound connect as it is saved", to: "the vendor", is: "allowed" },
  { typed: "first", bound: "first", who: "second", does: "deletes the bound connect, then tests", to: "the vendor", is: "allowed" },
  { typed: "first", bound: "first", who: "second", does: "deletes the bound connect, then tests", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "second", does: "saves a connect", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "second", does: "tests unsaved settings", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "second", does: "tests with the mask in a draft of the adaptor", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "second", does: "tests a draft with the bound connect's other secrets", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "second", does: "moves the bound connect", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "second", does: "moves a copy of the bound connect", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "second", does: "gives the adaptor to a connect that had another", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "namesake", does: "moves the bound connect", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "first", does: "imports a file with a connect", to: "elsewhere", is: "for another address" },
  { typed: "first", bound: "first", who: "first", does: "moves the bound connect", to: "elsewhere", is: "allowed" },
  { typed: "first", bound: "first", who: "first", does: "tests unsaved settings", to: "elsewhere", is: "allowed" },
  { typed: "first", bound: "first", who: "second", does: "types it again, then tests", to: "elsewhere", is: "allowed" },
]; // prettier-ignore

const words = {
  "another's": /vendor_code was typed by another person and has no address yet: type it again in the adaptor$/,
  "for another address": /The secret value of vendor_code in .+ was typed for .+\. To send it to .+, type it again in the adaptor$/,
}; // prettier-ignore

describe("a secret that no connect uses yet, and one that a connect has bound", () => {
  const kept: string[] = [];
  test.for(cases)("typed by $typed, bound by $bound: $who $does, $to: $is", async (one) => {
    const at = { "the vendor": vendor, elsewhere }[one.to];
    const secret = `vendor-code-${++names}-planted`;
    const scene = await type(one.typed, secret);
    if (one.bound !== undefined) {
      const bound = await people[one.bound].ok<{ id: number }>(
        "POST",
        "/api/connects",
        connectTo(vendor, scene.adaptor),
      );
      scene.bound = bound.id;
    }
    const before = at.requests.length;
    const answer = await acts[one.does](people[one.who], scene, at);
    if (one.is === "allowed") {
      expect(answer.status).toBeLessThan(300);
      if (!one.does.includes("test")) return;
      const arrived = await at.received(before + 1);
      expect(arrived.at(-1)?.text).toContain(secret);
      return;
    }
    kept.push(secret);
    expect(answer.status).toBe(400);
    const { errors } = answer.body as Problem;
    expect(errors).toHaveLength(1);
    expect(errors[0]?.path).toMatch(/^(connect\.)?adaptor_id$|^adaptor\.fields\[0\]\.value$|^file$/);
    expect(errors[0]?.message).toMatch(words[one.is]);
  });

  test("none of those that were refused has arrived anywhere", async () => {
    expect(kept.length).toBeGreaterThan(15);
    // a last one comes in behind whatever was on its way
    const { adaptor } = await type("first", "the-last-one-planted");
    for (const to of [vendor, elsewhere]) {
      const before = to.requests.length;
      await people.first.ok("POST", "/api/connects/test", { connect: connectTo(to, adaptor) });
      const all = await to.received(before + 1);
      expect(all.at(-1)?.text).toContain("the-last-one-planted");
      const sent = all.map(({ url, text }) => `${url} ${text}`).join("\n");
      for (const secret of kept) expect(sent).not.toContain(secret);
    }
  });
});

test("a preview says what a save will ask for, to who would be asked alone", async () => {
  const { adaptor } = await type("first", "previewed-planted");
  const body = { connect: connectTo(elsewhere, adaptor) };
  type Preview = { requests: { body: string }[]; warnings: { path: string; message: string }[] };
  const asked = await people.second.ok<Preview>("POST", "/api/connects/preview", body);
  expect(asked.warnings).toEqual([
    { path: "adaptor_id", message: expect.stringMatching(words["another's"]) as string },
  ]);
  expect(asked.requests[0]?.body).toBe(`{"vendor_code":"${secretMask}"}`);
  const draft = { name: "Draft", fields: [row(secretMask)] };
  expect(
    (await people.second.ok<Preview>("POST", "/api/connects/preview", { ...body, adaptor: draft })).warnings,
  ).toEqual(asked.warnings);
  expect((await people.first.ok<Preview>("POST", "/api/connects/preview", body)).warnings).toEqual([]);
});

test("whether a guess was right can't be told from what saving it does", async () => {
  const { adaptor } = await type("first", "guessed-planted");
  const revisionAfter = async (guess: string) =>
    (await people.second.ok<{ revision: number }>("PATCH", `/api/adaptors/${adaptor}`, { fields: [row(guess)] }))
      .revision;
  expect(await revisionAfter("guessed-planted")).toBe(2);
  await people.first.ok("PATCH", `/api/adaptors/${adaptor}`, { fields: [row("guessed-planted")] });
  expect(await revisionAfter("something else")).toBe(4);
});

test("of two connects of one adaptor each gets what was typed for it", async () => {
  const { adaptor } = await type("first", "typed-for-both-planted");
  await people.first.ok("POST", "/api/connects", connectTo(vendor, adaptor));
  await people.first.ok("POST", "/api/connects", connectTo(elsewhere, adaptor));
  for (const to of [vendor, elsewhere]) {
    const before = to.requests.length;
    await people.second.ok("POST", "/api/connects/test", { connect: connectTo(to, adaptor) });
    expect((await to.received(before + 1)).at(-1)?.text).toContain("typed-for-both-planted");
  }
});

test("a connect's own secrets stay where they were typed for, whoever tries", async () => {
  const own = { api_authentication: "code=own-secret-planted", authorization_header: "X-Key: own-header-planted" };
  const masked = { api_authentication: `code=${secretMask}`, authorization_header: `X-Key: ${secretMask}` };
  const base = { name: `Connect ${++names}`, api_url: `${vendor.origin}/lead`, request_method: "GET" };
  const { id } = await people.first.ok<{ id: number }>("POST", "/api/connects", { ...base, ...own });
  const moved = { ...base, ...masked, api_url: `${elsewhere.origin}/lead` };
  const before = elsewhere.requests.length;
  for (const who of [people.first, people.second, people.token, people.namesake]) {
    const refused = await who.refused("bad_input", "POST", "/api/connects/test", { connect_id: id, connect: moved });
    expect(refused.errors.map(({ path }) => path)).toEqual([
      "connect.api_authentication",
      "connect.authorization_header",
    ]);
    await who.refused("bad_input", "PATCH", `/api/connects/${id}`, { api_url: moved.api_url });
    const { id: copy } = await who.ok<{ id: number }>("POST", `/api/connects/${id}/duplicate`);
    await who.refused("bad_input", "PATCH", `/api/connects/${copy}`, { api_url: moved.api_url });
  }
  expect(elsewhere.requests.length).toBe(before);
});
