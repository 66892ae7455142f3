import { afterAll, beforeAll } from "vitest";
import { createUser } from "../../src/admin/create-user.ts";
import { inChange } from "../../src/admin/change.ts";
import { createAccount } from "../../src/admin/create-account.ts";
import { createToken } from "../../src/admin/create-token.ts";
import { createApp, type App } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import type { Role } from "../../src/contracts/endpoint.ts";
import type { AccountId } from "../../src/contracts/ids.ts";
import type { Problem } from "../../src/contracts/problem.ts";
import { createSecretBox } from "../../src/store/secret-box.ts";
import type { Database } from "../../src/store/database.ts";
import { cloneDatabase } from "../clone-database.ts";

export const password = "correct horse battery";
export const secretBox = createSecretBox(new Uint8Array(32).fill(7));

/** What an answer was, its body parsed. */
export type Answer<Body = unknown> = { readonly status: number; readonly headers: Headers; readonly body: Body };

/** One who calls: by cookie, by token, or by nothing. */
export type Client = {
  readonly call: <Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer<Body>>;
  /** Fails unless the answer is a success; gives its body. */
  readonly ok: <Body = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<Body>;
  /** Fails unless the answer is a problem with this code; gives it. */
  readonly refused: (code: Problem["code"], method: string, path: string, body?: unknown) => Promise<Problem>;
};

export type Patchbay = {
  readonly url: string;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly anonymous: Client;
  readonly signIn: (email: string, withPassword?: string) => Promise<Client>;
  /** Who has this token's secret. */
  readonly bearer: (secret: string) => Client;
  readonly withCookie: (cookie: string) => Client;
  readonly withToken: (accountId: AccountId, access: readonly string[]) => Promise<Client>;
  readonly account: (name: string) => Promise<AccountId>;
  /** Makes a user and signs them in. */
  readonly user: (accountId: AccountId, role: Role) => Promise<Client>;
};

/** The whole application on a database of the test file's own, listening on loopback. Call it at the top of the file. */
export function startPatchbay(environment: Record<string, string> = {}): Patchbay {
  const cloned = cloneDatabase();
  let app: App | undefined;
  let url = "";
  beforeAll(async () => {
    const reading = readConfig({
      PORT: "0",
      PATCHBAY_LOG_LEVEL: "silent",
      PATCHBAY_ALLOW_HOSTS: "127.0.0.1",
      ...environment,
    });
    if (!reading.ok) throw new Error(reading.problems.join("\n"));
    const store = { database: cloned.db, queue: cloned.db, secretBox, place: "", migrated: [], close: async () => {} };
    app = createApp(reading.config, store);
    const started = await app.start();
    url = started.url ?? "";
  });
  afterAll(async () => {
    await app?.stop();
  });

  let users = 0;
  const by = (accountId: AccountId) => ({
    database: cloned.db,
    secretBox,
    accountId,
    actor: { kind: "system" as const, id: null, name: "test" },
  });
  const withCookie = (cookie: string): Client => client(() => url, { cookie, origin: url });
  const signIn = async (email: string, withPassword = password): Promise<Client> => {
    const answer = await fetch(`${url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ email, password: withPassword }),
    });
    if (!answer.ok) throw new Error(`No sign-in: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(";", 1)[0])
      .join("; ");
    return withCookie(cookie);
  };
  return {
    get url() {
      return url;
    },
    get db() {
      return cloned.db;
    },
    databaseUrl: cloned.url,
    anonymous: client(() => url, {}),
    signIn,
    bearer: (secret) => client(() => url, { authorization: `Bearer ${secret}` }),
    withCookie,
    withToken: async (accountId, access) => {
      const token = { name: access.join(), access, ratePerSecond: null, expiresAt: null };
      const { secret } = await inChange(by(accountId), (change) => createToken(change, token));
      return client(() => url, { authorization: `Bearer ${secret}` });
    },
    account: (name) => {
      const admin = { name: "First Admin", email: `first-${name.replaceAll(/\W/g, "")}@example.com`, password };
      const account = { name, timeZone: "America/Los_Angeles", admin };
      return createAccount({ database: cloned.db, secretBox }, account, {
        actor: by(0 as AccountId).actor,
        onlyFirst: false,
      });
    },
    user: async (accountId, role) => {
      const email = `${role}-${++users}@example.com`;
      await inChange(by(accountId), (change) => createUser(change, { name: `A ${role}`, email, password, role }));
      return signIn(email);
    },
  };
}

function client(url: () => string, own: Record<string, string>): Client {
  const answerTo = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await fetch(`${url()}${path}`, {
      method,
      headers: { ...own, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      redirect: "manual",
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    const parsed: unknown = isJson ? JSON.parse(text) : text;
    return { status: answer.status, headers: answer.headers, body: parsed };
  };
  return {
    call: answerTo as Client["call"],
    ok: (async (method, path, body) => {
      const answer = await answerTo(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    }) as Client["ok"],
    refused: async (code, method, path, body) => {
      const { status, body: answer } = await answerTo(method, path, body);
      const problem = answer as Problem;
      if (problem.code !== code)
        throw new Error(`${method} ${path}: ${status} ${JSON.stringify(problem)}, not ${code}`);
      return problem;
    },
  };
}
