import { connect, type Socket } from "node:net";
import { once } from "node:events";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { limits } from "../../src/contracts/limits.ts";
import { withoutHandover } from "../../src/engine/handover.ts";
import { createIntake } from "../../src/engine/intake.ts";
import { registerHealth } from "../../src/http/health.ts";
import { createServer } from "../../src/http/server.ts";
import { registerV1 } from "../../src/http/v1/register-v1.ts";
import { insertToken } from "../../src/store/tokens.ts";
import { cloneDatabase } from "../clone-database.ts";
import { eventually, makeAccount, type TestAccount } from "../engine/fixtures.ts";
import { askRaw } from "../fuzz/ask-raw.ts";

const clone = cloneDatabase();
let app: FastifyInstance;
let account: TestAccount;
let token: string;
let port: number;

beforeAll(async () => {
  account = await makeAccount(clone.db, "Acme Calls");
  const access = ["leads", "events"];
  token = (await insertToken(account.scope, { name: "vendor", access, ratePerSecond: null, expiresAt: null })).secret;
  app = await createServer({ trustProxy: false, log: pino({ level: "silent" }) });
  registerHealth(app, clone.db);
  await registerV1(app, { db: clone.db, intake: createIntake(clone.db, withoutHandover) });
  // as the admin API reads its bodies
  app.post("/echo", async (request) => ({ body: typeof request.body }));
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = (app.server.address() as { port: number }).port;
});
afterAll(() => app.close());

type Pairs = readonly (readonly [name: string, value: string])[];
type Kind = {
  readonly name: string;
  readonly path: string;
  readonly write: (pairs: Pairs) => [type: string, body: string] | string;
};

const form = "application/x-www-form-urlencoded";
const json = "application/json";
const formOf = (pairs: Pairs): string => pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
const kinds: readonly Kind[] = [
  { name: "a query", path: "/v1/leads/insert", write: formOf },
  { name: "a form", path: "/v1/leads/insert", write: (pairs) => [form, formOf(pairs)] },
  { name: "JSON", path: "/v1/leads/insert", write: (pairs) => [json, JSON.stringify(Object.fromEntries(pairs))] },
  { name: "multipart", path: "/v1/leads/insert", write: (pairs) => ["multipart/form-data; boundary=xx", multipartOf(pairs)] },
  { name: "VICIdial's query", path: "/vicidial/non_agent_api.php", write: formOf },
  { name: "VICIdial's form", path: "/vicidial/start", write: (pairs) => [form, formOf(pairs)] },
]; // prettier-ignore
const bodies = kinds.filter(({ name }) => !name.includes("query"));

const multipartOf = (pairs: Pairs): string =>
  `${pairs.map(([name, value]) => `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join("")}--xx--\r\n`;

type Answer = { readonly status: number; readonly text: string };

async function send({ path, write }: Kind, pairs: Pairs): Promise<Answer> {
  const written = write([...lead(), ...pairs]);
  const response =
    typeof written === "string"
      ? await fetch(`http://127.0.0.1:${port}${path}?${written}`)
      : await fetch(`http://127.0.0.1:${port}${path}`, {
          method: "POST",
          body: written[1],
          headers: { "content-type": written[0] },
        });
  return { status: response.status, text: await response.text() };
}

/** What both ways in take as a lead. */
const lead = (): Pairs => [
  ["auth_token", token],
  ["pass", token],
  ["user", "x"],
  ["function", "add_lead"],
  ["list_id", String(account.listId)],
  ["phone_number", "3105550142"],
];

/** So many parameters, those of the lead among them. */
const manyOf = (count: number): Pairs =>
  Array.from({ length: count - lead().length }, (_, at) => [`p${at}`, ""] as const);

const postJson = async (path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    body,
    headers: { "content-type": json, ...headers },
  });
  return { status: response.status, text: await response.text() };
};
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
const nest = (levels: number): string => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);

