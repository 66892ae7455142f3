import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { expect, test } from "vitest";
import type { LeadId } from "../../src/contracts/ids.ts";
import type { Database } from "../../src/store/database.ts";
import { openStore, type Store } from "../../src/store/open-store.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { makeAccount, makeConnect, secretBox, type TestAccount } from "../engine/fixtures.ts";
import { temporaryFolder } from "../ground/places.ts";
import { startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { startReceiver } from "../receiver.ts";
import { makeWorkflow } from "../workflows/fixtures.ts";

const folder = temporaryFolder();
/** The key with which the fixtures seal. */
const secretKey = new Uint8Array(32).fill(7);
const withStore = async <T>(dataFolder: string, work: (store: Store) => Promise<T>): Promise<T> => {
  const store = await openStore({ databaseUrl: null, dataFolder, secretKey, say: () => {} });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};
const environmentOf = (dataFolder: string, allow: string) => ({
  PATCHBAY_DATA: dataFolder,
  PATCHBAY_SECRET_KEY: Buffer.from(secretKey).toString("base64"),
  PATCHBAY_ALLOW_HOSTS: allow,
});
const eventsToken = async ({ scope }: TestAccount): Promise<string> =>
  (await insertToken(scope, { name: "dialler", access: ["events"], ratePerSecond: null, expiresAt: null })).secret;
const onSale = [{ type: "disposition" as const, statuses: ["SALE"] }];

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(20);
};

/** Posts events until they are answered as stored; the same ids may be sent again. */
async function tell(url: () => string, token: string, events: readonly object[]): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${url()}/v1/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(events),
        signal: AbortSignal.timeout(10_000),
      });
      const { results } = (await response.json()) as { results?: { stored: boolean }[] };
      if (response.status === 202 && results?.every(({ stored }) => stored) === true) return;
    } catch {
      // it was just killed: nothing was promised
    }
    await sleep(20);
  }
}

test.concurrent("kills between events and their actions, and during delayed ones: own records change exactly once, nothing owed is lost", async () => {
  const dataFolder = join(folder, "kills");
  const leadsCount = 240;
  const sent = new Map<string, number>();
  await using vendor = await startReceiver(({ text }) => {
    const { phone } = JSON.parse(text) as { phone: string };
    sent.set(phone, (sent.get(phone) ?? 0) + 1);
    return 200;
  });
  const { leads, token } = await withStore(dataFolder, async ({ database }) => {
    const account = await makeAccount(database, "Acme Calls");
    const { id: connect_id } = await makeConnect(account, { api_url: vendor.url("/"), retry: { schedule: ["1s"] } });
    await makeWorkflow(account, {
      events: onSale,
      action_sets: [
        {
          actions: [
            { type: "revenue", amount: 1 },
            { type: "field", field: "annual_revenue", add: 1 },
            { type: "integration", connect_id },
          ],
        },
        {
          delay: "1s",
          actions: [
            { type: "revenue", amount: 100 },
            { type: "field", field: "monthly_revenue", add: 1 },
            { type: "integration", connect_id },
          ],
        },
      ],
    });
    const made = await account.scope.query<{ id: LeadId }>(
      `insert into leads (account_id, list_id, phone_number)
       select $1, $2, (3105550000 + n)::text from generate_series(1, $3) n returning id`,
      [account.listId, leadsCount],
    );
    return { leads: made.map(({ id }) => id), token: await eventsToken(account) };
  });
  const environment = environmentOf(dataFolder, vendor.allow);
  let patchbay: RunningPatchbay = await startPatchbay({ environment });

  const waiting = [...leads];
  let told = 0;
  const teller = async (): Promise<void> => {
    for (let some = waiting.splice(0, 3); some.length > 0; some = waiting.splice(0, 3)) {
      const events = some.map((lead) => ({
        id: `sale-${lead}`,
        type: "call.dispositioned",
        lead_id: lead,
        call: { status: "SALE" },
      }));
      await tell(() => patchbay.url, token, events);
      told += some.length;
      await sleep(40);
    }
  };
  const tellers = Promise.all([teller(), teller(), teller()]);
  for (let kill = 1; kill <= 5; kill++) {
    await until(() => told >= (kill * leadsCount) / 6);
    await patchbay.end("SIGKILL");
    patchbay = await startPatchbay({ environment });
  }
  await tellers;
  // what a killed process had leased is taken over within 30 s; what the vendor counts may be one delivery sent twice
  await withStore(dataFolder, async ({ database }) => {
    while ((await database.query("select from due limit 1")).rowCount !== 0) await sleep(200);
  });
  expect([...sent.values()].filter((times) => times >= 2)).toHaveLength(leadsCount);
  expect(await patchbay.end("SIGTERM")).toMatchObject({ code: 0 });

  await withStore(dataFolder, async ({ database }) => {
    const count = async (sql: string): Promise<unknown> => (await database.query(sql)).rows;
    expect(await count("select amount::int, count(*) from revenues group by 1 order by 1")).toEqual([
      { amount: 1, count: leadsCount },
      { amount: 100, count: leadsCount },
    ]);
    expect(await count("select lead_id from revenues group by lead_id, amount having count(*) > 1")).toEqual([]);
    expect(
      await count(
        "select fields ->> 'annual_revenue' as now, fields ->> 'monthly_revenue' as later, count(*) from leads where fields <> '{}' and fields ? 'annual_revenue' group by 1, 2",
      ),
    ).toEqual([{ now: "1", later: "1", count: leadsCount }]);
    expect(await count("select count(*) from runs where fired")).toEqual([{ count: leadsCount }]);
    expect(await count("select state, count(*) from actions group by 1")).toEqual([
      { state: "done", count: leadsCount * 6 },
    ]);
    expect(await count("select outcome, count(*) from deliveries group by 1")).toEqual([
      { outcome: "accepted", count: leadsCount * 2 },
    ]);
    expect(await count("select id from due")).toEqual([]);
  });
});

