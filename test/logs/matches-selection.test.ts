import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { DeliveryFilter } from "../../src/contracts/delivery.ts";
import type { DeliveryId } from "../../src/contracts/ids.ts";
import { listDeliveries, listVersions, type LogRow } from "../../src/store/deliveries.ts";
import { matchesSelection } from "../../src/store/matches-selection.ts";
import { selectionOf } from "../../src/store/selection-of.ts";
import { uuidV7At } from "../../src/store/uuid-v7.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, type TestAccount } from "../engine/fixtures.ts";

/** The live tail filters rows itself, the list lets the database do it: both must mean the same. */

const clone = cloneDatabase();
const start = Date.parse("2026-11-01T10:00:00Z");
const phones = ["3105550142", "2125550199", "", "13105550142"];
// as an index keeps the beginning: 63, 64 and 65 characters, of one unit, of two, and none
const long = "x".repeat(63);
const astral = "𝒳".repeat(31);
const results = [
  "", "OK", "OK-1", "ok", "O", "%", "OK%", "Schön", "Scho\u0308n", long, `${long}x`, `${long}xx`, `${long}xy`, `${long}y`,
  astral, `${astral}𝒳`, `${astral}𝒳𝒴`, "𝒳".repeat(64), `${"𝒳".repeat(64)}𝒴`, "a\nb", "\ufffd",
]; // prettier-ignore
const codes = ["http_404", "http_405", "gave_up", "dns_not_found"] as const;
/** Instants about which `settled_before` and times fall: on a millisecond, and a microsecond beside it. */
const instants = [0, 1, 999, 1_000, 86_400_000].map((ms) => new Date(start + ms).toISOString());

let account: TestAccount;
let all: LogRow[];
let connects: number[];

beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  const { accountId } = account;
  const made = await account.scope.query<{ id: number }>(
    `insert into connects (account_id, name, active, settings, texts, origin, revision)
     select $1, 'Connect ' || n, true, '{}', '{}', 'https://a.example', 1 from generate_series(1, 4) n returning id`,
  );
  connects = [0, ...made.map(({ id }) => id)];
  await account.scope.query(
    `insert into connect_states (account_id, connect_id, paused_at, breaker)
     values ($1, $2, now(), 'closed'), ($1, $3, null, 'open'), ($1, $4, null, 'closed')`,
    connects.slice(1, 4),
  );
  const row = fc.record({
    at: fc.constantFrom(...instants),
    connect: fc.constantFrom(...connects),
    lead: fc.constantFrom(null, 1, 2),
    phone: fc.constantFrom(...phones),
    test: fc.boolean(),
    result: fc.constantFrom(null, ...results),
    diagnosis: fc.constantFrom(null, ...codes),
    owed: fc.boolean(),
    held: fc.constantFrom(null, "credentials", "connect_off", "answer_lost"),
    lease: fc.constantFrom(null, "1 hour", "-1 hour"),
    outcome: fc.constantFrom("accepted", "rejected", "duplicate", "failed", "discarded"),
    settledAt: fc.constantFrom(...instants),
    microseconds: fc.constantFrom(-1, 0, 1),
  });
  let n = 0;
  for (const one of fc.sample(row, { numRuns: 600, seed: 8 })) {
    const id = uuidV7At(Date.parse(one.at)).replace(/.{12}$/, (n++).toString(16).padStart(12, "0"));
    const diagnosis = one.diagnosis && JSON.stringify({ code: one.diagnosis, message: "m", fix: "f" });
    const common = [accountId, id, one.connect, one.lead, one.phone, one.test, one.result, diagnosis];
    const columns = "account_id, id, connect_id, lead_id, phone_number, test, event_id, event_type, connect_revision, give_up_at, payload"; // prettier-ignore
    const values = "$1, $2, $3, $4, $5, $6, $2, 'lead.sent', 1, now(), '{}'";
    if (one.owed)
      await clone.db.query(
        `insert into due (${columns}, last_result, last_diagnosis, due_at, held_because, lease_until)
         values (${values}, $7, $8, now(), $9, now() + $10::interval)`,
        [...common, one.held, one.lease],
      );
    else
      await clone.db.query(
        `insert into deliveries (${columns}, result, diagnosis, outcome, settled_at, attempts, maybe_sent_twice)
         values (${values}, $7, $8, $9, $10::timestamptz + $11 * interval '1 microsecond', 1, false)`,
        [...common, one.outcome, one.settledAt, one.microseconds],
      );
  }
  // an action that a workflow owes is no delivery
  await clone.db.query(
    `insert into due (account_id, id, kind, lead_id, phone_number, event_id, event_type, test, connect_revision, give_up_at,
       payload, due_at) values ($1, $2, 'action', 1, '3105550142', $2, 'x', false, 0, now(), '{}', now())`,
    [accountId, uuidV7At(start + 5)],
  );
  all = await listDeliveries(account.scope, {}, 1_000);
});

