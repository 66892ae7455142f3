import { once } from "node:events";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { password, startPatchbay, type Patchbay } from "./patchbay.ts";

/** A write by cookie comes from our own scheme, host and port, or from no page; guesses count over all addresses. */

/** Under a public name, Patchbay doesn't tell where it listens. */
async function start(environment: Record<string, string> = {}): Promise<{ at: Patchbay; here: string }> {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, "close");
  return { at: startPatchbay({ PORT: String(port), ...environment }), here: `127.0.0.1:${port}` };
}
const servers = {
  plain: await start(),
  behindProxy: await start({ PATCHBAY_TRUST_PROXY: "127.0.0.1" }),
  publicByHttps: await start({ PATCHBAY_PUBLIC_URL: "https://patchbay.example.com" }),
  publicByHttp: await start({ PATCHBAY_PUBLIC_URL: "http://patchbay.example.com:8080" }),
};
/** As they were set, by where. */
const cookies = new Map<string, readonly string[]>();

beforeAll(async () => {
  for (const { at, here } of Object.values(servers)) {
    await at.account("Acme Calls");
    const answer = await fetch(`http://${here}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "first-AcmeCalls@example.com", password }),
    });
    cookies.set(here, answer.headers.getSetCookie());
  }
});

type Row = {
  server: keyof typeof servers;
  /** HOST stands for where the server listens, and so in `origin`. */
  host?: string;
  origin?: string | string[];
  headers?: Record<string, string>;
  is: 201 | 403;
};
const https = { "x-forwarded-proto": "https" };
const rows: Row[] = [
  { server: "plain", origin: "http://HOST", is: 201 },
  { server: "plain", origin: "HTTP://HOST", is: 201 },
  { server: "plain", is: 201 },
  { server: "plain", host: "localhost:8080", origin: "http://localhost:8080", is: 201 },
  { server: "plain", host: "LOCALHOST:8080", origin: "http://localhost:8080", is: 201 },
  { server: "plain", host: "localhost:80", origin: "http://localhost", is: 201 },
  { server: "plain", origin: "https://HOST", is: 403 },
  { server: "plain", origin: "HTTPS://HOST", is: 403 },
  { server: "plain", origin: "ws://HOST", is: 403 },
  { server: "plain", origin: "http://HOST/", is: 403 },
  { server: "plain", origin: "http://HOST/path", is: 403 },
  { server: "plain", origin: "http://HOST?", is: 403 },
  { server: "plain", origin: "http://user@HOST", is: 403 },
  { server: "plain", origin: "HOST", is: 403 },
  { server: "plain", origin: "null", is: 403 },
  { server: "plain", origin: "", is: 403 },
  { server: "plain", origin: "http://127.0.0.1", is: 403 },
  { server: "plain", origin: "http://127.0.0.1:1", is: 403 },
  { server: "plain", origin: ["http://HOST", "http://evil.example"], is: 403 },
  { server: "plain", origin: ["http://evil.example", "http://HOST"], is: 403 },
  { server: "plain", origin: "http://HOST, http://evil.example", is: 403 },
  { server: "plain", headers: { "sec-fetch-site": "same-origin" }, is: 201 },
  { server: "plain", headers: { "sec-fetch-site": "none" }, is: 201 },
  { server: "plain", headers: { "sec-fetch-site": "same-site" }, is: 403 },
  { server: "plain", headers: { "sec-fetch-site": "cross-site" }, is: 403 },
  { server: "plain", origin: "http://HOST", headers: { "sec-fetch-site": "same-site" }, is: 403 },
  { server: "plain", origin: "http://HOST", headers: { "sec-fetch-site": "cross-site" }, is: 403 },
  // what nobody trusted says of the scheme and the host counts for nothing
  { server: "plain", origin: "https://HOST", headers: https, is: 403 },
  { server: "plain", origin: "http://HOST", headers: https, is: 201 },
  { server: "plain", origin: "http://evil.example", headers: { "x-forwarded-host": "evil.example" }, is: 403 },
  { server: "behindProxy", origin: "https://HOST", headers: https, is: 201 },
  { server: "behindProxy", origin: "http://HOST", headers: https, is: 403 },
  { server: "behindProxy", origin: "http://HOST", is: 201 },
  { server: "behindProxy", origin: "https://HOST", is: 403 },
  { server: "publicByHttps", host: "patchbay.example.com", origin: "https://patchbay.example.com", is: 201 },
  { server: "publicByHttps", host: "patchbay.example.com", origin: "http://patchbay.example.com", is: 403 },
  { server: "publicByHttps", host: "patchbay.example.com:80", origin: "http://patchbay.example.com", is: 403 },
  { server: "publicByHttps", host: "patchbay.example.com:8080", origin: "http://patchbay.example.com:8080", is: 403 },
  { server: "publicByHttps", host: "PATCHBAY.example.com", origin: "http://patchbay.example.com", is: 403 },
  { server: "publicByHttps", host: "patchbay.example.com", origin: "https://patchbay.example.com:8443", is: 403 },
  { server: "publicByHttps", origin: "https://patchbay.example.com", is: 201 },
  { server: "publicByHttps", origin: "http://patchbay.example.com", is: 403 },
  { server: "publicByHttps", origin: "http://HOST", is: 201 },
  { server: "publicByHttp", host: "patchbay.example.com:8080", origin: "http://patchbay.example.com:8080", is: 201 },
  { server: "publicByHttp", host: "patchbay.example.com:8080", origin: "https://patchbay.example.com:8080", is: 403 },
  { server: "publicByHttp", host: "patchbay.example.com:8080", origin: "http://patchbay.example.com", is: 403 },
];
let lists = 0;

describe("a write with our cookie", () => {
  test.for(rows)(
    "$server, Host $host, Origin $origin, $headers: $is",
    async ({ server, host, origin, headers, is }) => {
      const { at, here } = servers[server];
      const fill = (text: string): string => text.replace("HOST", here);
      const sent: Record<string, string | string[]> = {
        host: host ?? here,
        cookie: cookies
          .get(here)!
          .map((line) => line.split(";", 1)[0])
          .join("; "),
        "content-type": "application/json",
        ...headers,
      };
      if (origin !== undefined) sent["origin"] = typeof origin === "string" ? fill(origin) : origin.map(fill);
      expect(await post(here, "/api/lists", sent, { name: `List ${++lists}` })).toBe(is);
      // nor does the library's own door open to it
      expect(await post(here, "/api/auth/two-factor/verify-totp", sent, { code: "000000" })).toBe(
        is === 201 ? 400 : 403,
      );
      await at.db.query("delete from sign_in_limit");
    },
  );
});

test("cookies are for https alone where people come by https", () => {
  for (const { here } of Object.values(servers)) {
    expect(cookies.get(here)).not.toEqual([]);
    for (const line of cookies.get(here)!) expect(/; Secure/i.test(line)).toBe(here === servers.publicByHttps.here);
  }
});

test("guesses at one person's password count over all addresses, and don't keep them out where they are", async () => {
  const email = "first-AcmeCalls@example.com";
  const guess = (address: string, secret: string, who = email) =>
    fetch(`http://${servers.behindProxy.here}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": address },
      body: JSON.stringify({ email: who, password: secret }),
    });
  const statusesOf = async (network: string, who: string): Promise<number[]> => {
    const statuses = [(await guess(`${network}.1`, "wrong password", who)).status];
    // as if most of them had been tried
    const tried = await servers.behindProxy.at.db.query("update sign_in_tries set tries = 28");
    expect(tried.rowCount).toBe(1);
    for (let n = 2; n < 6; n++) statuses.push((await guess(`${network}.${n}`, "wrong password", who)).status);
    return statuses;
  };
  expect(await statusesOf("203.0.113", email.toUpperCase())).toEqual([401, 401, 401, 429, 429]);
  const refused = await guess("203.0.113.200", password);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "900"]);
  // they have been signed in from here since the beginning
  expect((await guess("127.0.0.1", password)).status).toBe(200);
  // that took the guesses away
  expect((await guess("203.0.113.201", password)).status).toBe(200);
  // whether there is such a user can't be told from it
  expect(await statusesOf("198.51.100", "nobody@example.com")).toEqual([401, 401, 401, 429, 429]);
});

function post(here: string, path: string, headers: Record<string, string | string[]>, body: object): Promise<number> {
  return new Promise((done, fail) => {
    const asked = request(`http://${here}${path}`, { method: "POST", headers, setHost: false }, (answer) => {
      answer.resume();
      answer.on("end", () => done(answer.statusCode ?? 0));
    });
    asked.on("error", fail).end(JSON.stringify(body));
  });
}
