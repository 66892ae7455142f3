import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { LeadId, WorkflowId } from "../../src/contracts/ids.ts";
import { limits } from "../../src/contracts/limits.ts";
import { WorkflowSettings } from "../../src/contracts/workflow.ts";
import { rehearseWorkflow } from "../../src/core/rehearse-workflow.ts";
import { decideWorld, happeningOf } from "../../src/engine/decide-event-context.ts";
import { rehearse } from "../../src/engine/rehearse.ts";
import { latestEvents } from "../../src/store/recorded-events.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, secretBox, type TestAccount } from "../engine/fixtures.ts";
import { disposition, happen, makeLead, makeWorkflow, runsOf, saveLead } from "../workflows/fixtures.ts";

const clone = cloneDatabase();
let account: TestAccount;
let leadId: LeadId;
let accounts = 0;
beforeEach(async () => {
  account = await makeAccount(clone.db, `Acme ${++accounts}`);
  ({ leadId } = account);
  await account.scope.query(
    `insert into statuses (account_id, code, name, reached, final)
     values ($1, 'SALE', 'Sale', true, true), ($1, 'NI', 'Not interested', true, false), ($1, 'NA', 'No answer', false, false)`,
  );
});

const settings = (overrides: object): WorkflowSettings =>
  WorkflowSettings.parse({
    name: "Draft",
    events: [{ type: "disposition", statuses: ["SALE"] }],
    action_sets: [{ actions: [{ type: "dnc" }] }],
    ...overrides,
  });
const tell = (...statuses: string[]): Promise<void> =>
  happen(
    clone.db,
    account,
    statuses.map((status) => disposition(leadId, status)),
  );
const draft = (id: WorkflowId | null, overrides: object, max = 1_000) =>
  rehearse({ scope: account.scope, secretBox }, { of: "workflow", id, settings: settings(overrides) }, { max });

describe("a draft over recorded events", () => {
  test("tells what a new workflow would have done, and does nothing", async () => {
    await tell("SALE", "NI", "SALE");
    const tables = "select (select count(*)::int from runs) as runs, (select count(*)::int from due) as due, (select count(*)::int from dnc_numbers) as dnc"; // prettier-ignore
    const before = (await clone.db.query(tables)).rows;
    expect(await draft(null, {})).toMatchObject({
      events: 3,
      headline: "2 actions would be new",
      counts: { appear: 2, vanish: 0, payloads: 0, outcomes: 0 },
      differences: [
        { kind: "appears", of: { leadId }, what: "add the phone number to the DNC list", because: "the workflow is new" },
        { kind: "appears" },
      ],
    }); // prettier-ignore
    expect((await clone.db.query(tables)).rows).toEqual(before);
  });

  test("tells what another condition, delay or switch would change, and why", async () => {
    const id = await makeWorkflow(account, settings({}));
    await tell("SALE", "NI");
    expect(await draft(id, { name: "Renamed" })).toMatchObject({ headline: "Nothing changes", differences: [] });
    expect(await draft(id, { events: [{ type: "disposition", statuses: ["NI"] }] })).toMatchObject({
      headline: "1 action would no longer be done, 1 action would be new",
      differences: [
        { kind: "vanishes", because: "Disposition is NI: no, the disposition was SALE" },
        { kind: "appears", because: "Disposition is SALE: no, the disposition was NI" },
      ],
    });
    expect(await draft(id, { active: false })).toMatchObject({
      counts: { vanish: 1, appear: 0 },
      differences: [{ because: "The workflow is active: no, it is off" }],
    });
    const later = await draft(id, { action_sets: [{ delay: "1d", actions: [{ type: "dnc" }] }] });
    expect(later).toMatchObject({
      counts: { vanish: 1, appear: 1 },
      differences: [
        { kind: "vanishes", what: "add the phone number to the DNC list", because: "its actions, or their delay, are others" },
        { kind: "appears", what: expect.stringMatching(/DNC list, \d{4}-\d\d-\d\d \d\d:\d\d \(America\/Los_Angeles\)$/) },
      ],
    }); // prettier-ignore
    expect(await draft(id, { relation: { kind: "list", of: [account.listId] } })).toMatchObject({
      headline: "Nothing changes",
    });
    expect(await draft(id, { relation: { kind: "queue", of: "all" } })).toMatchObject({
      differences: [{ kind: "vanishes", because: "It is about every queue: no, the lead or call belongs elsewhere" }],
    });
  });

  test("looks at the latest events only, in their order, and never at tests or a bulk upload", async () => {
    await tell("SALE", "SALE", "SALE");
    await account.scope.query(
      `insert into events (account_id, id, at, type, lead_id, source, snapshot, details)
       select account_id, $2, at, 'test', lead_id, source, snapshot, details from events where account_id = $1 limit 1`,
      [newUuidV7()],
    );
    expect(await draft(null, {}, 2)).toMatchObject({ events: 2, counts: { appear: 2 } });
    await account.scope.query(
      `update events set details = jsonb_set(details::jsonb, '{bulk}', 'true') where account_id = $1`,
    );
    expect(await draft(null, {})).toMatchObject({ events: 0, headline: "There is nothing to rehearse over yet" });
  });

  test("looks at as many events as may be read, and tells how many it left out", async () => {
    await tell(...Array.from({ length: 120 }, () => "SALE"));
    await account.scope.query(
      `update events set snapshot = jsonb_set(snapshot::jsonb, '{lead,notes}', to_jsonb(repeat('x', $2::int))) where account_id = $1`,
      [limits.rehearsedBytesMax / 64],
    );
    // they are read fifty at a time
    expect(await draft(null, {})).toMatchObject({ events: 100, leftOut: 20 });
  });

  test("refuses a draft that could not be saved, by the place in it", async () => {
    await expect(
      draft(null, { action_sets: [{ actions: [{ type: "integration", connect_id: 999 }] }] }),
    ).rejects.toMatchObject({
      code: "bad_input",
      errors: [{ path: "draft.settings.action_sets[0].actions[0].connect_id", message: "There is no connect 999" }],
    });
    await expect(draft(424_242 as WorkflowId, {})).rejects.toMatchObject({ code: "not_found" });
  });
});

