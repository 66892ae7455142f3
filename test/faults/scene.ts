import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { onTestFailed } from "vitest";
import type { LeadId } from "../../src/contracts/ids.ts";
import { openStore, type Store } from "../../src/store/open-store.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { makeAccount, makeConnect } from "../engine/fixtures.ts";
import { serverPid } from "../ground/places.ts";
import { startPatchbay, type RunningPatchbay } from "../patchbay-process.ts";
import { makeWorkflow } from "../workflows/fixtures.ts";
import { startCountingVendor, type CountingVendor } from "./counting-vendor.ts";
import { randomOf, seed } from "./form.ts";

/** Calls under way at once, over all processes. */
export const concurrency = 32;
const leadsCount = 60;
/** The key with which the fixtures seal. */
const secretKey = new Uint8Array(32).fill(7);

/** What was answered as stored, and so is promised. */
export type Accepted = {
  readonly sales: ReadonlySet<string>;
  readonly leads: readonly number[];
};

/** An installation whose one workflow sends every sale to one vendor, which counts. */
export type Scene = AsyncDisposable & {
  readonly dataFolder: string;
  readonly vendor: CountingVendor;
  readonly random: () => number;
  readonly token: string;
  readonly listId: number;
  readonly leads: readonly LeadId[];
  /** Starts a process on it, with more environment. */
  readonly start: (environment?: Readonly<Record<string, string>>) => Promise<RunningPatchbay>;
  /** Asks the database while Patchbay runs. Waits for one that is coming back. */
  readonly ask: <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** What reached the vendor and is not settled. Asked after a kill: all that may come there again. */
  readonly inFlight: () => Promise<string[]>;
  /** Waits until nothing is owed. */
  readonly settled: () => Promise<void>;
  /** The account at the end: see Reckoning. */
  readonly reckon: (accepted: Accepted, inFlight: ReadonlySet<string>) => Promise<Reckoning>;
};

/** Everything in it is to be empty. */
export type Reckoning = {
  /** Sales that were answered as stored and have not one delivery, owed or settled, but none or several. */
  readonly lost: readonly string[];
  /** Leads that were answered as stored and are not there. */
  readonly lostLeads: readonly number[];
  /** Deliveries that the log has otherwise than as accepted, or that the vendor has not. */
  readonly undelivered: readonly string[];
  /** Sales that came under several ids. */
  readonly underSeveralIds: readonly string[];
  /** Deliveries that came more than once, although they were not in flight at any fault. */
  readonly doubled: readonly string[];
  /** Of those that came more than once, which the log does not mark. */
  readonly unmarked: readonly string[];
  /** Leads whose sales did not come in their order. */
  readonly outOfOrder: readonly string[];
};

export const balanced: Reckoning = {
  lost: [],
  lostLeads: [],
  undelivered: [],
  underSeveralIds: [],
  doubled: [],
  unmarked: [],
  outOfOrder: [],
};

