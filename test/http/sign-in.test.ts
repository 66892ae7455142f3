import { request } from "node:http";
import { getMigrations } from "better-auth/db/migration";
import { describe, expect, test } from "vitest";
import { createSignIn } from "../../src/http/sign-in.ts";
import { setupCode } from "../../src/http/setup-code.ts";
import { signInSecret } from "../../src/store/sign-in-secret.ts";
import { password, secretBox, startPatchbay, type Client } from "./patchbay.ts";
import { totp } from "./totp.ts";

const patchbay = startPatchbay();
const email = "ada@example.com";
const account = { account_name: "Acme Calls", time_zone: "America/Los_Angeles", name: "Ada", email, password };
let admin: Client;

describe("setting up", () => {
  test("the page is told that it is needed", async () => {
    expect(await patchbay.anonymous.ok("GET", "/api/setup")).toEqual({ needed: true, code_needed: false });
  });

  test("a proxy's caller is not on the server itself, so the one-time code is asked for", async () => {
    const forwarded = { "x-forwarded-for": "203.0.113.9" };
    const shown = await patchbay.anonymous.call("GET", "/api/setup", undefined, forwarded);
    expect(shown.body).toEqual({ needed: true, code_needed: true });
    for (const code of [undefined, "AAAA-AAAA-AAAA"]) {
      const refused = await patchbay.anonymous.call("POST", "/api/setup", { ...account, code }, forwarded);
      expect(refused).toMatchObject({ status: 403, body: { code: "setup_code_needed" } });
    }
    // the right code is let through to what is wrong with the rest
    const code = setupCode(await signInSecret(patchbay.db, secretBox))
      .toLowerCase()
      .replaceAll("-", " ");
    const wrong = { ...account, time_zone: "Mars/Olympus", code };
    const passed = await patchbay.anonymous.call("POST", "/api/setup", wrong, forwarded);
    expect(passed).toMatchObject({ status: 400, body: { errors: [{ path: "time_zone" }] } });
    for (const time_zone of ["", "EST", "eastern"]) {
      const none = await patchbay.anonymous.call("POST", "/api/setup", { ...wrong, time_zone }, forwarded);
      expect(none).toMatchObject({ status: 400, body: { errors: [{ path: "time_zone" }] } });
    }
    expect(await patchbay.anonymous.ok("GET", "/api/setup")).toMatchObject({ needed: true });
  });

  test("a short password is refused, and nothing is made", async () => {
    const problem = await patchbay.anonymous.refused("bad_input", "POST", "/api/setup", {
      ...account,
      password: "short",
    });
    expect(problem.errors).toEqual([{ path: "password", message: "use at least 12 characters" }]);
    expect(await patchbay.anonymous.ok("GET", "/api/setup")).toMatchObject({ needed: true });
  });

  test("of ten at once, one makes the account", async () => {
    const calls = Array.from({ length: 10 }, (_, n) =>
      patchbay.anonymous.call("POST", "/api/setup", n === 0 ? account : { ...account, account_name: `Acme ${n}` }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => `${status}`);
    expect(statuses.toSorted()).toEqual(["201", ...Array.from({ length: 9 }, () => "409")]);
    const { rows } = await patchbay.db.query<{ accounts: number; users: number; people: number }>(
      `select (select count(*) from accounts) as accounts, (select count(*) from users) as users,
         (select count(*) from sign_in_user) as people`,
    );
    expect(rows[0]).toEqual({ accounts: 1, users: 1, people: 1 });
  });

  test("afterwards it is refused", async () => {
    await patchbay.anonymous.refused("setup_done", "POST", "/api/setup", { ...account, account_name: "Another" });
    expect(await patchbay.anonymous.ok("GET", "/api/setup")).toMatchObject({ needed: false });
  });

  test("the new account has the status of every new lead, and its audit begins", async () => {
    admin = await patchbay.signIn(email);
    const { items } = await admin.ok<{ items: { code: string }[] }>("GET", "/api/statuses");
    expect(items.map(({ code }) => code)).toEqual(["NEW"]);
    const audit = await admin.ok<{ items: { action: string; target: { kind: string } }[] }>("GET", "/api/audit");
    expect(audit.items.map(({ action, target }) => `${action} ${target.kind}`)).toEqual([
      "create status",
      "create user",
      "create account",
    ]);
  });
});

describe("signing in", () => {
  test("a session says who and where", async () => {
    expect(await admin.ok("GET", "/api/session")).toMatchObject({
      user: { name: "Ada", email, role: "admin", second_factor: false },
      account: { name: "Acme Calls", time_zone: "America/Los_Angeles" },
    });
  });

  test("the cookie is HttpOnly and SameSite", async () => {
    const answer = await patchbay.anonymous.call(
      "POST",
      "/api/auth/sign-in/email",
      { email, password },
      { origin: patchbay.url },
    );
    expect(answer.headers.getSetCookie().join()).toMatch(/HttpOnly; SameSite=Lax/);
  });

  test("a wrong password does not", async () => {
    await expect(patchbay.signIn(email, "not the password at all")).rejects.toThrow("401");
  });

  test("nobody signs up, and no other door of the library is open", async () => {
    const body = { email: "eve@example.com", password, name: "Eve" };
    for (const path of ["sign-up/email", "update-user", "delete-user", "change-email", "request-password-reset"])
      expect((await admin.call("POST", `/api/auth/${path}`, body)).status).toBe(404);
  });

  test("a write that another site sent with our cookie is refused; a read isn't a write", async () => {
    const foreign = { origin: "https://evil.example" };
    const write = await admin.call("POST", "/api/lists", { name: "Evil" }, foreign);
    expect(write).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const crossSite = { "sec-fetch-site": "cross-site", origin: "" };
    expect((await admin.call("POST", "/api/lists", { name: "Evil" }, crossSite)).status).toBe(403);
    expect((await admin.call("GET", "/api/lists", undefined, foreign)).status).toBe(200);
    const signIn = await patchbay.anonymous.call("POST", "/api/auth/sign-in/email", { email, password }, foreign);
    expect(signIn.status).toBe(403);
  });

  test("a form of another site can't even be read", async () => {
    const form = { "content-type": "text/plain" };
    expect((await admin.call("POST", "/api/lists", '{"name":"Evil"}', form)).body).toMatchObject({
      code: "unreadable",
    });
  });

  test("who is switched off is out at once, and can't come in", async () => {
    const { accountId, operator } = await newUser("operator");
    await operator.client.ok("GET", "/api/session");
    await admin.ok("PATCH", `/api/users/${operator.id}`, { active: false });
    await operator.client.refused("not_signed_in", "GET", "/api/session");
    await expect(patchbay.signIn(operator.email)).rejects.toThrow(/No sign-in/);
    await admin.ok("PATCH", `/api/users/${operator.id}`, { active: true });
    expect(accountId).toBe(1);
    await (await patchbay.signIn(operator.email)).ok("GET", "/api/session");
  });

  test("a changed role holds at once", async () => {
    const { operator } = await newUser("operator");
    await admin.ok("PATCH", `/api/users/${operator.id}`, { role: "viewer" });
    expect(await operator.client.ok("GET", "/api/session")).toMatchObject({ user: { role: "viewer" } });
  });

  test("the last admin stays one", async () => {
    const { user } = await admin.ok<{ user: { id: number } }>("GET", "/api/session");
    for (const change of [{ role: "viewer" }, { active: false }])
      expect((await admin.refused("in_use", "PATCH", `/api/users/${user.id}`, change)).detail).toMatch(/only admin/);
  });

  test("a second factor is asked for once it is on", async () => {
    const { operator } = await newUser("operator");
    const enabled = await operator.client.ok<{ totpURI: string }>("POST", "/api/auth/two-factor/enable", { password });
    const key = new URL(enabled.totpURI).searchParams.get("secret") ?? "";
    await operator.client.ok("POST", "/api/auth/two-factor/verify-totp", { code: totp(key) });
    const half = await patchbay.anonymous.call<{ twoFactorRedirect?: boolean }>(
      "POST",
      "/api/auth/sign-in/email",
      { email: operator.email, password },
      { origin: patchbay.url },
    );
    expect(half.body.twoFactorRedirect).toBe(true);
    const cookie = half.headers
      .getSetCookie()
      .map((line) => line.split(";", 1)[0])
      .join("; ");
    const asHalf = { cookie, origin: patchbay.url };
    expect((await patchbay.anonymous.call("GET", "/api/session", undefined, asHalf)).status).toBe(401);
    const code = totp(key, 1);
    const whole = await patchbay.anonymous.call("POST", "/api/auth/two-factor/verify-totp", { code }, asHalf);
    expect(whole.status).toBe(200);
  });

  test("guessing passwords is stopped by the limiter in the database", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) {
      const guess = { email: "nobody@example.com", password: `wrong password ${n}` };
      const answer = await patchbay.anonymous.call("POST", "/api/auth/sign-in/email", guess, {
        origin: patchbay.url,
        // what the caller says of their address counts for nothing
        "x-forwarded-for": `203.0.113.${n}`,
        "x-patchbay-address": `203.0.113.${n}`,
      });
      statuses.push(answer.status);
    }
    expect(statuses.at(-1)).toBe(429);
    const { rows } = await patchbay.db.query("select key from sign_in_limit where key like '%sign-in%'");
    expect(rows).toHaveLength(1);
  });
});

