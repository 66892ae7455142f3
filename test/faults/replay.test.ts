import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startReplay } from "../../src/engine/start-replay.ts";
import { accountScope } from "../../src/store/account-scope.ts";
import { openStore, type Store } from "../../src/store/open-store.ts";
import { findReplay } from "../../src/store/replays.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { makeAccount, makeConnect } from "../engine/fixtures.ts";
import { temporaryFolder } from "../ground/places.ts";
import { startPatchbay } from "../patchbay-process.ts";
import { startReceiver } from "../receiver.ts";
import { seedDeliveries } from "../replays/fixtures.ts";
import { isLong } from "./form.ts";

const dataFolder = join(temporaryFolder(), "data");
/** The key with which the fixtures seal. */
const secretKey = new Uint8Array(32).fill(7);
const withStore = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
  const store = await openStore({ databaseUrl: null, dataFolder, secretKey, say: () => {} });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

test("killed again and again in mid-replay, it goes on where it was: none lost, none moved twice by it", async () => {
  const count = 1_500;
  const kills = isLong ? 5 : 2;
  const sent = new Map<string, number>();
  await using vendor = await startReceiver(({ headers }) => {
    const id = headers["webhook-id"] ?? "";
    sent.set(id, (sent.get(id) ?? 0) + 1);
    return 200;
  });
  const { ids, account, replayId, token } = await withStore(async ({ database }) => {
    const made = await makeAccount(database, "Acme Calls");
    const connect = await makeConnect(made, { api_url: vendor.url("/"), retry: { schedule: ["1s"] } });
    const seeded = await seedDeliveries(database, made, connect.id, count, { outcome: "failed" });
    const chosen = { filter: { connect: connect.id, outcome: "failed" } } as const;
    // at a pace, so that there is a middle to be killed in; mapped anew, so that more than one statement is
    const how = { mode: "mapped_anew", perSecond: 200, createdBy: "Ada" } as const;
    const started = await startReplay(database, made.accountId, chosen, how);
    const access = { name: "t", access: ["admin"], ratePerSecond: null, expiresAt: null };
    const { secret } = await insertToken(made.scope, access);
    return { ids: seeded, account: made.accountId, replayId: started!.id, token: secret };
  });
  const environment = {
    PATCHBAY_DATA: dataFolder,
    PATCHBAY_SECRET_KEY: Buffer.from(secretKey).toString("base64"),
    PATCHBAY_ALLOW_HOSTS: vendor.allow,
  };

  let patchbay = await startPatchbay({ environment });
  let killedInMiddle = 0;
  for (let kill = 1; kill <= kills; kill++) {
    while (sent.size < (kill * count) / (kills + 2)) await sleep(7);
    await patchbay.end("SIGKILL");
    if (sent.size < count) killedInMiddle++;
    patchbay = await startPatchbay({ environment });
  }
  const ended = async (): Promise<boolean> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${patchbay.url}/api/replays/${replayId}`, { headers });
    const replay = (await answer.json()) as { state: string; owed: number };
    return replay.state === "done" && replay.owed === 0;
  };
  // what a killed process had leased is taken over within 30 s, and its outcome is counted after that
  while (!(await ended())) await sleep(200);
  expect(await patchbay.end("SIGTERM")).toMatchObject({ code: 0 });

  expect(killedInMiddle).toBe(kills);
  await withStore(async ({ database }) => {
    const { rows } = await database.query<{ id: string; outcome: string; attempts: number; twice: boolean }>(
      "select id, outcome, attempts, maybe_sent_twice as twice from deliveries",
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted());
    expect((await database.query("select from due")).rowCount).toBe(0);
    expect(rows.filter(({ outcome }) => outcome !== "accepted")).toEqual([]);
    // one attempt from before and one of the replay; a second only where a kill hid how the first had ended
    expect(rows.filter(({ attempts, twice }) => attempts !== 2 && !twice)).toEqual([]);
    const doubled = [...sent].filter(([, times]) => times > 1).map(([id]) => id);
    const marked = new Set(rows.flatMap(({ id, twice }) => (twice ? [id] : [])));
    expect(doubled.filter((id) => !marked.has(id))).toEqual([]);
    expect(doubled.length).toBeLessThanOrEqual(kills * 32);
    const scope = accountScope(database, account);
    expect(await findReplay(scope, replayId)).toMatchObject({
      state: "done", total: count, moved: count, skipped: {}, outcomes: { accepted: count },
    }); // prettier-ignore
  });
});
