import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FaultCode } from "../../src/core/exchange.ts";
import type { RequestPlan } from "../../src/core/request.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { createSender, type SendOptions, type SenderOptions, type SentCall } from "../../src/outbound/send.ts";
import { badlyCompressed, hang, hangUp, hugeHeaders, raw, redirect, reset, slowly } from "../receiver-acts.ts";
import { testAuthority } from "../receiver-certificates.ts";
import {
  closedPort,
  type Reply,
  type Receiver,
  startReceiver,
  startTcpReceiver,
  type ReceiverOptions,
} from "../receiver.ts";

/** Every fault code of `outbound`, against a real socket that misbehaves that way. */

type Want = { code: FaultCode | null; says: RegExp; answerLost: boolean; status?: number };
const options = { timeoutMs: 5_000, followRedirects: false };

const silence = (): Promise<never> => new Promise(() => undefined);

async function call(url: string, sender: Partial<SenderOptions> = {}, send: Partial<SendOptions> = {}) {
  const { host } = new URL(url);
  const made = createSender({
    guard: createAddressGuard([host, "127.0.0.1"].filter((entry) => entry !== "")),
    ca: testAuthority(),
    ...sender,
  });
  const plan: RequestPlan = { method: "POST", url: [url], headers: [], body: ["phone=3105550142"] };
  const sent = await made.send(plan, {}, { ...options, ...send });
  made.close();
  return sent;
}

function expectFault({ exchange, call: record }: SentCall, want: Want): void {
  expect(exchange.fault).toEqual({
    code: want.code,
    detail: expect.stringMatching(want.says) as string,
    answerLost: want.answerLost,
  });
  expect(exchange.answer?.status).toBe(want.status);
  expect(record.status).toBe(want.status ?? null);
}

describe("a vendor that answers, but badly", () => {
  const rows: [string, Reply, Want, Partial<SendOptions>?][] = [
    [
      "says nothing after the request",
      hang(),
      { code: "response_timeout", says: /no answer within 0.3 s/, answerLost: true },
      { timeoutMs: 300 },
    ],
    [
      "stops within its headers",
      hang("within headers"),
      { code: "response_timeout", says: /no answer within/, answerLost: true },
      { timeoutMs: 300 },
    ],
    [
      "stops within its body",
      hang("within body"),
      { code: "response_timeout", says: /no whole answer within/, answerLost: true, status: 200 },
      { timeoutMs: 300 },
    ],
    [
      "trickles byte by byte, longer than the time-out in all though never silent for long",
      slowly("slow and steady", 20),
      { code: "response_timeout", says: /within 0.3 s/, answerLost: true },
      { timeoutMs: 300 },
    ],
    [
      "closes without an answer",
      hangUp(),
      { code: "connection_reset", says: /127.0.0.1 closed the connection without an answer/, answerLost: true },
    ],
    [
      "closes within its headers",
      hangUp("within headers"),
      { code: "connection_reset", says: /without an answer/, answerLost: true },
    ],
    [
      "closes within a body of declared length",
      hangUp("within body"),
      { code: "connection_reset", says: /within the answer/, answerLost: true, status: 200 },
    ],
    [
      "closes within a chunked body",
      hangUp("within chunked body"),
      { code: "connection_reset", says: /within the answer/, answerLost: true, status: 200 },
    ],
    ["resets at once", reset(), { code: "connection_reset", says: /without an answer/, answerLost: true }],
    [
      "resets within its body",
      reset("within body"),
      { code: "connection_reset", says: /within the answer/, answerLost: true, status: 200 },
    ],
    [
      "speaks another protocol",
      raw("SSH-2.0-OpenSSH_9.2\r\n"),
      { code: "not_http", says: /something else than HTTP\/1.1: "SSH-2.0-OpenSSH_9.2"/, answerLost: true },
    ],
    [
      "answers with bytes of no protocol",
      raw(Buffer.from([0, 255, 7, 0, 200, 13, 10, 13, 10])),
      { code: "not_http", says: /something else than HTTP\/1.1$/, answerLost: true },
    ],
    [
      "frames its body wrongly",
      raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
      { code: "not_http", says: /not framed/, answerLost: true, status: 200 },
    ],
    [
      "two lengths that differ",
      raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
      { code: "not_http", says: /contradict each other/, answerLost: true },
    ],
    [
      "a length and chunks",
      raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nab"),
      { code: "not_http", says: /contradict each other/, answerLost: true },
    ],
    [
      "sends headers without end",
      hugeHeaders(200_000),
      { code: "not_http", says: /headers are longer than 64 KiB/, answerLost: true },
    ],
    [
      "switches protocols unasked",
      raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
      { code: "not_http", says: /something else/, answerLost: true },
    ],
    [
      "says gzip and sends plain text",
      badlyCompressed("not at all"),
      { code: "bad_encoding", says: /calls it gzip, but it does not unpack/, answerLost: false, status: 200 },
    ],
    [
      "sends gzip that is cut short",
      badlyCompressed("cut short"),
      { code: "bad_encoding", says: /does not unpack/, answerLost: false, status: 200 },
    ],
    [
      "sends gzip with a changed byte",
      badlyCompressed("changed"),
      { code: "bad_encoding", says: /does not unpack/, answerLost: false, status: 200 },
    ],
    [
      "compresses in a way nobody knows",
      { headers: { "Content-Encoding": "x-own" }, body: "abc" },
      { code: "bad_encoding", says: /compressed it as "x-own"/, answerLost: false, status: 200 },
    ],
    [
      "compresses many times over",
      { headers: { "Content-Encoding": "gzip, gzip, gzip, gzip" }, body: "abc" },
      { code: "bad_encoding", says: /4 times over/, answerLost: false, status: 200 },
    ],
    [
      "redirects to another host",
      redirect(307, "http://127.0.0.2/leads"),
      {
        code: "redirect_refused",
        says: /sends the call on to http:\/\/127.0.0.2, another/,
        answerLost: false,
        status: 307,
      },
      { followRedirects: true },
    ],
    [
      "redirects in a circle",
      redirect(307, "/leads"),
      { code: "redirect_refused", says: /more than 3 times/, answerLost: false, status: 307 },
      { followRedirects: true },
    ],
  ];
  test.each(rows)("%s", async (_name, script, want, send = {}) => {
    await using vendor = await startReceiver(script);
    expectFault(await call(vendor.url("/leads"), {}, send), want);
  });
});

