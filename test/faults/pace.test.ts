import { expect, test } from "vitest";
import { sendLead } from "../../src/engine/send-lead.ts";
import { withoutHandover } from "../../src/engine/handover.ts";
import { openStore } from "../../src/store/open-store.ts";
import { makeAccount, makeConnect } from "../engine/fixtures.ts";
import { temporaryFolder } from "../ground/places.ts";
import { startPatchbay } from "../patchbay-process.ts";
import { startReceiver } from "../receiver.ts";
import { join } from "node:path";

const dataFolder = join(temporaryFolder(), "data");
const secretKey = new Uint8Array(32).fill(7);
const rate = 40;
const count = 240;

test("three processes together give no second, wherever it begins, more than its share, as the vendor sees it", async () => {
  const arrivals: number[] = [];
  await using vendor = await startReceiver(() => {
    arrivals.push(performance.now());
    return 200;
  });
  const store = await openStore({ databaseUrl: null, dataFolder, secretKey, say: () => {} });
  const account = await makeAccount(store.database, "Acme Calls");
  const connect = await makeConnect(account, { api_url: vendor.url("/"), rate: { per_second: rate }, order: "none" });
  const send = { accountId: account.accountId, leadId: account.leadId, connectId: connect.id };
  for (let n = 0; n < count; n++)
    await sendLead(store.database, { handingOver: withoutHandover }, { ...send, source: { kind: "user", id: 1, name: "Ada" } }); // prettier-ignore
  const environment = {
    PATCHBAY_DATA: dataFolder,
    PATCHBAY_SECRET_KEY: Buffer.from(secretKey).toString("base64"),
    PATCHBAY_ALLOW_HOSTS: vendor.allow,
  };
  const processes = await Promise.all([1, 2, 3].map(() => startPatchbay({ environment })));
  await vendor.received(count);
  for (const one of processes) expect(await one.end()).toMatchObject({ code: 0 });
  await store.close();

  expect(arrivals).toHaveLength(count);
  const spans = arrivals.slice(rate).map((at, n) => at - arrivals[n]!);
  expect(Math.min(...spans)).toBeGreaterThanOrEqual(1_000);
});
