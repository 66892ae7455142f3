import { beforeAll, describe, expect, test } from "vitest";
import type { AccountId, ConnectId } from "../../src/contracts/ids.ts";
import { latencyBucket } from "../../src/core/latency.ts";
import { createTally, type TalliedAttempt } from "../../src/engine/tally.ts";
import { dropOldBreakerChanges } from "../../src/store/breaker-changes.ts";
import { dropOldMinutes, sumMinutes } from "../../src/store/connect-minutes.ts";
import { openDatabase, type Queryable } from "../../src/store/database.ts";
import { cloneDatabase } from "../clone-database.ts";
import { eventually, makeAccount, makeConnect, quiet, type TestAccount } from "../engine/fixtures.ts";
import { closedPort } from "../receiver.ts";

const clone = cloneDatabase();
let account: TestAccount;
let connectId: ConnectId;
let other: ConnectId;
beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  connectId = (await makeConnect(account, { api_url: "https://crm.example.com/" })).id;
  other = (await makeConnect(account, { api_url: "https://crm.example.com/" })).id;
});

const timing = { dns_ms: 1, connect_ms: 2, tls_ms: null, first_byte_ms: 30, total_ms: 40 };
const attempt = (of: Partial<TalliedAttempt> = {}): TalliedAttempt => ({
  accountId: account.accountId,
  connectId,
  end: "accepted",
  at: new Date("2026-11-24T10:17:42Z"),
  durationMs: 41,
  timing,
  code: null,
  ...of,
});

type Row = { connect_id: number; minute: Date; accepted: number; failed: number; again: number; latency: number[] };
const rowsOf = async (connect: ConnectId) =>
  (await clone.db.query<Row>("select * from connect_minutes where connect_id = $1 order by minute", [connect])).rows;