describe.for(kinds)("$name", (kind) => {
  test("a name may have 200 bytes, counted in UTF-8", async () => {
    for (const name of ["n".repeat(limits.nameBytesMax), "é".repeat(limits.nameBytesMax / 2)])
      expect((await send(kind, [[name, "1"]])).status).toBe(200);
  });
  test("a name of more is refused with the limit", async () => {
    const letters = kind.name.includes("query") ? 10_000 : 20_000;
    for (const name of ["n".repeat(limits.nameBytesMax + 1), `é${"n".repeat(limits.nameBytesMax - 1)}`, "k".repeat(letters)]) {
      const { status, text } = await send(kind, [[name, "1"]]);
      expect(status).toBe(400);
      expect(text).toContain("200 bytes");
      expect(text.length).toBeLessThan(1_000);
    }
  }); // prettier-ignore
  test("there may be 1,000 parameters, and not one more", async () => {
    expect((await send(kind, manyOf(limits.parametersMax))).status).toBe(200);
    const { status, text } = await send(kind, manyOf(limits.parametersMax + 1));
    expect(status).toBe(400);
    expect(text).toContain("more than 1000 parameters");
  });
});

const postNamed = (inner: number): Promise<Answer> =>
  postJson("/v1/leads/insert", JSON.stringify({ ...Object.fromEntries(lead()), ["k".repeat(100)]: { ["k".repeat(inner)]: 1 } })); // prettier-ignore
const eventOf = (data: string | object): string =>
  `{"type":"x.own","lead_id":${account.leadId},"data":${typeof data === "string" ? data : JSON.stringify(data)}}`;
/** Data with which an event has so many names and items: type, lead_id, data and list are names too. */
const listOf = (count: number): object => ({ list: Array.from({ length: count - 4 }, () => 1) });
/** A batch of events that is so long. */
const batchOf = (bytes: number): string => {
  const event = eventOf({ text: "x".repeat(60_000) });
  const text = `[${Array.from({ length: Math.floor((bytes - 2) / (event.length + 1)) }, () => event).join()}]`;
  return text + " ".repeat(bytes - text.length);
};

describe("nested JSON", () => {
  test("becomes parameters whose joined names have 200 bytes at most", async () => {
    expect((await postNamed(99)).status).toBe(200);
    const { status, text } = await postNamed(100);
    expect(status).toBe(400);
    expect(text).toContain("200 bytes");
  });
  test("with a long name around thousands of others is refused at that name", async () => {
    for (const leaves of [3_000, 60_000]) {
      const inner = Object.fromEntries(Array.from({ length: leaves }, (_, at) => [at, 1]));
      const { status, text } = await postJson("/v1/leads/insert", JSON.stringify({ ["k".repeat(20_000)]: inner }));
      expect(status).toBe(400);
      expect(text).toContain("200 bytes");
    }
  });
  test.for([
    ["a lead", "/v1/leads/insert", (inner: string) => inner],
    ["an event's data", "/v1/events", (inner: string) => `{"type":"x.own","lead_id":1,"data":${inner}}`],
    ["an event's lead", "/v1/events", (inner: string) => `{"type":"x.own","lead":${inner}}`],
    ["the admin API", "/echo", (inner: string) => inner],
  ] as const)("of %s is 32 levels deep at most, and the place is said", async ([, path, around]) => {
    const outer = around("").split("{").length - 1;
    const room = limits.depthMax - outer;
    expect((await postJson(path, around(nest(room)), bearer())).status).not.toBe(400);
    for (const levels of [room + 1, 2_000, 50_000]) {
      const { status, text } = await postJson(path, around(nest(levels)), bearer());
      expect(status).toBe(400);
      expect(text).toContain("deeper than 32 levels");
      const problem = JSON.parse(text) as { path?: string; errors?: { path: string }[] };
      expect(problem.path ?? problem.errors?.[0]?.path).toMatch(/(^|\.)a(\.a)+$/);
    }
  });
  test("one event that is too deep does not spoil the others", async () => {
    for (const join of [(all: string[]) => `[${all.join()}]`, (all: string[]) => all.join("\n")]) {
      const { status, text } = await postJson(
        "/v1/events",
        join([eventOf({}), eventOf(nest(40)), eventOf({})]),
        bearer(),
      );
      expect(status).toBe(202);
      const { results } = JSON.parse(text) as { results: { stored: boolean; path?: string; error?: string }[] };
      expect(results.map(({ stored }) => stored)).toEqual([true, false, true]);
      expect(results[1]).toMatchObject({ error: expect.stringContaining("32 levels") as string });
      expect(results[1]?.path).toMatch(/^data(\.a)+$/);
    }
  });
  test("an event has 1,000 names and list items at most, and names of 200 bytes", async () => {
    expect((await postJson("/v1/events", eventOf(listOf(limits.parametersMax)), bearer())).status).toBe(202);
    expect((await postJson("/v1/events", eventOf(listOf(limits.parametersMax + 1)), bearer())).text).toContain("more than 1000");
    expect((await postJson("/v1/events", eventOf({ a: { ["n".repeat(200)]: 1 } }), bearer())).status).toBe(202);
    const long = await postJson("/v1/events", eventOf({ a: { ["n".repeat(201)]: 1 } }), bearer());
    expect([long.status, JSON.parse(long.text)]).toMatchObject([400, { path: "data.a" }]);
  }); // prettier-ignore
});

