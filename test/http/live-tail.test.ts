import { connect as openSocket, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Delivery } from "../../src/contracts/delivery.ts";
import type { AccountId } from "../../src/contracts/ids.ts";
import { limits } from "../../src/contracts/limits.ts";
import type { Problem } from "../../src/contracts/problem.ts";
import { uuidV7At } from "../../src/store/uuid-v7.ts";
import { runPatchbay, startPatchbay as startProcess, type RunningPatchbay } from "../patchbay-process.ts";
import { password, startPatchbay, type Client } from "./patchbay.ts";
import { countStatements } from "./count-statements.ts";

/** The live tail over real sockets: one look for all, limits, what is told, and every way in which a stream ends. */

const patchbay = startPatchbay();
const keyOfProcess = Buffer.alloc(32, 7).toString("base64");
const live = "/api/deliveries/live";
let accountId: AccountId;
let stranger: AccountId;
let admin: Client;
let connects: number[];

beforeAll(async () => {
  accountId = await patchbay.account("Acme Calls");
  stranger = await patchbay.account("Others");
  admin = await patchbay.user(accountId, "admin");
  const { rows } = await patchbay.db.query<{ id: number }>(
    `insert into connects (account_id, name, active, settings, texts, origin, revision)
     select $1, 'Connect ' || n, true, '{}', '{}', 'https://a.example', 1 from generate_series(1, 3) n returning id`,
    [accountId],
  );
  connects = rows.map(({ id }) => id);
});

const open = new Set<Stream>();
afterAll(() => {
  for (const stream of open) stream.close();
});
type Stream = {
  readonly status: number;
  readonly headers: Headers;
  readonly problem: Problem | null;
  /** What came so far. */
  readonly text: () => string;
  readonly told: () => Delivery[];
  readonly ended: () => boolean;
  /** As when a page is closed. */
  readonly close: () => void;
};

async function watch(headers: Record<string, string>, query = "", url = patchbay.url): Promise<Stream> {
  const abort = new AbortController();
  const answer = await fetch(`${url}${live}${query}`, { headers, signal: abort.signal });
  let text = "";
  let ended = false;
  if (answer.status !== 200) {
    const problem = (await answer.json()) as Problem;
    return { status: answer.status, headers: answer.headers, problem, text: () => "", told: () => [], ended: () => true, close: () => {} };
  } // prettier-ignore
  void (async () => {
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) text += piece;
  })()
    .catch(() => {})
    .finally(() => (ended = true));
  const stream: Stream = {
    status: 200,
    headers: answer.headers,
    problem: null,
    text: () => text,
    told: () => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as Delivery),
    ended: () => ended,
    close: () => {
      open.delete(stream);
      abort.abort();
    },
  };
  open.add(stream);
  return stream;
}
const until = async (look: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 20));
};

type NewToken = { id: number; secret: string };
const newToken = async (): Promise<NewToken & { headers: Record<string, string> }> => {
  const made = await admin.ok<NewToken>("POST", "/api/tokens", { name: "reader", access: ["admin"] });
  return { ...made, headers: { authorization: `Bearer ${made.secret}` } };
};
let tokens = 0;
/** As many API tokens, each a user of its own. */
const tokensOf = async (account: AccountId, count: number): Promise<Record<string, string>[]> => {
  const from = tokens + 1;
  tokens += count;
  await patchbay.db.query(
    `insert into api_tokens (account_id, name, secret_hash, access)
     select $1, 'reader', sha256(('reader-' || n)::bytea), '{admin}' from generate_series($2::int, $3::int) n`,
    [account, from, tokens],
  );
  return Array.from({ length: count }, (_, n) => ({ authorization: `Bearer reader-${from + n}` }));
};

let made = 0;
type Row = { connect?: number; phone?: string; ageMs?: number; result?: string; event?: string };
const idOf = (ageMs: number): string =>
  uuidV7At(Date.now() - ageMs).replace(/.{12}$/, (++made).toString(16).padStart(12, "0"));
