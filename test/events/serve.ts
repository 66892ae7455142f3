import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll } from "vitest";
import type { EventResult } from "../../src/contracts/event.ts";
import { createServer } from "../../src/http/server.ts";
import { withoutHandover } from "../../src/engine/handover.ts";
import { createIntake } from "../../src/engine/intake.ts";
import { registerV1 } from "../../src/http/v1/register-v1.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { cloneDatabase } from "../clone-database.ts";
import { makeAccount, type TestAccount } from "../engine/fixtures.ts";

export type Served = {
  readonly account: TestAccount;
  readonly token: string;
  readonly base: string;
  readonly post: (body: unknown, type?: string) => Promise<{ status: number; results: EventResult[]; text: string }>;
  /** One event, which must be stored. */
  readonly take: (event: Record<string, unknown>) => Promise<string>;
  readonly rows: <Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
};

/** An account (its zone is Los Angeles) whose events are taken over HTTP. Call it at the top of the file. */
export function serveEvents(): Served {
  const clone = cloneDatabase();
  let app: FastifyInstance;
  const served: { -readonly [Key in keyof Served]?: Served[Key] } = {
    post: async (body, type = "application/json") => {
      const response = await fetch(`${served.base}/v1/events`, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { "content-type": type, authorization: `Bearer ${served.token}` },
      });
      const text = await response.text();
      return { status: response.status, results: (JSON.parse(text) as { results: EventResult[] }).results, text };
    },
    take: async (event) => {
      const { status, results, text } = await served.post!(event);
      if (status !== 202 || results[0]?.stored !== true) throw new Error(text);
      return results[0].id;
    },
    rows: async <Row>(sql: string, values: readonly unknown[] = []) =>
      (await clone.db.query(sql, [...values])).rows as Row[],
  };
  beforeAll(async () => {
    served.account = await makeAccount(clone.db, "Acme Calls");
    const made = { name: "dialler", access: ["events", "leads"], ratePerSecond: null, expiresAt: null };
    served.token = (await insertToken(served.account.scope, made)).secret;
    app = await createServer({ trustProxy: false, log: pino({ level: "silent" }) });
    await registerV1(app, { db: clone.db, intake: createIntake(clone.db, withoutHandover) });
    served.base = await app.listen({ port: 0, host: "127.0.0.1" });
  });
  afterAll(() => app.close());
  return served as Served;
}