describe("a body has 1 MiB at most", () => {
  test.for(bodies)("$name", async (kind) => {
    const [, empty] = kind.write([...lead(), ["notes", ""]]) as [string, string];
    const fits = "x".repeat(limits.bodyBytesMax - empty.length);
    expect((await send(kind, [["notes", fits]])).status).toBe(200);
    const { status, text } = await send(kind, [["notes", `${fits}x`]]);
    expect(status).toBe(413);
    expect(text).toContain("larger than 1 MiB");
  });
  test("of the admin API too", async () => {
    const fits = `"${"x".repeat(limits.bodyBytesMax - 2)}"`;
    expect((await postJson("/echo", fits)).status).toBe(200);
    const { status, text } = await postJson("/echo", ` ${fits}`);
    expect([status, JSON.parse(text)]).toMatchObject([413, { code: "too_large" }]);
  });
  test("a batch of events has 8 MiB where its token comes before it, else 1 MiB", async () => {
    expect((await postJson("/v1/events", batchOf(limits.batchBodyBytesMax), bearer())).status).toBe(202);
    expect((await postJson(`/v1/events?auth_token=${token}`, batchOf(2 * limits.bodyBytesMax))).status).toBe(202);
    const larger = await postJson("/v1/events", batchOf(limits.batchBodyBytesMax + 1), bearer());
    expect([larger.status, larger.text]).toEqual([413, expect.stringContaining("8 MiB")]);
    for (const headers of [{}, { authorization: "Bearer pb_wrong" }])
      expect((await postJson("/v1/events", batchOf(limits.bodyBytesMax + 1), headers)).status).toBe(413);
  });
  test("one that streams in without a length is refused on the way, and the answer arrives", async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const answer: Buffer[] = [];
    socket.on("data", (piece: Buffer) => answer.push(piece)).on("error", () => {});
    socket.write(
      `POST /v1/leads/insert HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=xx\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    let sent = 0;
    for (; sent < 2_000 && answer.length === 0 && !socket.destroyed; sent++) {
      const part = `--xx\r\nContent-Disposition: form-data; name="f${sent}"\r\n\r\n${"x".repeat(65_536)}\r\n`;
      if (!socket.write(`${part.length.toString(16)}\r\n${part}\r\n`))
        await Promise.race([once(socket, "drain"), once(socket, "close")]);
    }
    expect(Buffer.concat(answer).toString("latin1")).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(1_000);
    socket.destroy();
  });
});

describe("a refusal reaches who is still sending, and then asks for no more", () => {
  const refusals: [name: string, path: string, type: string, status: number][] = [
    ["too large", "/v1/leads/insert", json, 413],
    ["of no type that there is", "/v1/leads/insert", ";;;", 415],
    ["of a type that is not taken", "/echo", "text/x", 400],
    ["to an address that is not there", "/nothing", "text/x", 404],
    ["to an address that can't be read", "/%ff%", json, 400],
    ["without a token", "/v1/events", json, 413],
  ];
  test.for(refusals)("%s", async ([, path, type, status]) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: 8000000\r\n\r\n`;
    const socket = connect(port, "127.0.0.1");
    const answer: Buffer[] = [];
    const closed = once(
      socket.on("data", (piece: Buffer) => answer.push(piece)),
      "close",
    );
    socket.write(head);
    for (let left = 8_000_000; left > 0; left -= 80_000)
      if (!socket.write(Buffer.alloc(80_000, "x"))) await once(socket, "drain");
    await closed;
    expect(Buffer.concat(answer).toString("latin1")).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});

test("bodies that are being read have 64 MiB in all; then others are asked to come again", async () => {
  const open: Socket[] = [];
  const fillUp = limits.bodyBytesInAllMax / limits.bodyBytesMax;
  for (let left = fillUp; left > 0; left--) {
    const socket = connect(port, "127.0.0.1");
    open.push(socket.on("error", () => {}));
    socket.write(`POST /v1/leads/insert HTTP/1.1\r\nHost: a\r\nContent-Length: ${limits.bodyBytesMax}\r\n\r\n`);
    socket.write(Buffer.alloc(limits.bodyBytesMax - 1, "x"));
  }
  onTestFinished(() => open.forEach((socket) => socket.destroy()));
  const large = "x".repeat(limits.bodyBytesMax / 2);
  const refused = await eventually(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/leads/insert`, { method: "POST", body: large });
    return response.status === 503 && response;
  });
  expect(refused.headers.get("retry-after")).toBe("2");
  expect(await refused.text()).toContain("Send it again");
  for (const socket of open) socket.destroy();
  await eventually(async () => (await postJson("/v1/leads/insert", `{"notes":"${large}"}`)).status === 200);
});

test("of long bodies that come at once, others need not wait for all", async () => {
  const arrived = new Set<Socket>();
  const note = (socket: Socket): void => void arrived.add(socket);
  app.server.on("connection", note);
  // without its end it is read whole, and refused then
  const body = `{"notes":[${"1,".repeat(250_000)}`;
  const head = `POST /v1/leads/insert HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const sockets = Array.from({ length: 30 }, () => connect(port, "127.0.0.1"));
  const looker = connect(port, "127.0.0.1");
  for (const socket of sockets) socket.write(head + body.slice(0, -1));
  const withoutTheLast = sockets.length * (head.length + body.length - 1);
  await eventually(async () => {
    const read = [...arrived].reduce((sum, socket) => sum + socket.bytesRead, 0);
    return arrived.size === sockets.length + 1 && read === withoutTheLast;
  });
  app.server.off("connection", note);
  const order: string[] = [];
  const answers = [...sockets, looker].map(async (socket) => {
    const [answer] = (await once(socket, "data")) as [Buffer];
    order.push(/^HTTP\/1\.1 (\d+)/.exec(answer.toString("latin1"))![1]!);
    socket.destroy();
  });
  for (const socket of sockets) socket.write(body.slice(-1));
  looker.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  await Promise.all(answers);
  expect(order.filter((status) => status === "400")).toHaveLength(sockets.length);
  expect(order.indexOf("200")).toBeLessThan(sockets.length / 2);
});

describe("a request whose server has two names", () => {
  test.for([
    ["/healthz", "Host: a\r\nHost: b"],
    ["/healthz", "host: a\r\nHOST: a"],
    ["/v1/leads/insert", "Host: a\r\nX: y\r\nHost: b"],
    ["/vicidial/start", "Host: a\r\nHost: b"],
    ["/nothing", "Host: a\r\nHost:"],
  ] as const)("%s with %j is answered 400", async ([path, headers]) => {
    const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
    const { status, text } = await askRaw(port, bytes, 10_000);
    expect(status).toBe(400);
    expect(text).toContain("several Host headers");
  });
});