const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });
const instant = fc.oneof(
  fc.constantFrom(...instants),
  fc.constantFrom("2026-11-01T10:00:00.9999Z", "2026-11-01T11:00:01+01:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
); // prettier-ignore
const filters = () =>
  fc.record({
    connect: optional(fc.constantFrom(...connects.slice(1), 999_999)),
    outcome: optional(fc.constantFrom("accepted", "rejected", "duplicate", "failed", "discarded")),
    state: optional(fc.constantFrom("waiting", "sending", "held", "settled")),
    test: optional(fc.constantFrom("true", "0")),
    phone: optional(fc.constantFrom(...phones, "(310) 555-0142", "letters")),
    lead_id: optional(fc.constantFrom(1, 2, 3)),
    result: optional(
      fc
        .tuple(fc.constantFrom(...results), fc.nat(70), fc.constantFrom("", "*"))
        // a beginning of whole characters
        .map(([text, length, star]) => Array.from(text).slice(0, length).join("") + star),
    ),
    from: optional(instant),
    to: optional(instant),
    diagnosis: optional(fc.subarray([...codes], { minLength: 1 }).map((some) => some.join())),
    settled_before: optional(instant),
  });

const idsOf = (rows: readonly { id: DeliveryId }[]) => rows.map(({ id }) => id);

test("a filter means the same to the live tail and to the database", async () => {
  expect(all).toHaveLength(600);
  let found = 0;
  const agrees = async (filter: Record<string, unknown>): Promise<void> => {
    const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    const selection = selectionOf(DeliveryFilter.parse(asked));
    const rows = await listDeliveries(account.scope, selection, 1_000);
    expect(idsOf(all.filter((row) => matchesSelection(row, selection)))).toEqual(idsOf(rows));
    expect(idsOf(await listVersions(account.scope, selection, 1_000))).toEqual(idsOf(rows));
    found += rows.length;
  };
  // each by itself, and as they come
  for (const one of fc.sample(filters(), { numRuns: 80, seed: 9 }))
    for (const [name, value] of Object.entries(one)) if (value !== undefined) await agrees({ [name]: value });
  await fc.assert(fc.asyncProperty(filters(), agrees), { numRuns: 200, seed: 10 });
  expect(found).toBeGreaterThan(5_000);
});

const versions = async () =>
  new Map((await listVersions(account.scope, {}, 1_000)).map(({ id, version }) => [id, version]));

test("a version is another one when what the list shows changes, and else the same", async () => {
  const before = await versions();
  expect(await versions()).toEqual(before);
  expect(new Set(before.values()).size).toBeGreaterThan(100);
  const owed = all.find(({ state, held_because }) => state === "held" && held_because === "credentials")!.id;
  const settled = all.find(({ state }) => state === "settled")!.id;
  // of a lead's delivery the remark holds only where another one came after it
  await clone.db.query("update due set lead_id = null where id = $1", [owed]);
  for (const [table, id, change] of [
    ["due", owed, "held_because = null"],
    ["due", owed, "last_result = 'another'"],
    ["due", owed, "last_http_status = 503"],
    ["due", owed, `last_diagnosis = '{"code":"gave_up"}'`],
    ["due", owed, "remark = 'out_of_order'"],
    ["due", owed, "attempts = attempts + 1"],
    ["due", owed, "last_duration_ms = 7"],
    ["deliveries", settled, "outcome = case outcome when 'failed' then 'accepted' else 'failed' end"],
    ["deliveries", settled, "result = 'another'"],
  ] as const) {
    const old = await versions();
    await clone.db.query(`update ${table} set ${change} where id = $1`, [id]);
    const now = await versions();
    expect([change, now.get(id)]).not.toEqual([change, old.get(id)]);
    expect(new Map([...now, [id, old.get(id)]])).toEqual(old);
  }
});