const status = fc.constantFrom("SALE", "NI", "NA");
const statuses = fc.uniqueArray(status, { minLength: 1, maxLength: 2 });
const anyEvent = fc.oneof(
  fc.record({ kind: fc.constant("disposition" as const), lead: fc.nat(2), status }),
  fc.record({ kind: fc.constant("saved" as const), lead: fc.nat(2), status }),
  fc.record({ kind: fc.constant("ended" as const), lead: fc.nat(2), status }),
);
const anyCondition = fc.oneof(
  fc.record({ type: fc.constant("disposition"), statuses }),
  fc.record({ type: fc.constant("lead_status"), to: statuses }),
  fc.record({ type: fc.constant("call_count"), operator: fc.constantFrom("at_least", "less_than"), value: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant("field"), field: fc.constant("city"), operator: fc.constantFrom("equals", "not_equals"), value: fc.constantFrom("SALE", "NI") }),
  fc.record({ type: fc.constant("any_of"), events: fc.array(fc.record({ type: fc.constant("disposition"), statuses }), { minLength: 1, maxLength: 2 }) }),
); // prettier-ignore
/** What its own actions do changes no lead, so that what is recorded without it is what would have been. */
const anyWorkflow = fc.record({
  events: fc.array(anyCondition, { minLength: 1, maxLength: 2 }),
  stop_if: fc.constantFrom("never", "reached", "final"),
  skip_if_pending: fc.boolean(),
  loop_protection: fc.boolean(),
  percentage: fc.constantFrom(0, 50, 100),
  relation: fc.constantFrom<object>({ kind: "campaign", of: "all" }, { kind: "queue", of: "all" }),
  action_sets: fc.constantFrom<object[]>(
    [{ actions: [{ type: "dnc" }] }],
    [{ delay: "1h", actions: [{ type: "revenue", amount: 1 }] }],
    [{ actions: [{ type: "dnc" }] }, { delay: "1d", window: "9-5", actions: [{ type: "dnc", active: false }, { type: "hopper" }] }],
  ),
}); // prettier-ignore

describe("the verdicts of a rehearsal", () => {
  test("are those of saving and replaying, whatever the workflow and the events", async () => {
    await fc.assert(
      fc.asyncProperty(anyWorkflow, fc.array(anyEvent, { minLength: 1, maxLength: 12 }), async (overrides, events) => {
        account = await makeAccount(clone.db, `Acme ${++accounts}`);
        await account.scope.query(
          `insert into statuses (account_id, code, name, reached, final)
           values ($1, 'SALE', 'Sale', true, true), ($1, 'NI', 'Not interested', true, false), ($1, 'NA', 'No answer', false, false)`,
        );
        const leads = [account.leadId, await makeLead(account, {}, "3105550144"), await makeLead(account, {}, "3105550145")]; // prettier-ignore
        const id = await makeWorkflow(account, settings(overrides));
        for (const event of events) {
          const lead = leads[event.lead]!;
          if (event.kind === "saved") await saveLead(clone.db, account, lead, { city: event.status });
          else if (event.kind === "disposition") await happen(clone.db, account, [disposition(lead, event.status)]);
          else await happen(clone.db, account, [{ type: "call.ended", lead_id: lead }]);
        }
        const lived = await account.scope.query<{ event_id: string; because: string | null; fired: boolean }>(
          "select event_id, because, fired from runs where account_id = $1 and workflow_id = $2 order by id",
          [id],
        );
        const { rows } = await latestEvents(account.scope, { max: 1_000 }, Infinity);
        const workflow = { id, revision: 1, settings: settings(overrides) };
        const { contextOf } = await decideWorld(account.scope, [workflow], []);
        const runs = rehearseWorkflow(
          workflow,
          rows.map((row) => ({ id: row.id, leadId: row.leadId, happening: happeningOf(row), context: contextOf(row) })),
        );
        expect(
          Array.from(runs, ([event_id, { decision }]) => ({ event_id, because: decision.because, fired: decision.fires })),
        ).toEqual(lived);
        expect((await runsOf(account, id)).length).toBe(runs.size);
      }),
      { numRuns: 40 },
    );
  }, 60_000); // prettier-ignore
});