/** Owed, as the engine leaves it while it waits for the next attempt. */
async function owe({ connect = connects[0]!, phone = "3105550142", ageMs = 0, event }: Row = {}): Promise<string> {
  const id = idOf(ageMs);
  await patchbay.db.query(
    `insert into due (account_id, id, connect_id, phone_number, event_id, event_type, connect_revision, due_at, give_up_at, payload)
     values ($1, $2, $3, $4, $5, 'lead.sent', 1, now() + interval '1 day', now() + interval '2 days', '{}')`,
    [accountId, id, connect, phone, event ?? id],
  );
  return id;
}
/** Settled long ago, as many as that. */
const settled = async (
  count: number,
  { connect = connects[0]!, ageMs = 3_600_000, result }: Row = {},
): Promise<void> => {
  await patchbay.db.query(
    `insert into deliveries (account_id, id, connect_id, phone_number, event_id, event_type, test, connect_revision, give_up_at,
       payload, outcome, result, attempts, maybe_sent_twice)
     select $1, uuidv7(make_interval(secs => -$4::float8 / 1000)), $2, '2125550100', gen_random_uuid(), 'lead.sent', false, 1, now(), '{}',
       'accepted', $5, 1, false from generate_series(1, $3::int)`,
    [accountId, connect, count, ageMs, result ?? null],
  );
};
/** The engine's own move, with or without the attempt that led to it. */
const settle = async (id: string, withAttempt: boolean): Promise<void> => {
  await patchbay.db.query(
    `with gone as (delete from due where id = $1 returning *), kept as (
       insert into deliveries (account_id, id, connect_id, phone_number, event_id, event_type, test, connect_revision, give_up_at,
         payload, outcome, result, attempts, maybe_sent_twice)
       select account_id, id, connect_id, phone_number, event_id, event_type, test, connect_revision, give_up_at, payload,
         'accepted', 'after all', 1, false from gone
     ) insert into attempts (account_id, id, delivery_id, number, started_at, outcome, calls, connect_revision)
     select account_id, uuidv7(), id, 1, now(), 'accepted', '[]', 1 from gone where $2`,
    [id, withAttempt],
  );
};
const hold = (id: string) => patchbay.db.query("update due set held_because = 'credentials' where id = $1", [id]);
const idsOf = (stream: Stream) => stream.told().map(({ id, state }) => `${id} ${state}`);