describe("invitations", () => {
  test("a link makes one user, once", async () => {
    const invited = { email: "new@example.com", role: "operator" };
    const { link } = await admin.ok<{ link: string }>("POST", "/api/invitations", invited);
    expect(link.startsWith(`${patchbay.url}/invite/`)).toBe(true);
    const path = `/api/invitations/${link.split("/").at(-1)}`;
    expect(await patchbay.anonymous.ok("GET", path)).toEqual({ ...invited, account_name: "Acme Calls" });
    const person = { name: "New", password };
    const both = await Promise.all([1, 2].map(() => patchbay.anonymous.call("POST", `${path}/accept`, person)));
    expect(both.map(({ status }) => `${status}`).toSorted()).toEqual(["201", "410"]);
    await patchbay.anonymous.refused("link_used", "GET", path);
    const { items } = await admin.ok<{ items: { email: string; role: string }[] }>("GET", "/api/users");
    expect(items.find((user) => user.email === invited.email)?.role).toBe("operator");
  });

  test("one that has run out is of no use", async () => {
    const { link } = await admin.ok<{ link: string }>("POST", "/api/invitations", {
      email: "late@example.com",
      role: "viewer",
    });
    await patchbay.db.query(
      "update invitations set expires_at = now() - interval '1 s' where email = 'late@example.com'",
    );
    await patchbay.anonymous.refused("link_used", "GET", `/api/invitations/${link.split("/").at(-1)}`);
  });

  test("an address that signs in here already is not invited", async () => {
    await admin.refused("name_taken", "POST", "/api/invitations", { email: email.toUpperCase(), role: "viewer" });
  });

  test("neither code nor password is in the database as it is", async () => {
    const { link } = await admin.ok<{ link: string }>("POST", "/api/invitations", {
      email: "hash@example.com",
      role: "viewer",
    });
    const { rows } = await patchbay.db.query("select * from invitations");
    expect(JSON.stringify(rows)).not.toContain(link.split("/").at(-1));
    const credentials = await patchbay.db.query("select * from sign_in_credential");
    expect(JSON.stringify(credentials.rows)).not.toContain(password);
  });
});

