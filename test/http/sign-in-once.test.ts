import { describe, expect, test } from "vitest";
import type { AccountId } from "../../src/contracts/ids.ts";
import { endSignIns } from "../../src/store/sign-ins.ts";
import { runPatchbay, startPatchbay as startProcess } from "../patchbay-process.ts";
import { password, startPatchbay, type Answer, type Client } from "./patchbay.ts";
import { totp } from "./totp.ts";

/** What proves a person is of use once, and what was proven with an older password or factor ends with it. */

const patchbay = startPatchbay();
let accountId: AccountId | undefined;
let people = 0;
/** The library's own limiter counts by address, and all of this file's come from one. */
const forgetLimits = () => patchbay.db.query("delete from sign_in_limit");

/** A user of the test's own, signed in twice. */
async function newPerson() {
  await forgetLimits();
  accountId ??= await patchbay.account("Acme Calls");
  const here = await patchbay.user(accountId, "operator");
  const { user } = await here.ok<{ user: { id: number; email: string } }>("GET", "/api/session");
  return { ...user, n: ++people, here, elsewhere: await patchbay.signIn(user.email) };
}

const isIn = async (client: Client) => (await client.call("GET", "/api/session")).status === 200;
const cookieOf = ({ headers }: Answer) =>
  headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ");
/** As whoever did what was answered so goes on, with the cookies of that answer. */
const after = (answer: Answer): Client => patchbay.withCookie(cookieOf(answer));

const auth = (path: string) => `/api/auth/${path}`;
const halfWay = async (email: string, url = patchbay.url): Promise<string> => {
  const answer = await fetch(`${url}${auth("sign-in/email")}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email, password }),
  });
  expect(await answer.json()).toMatchObject({ twoFactorRedirect: true });
  return cookieOf({ status: answer.status, headers: answer.headers, body: null });
};
const verify = (cookie: string, body: object, url = patchbay.url, path = "two-factor/verify-totp") =>
  fetch(`${url}${auth(path)}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, cookie },
    body: JSON.stringify(body),
  });

/** Switches the second factor on; `here` goes on with a new session. */
async function withFactor() {
  const person = await newPerson();
  const made = await person.here.ok<{ totpURI: string; backupCodes: string[] }>("POST", auth("two-factor/enable"), {
    password,
  });
  const key = new URL(made.totpURI).searchParams.get("secret") ?? "";
  const code = totp(key);
  const answer = await person.here.call("POST", auth("two-factor/verify-totp"), { code });
  expect(answer.status).toBe(200);
  await forgetLimits();
  return { ...person, here: after(answer), key, enabledWith: code, backupCodes: made.backupCodes };
}
/** Until a step of 30 s has begun of which the half is left: what follows is done within it. */
async function earlyInAStep(): Promise<void> {
  while (Date.now() % 30_000 > 15_000) await new Promise((resolve) => setTimeout(resolve, 100));
}