describe("a connection that does not come about", () => {
  test("nothing listens on the port", async () => {
    const sent = await call(`http://127.0.0.1:${await closedPort()}/`);
    expectFault(sent, { code: "connection_refused", says: /127.0.0.1:\d+ takes no connections/, answerLost: false });
  });

  test("the name does not exist", async () => {
    const sent = await call("http://no-such-host.invalid/");
    expectFault(sent, { code: "dns_not_found", says: /no-such-host.invalid/, answerLost: false });
  });

  test("the URL can't be read", async () => {
    const sent = createSender({ guard: createAddressGuard([]) }).send(
      { method: "GET", url: ["http://exa mple.com:99999/"], headers: [], body: null },
      {},
      options,
    );
    expectFault(await sent, { code: "dns_not_found", says: /can't be read/, answerLost: false });
  });

  test("the name service stays silent", async () => {
    const sent = await call("http://crm.example.com/", { resolve: silence }, { timeoutMs: 100 });
    expectFault(sent, {
      code: "connect_timeout",
      says: /crm.example.com was not looked up within 0.1 s/,
      answerLost: false,
    });
  });

  test("the port takes the connection, but never speaks TLS", async () => {
    await using silent = await startTcpReceiver(() => undefined);
    const sent = await call(`https://127.0.0.1:${silent.port}/`, {}, { timeoutMs: 200 });
    expectFault(sent, { code: "connect_timeout", says: /did not agree on TLS within 0.2 s/, answerLost: false });
  });

  test("the port closes before TLS is agreed", async () => {
    await using rude = await startTcpReceiver((socket) => socket.once("data", () => socket.end()));
    const sent = await call(`https://127.0.0.1:${rude.port}/`);
    expectFault(sent, { code: "connection_reset", says: /before TLS was agreed/, answerLost: false });
  });

  test("an address may not be called", async () => {
    await using vendor = await startReceiver();
    const sent = await call(vendor.url("/"), { guard: createAddressGuard([]) });
    expectFault(sent, { code: "blocked_address", says: /127.0.0.1 is a loopback address/, answerLost: false });
    expect(vendor.connections).toBe(0);
  });

  test.each(["ftp://vendor.example.com/", "file:///etc/passwd", "gopher://127.0.0.1/"])(
    "%s is no http",
    async (url) => {
      const sent = await call(url);
      expectFault(sent, { code: "blocked_address", says: /only http and https/, answerLost: false });
    },
  );
});

describe("TLS", () => {
  const rows: [string, ReceiverOptions, Want][] = [
    [
      "an unknown authority",
      { tls: "other_authority" },
      { code: "tls_untrusted", says: /authority that is not known/, answerLost: false },
    ],
    [
      "signed by itself",
      { tls: "self_signed" },
      { code: "tls_untrusted", says: /signed by nobody but itself/, answerLost: false },
    ],
    ["run out", { tls: "expired" }, { code: "tls_expired", says: /localhost has run out/, answerLost: false }],
    ["not valid yet", { tls: "not_yet" }, { code: "tls_expired", says: /not valid yet/, answerLost: false }],
    [
      "for another host",
      { tls: "wrong_host" },
      { code: "tls_hostname", says: /is for elsewhere.example.com, not for localhost/, answerLost: false },
    ],
  ];
  test.each(rows)("a certificate that is %s is refused, with nothing sent", async (_name, receiver, want) => {
    await using vendor = await startReceiver(200, receiver);
    expectFault(await call(vendor.url("/")), want);
    expect(vendor.requests).toEqual([]);
  });

  let secured: Receiver;
  let plain: Receiver;
  beforeAll(async () => {
    secured = await startReceiver(200, { tls: "good" });
    plain = await startReceiver();
  });
  afterAll(() => Promise.all([secured.close(), plain.close()]));

  test("a good certificate is taken", async () => {
    const { exchange } = await call(secured.url("/"));
    expect(exchange).toMatchObject({ fault: null, answer: { status: 200 } });
    expect(exchange.timing.tls_ms).toBeGreaterThan(0);
  });

  test("https to a port that speaks plain HTTP", async () => {
    const sent = await call(plain.origin.replace("http:", "https:"));
    expectFault(sent, { code: "tls_protocol", says: /does not speak TLS/, answerLost: false });
  });

  test("plain HTTP to a port that speaks TLS, which answers with an alert", async () => {
    await using alerting = await startTcpReceiver((socket) =>
      socket.once("data", () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 10]))),
    );
    const sent = await call(`http://127.0.0.1:${alerting.port}/`);
    expectFault(sent, { code: "tls_protocol", says: /wants https/, answerLost: false });
  });

  test.each(["good", "self_signed", "expired"] as const)(
    "plain HTTP to a port that speaks TLS and closes without a word, its certificate %s",
    async (kind) => {
      await using closing = await startReceiver(200, { tls: kind });
      const sent = await call(`http://127.0.0.1:${closing.port}/`);
      expectFault(sent, { code: "tls_protocol", says: /wants https/, answerLost: false });
    },
  );

  test("plain HTTP to a port that speaks TLS, which says so in plain HTTP", async () => {
    await using nginx = await startReceiver({
      status: 400,
      body: "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
    });
    const sent = await call(nginx.url("/"));
    expectFault(sent, { code: "tls_protocol", says: /wants https/, answerLost: false, status: 400 });
  });
});

test("a header that a secret makes impossible is named, and nothing is sent", async () => {
  await using vendor = await startReceiver();
  const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
  const plan: RequestPlan = {
    method: "GET",
    url: [vendor.url("/")],
    headers: [{ name: "X-Key", value: [{ secret: "key", encode: "as_is" }] }],
    body: null,
  };
  const sent = await sender.send(plan, { key: "two\r\nlines: here" }, options);
  expectFault(sent, { code: "required_value_missing", says: /header X-Key holds a line break/, answerLost: false });
  const without = await sender.send(plan, {}, options);
  expectFault(without, { code: "required_value_missing", says: /secret is no longer stored: key/, answerLost: false });
  expect(vendor.connections).toBe(0);
});