describe("the Host header", () => {
  const paths = ["/", "/index.html", "/leads", "/api/setup", "/api/session", "/api/docs", "/api/auth/get-session"];
  for (const path of paths)
    test(`${path} is refused under a foreign name`, async () => {
      expect((await askAs("evil.example", path)).status).toBe(421);
    });

  test.each(["localhost", "127.0.0.1", "[::1]", "patchbay.localhost", "LOCALHOST:8080"])(
    "%s is known",
    async (host) => {
      expect((await askAs(host, "/api/setup")).status).toBe(200);
    },
  );

  test.each(["localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8080", "evil.example#localhost"])(
    "%s is not",
    async (host) => {
      expect((await askAs(host, "/api/setup")).status).toBe(421);
    },
  );

  test("health needs no name", async () => {
    expect((await askAs("10.0.0.7", "/healthz")).status).toBe(200);
    expect((await askAs("10.0.0.7", "/readyz")).status).toBe(200);
  });
});

test("the library would add nothing to our tables", async () => {
  const signIn = createSignIn(patchbay.db, { secret: "x".repeat(32), baseUrl: "http://localhost" });
  const { toBeCreated, toBeAdded } = await getMigrations(signIn.options);
  expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
});

async function newUser(role: "operator") {
  // it counts by address, and all of this file's come from one
  await patchbay.db.query("delete from sign_in_limit");
  const { rows } = await patchbay.db.query<{ id: number }>("select id from accounts");
  const accountId = rows[0]!.id as never;
  const client = await patchbay.user(accountId, role);
  const { user } = await client.ok<{ user: { id: number; email: string } }>("GET", "/api/session");
  return { accountId, operator: { client, ...user } };
}

/** With a Host header of one's own, which fetch doesn't let one write. */
function askAs(host: string, path: string): Promise<{ status: number }> {
  return new Promise((done, fail) => {
    const headers = { host, accept: "text/html" };
    const asked = request(`${patchbay.url}${path}`, { headers, setHost: false }, (answer) => {
      answer.resume();
      done({ status: answer.statusCode ?? 0 });
    });
    asked.on("error", fail).end();
  });
}