describe("one look for all", () => {
  test("400 streams of as many filters cost the database what one does, and the server answers", async () => {
    const statements = countStatements(patchbay.db);
    // those of the tail, and whatever else it might ask; the engine asks for its own by other names
    const asked = () =>
      statements
        .texts()
        .filter((text) =>
          /^live-|^still-may|^settings-version|connect_name|as version|sign_in_session|api_tokens/.test(text),
        );
    /** What five looks ask, sorted by name; never more often than once a second. */
    const fiveLooks = async (): Promise<Record<string, number>> => {
      statements.forget();
      const began = Date.now();
      await until(() => asked().filter((text) => text === "live-versions").length === 5);
      expect(Date.now() - began).toBeGreaterThan(3_000);
      const names = Map.groupBy(asked(), (text) => text);
      return Object.fromEntries(Array.from(names, ([text, all]) => [text, all.length]));
    };
    // the last look has not asked everything yet
    const twoEach = { "live-versions": 5, "still-may": expect.toBeOneOf([4, 5]) as number };

    const [first, ...rest] = [...(await tokensOf(accountId, 10)), ...(await tokensOf(stranger, 10))];
    const streams = [await watch(first!, `?phone=2125550000`)];
    expect(await fiveLooks()).toEqual(twoEach);
    const others = [first!, ...rest].flatMap((headers, n) =>
      Array.from({ length: limits.streamsPerUserMax - (n === 0 ? 1 : 0) }, (_, at) =>
        watch(headers, `?connect=${connects[0]}&phone=21255${String(n * 100 + at).padStart(5, "0")}`),
      ),
    );
    streams.push(...(await Promise.all(others)));
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 400 }, () => 200));
    expect(await fiveLooks()).toEqual(twoEach);

    expect((await fetch(`${patchbay.url}/healthz`)).status).toBe(200);
    await admin.ok("GET", "/api/deliveries");
    await admin.ok("GET", "/api/deliveries/counts");

    // one row for one of them
    const id = await owe({ phone: "2125500304" });
    await until(() => streams.some((stream) => stream.told().length > 0));
    expect(streams.filter((stream) => stream.told().length > 0).map(idsOf)).toEqual([[`${id} waiting`]]);

    for (const stream of streams) stream.close();
    await until(async () => {
      statements.forget();
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      return asked().length === 0;
    });
  });

  test("20 a user, of which a token is one, and 200 an account: the next is told so", async () => {
    const readers = await tokensOf(accountId, 13);
    const own = await Promise.all(Array.from({ length: 20 }, () => watch(readers[0]!)));
    expect(own.every(({ status }) => status === 200)).toBe(true);
    const refused = await watch(readers[0]!, "?test=true");
    expect(refused).toMatchObject({ status: 429, problem: { code: "too_many", status: 429 } });
    expect(refused.problem?.detail).toMatch(/^This API token has 20 live streams open, the most there can be\./);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);

    const more = await Promise.all(readers.slice(1, 10).flatMap((one) => Array.from({ length: 20 }, () => watch(one))));
    expect(more.every(({ status }) => status === 200)).toBe(true);
    const full = await watch(readers[10]!);
    expect(full).toMatchObject({ status: 429, problem: { code: "too_many" } });
    expect(full.problem?.detail).toMatch(/^This account has 200 live streams open/);
    // another account has its own
    const elsewhere = await watch((await tokensOf(stranger, 1))[0]!);
    expect(elsewhere.status).toBe(200);

    // a page that is closed, and a client that is gone without a word
    own[0]!.close();
    await until(async () => (own[0] = await watch(readers[10]!)).status === 200);
    own[1]!.close();
    const socket = await rawStream(readers[11]!);
    expect((await watch(readers[12]!)).status).toBe(429);
    socket.resetAndDestroy();
    await until(async () => (own[1] = await watch(readers[12]!)).status === 200);
    for (const stream of [...own, ...more, elsewhere]) stream.close();
  });

  test("many who come at once are counted one by one", async () => {
    const { headers } = await newToken();
    const all = await Promise.all(Array.from({ length: 30 }, (_, n) => watch(headers, `?lead_id=${n + 1}`)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(10);
    for (const stream of all) stream.close();
  });

  test("a HEAD is none of it", async () => {
    const { headers } = await newToken();
    for (const path of [live, "/api/deliveries.csv"])
      expect((await fetch(`${patchbay.url}${path}`, { method: "HEAD", headers })).ok).toBe(false);
  });
});

/** A stream that is asked for by hand; what comes is not read. */
async function rawStream(headers: Record<string, string>): Promise<Socket> {
  const { hostname, port, host } = new URL(patchbay.url);
  const socket = openSocket(Number(port), hostname).on("error", () => {});
  socket.write(`GET ${live} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${headers["authorization"]}\r\n\r\n`);
  let text = "";
  socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  while (true) {
    await until(() => text !== "" || socket.destroyed);
    if (text.startsWith("HTTP/1.1 200")) break;
    throw new Error(text);
  }
  socket.pause();
  return socket;
}