describe("a tally", () => {
  test("writes one row a connect and minute, and adds to what others wrote", async () => {
    const at = new Date("2026-11-24T10:18:00Z");
    const [one, two] = [createTally(clone.db, quiet), createTally(clone.db, quiet)];
    for (let n = 0; n < 1_000; n++) one.note(attempt());
    one.note(attempt({ end: "again", code: "http_5xx", at }));
    one.note(attempt({ end: "failed", code: "blocked_address", timing: null, durationMs: 0, at }));
    two.note(attempt({ end: "again", code: "http_5xx", durationMs: 30_000, at }));
    two.note(attempt({ end: "discarded", at }));
    await Promise.all([one.stop(), two.stop()]);

    const rows = await rowsOf(connectId);
    expect(rows.map(({ minute, accepted, failed, again }) => [minute.toISOString(), accepted, failed, again])).toEqual([
      ["2026-11-24T10:17:00.000Z", 1_000, 0, 0],
      ["2026-11-24T10:18:00.000Z", 0, 1, 2],
    ]);
    expect(rows[0]!.latency[latencyBucket(41)]).toBe(1_000);
    expect([rows[1]!.latency[latencyBucket(41)], rows[1]!.latency[latencyBucket(30_000)]]).toEqual([1, 1]);
    expect(rows[1]).toMatchObject({
      reasons: { http_5xx: 2, blocked_address: 1 },
      dns_ms: 2,
      dns_count: 2,
      tls_count: 0,
      total_ms: 80,
      total_count: 2,
    });

    const sums = await sumMinutes(account.scope, connectId, new Date("2026-11-24T10:00:00Z"), 1_800);
    const [[bucket, whole]] = [...sums] as [[number, NonNullable<ReturnType<typeof sums.get>>]];
    expect([sums.size, new Date(bucket).toISOString()]).toEqual([1, "2026-11-24T10:00:00.000Z"]);
    expect(whole.ends).toEqual({ accepted: 1_000, rejected: 0, duplicate: 0, failed: 1, again: 2, held: 0 });
    expect(whole.latency.reduce((sum, count) => sum + count)).toBe(1_002);
    expect(whole.steps.first_byte).toEqual({ ms: 30 * 1_002, calls: 1_002 });
    expect(whole.reasons).toEqual(new Map([["http_5xx", 2], ["blocked_address", 1]])); // prettier-ignore
    expect(await sumMinutes(account.scope, connectId, new Date("2026-11-24T10:19:00Z"), 60)).toEqual(new Map());
  });

  test("keeps what it has while the database is away, and writes it when it is back", async () => {
    const nowhere = openDatabase({ host: "127.0.0.1", port: await closedPort(), user: "nobody" });
    let away = true;
    const db: Pick<Queryable, "query"> = {
      query: ((...args: Parameters<Queryable["query"]>) =>
        (away ? nowhere : clone.db).query(...args)) as Queryable["query"],
    };
    const warnings: string[] = [];
    const tally = createTally(db, { ...quiet, warn: (_, words) => warnings.push(words) });
    tally.note(attempt({ connectId: other }));
    await tally.stop();
    expect(warnings).toEqual(["statistics could not be written; they are kept for the next time"]);
    tally.note(attempt({ connectId: other }));
    await tally.stop();
    expect(await rowsOf(other)).toEqual([]);
    away = false;
    tally.note(attempt({ connectId: other }));
    await tally.stop();
    expect((await rowsOf(other)).map(({ accepted }) => accepted)).toEqual([3]);
    await nowhere.close();
  });

  test("stays small while the database is away for long: the oldest minutes go first, and it says how much is lost", async () => {
    const nowhere = openDatabase({ host: "127.0.0.1", port: await closedPort(), user: "nobody" });
    const warnings: object[] = [];
    let db: Queryable = nowhere;
    const tally = createTally(
      { query: ((...args: Parameters<Queryable["query"]>) => db.query(...args)) as Queryable["query"] },
      { ...quiet, warn: (particulars) => warnings.push(particulars) },
    );
    const since = Date.parse("2026-01-01T00:00:00Z");
    for (let minute = 0; minute < 10_002; minute++)
      for (let n = 0; n < 2; n++) tally.note(attempt({ connectId: other, at: new Date(since + minute * 60_000) }));
    await tally.stop();
    expect(warnings.at(-1)).toEqual({ minutes: 2, attempts: 4 });
    db = clone.db;
    await tally.stop();
    // stopping waits 2 s at most; the writing goes on
    const rows = await eventually(async () => {
      const found = (await rowsOf(other)).filter(({ minute }) => minute.getTime() < since + 10_002 * 60_000);
      return found.length > 0 && found;
    });
    expect([rows.length, rows[0]!.minute.toISOString()]).toEqual([10_000, "2026-01-01T00:02:00.000Z"]);
    await nowhere.close();
  });

  test("passes over a connect that is gone, and keeps the others' sums", async () => {
    const third = (await makeConnect(account, { api_url: "https://crm.example.com/" })).id;
    const tally = createTally(clone.db, quiet);
    tally.note(attempt({ connectId: 999_999 as ConnectId }));
    tally.note(attempt({ connectId: third, accountId: 999_999 as AccountId }));
    tally.note(attempt({ connectId: third }));
    await tally.stop();
    expect((await rowsOf(third)).map(({ accepted }) => accepted)).toEqual([1]);
  });
});

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

test("housekeeping deletes what is older than the retention, and nothing younger", async () => {
  const { id } = await makeConnect(account, { api_url: "https://crm.example.com/" });
  const tally = createTally(clone.db, quiet);
  for (const days of [89, 91]) {
    tally.note(attempt({ connectId: id, at: daysAgo(days) }));
    await account.scope.query(
      "insert into breaker_changes (account_id, connect_id, at, breaker) values ($1, $2, $3, 'open')",
      [id, daysAgo(days)],
    );
  }
  await tally.stop();
  await dropOldMinutes(clone.db, 90);
  await dropOldBreakerChanges(clone.db, 90);
  expect((await rowsOf(id)).map(({ minute }) => minute > daysAgo(90))).toEqual([true]);
  const { rows } = await clone.db.query<{ at: Date }>("select at from breaker_changes where connect_id = $1", [id]);
  expect(rows.map(({ at }) => at > daysAgo(90))).toEqual([true]);
});
