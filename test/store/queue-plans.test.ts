import { describe, expect, test } from "vitest";
import type { AccountId, AdaptorId, ConnectId, DeliveryId, EventId, LeadId } from "../../src/contracts/ids.ts";
import { openDatabase, type Queryable } from "../../src/store/database.ts";
import { insertDue, renewLeases, type Leased, type NewDue } from "../../src/store/due.ts";
import { settleAttempts } from "../../src/store/settle-attempts.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import { cloneDatabase } from "../clone-database.ts";

const clone = cloneDatabase();

type Plan = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly Plan[];
};

/** What a store function says to the database, without one. */
async function statementsOf(work: (tx: Queryable) => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const query = (statement: string | { text: string }) => {
    texts.push(typeof statement === "string" ? statement : statement.text);
    return Promise.resolve({ rows: [] });
  };
  await work({ query } as unknown as Queryable);
  return texts.filter((text) => /\bdue\b/.test(text));
}

const leased: Leased = { accountId: 1 as AccountId, id: newUuidV7() as DeliveryId, fence: 1 };
const owed: NewDue = {
  accountId: leased.accountId,
  id: leased.id,
  connectId: 1 as ConnectId,
  leadId: 1 as LeadId,
  phoneNumber: "4155550100",
  eventId: newUuidV7() as EventId,
  eventType: "x.sale",
  test: false,
  connectRevision: 1,
  adaptorId: 1 as AdaptorId,
  adaptorRevision: 1,
  giveUpAt: new Date(),
  payload: { query: [], body: [], contentType: null, places: {} },
  heldBecause: null,
  fresh: true,
  lane: { key: "1", shared: false, newestWins: false, keepOrderForMs: 1 },
};
const ended = {
  ...leased,
  connectId: owed.connectId,
  lane: "1",
  end: { kind: "settled", outcome: "accepted" },
  result: null,
  httpStatus: 200,
  diagnosis: null,
  maybeSentTwice: false,
  connectRevision: 1,
  attempt: null,
} as const;

const scans = (plan: Plan): Plan[] => [
  ...(plan["Relation Name"] === "due" && plan["Node Type"].endsWith("Scan") ? [plan] : []),
  ...(plan.Plans ?? []).flatMap(scans),
];

/** As a prepared statement is planned once for all. */
async function scansOfDue(text: string): Promise<Plan[]> {
  await using db = disposable();
  const { rows } = await db.query<{ "QUERY PLAN": readonly [{ readonly Plan: Plan }] }>(
    `explain (generic_plan, format json) ${text}`,
  );
  return scans(rows[0]!["QUERY PLAN"][0].Plan);
}

function disposable() {
  const { host, port, user, password, database } = clone.db.pool.options;
  const db = openDatabase({ host, port, user, password, database }, { alongIndexes: true });
  return { ...db, [Symbol.asyncDispose]: () => db.close() };
}

// decision 0010: the plan that is made now is kept when the queue has grown
describe.each([
  ["that was never vacuumed", () => Promise.resolve()],
  ["that was empty when it was vacuumed", () => clone.db.query("vacuum analyze due")],
])("on a queue %s", (_state, bringAbout) => {
  test.each([
    ["settling", () => statementsOf((tx) => settleAttempts(tx, [ended]))],
    ["storing", () => statementsOf((tx) => insertDue(tx, [owed]))],
    ["renewing leases", () => statementsOf((tx) => renewLeases(tx, [leased]))],
  ])("%s looks every row up by its key or its lead", async (_what, statements) => {
    await bringAbout();
    const texts = await statements();
    expect(texts).not.toEqual([]);
    for (const text of texts) {
      const found = await scansOfDue(text);
      expect(found).not.toEqual([]);
      for (const scan of found) expect(scan["Index Cond"]).toMatch(/\bid = |\blead_id = /);
    }
  });
});