test.concurrent("killed while a mail is on its way, it goes again under the same Message-ID, and is marked done once", async () => {
  const dataFolder = join(folder, "mail");
  const ids: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    onData: (stream, _session, done) => {
      let text = "";
      stream.on("data", (piece: Buffer) => (text += piece.toString()));
      stream.on("end", () => {
        ids.push(/^Message-ID: (\S+)/im.exec(text)?.[1] ?? "");
        if (ids.length > 1) done(); // the first is never answered
      });
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;

  const { leadId, token } = await withStore(dataFolder, async ({ database }) => {
    const account = await makeAccount(database, "Acme Calls");
    await setMailServer(database, account, port);
    const mail = { type: "email" as const, to: "{lead.email}", subject: "Hello", body: "Hello" };
    await makeWorkflow(account, { events: onSale, action_sets: [{ actions: [mail] }] });
    return { leadId: account.leadId, token: await eventsToken(account) };
  });
  const environment = environmentOf(dataFolder, "127.0.0.0/8");
  const first = await startPatchbay({ environment });
  await tell(() => first.url, token, [{ type: "call.dispositioned", lead_id: leadId, call: { status: "SALE" } }]);
  while (ids.length < 1) await sleep(20);
  await first.end("SIGKILL");
  const second = await startPatchbay({ environment });

  while (ids.length < 2) await sleep(50);

  await sleep(500);
  await second.end("SIGTERM");
  server.close();
  expect(new Set(ids).size).toBe(1);
  await withStore(dataFolder, async ({ database }) => {
    expect((await database.query("select type, state from actions")).rows).toEqual([{ type: "email", state: "done" }]);
    expect((await database.query("select 1 from due")).rows).toEqual([]);
  });
});

async function setMailServer(database: Database, { accountId }: TestAccount, port: number): Promise<void> {
  await database.query("update accounts set smtp = $2, smtp_secrets = $3 where id = $1", [
    accountId,
    JSON.stringify({ host: "127.0.0.1", port, security: "none", username: "", from: "Acme Calls <news@example.com>" }),
    secretBox.seal({}, { table: "accounts", account: accountId, id: accountId }),
  ]);
}
