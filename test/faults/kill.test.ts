import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openStore, type Store } from "../../src/store/open-store.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { makeAccount, makeConnect, type TestAccount } from "../engine/fixtures.ts";
import { nextServerPid, serverPid, temporaryFolder } from "../ground/places.ts";
import { startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { startReceiver } from "../receiver.ts";

const folder = temporaryFolder();
const dataFolder = join(folder, "data");
/** The key with which the fixtures seal. */
const secretKey = new Uint8Array(32).fill(7);
/** The database is the application's alone while it runs: it has to bring it back by itself. */
const withStore = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
  const store = await openStore({ databaseUrl: null, dataFolder, secretKey, say: () => {} });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

test("ten kills under load lose nothing that was accepted, and what is doubled is what was in flight", async () => {
  const sent = new Map<string, number>();
  await using vendor = await startReceiver(async ({ headers }) => {
    const id = headers["webhook-id"] ?? "";
    sent.set(id, (sent.get(id) ?? 0) + 1);
    await sleep(15);
    return 200;
  });
  const { account, connectId, token } = await withStore(async ({ database }) => {
    const made: TestAccount = await makeAccount(database, "Acme Calls");
    const { id } = await makeConnect(made, { api_url: vendor.url("/"), retry: { schedule: ["1s"] } });
    const access = ["leads", "admin"];
    const { secret } = await insertToken(made.scope, { name: "load", access, ratePerSecond: null, expiresAt: null });
    return { account: made, connectId: id, token: secret };
  });
  const environment = {
    PATCHBAY_DATA: dataFolder,
    PATCHBAY_SECRET_KEY: Buffer.from(secretKey).toString("base64"),
    PATCHBAY_ALLOW_HOSTS: vendor.allow,
  };
  let patchbay: RunningPatchbay = await startPatchbay({ environment });

  const owed: string[] = [];
  const leads: number[] = [];
  const load = new AbortController();
  const post = async (
    path: string,
    body: object,
  ): Promise<{ status: number; body: Record<string, unknown> } | null> => {
    try {
      const response = await fetch(`${patchbay.url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    } catch {
      return null; // it was just killed: nothing was promised
    }
  };
  const sender = async (): Promise<void> => {
    while (!load.signal.aborted) {
      const lead = await post("/v1/leads/insert", { list_id: account.listId, phone_number: "3105550142" });
      if (lead?.body["success"] === true) leads.push(lead.body["id"] as number);
      const delivery = await post(`/api/leads/${account.leadId}/send`, { connect_id: connectId });
      if (delivery?.status === 202) owed.push(delivery.body["delivery_id"] as string);
      if (lead === null || delivery === null || delivery.status >= 500) await sleep(30);
    }
  };
  const senders = Array.from({ length: 6 }, sender);
  /** Until so many more are accepted: it works again. */
  const working = async (more: number): Promise<void> => {
    const before = owed.length;
    while (owed.length < before + more) await sleep(20);
  };

  for (let kill = 0; kill < 5; kill++) {
    await working(60);
    await patchbay.end("SIGKILL");
    patchbay = await startPatchbay({ environment });
  }
  for (let kill = 0; kill < 5; kill++) {
    await working(60);
    const pid = serverPid(dataFolder);
    process.kill(pid, "SIGKILL");
    await nextServerPid(dataFolder, pid);
  }
  await working(60);
  load.abort();
  await Promise.all(senders);
  while (!owed.every((id) => sent.has(id))) await sleep(100);
  expect(await patchbay.end("SIGTERM")).toMatchObject({ code: 0 });

  await withStore(async ({ database }) => {
    const known = await database.query<{ id: string }>("select id::text from leads where id = any ($1::bigint[])", [
      leads,
    ]);
    expect(known.rows).toHaveLength(leads.length);
    const { rows } = await database.query<{ id: string; outcome: string | null; twice: boolean }>(
      `select id, outcome, maybe_sent_twice as twice from deliveries
       union all select id, null, maybe_sent_twice from due`,
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    expect(owed.filter((id) => !stored.has(id))).toEqual([]);
    const unsettled = rows.filter(({ outcome }) => outcome !== "accepted");
    expect(unsettled).toEqual([]);
    // at most the connect's 32 at each of the five kills of the sender, each marked
    const doubled = [...sent].filter(([, times]) => times > 1);
    expect(doubled.length).toBeLessThanOrEqual(5 * 32);
    expect(doubled.filter(([id]) => stored.get(id)?.twice !== true)).toEqual([]);
  });
});
