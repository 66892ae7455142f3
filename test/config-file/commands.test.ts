import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dispatch } from "../../src/cli/dispatch.ts";
import { commands } from "../../src/cli/index.ts";
import { findToken } from "../../src/store/tokens.ts";
import { startPatchbay } from "../http/patchbay.ts";

// beside a running server, on its database
const patchbay = startPatchbay();
const key = Buffer.alloc(32, 7).toString("base64");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "patchbay-command-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], input = "", environment: Record<string, string> = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await dispatch(commands, args, {
    environment: {
      DATABASE_URL: patchbay.databaseUrl,
      PATCHBAY_SECRET_KEY: key,
      PATCHBAY_DATA: folder,
      ...environment,
    },
    out: (line) => void out.push(line),
    note: (line) => void notes.push(line),
    readInput: async () => input,
  });
  return { code, out: out.join("\n"), notes: notes.join("\n") };
}
const file = (text: string): string => {
  const path = join(folder, "account.yaml");
  writeFileSync(path, text);
  return path;
};
const newAccount = ["account", "create", "--name", "Acme Calls", "--admin-email", "ada@example.com"];

describe("before there is an account", () => {
  test.each([["export"], ["token", "create", "--name", "x", "--sections", "leads"]])(
    "%s %s says so",
    async (...args) => {
      const { code, out, notes } = await run(args);
      expect([code, out]).toEqual([1, ""]);
      expect(notes).toBe("There is no account yet. Make one with patchbay account create, or open the page.");
    },
  );
});

describe("account create", () => {
  test.each([
    ["without the password's flag", newAccount, "twelve characters", 2, /--admin-password-stdin/],
    ["with a short password", [...newAccount, "--admin-password-stdin"], "short\n", 1, /password: use 12 to 128/],
    ["without a name", newAccount.slice(0, 2), "", 2, /--name takes/],
    ["with no address", [...newAccount, "--admin-email", "ada", "--admin-password-stdin"], "", 2, /e-mail address/],
    [
      "with no zone",
      [...newAccount, "--admin-password-stdin", "--time-zone", "Mars"],
      "twelve characters",
      1,
      /time zone Mars/,
    ],
    [
      "with an abbreviation for its zone",
      [...newAccount, "--admin-password-stdin", "--time-zone", "EST"],
      "twelve characters",
      1,
      /EST is no time zone's name/,
    ],
  ])("%s is refused", async (_name, args, input, code, words) => {
    const ran = await run(args, input);
    expect([ran.code, ran.out]).toEqual([code, ""]);
    expect(ran.notes).toMatch(words);
  });

  test("makes an admin who can sign in", async () => {
    const { code, out, notes } = await run([...newAccount, "--admin-password-stdin"], "correct horse battery\n");
    expect(notes).toContain("Its time zone is UTC, as none was named.");
    expect([code, out]).toEqual([0, "Made the account Acme Calls. ada@example.com signs in as its admin."]);
    const admin = await patchbay.signIn("ada@example.com");
    expect(await admin.ok("GET", "/api/session")).toMatchObject({ user: { name: "ada", role: "admin" } });
    expect(await patchbay.anonymous.ok("GET", "/api/setup")).toMatchObject({ needed: false });
  });

  test("twice is refused in words", async () => {
    const { code, notes } = await run([...newAccount, "--admin-password-stdin"], "correct horse battery\n");
    expect([code, notes]).toEqual([1, "name: There is an account named Acme Calls already"]);
  });
});

describe("token create", () => {
  test("prints the token alone, which works", async () => {
    const args = ["token", "create", "--name", "script", "--sections", "leads,events,admin", "--rate", "50/s"];
    const { code, out, notes } = await run(args);
    expect([code, notes]).toEqual([0, ""]);
    expect(out).toMatch(/^pb_[\w-]{43}$/);
    expect(await findToken(patchbay.db, out)).toMatchObject({
      name: "script",
      access: ["leads", "events", "admin"],
      ratePerSecond: 50,
    });
    const answer = await patchbay.anonymous.call("GET", "/api/tokens", undefined, { authorization: `Bearer ${out}` });
    expect(answer.body).toMatchObject({ items: [{ name: "script", access: ["leads", "events", "admin"] }] });
  });

  test.each([
    [["--name", "x"], /--sections takes one or more/],
    [["--name", "x", "--sections", "leads,everything"], /There is no section everything/],
    [["--sections", "leads"], /--name takes a name/],
    [["--name", "x", "--sections", "leads", "--rate", "fast"], /--rate takes/],
    [["--name", "x", "--sections", "leads", "--expires", "never"], /--expires takes/],
    [["--nmae", "x"], /Unknown option '--nmae'/],
  ])("%j is not understood", async (args, words) => {
    const { code, out, notes } = await run(["token", "create", ...args]);
    expect([code, out]).toEqual([2, ""]);
    expect(notes).toMatch(words);
  });
});

