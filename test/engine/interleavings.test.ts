import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "vitest";
import type { AttemptId, ConnectId, DeliveryId, LeadId } from "../../src/contracts/ids.ts";
import { retryDelivery } from "../../src/engine/retry.ts";
import { claimDue } from "../../src/store/claim-due.ts";
import { handBack, holdForConnectOff, renewLeases, type ClaimedDue } from "../../src/store/due.ts";
import { holdWaiting, releaseHeld } from "../../src/store/held.ts";
import { mendLanes, passHeads } from "../../src/store/lanes.ts";
import { settleAttempts, type AttemptEnd } from "../../src/store/settle-attempts.ts";
import { newUuidV7 } from "../../src/store/uuid-v7.ts";
import { makeConnect } from "./fixtures.ts";
import { sending } from "./sending.ts";

const at = sending();

/** docs/delivery-states.md, Moves; numbers choose among what is there. */
const move = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("store" as const), connect: fc.nat(2), lead: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("claim" as const), most: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("settle" as const),
      which: fc.nat(),
      end: fc.constantFrom<AttemptEnd>(
        { kind: "settled", outcome: "accepted" },
        { kind: "settled", outcome: "failed" },
        { kind: "again", waitMs: 0, usesAttempt: true },
        { kind: "again", waitMs: 3_600_000, usesAttempt: false },
        { kind: "held", reason: "answer_lost" },
        { kind: "held", reason: "credentials" },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("give back" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("renew" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pause" as const), connect: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("resume" as const), connect: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("switch off" as const), connect: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("switch on" as const), connect: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("release" as const), connect: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("retry" as const), which: fc.nat() }) },
);
type Move = typeof move extends fc.Arbitrary<infer One> ? One : never;

type DueRow = {
  readonly id: DeliveryId;
  readonly connect_id: ConnectId;
  readonly lane: string | null;
  readonly behind: boolean;
  readonly fence: number;
  readonly leased: boolean;
  readonly held_because: string | null;
};

/** Everything that moves a delivery, in whatever order, by the real SQL; after every move the invariants are looked at. */
class World {
  readonly #accepted: DeliveryId[] = [];
  readonly #fences = new Map<DeliveryId, number>();
  /** What workers believe to have, some of it long lost. */
  readonly #leases: ClaimedDue[] = [];
  readonly #gated = new Set<ConnectId>();
  readonly #off = new Set<ConnectId>();
  readonly connects: readonly ConnectId[];
  readonly leads: readonly LeadId[];

  constructor(connects: readonly ConnectId[], leads: readonly LeadId[]) {
    this.connects = connects;
    this.leads = leads;
  }

  async make(one: Move): Promise<void> {
    const { scope, accountId } = at.account;
    switch (one.kind) {
      case "store":
        this.#accepted.push(await at.owe(this.connects[one.connect]!, this.leads[one.lead]));
        return;
      case "claim": {
        const before = new Map((await this.due()).map((row) => [row.id, row]));
        const limits = { batchMax: one.most, membership: { me: 1, numbers: [1] }, busy: [] };
        for (const { claimed } of await claimDue(at.db, limits)) {
          const row = before.get(claimed.id)!;
          assert.deepEqual([row.behind, row.leased, row.held_because], [false, false, null]);
          assert.equal(this.#gated.has(row.connect_id), false);
          this.#leases.push(claimed);
        }
        return;
      }
      case "settle": {
        const lease = this.#leases[one.which % this.#leases.length];
        if (lease === undefined) return;
        const row = (await this.due()).find(({ id }) => id === lease.id);
        const attempt = { id: newUuidV7() as AttemptId, startedAt: new Date(), durationMs: 1, notes: [], calls: [] };
        const { written } = await at.db.transaction((tx) =>
          settleAttempts(tx, [
            {
              ...lease, end: one.end, result: null, httpStatus: 200, diagnosis: null, maybeSentTwice: false, attempt,
            },
          ]),
        ); // prettier-ignore
        assert.equal(written.has(lease.id), row?.fence === lease.fence);
        return;
      }
      case "crash":
        await at.db.query("update due set lease_until = now() - interval '1 ms' where lease_until is not null");
        return;
      case "give back": {
        const lease = this.#leases[one.which % this.#leases.length];
        if (lease !== undefined) await handBack(at.db, [{ ...lease, maybeSent: one.which % 2 === 0 }]);
        return;
      }
      case "renew":
        await renewLeases(at.db, this.#leases.slice(-3));
        return;
      case "pass":
        await at.db.query(
          "update due set pass_at = now() where pass_at is not null and id in (select id from due limit 2)",
        );
        await at.db.transaction(passHeads);
        return;
      case "pause":
      case "resume": {
        const connect = this.connects[one.connect]!;
        const paused = one.kind === "pause" ? "now()" : "null";
        await scope.query(
          `insert into connect_states (account_id, connect_id, paused_at) values ($1, $2, ${paused})
           on conflict (account_id, connect_id) do update set paused_at = excluded.paused_at`,
          [connect],
        );
        if (one.kind === "pause") this.#gated.add(connect);
        else this.#gated.delete(connect);
        return;
      }
      case "switch off": {
        const connect = this.connects[one.connect]!;
        this.#off.add(connect);
        await scope.query("update connects set active = false where account_id = $1 and id = $2", [connect]);
        await holdWaiting(scope, connect);
        // a worker that has one of it finds out at its attempt
        await holdForConnectOff(at.db, this.#leases.filter(({ connectId }) => connectId === connect).slice(-1));
        return;
      }
      case "switch on": {
        const connect = this.connects[one.connect]!;
        this.#off.delete(connect);
        await scope.query("update connects set active = true where account_id = $1 and id = $2", [connect]);
        await releaseHeld(scope, connect, "connect_off", true);
        return;
      }
      case "release": {
        const connect = this.connects[one.connect]!;
        await releaseHeld(scope, connect, "credentials", !this.#off.has(connect));
        return;
      }
      case "retry": {
        const id = this.#accepted[one.which % this.#accepted.length];
        const nobody = { wake: () => {} };
        if (id !== undefined) await retryDelivery(at.db, nobody, accountId, id);
      }
    }
  }

  async check(): Promise<void> {
    const due = await this.due();
    const { rows: settled } = await at.db.query<{ id: DeliveryId }>("select id from deliveries");
    const everywhere = [...due, ...settled].map(({ id }) => id).toSorted();
    assert.deepEqual(everywhere, this.#accepted.toSorted());
    for (const { id, fence } of due) {
      assert.ok(fence >= (this.#fences.get(id) ?? 0));
      this.#fences.set(id, fence);
    }
    // sent again it begins anew
    for (const { id } of settled) this.#fences.delete(id);
    const lanes = Map.groupBy(
      due.filter(({ lane }) => lane !== null),
      ({ lane }) => lane,
    );
    for (const rows of lanes.values()) assert.equal(rows.filter(({ behind }) => !behind).length, 1);
    assert.deepEqual(
      due.filter(({ lane, behind }) => lane === null && behind),
      [],
    );
  }

  async due(): Promise<DueRow[]> {
    const { rows } = await at.db.query<DueRow>(
      `select id, connect_id, lane::text as lane, behind, fence, held_because, coalesce(lease_until > now(), false) as leased
       from due order by id`,
    );
    return rows;
  }

  /** Whatever happened: with everything on again, all that is owed can be claimed and settled, lane by lane. */
  async drain(): Promise<void> {
    for (const connect of [0, 1, 2]) {
      await this.make({ kind: "resume", connect });
      await this.make({ kind: "switch on", connect });
      await this.make({ kind: "release", connect });
    }
    await this.make({ kind: "crash" });
    await at.db.query("update due set due_at = now(), held_because = null");
    await at.db.transaction((tx) => mendLanes(tx, null));
    for (let rounds = 0; (await this.due()).length > 0; rounds++) {
      assert.ok(rounds < 200);
      const claims = await claimDue(at.db, { batchMax: 100, membership: { me: 1, numbers: [1] }, busy: [] });
      assert.ok(claims.length > 0);
      await at.db.transaction((tx) =>
        settleAttempts(
          tx,
          claims.map(({ claimed }) => ({
            ...claimed,
            end: { kind: "settled", outcome: "accepted" } as const,
            result: null,
            httpStatus: 200,
            diagnosis: null,
            attempt: null,
          })),
        ),
      );
    }
    await this.check();
  }
}

test("whatever comes in between, nothing is lost, no late write counts, and every lane has one head", async () => {
  const first = await makeConnect(at.account, { api_url: "http://127.0.0.1:9/", keep_order_for: "1h" });
  const group = { order_group: "Calls", keep_order_for: "1h" };
  const start = await makeConnect(at.account, { api_url: "http://127.0.0.1:9/", ...group });
  const stop = await makeConnect(at.account, { api_url: "http://127.0.0.1:9/", ...group });
  const leads = [await at.newLead("Ann"), await at.newLead("Ben")];
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 10, maxLength: 60 }), async (moves) => {
      await at.db.query("truncate due, deliveries, attempts, events, connect_states");
      await at.db.query("update connects set active = true");
      const world = new World([first.id, start.id, stop.id], leads);
      for (const one of moves) {
        await world.make(one);
        await world.check();
      }
      await world.drain();
    }),
    { numRuns: 40, interruptAfterTimeLimit: 40_000 },
  );
}, 120_000);
