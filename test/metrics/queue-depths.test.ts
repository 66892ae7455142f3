import { beforeAll, expect, test } from "vitest";
import type { ConnectId } from "../../src/contracts/ids.ts";
import { queueCountMax, queueDepthOf, queueDepths } from "../../src/store/queue-depths.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, makeConnect, type TestAccount } from "../engine/fixtures.ts";
import { owe, type Owed } from "./owed.ts";

const clone = cloneDatabase();
let account: TestAccount;
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
});

const connect = async (): Promise<ConnectId> =>
  (await makeConnect(account, { api_url: "https://crm.example.com/" })).id;
const most = queueCountMax.ofOne;
const early = new Date("2026-11-24T09:00:00Z");
const late = new Date("2026-11-24T10:00:00Z");

type Case = {
  name: string;
  owed: Owed[];
  state?: { paused_at?: Date; breaker?: string };
  waiting?: [count: number, oldest: Date | null];
  sending?: number;
  held?: [count: number, oldest: Date | null];
  because?: string[];
};
const cases: Case[] = [
  { name: "what is due, what is due later and what is behind another in its lane all wait", owed: [{ plannedAt: late }, { dueIn: "1 day", plannedAt: late }, { behind: true, plannedAt: early, count: 2 }], waiting: [4, early] },
  { name: "what is under lease is being sent", owed: [{ leased: true, count: 3 }, { plannedAt: late }], waiting: [1, late], sending: 3 },
  { name: "what is held says why, each reason once", owed: [{ held: "credentials", plannedAt: early, count: 2 }, { held: "answer_lost", plannedAt: late }], held: [3, early], because: ["answer_lost", "credentials"] },
  { name: "tests count nowhere", owed: [{ test: true }, { test: true, leased: true }, { test: true, held: "credentials" }, { plannedAt: late }], waiting: [1, late] },
  { name: "while a person has paused the connect, all that waits is held", owed: [{ plannedAt: late }, { behind: true, plannedAt: early }, { held: "answer_lost", plannedAt: late }, { leased: true }], state: { paused_at: early }, sending: 1, held: [3, early], because: ["paused", "answer_lost"] },
  { name: "while its breaker is open too", owed: [{ plannedAt: late }], state: { breaker: "open" }, held: [1, late], because: ["breaker"] },
  { name: "and while its credentials are refused", owed: [{ plannedAt: late }], state: { breaker: "refused" }, held: [1, late], because: ["breaker"] },
  { name: "a closed breaker holds nothing", owed: [{ plannedAt: late }], state: { breaker: "closed" }, waiting: [1, late] },
  { name: "counting ends at a bound, and the oldest is still told", owed: [{ plannedAt: early }, { plannedAt: late, count: most + 5 }, { held: "connect_off", plannedAt: late, count: most + 5 }], waiting: [most, early], held: [most, late], because: ["connect_off"] },
]; // prettier-ignore

const queue = ([count, oldestAt]: [number, Date | null] = [0, null]) => ({ count, oldestAt });
const boundedOf = <Q extends { readonly count: number }>(all: Q): Q => ({
  ...all,
  count: Math.min(all.count, queueCountMax.ofAll),
});

test.each(cases)("$name", async ({ owed, state, waiting, sending = 0, held, because = [] }) => {
  const id = await connect();
  for (const one of owed) await owe(account.scope, id, one);
  if (state !== undefined)
    await account.scope.query(
      "insert into connect_states (account_id, connect_id, paused_at, breaker) values ($1, $2, $3, $4)",
      [id, state.paused_at ?? null, state.breaker ?? "closed"],
    );
  const expected = {
    accountId: account.accountId,
    connectId: id,
    waiting: queue(waiting),
    sending,
    held: { ...queue(held), because },
  };
  expect(await queueDepthOf(account.scope, id)).toEqual(expected);
  const ofAll = (await queueDepths(clone.db)).find(({ connectId }) => connectId === id);
  expect(ofAll).toEqual({ ...expected, waiting: boundedOf(expected.waiting), held: boundedOf(expected.held) });
});

test("a connect that owes nothing is left out of the whole, and told as nothing when asked for", async () => {
  const id = await connect();
  expect((await queueDepths(clone.db)).map(({ connectId }) => connectId)).not.toContain(id);
  expect(await queueDepthOf(account.scope, id)).toMatchObject({ waiting: { count: 0 }, held: { count: 0 } });
});

test("another account's connect is not there", async () => {
  const theirs = await makeAccount(clone.db, "Others");
  const { id } = await makeConnect(theirs, { api_url: "https://crm.example.com/" });
  await owe(theirs.scope, id);
  expect(await queueDepthOf(account.scope, id)).toBeNull();
});