describe("what is told", () => {
  test("what was there before is not, what is new or changes is, each once", async () => {
    const { headers } = await newToken();
    await owe();
    const one = await watch(headers);
    await owe();
    await until(() => one.told().length === 1);
    // another who comes is told only what comes then
    const two = await watch(headers);
    const three = await watch(headers, `?connect=${connects[1]}`);
    expect([two.text().match(/: watching/g)?.length, two.told()]).toEqual([1, []]);
    const id = await owe();
    await until(() => two.told().length === 1);
    await hold(id);
    await until(() => two.told().length === 2);
    await settle(id, false);
    await until(() => two.told().length === 3);
    expect(idsOf(two)).toEqual([`${id} waiting`, `${id} held`, `${id} settled`]);
    expect(idsOf(one).slice(1)).toEqual(idsOf(two));
    expect(three.told()).toEqual([]);
    for (const stream of [one, two, three]) stream.close();
  });

  test("a rare connect's old delivery that is held, or taken after all, behind hundreds of newer ones", async () => {
    const { headers } = await newToken();
    const rare = connects[2]!;
    const [old, older] = [
      await owe({ connect: rare, ageMs: 86_400_000 }),
      await owe({ connect: rare, ageMs: 90_000_000 }),
    ];
    await settled(400);
    const one = await watch(headers, `?connect=${rare}`);
    await hold(old);
    await until(() => one.told().length === 1);
    await settle(older, false);
    await until(() => one.told().length === 2);
    expect(idsOf(one)).toEqual([`${old} held`, `${older} settled`]);
    expect(one.told()[1]).toMatchObject({ outcome: "accepted", result: "after all" });
    one.close();
    // who watches everything follows the newest, and learns besides of what was tried, however old
    const all = await watch(headers);
    await settle(old, true);
    await until(() => all.told().length === 1);
    expect(idsOf(all)).toEqual([`${old} settled`]);
    all.close();
  });

  test("what comes to match by its change, and no more what has ceased to", async () => {
    const { headers } = await newToken();
    const held = await watch(headers, "?state=held");
    const id = await owe();
    await hold(id);
    await until(() => held.told().length === 1);
    await patchbay.db.query("update due set held_because = null where id = $1", [id]);
    const another = await owe();
    await hold(another);
    await until(() => held.told().length === 2);
    expect(idsOf(held)).toEqual([`${id} held`, `${another} held`]);
    held.close();
  });

  test("each account its own", async () => {
    const ours = await watch((await newToken()).headers);
    const theirs = await watch((await tokensOf(stranger, 1))[0]!);
    const id = await owe();
    await until(() => ours.told().length === 1);
    await owe();
    await until(() => ours.told().length === 2);
    expect(idsOf(ours)[0]).toBe(`${id} waiting`);
    expect(theirs.told()).toEqual([]);
    for (const stream of [ours, theirs]) stream.close();
  });

  test("masks are worked out once for all who see the same", async () => {
    const viewer = await signedIn("viewer");
    const another = await signedIn("viewer");
    const event = idOf(0);
    await patchbay.db.query(
      `insert into events (account_id, id, at, type, lead_id, source, snapshot, details)
       values ($1, $2, now(), 'lead.created', null, '{}', '{"lead":{"phone_number":"3105550177","first_name":"Zaphod"},"call":null,"extra":{}}', '{}')`,
      [accountId, event],
    );
    const streams = await Promise.all(
      [viewer, another].flatMap(({ headers }) =>
        Array.from({ length: 8 }, (_, n) => watch(headers, `?from=202${n}-01-01T00:00:00Z`)),
      ),
    );
    const plain = await watch((await newToken()).headers);
    const statements = countStatements(patchbay.db);
    const id = await owe({ phone: "3105550177", event });
    // of 2027 and later there is nothing yet
    const seen = () => streams.filter((stream) => stream.told().length > 0);
    await until(() => seen().length >= 14 && plain.told().length > 0);
    expect(plain.told()[0]).toMatchObject({ id, phone_number: "3105550177" });
    for (const stream of seen()) expect(stream.told()[0]).toMatchObject({ id, phone_number: "••••••••77" });
    expect(streams.map((stream) => stream.text()).join("")).not.toMatch(/3105550177|Zaphod/);
    expect(statements.texts().filter((text) => text.includes("select id, at, snapshot from events"))).toHaveLength(1);
    for (const stream of [...streams, plain]) stream.close();
  });
});