export async function openScene(dataFolder: string, name: string): Promise<Scene> {
  onTestFailed(() => console.error(`The moments of ${name} come again with FAULTS_SEED=${seed}`));
  const random = randomOf(name);
  const vendor = await startCountingVendor(random);
  const made = await withStore(dataFolder, async ({ database }) => {
    const account = await makeAccount(database, "Acme Calls");
    const { id: connect_id } = await makeConnect(
      account,
      { api_url: vendor.url("/"), retry: { schedule: ["1s"] }, concurrency },
      [field("lead", "id", "lead"), field("call", "agent_comment", "sale")],
    );
    await makeWorkflow(account, {
      loop_protection: false, // a lead is sold more often here than it would let pass
      events: [{ type: "disposition", statuses: ["SALE"] }],
      action_sets: [{ actions: [{ type: "integration", connect_id }] }],
    });
    const leads = await account.scope.query<{ id: LeadId }>(
      `insert into leads (account_id, list_id, phone_number)
       select $1, $2, '31055501' || lpad(n::text, 2, '0') from generate_series(1, $3) n returning id`,
      [account.listId, leadsCount],
    );
    const access = ["events", "leads"];
    const { secret } = await insertToken(account.scope, { name: "dialler", access, ratePerSecond: null, expiresAt: null }); // prettier-ignore
    return { listId: account.listId, leads: leads.map(({ id }) => id), token: secret };
  });
  const ask: Scene["ask"] = async (sql, values = []) => {
    for (;;) {
      try {
        return await askOnce(dataFolder, sql, values);
      } catch {
        await sleep(50);
      }
    }
  };
  return {
    dataFolder,
    vendor,
    random,
    ...made,
    start: (environment = {}) =>
      startPatchbay({
        environment: {
          PATCHBAY_DATA: dataFolder,
          PATCHBAY_SECRET_KEY: Buffer.from(secretKey).toString("base64"),
          PATCHBAY_ALLOW_HOSTS: vendor.allow,
          ...environment,
        },
      }),
    ask,
    inFlight: async () => {
      await sleep(200); // what was on the wire has come
      const seen = [...vendor.times.keys()];
      const rows = await ask<{ id: string }>("select id from due where id = any ($1)", [seen]);
      return rows.map(({ id }) => id);
    },
    settled: async () => {
      while ((await ask("select from due limit 1")).length > 0) await sleep(200);
    },
    reckon: (accepted, inFlight) =>
      withStore(dataFolder, ({ database }) => reckon(database, vendor, accepted, inFlight)),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  };
}

async function reckon(
  database: Pick<pg.Pool, "query">,
  { times, idsOf, order }: CountingVendor,
  accepted: Accepted,
  inFlight: ReadonlySet<string>,
): Promise<Reckoning> {
  const { rows } = await database.query<{ id: string; sale: string; outcome: string | null; twice: boolean }>(
    `select d.id, e.snapshot -> 'call' ->> 'agent_comment' as sale, outcome, twice from (
       select id, event_id, outcome, maybe_sent_twice as twice from deliveries
       union all select id, event_id, null, maybe_sent_twice from due
     ) d join events e on e.id = d.event_id`,
  );
  const leads = await database.query<{ id: number }>("select id from leads where id = any ($1)", [accepted.leads]);
  const known = new Set(leads.rows.map(({ id }) => id));
  const ofSale = Map.groupBy(rows, ({ sale }) => sale);
  const marked = new Set(rows.filter(({ twice }) => twice).map(({ id }) => id));
  const doubled = [...times].filter(([, count]) => count > 1).map(([id]) => id);
  return {
    lost: [...accepted.sales].filter((sale) => ofSale.get(sale)?.length !== 1),
    lostLeads: accepted.leads.filter((id) => !known.has(id)),
    undelivered: rows
      .filter(({ id, outcome }) => outcome !== null && (outcome !== "accepted" || !times.has(id)))
      .map(({ id }) => id),
    underSeveralIds: [...idsOf].filter(([, ids]) => ids.size !== 1).map(([sale]) => sale),
    doubled: doubled.filter((id) => !inFlight.has(id)),
    unmarked: doubled.filter((id) => !marked.has(id)),
    outOfOrder: [...order]
      .filter(([, sales]) => sales.some((sale, at) => at > 0 && Number(sale) < Number(sales[at - 1])))
      .map(([lead]) => lead),
  };
}

/** The database is Patchbay's alone while it runs: it has to bring it back by itself. */
async function withStore<T>(dataFolder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ databaseUrl: null, dataFolder, secretKey, say: () => {} });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Only looks: unlike a store, it brings no server up and keeps none. */
async function askOnce<Row extends object>(
  dataFolder: string,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const home = join(dataFolder, "postgres");
  const host =
    readFileSync(join(home, "cluster", "postmaster.pid"), "utf8")
      .split("\n")[4]
      ?.trim() ?? "";
  const password = readFileSync(join(home, "password"), "utf8").trim();
  const client = new pg.Client({ host, user: "patchbay", password, database: "patchbay" });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

export const killPostgres = ({ dataFolder }: Scene): number => {
  const pid = serverPid(dataFolder);
  process.kill(pid, "SIGKILL");
  return pid;
};

const field = (section: "lead" | "call", name: string, to: string) => ({
  section,
  field: name,
  to,
  default: "",
  required: false,
  type: "text" as const,
  value_map: [],
  date_format: "",
});
