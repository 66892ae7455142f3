import { afterEach, beforeAll } from "vitest";
import type { ConnectId, DeliveryId, LeadId } from "../../src/contracts/ids.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { sendLead } from "../../src/engine/send-lead.ts";
import type { Database } from "../../src/store/database.ts";
import { findDelivery, type LogRow } from "../../src/store/deliveries.ts";
import { insertLead } from "../../src/store/leads.ts";
import { cloneDatabase } from "../clone-database.ts";
import { eventually, loopbackSender, makeAccount, quiet, secretBox, type TestAccount } from "./fixtures.ts";

export type Sending = {
  readonly account: TestAccount;
  readonly db: Database;
  /** An engine that claims and sends; `worker: false`: it only stores. Stopped after the test. */
  readonly start: (options?: { readonly worker?: boolean; readonly heartbeatMs?: number }) => Engine;
  /** Owes a lead (default: the account's first) to a connect, in a process that only stores. */
  readonly owe: (connectId: ConnectId, leadId?: LeadId) => Promise<DeliveryId>;
  readonly newLead: (name: string) => Promise<LeadId>;
  readonly rowOf: (id: DeliveryId) => Promise<LogRow>;
  readonly inState: (id: DeliveryId, state: LogRow["state"]) => Promise<LogRow>;
  /** Until nothing is owed any more. */
  readonly allSettled: (withinMs?: number) => Promise<void>;
};

/** Engines on a database of the test file's own. Call it at the top of the file. */
export function sending(): Sending {
  const clone = cloneDatabase();
  let account: TestAccount;
  let storing: Engine;
  const engines: Engine[] = [];
  const start: Sending["start"] = (options = {}) => {
    const engine = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: true, ...options }); // prettier-ignore
    engine.start();
    engines.push(engine);
    return engine;
  };
  beforeAll(async () => {
    account = await makeAccount(clone.db, "Acme Calls");
    storing = createEngine({ db: clone.db, sender: loopbackSender(), secretBox, log: quiet, worker: false });
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.stop(0);
    await clone.db.query("delete from due");
  });
  const rowOf: Sending["rowOf"] = async (id) => (await findDelivery(account.scope, id))!;
  return {
    get account() {
      return account;
    },
    get db() {
      return clone.db;
    },
    start,
    owe: (connectId, leadId = account.leadId) =>
      sendLead(clone.db, storing, {
        accountId: account.accountId,
        leadId,
        connectId,
        source: { kind: "user", id: 1, name: "Ada" },
      }),
    newLead: async (name) => {
      const lead = { listId: account.listId, phoneNumber: "3105550142", phoneCode: "1", status: "NEW" };
      return (await insertLead(account.scope, { ...lead, fields: { first_name: name } })).id;
    },
    rowOf,
    inState: (id, state) =>
      eventually(async () => {
        const row = await rowOf(id);
        return row.state === state ? row : null;
      }),
    allSettled: async (withinMs = 20_000) => {
      await eventually(async () => {
        const { rows } = await clone.db.query<{ count: number }>("select count(*)::int as count from due");
        return rows[0]?.count === 0;
      }, withinMs);
    },
  };
}
