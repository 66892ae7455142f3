import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createUser } from "../../src/admin/create-user.ts";
import { inChange } from "../../src/admin/change.ts";
import { withoutHandover } from "../../src/engine/handover.ts";
import { sendLead } from "../../src/engine/send-lead.ts";
import { openStore } from "../../src/store/open-store.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { makeAccount, makeConnect } from "../engine/fixtures.ts";
import { runPatchbay, startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { startReceiver } from "../receiver.ts";
import { temporaryFolder } from "./places.ts";

const dataFolder = join(temporaryFolder(), "data");
const secretKey = new Uint8Array(32).fill(7);
const person = { email: "ada@example.com", password: "correct horse battery" };

/** What is new work, as somebody sends it; the ids need not be there. */
const newWork: readonly (readonly [method: string, path: string, body: object])[] = [
  ["POST", "/api/leads", { list_id: 1, phone_number: "3105550188" }],
  ["POST", "/api/leads/sample", {}],
  ["PATCH", "/api/leads/1", { first_name: "Ada" }],
  ["POST", "/api/leads/1/send", { connect_id: 1 }],
  ["POST", "/api/connects/1/test", {}],
  ["POST", "/api/connects/test", { connect: { name: "x", api_url: "https://crm.example.com/", request_method: "GET" } }],
  ["POST", "/api/deliveries/01890a5d-ac96-774b-bcce-b302099a8057/retry", {}],
  ["POST", "/api/deliveries/retry", { ids: ["01890a5d-ac96-774b-bcce-b302099a8057"] }],
  ["POST", "/v1/leads/insert", { list_id: 1, phone_number: "3105550188" }],
  ["POST", "/v1/events", { type: "x.sale", lead_id: 1 }],
  ["POST", "/v1/callbacks/insert", { lead_id: 1 }],
  ["POST", "/v1/callbacks/update", { callback_id: 1 }],
  ["POST", "/v1/dnc/insert", { phone_number: "3105550188" }],
  ["GET", "/vicidial/start?lead_id=1&pass=TOKEN&user=d&no_update=Y&function=update_lead", {}],
  ["GET", "/vicidial/dispo?lead_id=1&dispo=SALE&pass=TOKEN&user=d", {}],
  ["GET", "/vicidial/non_agent_api.php?function=add_lead&phone_number=3105550188&pass=TOKEN", {}],
  ["GET", "/vicidial/non_agent_api.php?function=update_lead&lead_id=1&first_name=Ada&pass=TOKEN", {}],
]; // prettier-ignore

test("without room on disk new work is refused everywhere and says so, what is owed goes on, and so does all that makes room", async () => {
  await using vendor = await startReceiver(200);
  const made = await (async () => {
    const store = await openStore({ databaseUrl: null, dataFolder, secretKey, say: () => {} });
    const account = await makeAccount(store.database, "Acme Calls");
    const connect = await makeConnect(account, { api_url: vendor.url("/") });
    const owed = { accountId: account.accountId, leadId: account.leadId, connectId: connect.id };
    const source = { kind: "user", id: 1, name: "Ada" } as const;
    for (let n = 0; n < 3; n++) await sendLead(store.database, { handingOver: withoutHandover }, { ...owed, source });
    const access = ["leads", "events", "callbacks", "dnc", "metrics", "admin"];
    const { secret } = await insertToken(account.scope, { name: "t", access, ratePerSecond: null, expiresAt: null });
    const by = { database: store.database, secretBox: store.secretBox, accountId: account.accountId, actor: { kind: "system" as const, id: null, name: "test" } }; // prettier-ignore
    await inChange(by, (change) => createUser(change, { name: "Ada", ...person, role: "viewer" }));
    await store.close();
    return { ...account, connectId: connect.id, secret };
  })();
  const environment = {
    PATCHBAY_DATA: dataFolder,
    PATCHBAY_SECRET_KEY: Buffer.from(secretKey).toString("base64"),
    PATCHBAY_ALLOW_HOSTS: vendor.allow,
  };
  const caller =
    ({ url }: RunningPatchbay) =>
    (method: string, path: string, body: object = {}): Promise<Response> =>
      fetch(`${url}${path.replace("TOKEN", made.secret)}`, {
        method,
        headers: {
          origin: url,
          authorization: `Bearer ${made.secret}`,
          ...(method === "GET" ? {} : { "content-type": "application/json" }),
        },
        ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
      });

  const full = await startPatchbay({ environment: { ...environment, PATCHBAY_DISK_FREE_MIN: "900TB" } });
  const call = caller(full);
  await vendor.received(3);
  for (const [method, path, body] of newWork) {
    const answer = await call(method, path, body);
    const text = await answer.text();
    expect([path, answer.status, answer.headers.get("retry-after")]).toEqual([path, 503, "30"]);
    expect(text).toMatch(/The disk is nearly full: \d+ [MG]B are free/i);
    if (path.startsWith("/api/")) expect(text).toContain('"code":"disk_full"');
    else if (path.startsWith("/v1/")) expect(text).toContain('"success":false,"code":503');
    else expect(text).toMatch(/^ERROR: .*, SEND IT AGAIN LATER\n$/);
  }
  const ready = await call("GET", "/readyz");
  expect([ready.status, ready.headers.get("retry-after")]).toEqual([503, "30"]);
  expect(await ready.text()).toMatch(/^The disk is nearly full: \d+ [MG]B are free, and new work is taken from \d+ GB on\n$/); // prettier-ignore
  expect(await (await call("GET", "/metrics")).text()).toMatch(
    /^patchbay_refuses_new_work 1$[^]*^patchbay_disk_free_bytes\{disk="database"\} [1-9]\d+$/m,
  );
  expect(await (await call("GET", "/api/room")).json()).toMatchObject({
    refusal: expect.stringContaining("nearly full"),
    disk: { wanted_bytes: 900 * 2 ** 40 },
  });
  const replay = await runPatchbay(["replay", "--connect", "x", "--outcome", "failed"], {
    environment: { ...environment, PATCHBAY_DISK_FREE_MIN: "900TB" },
  });
  expect(replay).toMatchObject({ code: 1, err: expect.stringContaining("The disk is nearly full") });

  // what was owed is sent, and a person can make room
  for (const [method, path, body] of [
    ["GET", "/api/deliveries", {}],
    ["POST", `/api/connects/${made.connectId}/pause`, {}],
    ["POST", `/api/connects/${made.connectId}/resume`, {}],
    ["POST", `/api/connects/${made.connectId}/discard-held`, {}],
    ["PATCH", `/api/connects/${made.connectId}`, { active: false }],
    ["POST", "/api/auth/sign-in/email", person],
    ["POST", "/v1/dnc/search", {}],
    ["POST", "/v1/callbacks/search", {}],
    ["GET", "/vicidial/non_agent_api.php?function=update_lead&lead_id=1&no_update=Y&search_method=LEAD_ID&pass=TOKEN", {}],
    ["GET", `/vicidial/non_agent_api.php?function=update_lead&lead_id=${made.leadId}&delete_lead=Y&pass=TOKEN`, {}],
  ] as const)
    expect([path, (await call(method, path, body)).ok]).toEqual([path, true]); // prettier-ignore
  const settled = async (): Promise<boolean> => {
    const { items } = (await (await call("GET", "/api/deliveries?state=settled")).json()) as { items: unknown[] };
    return items.length === 3;
  };
  while (!(await settled())) await sleep(50);
  expect(full.printed().match(/the disk is nearly full/g)?.length).toBeGreaterThan(0);
  expect(await full.end()).toEqual({ code: 0, signal: null });

  await using roomy = await startPatchbay({ environment: { ...environment, PATCHBAY_DISK_FREE_MIN: "1MB" } });
  const lead = { list_id: made.listId, phone_number: "3105550188" };
  expect(await (await caller(roomy)("POST", "/v1/leads/insert", lead)).json()).toMatchObject({ success: true });
  expect((await caller(roomy)("GET", "/readyz")).status).toBe(200);
});
