import { afterAll, beforeAll, expect, test } from "vitest";
import { AdaptorSettings } from "../../src/contracts/adaptor.ts";
import type { ListId } from "../../src/contracts/ids.ts";
import { createToken } from "../../src/admin/create-token.ts";
import { inChange } from "../../src/admin/change.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, makeConnect, secretBox, type TestAccount } from "../engine/fixtures.ts";
import { startReceiver, type Receiver } from "../receiver.ts";
import { makeWorkflow } from "../workflows/fixtures.ts";
import { askRaw } from "./ask-raw.ts";
import { brokenOff, caseOf, type Callers, type Case } from "./cases.ts";
import { startServer, type ServerProcess } from "./server-process.ts";

/** `npm run fuzz` sends a hundred times as many requests, other ones each time, and wants every answer within a second. */
const isLong = process.env["FUZZ"] === "long";
const cases = Number(process.env["FUZZ_CASES"] ?? (isLong ? 1_000_000 : 10_000));
const seed = Number(process.env["FUZZ_SEED"] ?? (isLong ? Date.now() % 1_000_000 : 1));
const atOnce = 4;
/** Caches are filled, pools are at their size. */
const warmUp = Math.min(2_000, cases / 4);
/** After so many there is something new behind every door: the requests delete what they find. */
const roundCases = 20_000;
const heldMsMax = 1_000;
const growthBytesMax = 100 * 1_048_576;

const clone = cloneDatabase();
let vendor: Receiver;
let server: ServerProcess;
let account: TestAccount;
let tokens: Pick<Callers, "vendor" | "admin">;
let port: number;

beforeAll(async () => {
  vendor = await startReceiver({ status: 200, body: { ok: true, id: 7 } });
  account = await makeAccount(clone.db, "Acme Calls");
  tokens = {
    vendor: await tokenOf(account, ["leads", "events", "callbacks", "dnc"]),
    admin: await tokenOf(account, ["admin"]),
  };
  server = await startServer({
    DATABASE_URL: clone.url,
    PATCHBAY_SECRET_KEY: Buffer.from(new Uint8Array(32).fill(7)).toString("base64"),
    PATCHBAY_ALLOW_HOSTS: vendor.allow,
    PATCHBAY_LOG_LEVEL: "error",
  });
  port = Number(new URL(server.url).port);
});
afterAll(async () => {
  await server.stop();
  await vendor.close();
});

test("a body that breaks off at any place is answered", { timeout: 120_000 }, async () => {
  const statuses = new Map<string, number>();
  const wrong: string[] = [];
  const callers = await furnish();
  for (const [at, one] of brokenOff(callers).entries()) {
    const found = await judge(one, addressOf(at), statuses, () => {});
    if (found !== null) wrong.push(`${one.name}: ${found}`);
    if (wrong.length > 0) break;
  }
  expect(wrong).toEqual([]);
  expect(statuses.get("400")).toBeGreaterThan(100);
});

test(
  `${cases} odd requests: no fault, nothing that hangs, no memory that stays`,
  { timeout: isLong ? 6 * 3_600_000 : 600_000 },
  async () => {
    const wrong: string[] = [];
    const statuses = new Map<string, number>();
    let callers = await furnish();
    let next = 0;
    let slowest = { ms: 0, name: "" };
    const sendSome = async (until: number): Promise<void> => {
      while (next < until && wrong.length < 20 && !server.hasEnded()) {
        const number = next++;
        const one = caseOf(seed, number, callers);
        const took = (ms: number): void => void (slowest = ms > slowest.ms ? { ms, name: one.name } : slowest);
        const found = await judge(one, addressOf(number), statuses, took);
        if (found !== null) wrong.push(`case ${number} of seed ${seed}, ${one.name}: ${found}`);
      }
    };
    const sendUntil = (until: number): Promise<unknown> =>
      Promise.all(Array.from({ length: atOnce }, () => sendSome(until)));
    await sendUntil(warmUp);
    const early = await server.cost();
    let late = early;
    for (let until = warmUp; until < cases && wrong.length === 0;) {
      until = Math.min(until + roundCases, cases);
      await sendUntil(until);
      late = await server.cost();
      console.log(
        `${next} requests of seed ${seed}: ${Array.from(statuses, ([status, count]) => `${status}: ${count}`).toSorted().join(", ")}; slowest answer ${Math.round(slowest.ms)} ms (${slowest.name}), loop held ${Math.round(late.heldMs)} ms at most, memory ${mib(early.usedBytes)} → ${mib(late.usedBytes)} MiB in use, ${mib(early.rssBytes)} → ${mib(late.rssBytes)} MiB in all`,
      ); // prettier-ignore
      callers = await furnish();
    }
    expect(wrong.join("\n") + (wrong.length > 0 ? `\n${server.printed()}` : "")).toBe("");
    expect(next).toBe(cases);
    expect(late.heldMs).toBeLessThan(heldMsMax);
    expect(late.usedBytes - early.usedBytes).toBeLessThan(growthBytesMax);
    if (isLong) expect(slowest.ms).toBeLessThan(1_000);
  },
);