type Reader = { id: number; email: string; client: Client; headers: Record<string, string> };
async function signedIn(role: "viewer" | "operator"): Promise<Reader> {
  await patchbay.db.query("delete from sign_in_limit");
  const client = await patchbay.user(accountId, role);
  const { user } = await client.ok<{ user: { id: number; email: string } }>("GET", "/api/session");
  return { ...user, client, headers: await cookieOf(user.email) };
}
async function cookieOf(email: string): Promise<Record<string, string>> {
  await patchbay.db.query("delete from sign_in_limit");
  const answer = await fetch(`${patchbay.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: patchbay.url },
    body: JSON.stringify({ email, password }),
  });
  expect(answer.status).toBe(200);
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  return { cookie: cookie.join("; "), origin: patchbay.url };
}

const post = (headers: Record<string, string>, path: string, body: object) =>
  fetch(`${patchbay.url}/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const sql = (text: string, id: number) => patchbay.db.query(text, [id]);

describe("a stream ends at once", () => {
  let another: RunningPatchbay;
  beforeAll(async () => {
    const environment = { DATABASE_URL: patchbay.databaseUrl, PATCHBAY_SECRET_KEY: keyOfProcess };
    another = await startProcess({
      environment: { ...environment, PATCHBAY_LOG_LEVEL: "silent", PATCHBAY_ROLES: "api" },
    });
    return () => another.end();
  });
  const ofUser: [string, (reader: Reader) => Promise<unknown>][] = [
    ["when they sign out", ({ headers }) => post(headers, "sign-out", {})],
    ["when they change the password elsewhere", async ({ email }) =>
      post(await cookieOf(email), "change-password", { currentPassword: password, newPassword: "another horse battery" })],
    ["when they change the password here", ({ headers }) =>
      post(headers, "change-password", { currentPassword: password, newPassword: "another horse battery" })],
    ["when the password is reset by command", ({ email }) =>
      runPatchbay(["user", "reset-password", "--email", email], {
        environment: { DATABASE_URL: patchbay.databaseUrl, PATCHBAY_SECRET_KEY: keyOfProcess } })],
    ["when the user is switched off", ({ id }) => admin.ok("PATCH", `/api/users/${id}`, { active: false })],
    ["when the user's role is lowered", ({ id }) => admin.ok("PATCH", `/api/users/${id}`, { role: "viewer" })],
    ["when the user is switched off by the database", ({ id }) => sql("update users set active = false where id = $1", id)],
    ["when the session runs out", ({ id }) =>
      sql("update sign_in_session set expires_at = now() where user_id = (select sign_in_user_id from users where id = $1)", id)],
    ["when the user is gone", ({ id }) => sql("delete from users where id = $1", id)],
  ]; // prettier-ignore
  test.each(ofUser)("%s, in both processes", async (_name, end) => {
    const reader = await signedIn("operator");
    const colleague = await signedIn("operator");
    const [here, there] = [await watch(reader.headers), await watch(reader.headers, "", another.url)];
    const stays = await watch(colleague.headers);
    expect([here.status, there.status, stays.status]).toEqual([200, 200, 200]);
    await end(reader);
    await until(() => here.ended() && there.ended());
    // a row that comes then
    await owe();
    await until(() => stays.told().length === 1);
    expect([here.told(), there.told(), stays.ended()]).toEqual([[], [], false]);
    stays.close();
  });

  const ofToken: [string, (token: NewToken) => Promise<unknown>][] = [
    ["when the token is revoked", ({ id }) => admin.ok("DELETE", `/api/tokens/${id}`)],
    ["when the token is revoked by another process", ({ id }) => sql("update api_tokens set revoked_at = now() where id = $1", id)],
    ["when the token runs out", ({ id }) => sql("update api_tokens set expires_at = now() where id = $1", id)],
    ["when the token's access list loses admin", ({ id }) => sql("update api_tokens set access = '{leads}' where id = $1", id)],
  ]; // prettier-ignore
  test.each(ofToken)("%s, in both processes", async (_name, end) => {
    const token = await newToken();
    const [here, there] = [await watch(token.headers), await watch(token.headers, "", another.url)];
    expect([here.status, there.status]).toEqual([200, 200]);
    await end(token);
    await until(() => here.ended() && there.ended());
    expect(await watch(token.headers)).toMatchObject({ status: expect.toBeOneOf([401, 403]) as number });
  });

  test("in this process before whoever ended it has the answer, and has its place back", async () => {
    const { id, headers } = await signedIn("operator");
    const streams = await Promise.all(Array.from({ length: 20 }, () => watch(headers)));
    await admin.ok("PATCH", `/api/users/${id}`, { role: "viewer" });
    const again = await Promise.all(Array.from({ length: 20 }, () => watch(headers)));
    expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    await owe();
    await until(() => again.every((stream) => stream.told().length > 0));
    expect(streams.flatMap((stream) => stream.told())).toEqual([]);
    expect(again.map((stream) => stream.told()[0]?.phone_number)).toEqual(
      Array.from({ length: 20 }, () => "••••••••42"),
    );
    for (const stream of again) stream.close();
  });

  test("when the account begins to mask what it filters by, before it is told any more", async () => {
    const { headers } = await newToken();
    const [byPhone, byResult, all] = [
      await watch(headers, "?phone=3105550142"),
      await watch(headers, "?result=after*"),
      await watch(headers),
    ];
    await admin.ok("PATCH", "/api/account", { fields_masked_in_logs: ["phone_number"] });
    const id = await owe();
    await settle(id, false);
    await until(() => all.told().some((row) => row.id === id) && byPhone.ended() && byResult.ended());
    expect([byPhone.told(), byResult.told()]).toEqual([[], []]);
    expect(all.told().at(-1)?.phone_number).toBe("••••••••42");
    expect(await watch(headers, "?phone=3105550142")).toMatchObject({ status: 403, problem: { code: "forbidden" } });
    await admin.ok("PATCH", "/api/account", { fields_masked_in_logs: [] });
    all.close();
  });

  test("when the server stops, which does not wait for it", async () => {
    const environment = { DATABASE_URL: patchbay.databaseUrl, PATCHBAY_SECRET_KEY: keyOfProcess };
    await using stopping = await startProcess({ environment: { ...environment, PATCHBAY_ROLES: "api" } });
    const stream = await watch((await newToken()).headers, "", stopping.url);
    expect(await stopping.end()).toEqual({ code: 0, signal: null });
    await until(() => stream.ended());
  });
});

/** An export that nobody reads yet. */
const startExport = async (headers: Record<string, string>) => {
  const abort = new AbortController();
  const answer = await fetch(`${patchbay.url}/api/deliveries.csv?connect=${connects[1]}`, {
    headers,
    signal: abort.signal,
  });
  return { status: answer.status, answer, close: () => abort.abort() };
};

describe("CSV", () => {
  /** 20 MB and more: the system takes in some MB for a client that does not read. */
  const rows = 20_000;
  beforeAll(() => settled(rows, { connect: connects[1]!, result: "x".repeat(1_000) }));
  test("5 at once a user, 20 an account", async () => {
    const readers = await Promise.all(Array.from({ length: 5 }, async () => (await newToken()).headers));
    const own = await Promise.all(Array.from({ length: limits.exportsPerUserMax }, () => startExport(readers[0]!)));
    const refused = await startExport(readers[0]!);
    expect(await refused.answer.json()).toMatchObject({
      status: 429,
      code: "too_many",
      detail: expect.stringMatching(/^This API token has 5 CSV exports open/) as string,
    });
    const more = await Promise.all(
      readers.slice(1, 4).flatMap((one) => Array.from({ length: 5 }, () => startExport(one))),
    );
    expect([...own, ...more].every(({ status }) => status === 200)).toBe(true);
    expect((await startExport(readers[4]!)).status).toBe(429);
    own[0]!.close();
    await until(async () => (own[0] = await startExport(readers[4]!)).status === 200);
    for (const one of [...own, ...more]) one.close();
  });

  test.each([
    [
      "an operator's breaks off when they may see less",
      async ({ id }: Reader) => admin.ok("PATCH", `/api/users/${id}`, { role: "viewer" }),
    ],
    [
      "and when they are signed out",
      async ({ id }: Reader) => admin.ok("PATCH", `/api/users/${id}`, { active: false }),
    ],
  ])("%s", async (_name, end) => {
    const reader = await signedIn("operator");
    const { answer } = await startExport(reader.headers);
    await end(reader);
    let text = "";
    const reading = (async () => {
      for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) text += piece;
    })();
    await expect(reading).rejects.toThrow(/terminated|aborted/);
    expect(text.split("\n").length).toBeLessThan(rows);
  });
});
