import { startPatchbay, type RunningPatchbay } from "../../test/patchbay-process.ts";
import { openDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { busyAccount, tenFields, type BusyAccount } from "./busy-account.ts";
import { startSink } from "./processes.ts";
import type { Side, Stage } from "./stage.ts";

export type PatchbaySide = Side & {
  readonly account: BusyAccount;
  readonly patchbays: readonly RunningPatchbay[];
  readonly adaptorId: number;
  /** Sends to the vendor on every sale. */
  readonly connectId: number;
  /** Adds a connect of the account with the same ten fields, and a workflow that sends to it at such an event. */
  readonly addConnect: (settings: object, eventType: string) => Promise<number>;
};

type Options = {
  readonly processes?: number;
  readonly concurrency: number;
  readonly leads: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whom to send to, instead of the sink. */
  readonly vendorPort?: number;
};

/**
 * Patchbay as `npm start` starts it, on a database of that server ("patchbay": its own), with an account whose workflows
 * send to one vendor: at a disposition SALE, and at an event of its own, x.sale.
 */
export async function openPatchbay(stage: Stage, name: string, options: Options): Promise<PatchbaySide> {
  const url = await stage.urlOf(name);
  const database = openDatabase({ connectionString: url }, { connectionsMax: 2, statementTimeoutMs: 3_600_000 });
  await migrate(database);
  const account = await busyAccount(database, options.leads);
  const sink = await startSink();
  const vendorPort = options.vendorPort ?? sink.port;
  const environment = {
    PATCHBAY_DATA: stage.dataFolder,
    ...(name === "patchbay" ? {} : { DATABASE_URL: url }),
    PATCHBAY_SECRET_KEY: stage.secretKey,
    PATCHBAY_ALLOW_HOSTS: "127.0.0.0/8",
    ...options.environment,
  };
  const patchbays: RunningPatchbay[] = [];
  for (let number = 0; number < (options.processes ?? 1); number++)
    patchbays.push(await startPatchbay({ environment }));

  const add = (path: string, body: object) => account.add(patchbays[0]!.url, path, body);
  const adaptor = await add("/api/adaptors", { name: "Ten fields", fields: tenFields });
  const relation = { kind: "campaign", of: [account.campaignId] };
  const connectTo = async (settings: object): Promise<number> => {
    const common = { request_method: "POST", adaptor_id: adaptor.id };
    return (await add("/api/connects", { ...common, ...settings })).id;
  };
  const sendAt = async (workflow: string, event: object, connect_id: number): Promise<void> => {
    const action_sets = [{ actions: [{ type: "integration", connect_id }] }];
    await add("/api/workflows", { name: workflow, relation, events: [event], action_sets });
  };
  const { concurrency } = options;
  const connectId = await connectTo({ name: "Vendor", api_url: `http://127.0.0.1:${vendorPort}/leads`, concurrency });
  await sendAt("A sale", { type: "disposition", statuses: ["SALE"] }, connectId);
  await sendAt("A sale of our own", { type: "happened", types: ["x.sale"] }, connectId);
  return {
    account,
    patchbays,
    adaptorId: adaptor.id,
    connectId,
    addConnect: async (settings, eventType) => {
      const id = await connectTo(settings);
      await sendAt(eventType, { type: "happened", types: [eventType] }, id);
      return id;
    },
    targets: patchbays.map((one) => ({
      port: Number(new URL(one.url).port),
      path: "/v1/events",
      headers: { authorization: `Bearer ${account.secret}` },
    })),
    sink,
    pids: patchbays.map(({ pid }) => pid),
    database: database.pool,
    [Symbol.asyncDispose]: async () => {
      // what is owed is thrown away with the database: nothing is waited for
      await Promise.all(patchbays.map((one) => one.end("SIGKILL")));
      await database.close();
      await sink[Symbol.asyncDispose]();
    },
  };
}
