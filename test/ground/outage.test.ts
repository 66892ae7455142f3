import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openDataFolder } from "../../src/store/data-folder.ts";
import { startEmbeddedPostgres } from "../../src/store/embedded-postgres.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import { api } from "../../src/contracts/endpoints/index.ts";
import { startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { temporaryFolder } from "./places.ts";

const folder = temporaryFolder();
const admin = { email: "ada@example.com", password: "correct horse battery" };

function endpointsIn(value: unknown): Endpoint[] {
  if (typeof value !== "object" || value === null || "_zod" in value) return [];
  if ("method" in value && "path" in value) return [value as Endpoint];
  return Object.values(value as Record<string, unknown>).flatMap(endpointsIn);
}

type Asked = { readonly method: string; readonly path: string; readonly body?: object };
const setUp = { account_name: "Acme", time_zone: "UTC", name: "Ada", ...admin };

/** Every route that asks the database. */
const asked: readonly Asked[] = [
  ...endpointsIn(api)
    .filter(({ path }) => !path.endsWith("/accept"))
    .map(({ method, path, body }) => ({
      method,
      path: path.replace(/\{\w+\}/, "x".repeat(24)),
      ...(body === undefined ? {} : { body: path === "/api/setup" ? setUp : {} }),
    })),
  {
    method: "POST",
    path: "/api/invitations/xxxxxxxxxxxxxxxxxxxxxxxx/accept",
    body: { name: "Eve", password: admin.password },
  },
  { method: "GET", path: "/api/deliveries.csv" },
  { method: "GET", path: "/api/deliveries/live" },
  { method: "POST", path: "/api/auth/sign-in/email", body: admin },
  { method: "GET", path: "/api/auth/get-session" },
  { method: "POST", path: "/api/auth/sign-out", body: {} },
  {
    method: "POST",
    path: "/api/auth/change-password",
    body: { currentPassword: admin.password, newPassword: "x".repeat(16) },
  },
  { method: "POST", path: "/api/auth/two-factor/enable", body: { password: admin.password } },
  { method: "POST", path: "/api/auth/two-factor/verify-totp", body: { code: "123456" } },
  { method: "GET", path: "/readyz" },
  ...["leads/insert", "callbacks/search", "callbacks/insert", "dnc/search", "dnc/insert", "dnc/delete"].map((name) => ({
    method: "POST",
    path: `/v1/${name}`,
    body: { list_id: 1, phone_number: "3105550142" },
  })),
  { method: "POST", path: "/v1/events", body: { type: "x.sale", lead_id: 1 } },
  { method: "GET", path: "/vicidial/start?lead_id=1&pass=TOKEN&user=dialler" },
  { method: "GET", path: "/vicidial/non_agent_api.php?function=add_lead&phone_number=3105550142&pass=TOKEN" },
];
const withToken: readonly Asked[] = [
  { method: "GET", path: "/metrics" },
  { method: "GET", path: "/api/connects" },
];

const linesOf = (patchbay: RunningPatchbay): string[] => patchbay.printed().split("\n").filter((line) => line !== ""); // prettier-ignore

test("with the database gone every route answers 503 with Retry-After, the log has a line a minute, and it goes on by itself", async () => {
  const start = () => startEmbeddedPostgres(openDataFolder(join(folder, "server"), true));
  let server = await start();
  const { host, password } = server.connection;
  const patchbay = await startPatchbay({
    environment: {
      DATABASE_URL: `postgresql://patchbay:${encodeURIComponent(password)}@/patchbay?host=${encodeURIComponent(host)}`,
      PATCHBAY_DATA: join(folder, "data"),
    },
  });
  const call = ({ method, path, body }: Asked, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${patchbay.url}${path}`, {
      method,
      headers: { origin: patchbay.url, ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  expect((await call({ method: "POST", path: "/api/setup", body: setUp })).status).toBe(201);
  const signedIn = await call({ method: "POST", path: "/api/auth/sign-in/email", body: admin });
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(";", 1)[0]).join("; "); // prettier-ignore
  const token = { name: "t", access: ["leads", "events", "callbacks", "dnc", "metrics", "admin"] };
  const made = await call({ method: "POST", path: "/api/tokens", body: token }, { cookie });
  const authorization = `Bearer ${((await made.json()) as { secret: string }).secret}`;

  const before = linesOf(patchbay).length;
  const startedAt = performance.now();
  await server.stop();
  const answers: string[] = [];
  for (let round = 0; round < 4; round++) {
    const note = (one: Asked, { status, headers }: Response): void =>
      void answers.push(`${one.method} ${one.path}: ${status} ${headers.get("retry-after")}`);
    for (const one of asked) note(one, await call(one, one.path.startsWith("/v1/") ? { authorization } : { cookie }));
    for (const one of withToken) note(one, await call(one, { authorization }));
  }
  const minutes = Math.floor((performance.now() - startedAt) / 60_000);
  expect(answers.filter((line) => !line.endsWith(": 503 5"))).toEqual([]);
  expect((await call({ method: "GET", path: "/healthz" })).status).toBe(200);
  expect((await call({ method: "GET", path: "/" }, { accept: "text/html" })).status).toBe(200);
  expect(await (await call({ method: "GET", path: "/metrics" })).text()).toContain("patchbay_database_up 0");
  const lines = linesOf(patchbay).slice(before);
  expect(lines.filter((line) => !line.includes("the database does not answer"))).toEqual([]);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThanOrEqual(1 + minutes);
  expect(lines.join("")).not.toMatch(/stack|at async/);

  server = await start();
  while (!(await call({ method: "GET", path: "/readyz" })).ok) await sleep(50);
  while (!patchbay.printed().includes("the database answers again")) await sleep(50);
  expect((await call({ method: "GET", path: "/api/connects" }, { cookie })).status).toBe(200);
  expect(linesOf(patchbay).filter((line) => line.includes("the database answers again"))).toHaveLength(1);
  expect(await patchbay.end()).toEqual({ code: 0, signal: null });
  await server.stop();
});