const mib = (bytes: number): number => Math.round(bytes / 1_048_576);

/** Each case comes from another address: an address that keeps sending wrong tokens is made to wait. */
const addressOf = (number: number): string => `127.1.${(number >> 8) % 256}.${number % 256}`;

/** What is wrong with an answer; null: nothing. */
async function judge(
  one: Case,
  from: string,
  statuses: Map<string, number>,
  took: (ms: number) => void,
): Promise<string | null> {
  try {
    const answer = await askRaw(port, one.bytes, 30_000, { from, andNoMore: one.mayGoUnanswered });
    const status = String(answer.status ?? "closed");
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    took(answer.tookMs);
    if (answer.status === null) return one.mayGoUnanswered ? null : "the connection was closed without an answer";
    return answer.status >= 500 ? answer.text.slice(0, 2_000) : null;
  } catch (error) {
    return one.mayGoUnanswered ? null : (error as Error).message;
  }
}

async function tokenOf({ accountId }: TestAccount, access: readonly string[]): Promise<string> {
  const actor = { kind: "system", id: null, name: "test" } as const;
  const token = { name: access.join(), access, ratePerSecond: null, expiresAt: null };
  const change = { database: clone.db, secretBox, accountId, actor };
  return (await inChange(change, (tx) => createToken(tx, token))).secret;
}

/** Something behind every door: a list, a connect with an adaptor, a workflow that every lead and call starts, leads. */
async function furnish(): Promise<Callers> {
  const [list] = await account.scope.query<{ id: ListId }>(
    `with changed as (update accounts set settings_version = settings_version + 1 where id = $1)
     insert into lists (account_id, name) values ($1, 'Leads ' || gen_random_uuid()) returning id`,
  );
  await account.scope.query(
    `insert into leads (account_id, list_id, phone_number)
     select $1, $2, '31055504' || lpad(n::text, 2, '0') from generate_series(1, 40) n`,
    [list!.id],
  );
  // what multiplies: a long value, asked for again and again
  await account.scope.query(
    "update leads set fields = fields || jsonb_build_object('notes', repeat('long ', 12000)) where account_id = $1 and id = $2",
    [account.leadId],
  );
  const one = await makeConnect(account, { api_url: vendor.url("/lead"), give_up_after: "60s" });
  const rows = Array.from({ length: 100 }, (_, at) => ({
    section: "static" as const,
    to: `n${at}`,
    value: "{lead.notes}".repeat(600),
  }));
  const many = await makeConnect(
    account,
    { api_url: vendor.url("/many") },
    AdaptorSettings.parse({ name: "Many", fields: rows }).fields,
  );
  const action_sets = [{ actions: [{ type: "integration" as const, connect_id: one.id }] }];
  const workflows = [
    await makeWorkflow(account, { events: [{ type: "disposition", statuses: ["SALE"] }], action_sets }),
    await makeWorkflow(account, { events: [{ type: "lead_action", actions: ["create", "save"] }], action_sets }),
  ];
  const ids = [1, one.id, one.adaptorId, many.id, many.adaptorId, ...workflows, "0199f0a0-0000-7000-8000-000000000001"];
  return { ...tokens, host: "localhost", listId: list!.id, ids: ids.map(String) };
}