describe("the other sessions end", () => {
  test("when the password changes, also where that is not asked for", async () => {
    const person = await newPerson();
    const change = { currentPassword: password, newPassword: "another horse battery" };
    const refused = await person.here.call("POST", auth("change-password"), { ...change, currentPassword: "wrong" });
    expect([refused.status, await isIn(person.elsewhere)]).toEqual([400, true]);
    const answer = await person.here.call("POST", auth("change-password"), { ...change, revokeOtherSessions: false });
    expect(answer.status).toBe(200);
    expect([await isIn(person.elsewhere), await isIn(person.here), await isIn(after(answer))]).toEqual([
      false,
      false,
      true,
    ]);
    await expect(patchbay.signIn(person.email)).rejects.toThrow("401");
  });

  test("when the second factor is switched on, and when it is switched off", async () => {
    const person = await withFactor();
    expect([await isIn(person.elsewhere), await isIn(person.here)]).toEqual([false, true]);
    const whole = await verify(await halfWay(person.email), { code: totp(person.key, 1) });
    const again = patchbay.withCookie(cookieOf({ status: 200, headers: whole.headers, body: null }));
    expect([await isIn(again), await isIn(person.here)]).toEqual([true, true]);
    const waiting = await halfWay(person.email);
    const off = await person.here.call("POST", auth("two-factor/disable"), { password });
    expect(off.status).toBe(200);
    expect([await isIn(again), await isIn(person.here), await isIn(after(off))]).toEqual([false, false, true]);
    // so does a sign-in that waited for the second factor
    expect((await verify(waiting, { code: totp(person.key) })).status).toBe(401);
  });

  test("when the password is reset by command, with the sign-ins that wait for a code", async () => {
    const person = await withFactor();
    const waiting = await halfWay(person.email);
    const environment = { DATABASE_URL: patchbay.databaseUrl, PATCHBAY_SECRET_KEY: key };
    const args = ["user", "reset-password", "--email", person.email, "--password-stdin"];
    expect(await runPatchbay(args, { environment, input: "a password from the server" })).toMatchObject({ code: 0 });
    expect(await isIn(person.here)).toBe(false);
    expect((await verify(waiting, { code: totp(person.key, 1) })).status).toBe(401);
    expect(await isIn(await patchbay.signIn(person.email, "a password from the server"))).toBe(true);
  });

  test("when the user is switched off, and they are not back when the user is", async () => {
    const person = await newPerson();
    const admin = await patchbay.user(accountId!, "admin");
    await admin.ok("PATCH", `/api/users/${person.id}`, { active: false });
    await admin.ok("PATCH", `/api/users/${person.id}`, { active: true });
    expect([await isIn(person.here), await isIn(person.elsewhere)]).toEqual([false, false]);
  });

  test("also one that began with the old password and is not there yet", async () => {
    const person = await newPerson();
    const { rows } = await patchbay.db.query<{ id: string }>("select id from sign_in_user where email = $1", [
      person.email,
    ]);
    const { signingIn } = await patchbay.db.transaction(async (tx) => {
      // as a reset begins
      await tx.query("select from sign_in_user where id = $1 for update", [rows[0]!.id]);
      const coming = patchbay.signIn(person.email).then(
        () => "in",
        (error: Error) => error.message,
      );
      const waits = () =>
        patchbay.db.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
             and query like 'insert into "sign_in_session"%'`,
        );
      while ((await waits()).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      await endSignIns(tx, rows[0]!.id, null);
      return { signingIn: coming };
    });
    expect(await signingIn).toMatch(/^No sign-in: 401 .*has changed/);
    const sessions = await patchbay.db.query("select from sign_in_session where user_id = $1", [rows[0]!.id]);
    expect(sessions.rows).toHaveLength(0);
  });
});

const key = Buffer.alloc(32, 7).toString("base64");

describe("a code works once", () => {
  test("what switched the factor on signs nobody in, nor does what somebody has signed in with", async () => {
    await earlyInAStep();
    const person = await withFactor();
    const cookie = await halfWay(person.email);
    const replayed = await verify(cookie, { code: person.enabledWith });
    expect([replayed.status, ((await replayed.json()) as { message: string }).message]).toEqual([
      401,
      "This code was used already. Wait for the next one.",
    ]);
    const code = totp(person.key, 1);
    expect((await verify(cookie, { code })).status).toBe(200);
    expect((await verify(await halfWay(person.email), { code })).status).toBe(401);
  });

  test("what was verified within a session signs nobody in", async () => {
    await earlyInAStep();
    const person = await withFactor();
    const code = totp(person.key, 1);
    await person.here.ok("POST", auth("two-factor/verify-totp"), { code });
    expect((await verify(await halfWay(person.email), { code })).status).toBe(401);
  });

  test("of many at once, over two processes, one comes in", async () => {
    const person = await withFactor();
    await using other = await startProcess({
      environment: { DATABASE_URL: patchbay.databaseUrl, PATCHBAY_SECRET_KEY: key, PATCHBAY_LOG_LEVEL: "silent" },
    });
    const urls = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? patchbay.url : other.url));
    const cookies: string[] = [];
    for (const url of urls) cookies.push(await halfWay(person.email, url));
    await forgetLimits();
    await earlyInAStep();
    const code = totp(person.key, 1);
    const answers = await Promise.all(urls.map((url, n) => verify(cookies[n]!, { code }, url)));
    const statuses = answers.map(({ status }) => `${status}`).toSorted();
    expect(statuses).toEqual(["200", ...Array.from({ length: 7 }, () => "401")]);
  });

  test("a backup code too", async () => {
    const person = await withFactor();
    const cookies: string[] = [];
    for (let n = 0; n < 5; n++) cookies.push(await halfWay(person.email));
    await forgetLimits();
    const body = { code: person.backupCodes[0] };
    const backup = (cookie: string, more = {}) =>
      verify(cookie, { ...body, ...more }, patchbay.url, "two-factor/verify-backup-code");
    const statuses = (await Promise.all(cookies.map((cookie) => backup(cookie)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    await forgetLimits();
    expect((await backup(await halfWay(person.email))).status).toBe(401);
  });

  test("no browser is let off the second factor", async () => {
    const person = await withFactor();
    const whole = await verify(await halfWay(person.email), { code: totp(person.key, 1), trustDevice: true });
    expect(whole.status).toBe(200);
    const cookie = cookieOf({ status: 200, headers: whole.headers, body: null });
    expect(cookie).not.toContain("trust");
    const again = await patchbay.anonymous.call(
      "POST",
      auth("sign-in/email"),
      { email: person.email, password },
      { origin: patchbay.url, cookie },
    );
    expect(again.body).toMatchObject({ twoFactorRedirect: true });
  });

  test("guessing codes is stopped, from however many addresses", async () => {
    const person = await withFactor();
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) {
      // a new challenge takes five, and the limiter by address counts besides
      await forgetLimits();
      const wrong = String((Number(totp(person.key)) + 500_000 + n) % 1_000_000).padStart(6, "0");
      statuses.push((await verify(await halfWay(person.email), { code: wrong })).status);
    }
    expect(statuses.at(-1)).toBe(429);
    await forgetLimits();
    expect((await verify(await halfWay(person.email), { code: totp(person.key, 1) })).status).toBe(429);
  });

  test("so is guessing one's own password with a session", async () => {
    const person = await newPerson();
    const change = { currentPassword: "wrong password", newPassword: "another horse battery" };
    const guesses = [
      ["change-password", change],
      ["two-factor/enable", { password: "wrong" }],
      ["change-password", change],
    ] as const;
    const statuses: number[] = [];
    for (const [path, body] of guesses) {
      await forgetLimits();
      statuses.push((await person.here.call("POST", auth(path), body)).status);
      // as if most of them had been tried
      if (statuses.length === 1) await patchbay.db.query("update sign_in_tries set tries = 29");
    }
    expect(statuses).toEqual([400, 400, 429]);
    await forgetLimits();
    const right = { ...change, currentPassword: password };
    expect((await person.here.call("POST", auth("change-password"), right)).status).toBe(429);
  });
});