describe("user reset-password", () => {
  test("a new password, no session left", async () => {
    const before = await patchbay.signIn("ada@example.com");
    const args = ["user", "reset-password", "--email", "ADA@example.com"];
    const { code, out } = await run(args);
    expect([code, out.length]).toEqual([0, 20]);
    await before.refused("not_signed_in", "GET", "/api/session");
    await expect(patchbay.signIn("ada@example.com")).rejects.toThrow("401");
    await (await patchbay.signIn("ada@example.com", out)).ok("GET", "/api/session");
    expect((await run([...args, "--password-stdin"], "correct horse battery\n")).out).toBe("");
    await patchbay.signIn("ada@example.com");
  });

  test("nobody of that address", async () => {
    const { code, notes } = await run(["user", "reset-password", "--email", "eve@example.com"]);
    expect([code, notes]).toEqual([1, "Nobody signs in here as eve@example.com."]);
  });
});

describe("import and export", () => {
  const yaml =
    'patchbay: 1\nlists:\n  - { name: Web leads }\nconnects:\n  - { name: A, api_url: "https://a.example.com", api_authentication: { env: A_AUTH }, request_method: GET }\n';

  test("dry, then in earnest, then again", async () => {
    const environment = { A_AUTH: "key=secret-of-a" };
    const dry = await run(["import", file(yaml), "--dry-run"], "", environment);
    expect([dry.code, dry.out]).toEqual([0, "would create list Web leads\nwould create connect A"]);
    const first = await run(["import", file(yaml)], "", environment);
    expect([first.code, first.out]).toEqual([0, "create list Web leads\ncreate connect A"]);
    expect((await run(["import", file(yaml)])).out).toBe("Nothing to change.");
    const exported = await run(["export"]);
    expect(exported.out).toContain("api_authentication: { env: A_AUTH } # key=••••••••");
    expect(exported.out).not.toContain("secret-of-a");
    expect((await run(["import", "-"], exported.out)).out).toBe("Nothing to change.");
  });

  test("a bad line is told with its file and line, on standard error, and the exit code says so", async () => {
    const path = file(yaml.replace("GET", "FETCH"));
    const { code, out, notes } = await run(["import", path]);
    expect([code, out]).toEqual([1, ""]);
    expect(notes).toBe(
      `${path}:5: connects.request_method: this must be one of GET, POST, PUT, PATCH, DELETE\nNothing was written: 1 place can't be taken.`,
    );
  });

  test("what changed is told by its keys, and a secret only as such", async () => {
    const changed = yaml.replace("request_method: GET", "request_method: GET, timeout_seconds: 5");
    expect((await run(["import", file(changed)])).out).toBe("update connect A: timeout_seconds");
    expect((await run(["import", file(changed)], "", { A_AUTH: "key=another" })).out).toBe("update connect A: secrets");
  });

  test("credentials as vendors mail them are taken as they are written, and told of without their secret", async () => {
    const odd = 'patchbay: 1\nconnects:\n  - { name: Odd, api_url: "https://a.example.com", authorization_header: { env: H }, request_method: GET }\n'; // prettier-ignore
    const H = "Authorization: Bearer Bearer t-odd-secret";
    const { code, out, notes } = await run(["import", file(odd)], "", { H });
    expect([code, out]).toEqual([0, "create connect Odd"]);
    expect(notes).toBe("worth a look: connect Odd: authorization_header: The header Authorization says Bearer twice");
    const broken = await run(["import", file(odd)], "", { H: "Authorization: Bearer t-odd\nsecret" });
    expect([broken.code, broken.out]).toEqual([1, ""]);
    expect(broken.notes).toContain("The header Authorization has a line break in its value");
    expect(broken.notes).not.toContain("t-odd");
  });

  test("no file, or no such file", async () => {
    expect((await run(["import"])).notes).toMatch(/^Name one file/);
    const missing = join(folder, "nowhere.yaml");
    expect(await run(["import", missing])).toEqual({ code: 1, out: "", notes: `There is no file ${missing}.` });
  });

  test("of several accounts one is named", async () => {
    await patchbay.account("Second");
    const several = await run(["export"]);
    expect([several.code, several.notes]).toEqual([
      1,
      "There are several accounts. Say which with --account NAME:\n  Acme Calls\n  Second",
    ]);
    expect((await run(["export", "--account", "Second"])).out).toMatch(/^patchbay: 1\naccount: \{ name: Second,/);
    expect((await run(["export", "--account", "Third"])).notes).toMatch(/^There is no account named Third/);
  });
});
