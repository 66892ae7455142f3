import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { ConnectSettings } from "../../src/contracts/connect.ts";
import type { PatchbaySide } from "./patchbay-side.ts";

export type Backlog = {
  /** Makes so many owed, due in so many seconds, or held as for a connect that is off. */
  readonly add: (count: number, how: { readonly dueInSeconds: number } | "held") => Promise<void>;
  readonly count: () => Promise<number>;
  /** Forgets all of it, also what is being sent. */
  readonly remove: () => Promise<void>;
};

type Settings = Pick<z.input<typeof ConnectSettings>, "name" | "api_url" | "timeout_seconds" | "concurrency">;

const batch = 50_000;

/**
 * A connect with a backlog, made by SQL: one delivery of it is planned by the engine itself, for an event; the others are
 * that row again, each with an id, a lead and a lane of its own.
 */
export async function backlogOf(side: PatchbaySide, settings: Settings): Promise<Backlog> {
  const { account, database, patchbays } = side;
  const eventType = `x.${settings.name.toLowerCase()}`;
  // switched off, so that the first one stays where it is until it is copied
  const connectId = await side.addConnect({ ...settings, active: false }, eventType);
  const call = async (method: string, path: string, body?: object): Promise<{ revision: number }> => {
    const response = await fetch(`${patchbays[0]!.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${account.secret}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { revision: number };
  };
  await call("POST", "/v1/events", { type: eventType, lead_id: account.leads.long[0] });
  const table = `bench_backlog_${connectId}`;
  const made = await database.query(`create table ${table} as select * from due where connect_id = ${connectId}`);
  if (made.rowCount !== 1) throw new Error(`one delivery should be held, and there are ${made.rowCount}`);
  await database.query(`delete from due where connect_id = ${connectId}`);
  const { revision } = await call("GET", `/api/connects/${connectId}`);
  await call("PATCH", `/api/connects/${connectId}`, { active: true, revision });

  const { rows } = await database.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = 'due'::regclass and attnum > 0 and not attisdropped",
  );
  const own: Readonly<Record<string, string>> = {
    id: "uuidv7()",
    // nobody looks them up any more, and a lead each is what a backlog is of
    lead_id: "1000000000 + n",
    lane: "hashint8extended(n, extract(epoch from now())::bigint)",
    behind: "false",
    held_because: "case when $4 then held_because end",
    due_at: "now() + $3 * interval '1 s'",
    lease_until: "null",
  };
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => own[name] ?? name);
  const insert = `insert into due (${names.join(", ")})
    select ${values.join(", ")} from ${table}, generate_series($1::bigint, $2::bigint) n`;

  return {
    add: async (count, how) => {
      // what ended after the last removal may have opened the breaker again
      await database.query("delete from connect_states where connect_id = $1", [connectId]);
      const [seconds, held] = how === "held" ? [0, true] : [how.dueInSeconds, false];
      for (let from = 0; from < count; from += batch)
        await database.query(insert, [from + 1, Math.min(count, from + batch), seconds, held]);
      await database.query("vacuum analyze due");
    },
    count: async () => {
      const found = await database.query<{ count: number }>(
        "select count(*)::int as count from due where connect_id = $1",
        [connectId],
      );
      return found.rows[0]!.count;
    },
    remove: async () => {
      await database.query("delete from due where connect_id = $1", [connectId]);
      await database.query("delete from connect_states where connect_id = $1", [connectId]);
      await database.query("vacuum due");
      await sleep(500);
    },
  };
}
