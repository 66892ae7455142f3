import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestPlan } from "../../src/core/request.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { createSender, type SendOptions, type SenderOptions } from "../../src/outbound/send.ts";
import { after, bomb, type Coding, compressed, echo, endless, hangUp, raw, redirect } from "../receiver-acts.ts";
import { testAuthority } from "../receiver-certificates.ts";
import { startReceiver } from "../receiver.ts";

const options: SendOptions = { timeoutMs: 5_000, followRedirects: false };

function newSender(more: Partial<SenderOptions> = {}) {
  const sender = createSender({ guard: createAddressGuard(["127.0.0.1"]), ca: testAuthority(), ...more });
  return { ...sender, [Symbol.dispose]: () => sender.close() };
}

function post(url: string, body: string | null = "phone=3105550142"): RequestPlan {
  const headers = [{ name: "Content-Type", value: ["application/x-www-form-urlencoded"] }];
  return { method: body === null ? "GET" : "POST", url: [url], headers, body: body === null ? null : [body] };
}

const neverWriting = (): Promise<never> => Promise.reject(new Error("too late"));

function textOf(answer: { body: Uint8Array } | null): string {
  return Buffer.from(answer?.body ?? "").toString();
}

describe("what arrives", () => {
  test("is the plan, byte for byte, with its secrets filled in and the standing headers", async () => {
    await using vendor = await startReceiver({ body: "ok" });
    using sender = newSender();
    const plan: RequestPlan = {
      method: "PUT",
      url: [vendor.url("/v1/leads?a=%2F|{x}&token="), { secret: "token", encode: "query" }],
      headers: [
        { name: "Authorization", value: ["Bearer ", { secret: "bearer", encode: "as_is" }] },
        { name: "X-Twice", value: ["one"] },
        { name: "X-Twice", value: ["two"] },
        { name: "X-Näme".replace("ä", "a"), value: ["Zoë"] },
        { name: "Content-Type", value: ["application/json"] },
        { name: "Host", value: ["elsewhere.example.com"] },
      ],
      body: ['{"name":"Zoë","key":"', { secret: "key", encode: "json" }, '"}'],
    };
    const secrets = { token: "to/ken&x", bearer: "abc", key: 'qu"ote' };
    const extraHeaders = [["webhook-id", "0190"], ["X-Twice", "three"]] as const; // prettier-ignore
    const { exchange } = await sender.send(plan, secrets, { ...options, extraHeaders });
    expect(exchange.fault).toBeNull();
    expect(textOf(exchange.answer)).toBe("ok");
    const [request] = vendor.requests;
    expect(request).toMatchObject({
      method: "PUT",
      url: "/v1/leads?a=%2F|{x}&token=to%2Fken%26x",
      text: '{"name":"Zoë","key":"qu\\"ote"}',
    });
    const sent = request?.rawHeaders.filter(([name]) => !/^(?:host|connection|content-length)$/i.test(name));
    expect(sent).toEqual([
      ["Authorization", "Bearer abc"],
      ["X-Twice", "one"],
      ["X-Twice", "two"],
      ["X-Name", Buffer.from("Zoë").toString("latin1")],
      ["Content-Type", "application/json"],
      ["webhook-id", "0190"],
      ["Accept", "*/*"],
      ["Accept-Encoding", "gzip, deflate, br"],
      ["User-Agent", "Patchbay"],
    ]);
    expect(request?.headers["host"]).toBe(`127.0.0.1:${vendor.port}`);
  });

  test("a user and password in the URL go as Basic, unless the plan has an Authorization of its own", async () => {
    await using vendor = await startReceiver();
    using sender = newSender();
    const url = vendor.url("/").replace("://", "://acme:p%40ss@");
    await sender.send(post(url), {}, options);
    await sender.send({ ...post(url), headers: [{ name: "authorization", value: ["Own"] }] }, {}, options);
    const basic = `Basic ${Buffer.from("acme:p@ss").toString("base64")}`;
    expect(vendor.requests.map(({ headers }) => headers["authorization"])).toEqual([basic, "Own"]);
  });

  test.each(["GET", "POST", "PUT", "PATCH", "DELETE"] as const)("%s, with and without a body", async (method) => {
    await using vendor = await startReceiver();
    using sender = newSender();
    await sender.send({ ...post(vendor.url("/")), method }, {}, options);
    await sender.send({ ...post(vendor.url("/"), null), method }, {}, options);
    expect(vendor.requests.map((request) => [request.method, request.text])).toEqual([
      [method, "phone=3105550142"],
      [method, ""],
    ]);
  });
});

describe("what comes back", () => {
  test.each<Coding>(["gzip", "deflate", "deflate-raw", "br", "zstd"])("%s is decompressed", async (coding) => {
    await using vendor = await startReceiver(compressed(coding, "vendor answer ".repeat(1000)));
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange).toMatchObject({ fault: null, answer: { status: 200, truncated: false } });
    expect(textOf(exchange.answer)).toBe("vendor answer ".repeat(1000));
  });

  test("a body that hardly compresses comes whole, however the network and the unpacking take turns", async () => {
    const body = randomBytes(1_000_000);
    await using vendor = await startReceiver(compressed("gzip", body));
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.answer?.truncated).toBe(false);
    expect(body.equals(exchange.answer?.body ?? Buffer.alloc(0))).toBe(true);
  });

  test("two codings over each other are undone in reverse", async () => {
    const inner = compressed("br", "both").body as Uint8Array;
    await using vendor = await startReceiver({
      headers: { "Content-Encoding": "br, gzip" },
      body: compressed("gzip", inner).body as Uint8Array,
    });
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(textOf(exchange.answer)).toBe("both");
  });

  test("an empty body may call itself gzip", async () => {
    await using vendor = await startReceiver({ status: 204, headers: { "Content-Encoding": "gzip" } });
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange).toMatchObject({ fault: null, answer: { status: 204 } });
  });

  test("a body of exactly the cap is whole, one byte more is cut", async () => {
    await using vendor = await startReceiver([{ body: "x".repeat(1000) }, { body: "x".repeat(1001) }]);
    using sender = newSender({ bodyBytesMax: 1000 });
    for (const truncated of [false, true]) {
      const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
      expect(exchange).toMatchObject({ fault: null, answer: { truncated } });
      expect(exchange.answer?.body.length).toBe(1000);
    }
  });

  test("an endless body is read up to the cap, and its sender is stopped", async () => {
    let sentBytes = 0;
    await using vendor = await startReceiver(endless((bytes) => (sentBytes = bytes)));
    using sender = newSender();
    const { exchange, call } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange).toMatchObject({ fault: null, answer: { status: 200, truncated: true } });
    expect(exchange.answer?.body.length).toBe(1_048_576);
    expect(call.response?.body.length).toBe(65_536);
    expect(call.response?.truncated).toBe(true);
    expect(sentBytes).toBeLessThan(64 * 1_048_576);
  });

  test.each<Coding>(["gzip", "deflate", "br", "zstd"])(
    "a bomb in %s is unpacked up to the cap only",
    async (coding) => {
      await using vendor = await startReceiver(bomb(40_000_000, coding));
      using sender = newSender();
      const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
      expect(exchange).toMatchObject({ fault: null, answer: { truncated: true } });
      expect(exchange.answer?.body.length).toBe(1_048_576);
    },
  );

  test("a bomb within a bomb is no different", async () => {
    const inner = bomb(40_000_000).body as Uint8Array;
    await using vendor = await startReceiver({
      headers: { "Content-Encoding": "gzip, gzip" },
      body: compressed("gzip", inner).body as Uint8Array,
    });
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.answer).toMatchObject({ truncated: true });
  });

  test("interim answers are passed over", async () => {
    await using vendor = await startReceiver(
      raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"),
    );
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange).toMatchObject({ fault: null, answer: { status: 201 } });
  });

  test("a body that ends with the connection is whole", async () => {
    await using vendor = await startReceiver(raw("HTTP/1.1 200 OK\r\n\r\nto the end"));
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.fault).toBeNull();
    expect(textOf(exchange.answer)).toBe("to the end");
  });

  test("header values are read as UTF-8, and as Latin-1 where they are not that", async () => {
    const head = Buffer.from("HTTP/1.1 200 OK\r\nX-Utf: Zoë\r\nX-Latin: Zo");
    const rest = Buffer.from("\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n");
    await using vendor = await startReceiver(raw(Buffer.concat([head, Buffer.from([0xeb]), rest])));
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.answer?.headers).toEqual([
      ["X-Utf", "Zoë"],
      ["X-Latin", "Zoë"],
      ["Set-Cookie", "a"],
      ["Set-Cookie", "b"],
      ["Content-Length", "0"],
    ]);
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("%i is the answer when they are not followed", async (status) => {
    await using vendor = await startReceiver(redirect(status, "/new"));
    using sender = newSender();
    const sent = await sender.send(post(vendor.url("/old")), {}, options);
    expect(sent).toMatchObject({ exchange: { fault: null, answer: { status } }, redirects: [] });
    expect(vendor.requests.length).toBe(1);
  });

  test.each([
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "POST", "GET"],
    [303, "PUT", "GET"],
    [301, "PUT", "PUT"],
    [302, "DELETE", "DELETE"],
    [307, "POST", "POST"],
    [308, "PATCH", "PATCH"],
  ] as const)("%i turns %s into %s", async (status, method, then) => {
    await using vendor = await startReceiver([redirect(status, "../new?b=2"), { body: "there" }]);
    using sender = newSender();
    const plan = { ...post(vendor.url("/a/old?a=1")), method };
    const sent = await sender.send(plan, {}, { ...options, followRedirects: true });
    expect(textOf(sent.exchange.answer)).toBe("there");
    const [, second] = vendor.requests;
    expect(second).toMatchObject({ method: then, url: "/new?b=2", text: then === "GET" ? "" : "phone=3105550142" });
    expect("content-type" in (second?.headers ?? {})).toBe(then !== "GET");
    expect(sent.redirects).toMatchObject([{ status, request: { method, url: vendor.url("/a/old?a=1") } }]);
    expect(sent.call).toMatchObject({ status: 200, request: { method: then, url: vendor.url("/new?b=2") } });
  });

  test("a user and password of the URL stay with the origin, and out of the record", async () => {
    await using vendor = await startReceiver([redirect(307, "/next#x"), 200]);
    using sender = newSender();
    const plan = post(vendor.url("/").replace("://", "://u:pw@"));
    const sent = await sender.send(plan, {}, { ...options, followRedirects: true });
    const basic = `Basic ${Buffer.from("u:pw").toString("base64")}`;
    expect(vendor.requests.map(({ headers }) => headers["authorization"])).toEqual([basic, basic]);
    expect(sent.call.request.url).toBe(vendor.url("/next"));
  });

  test("three are followed", async () => {
    await using vendor = await startReceiver([redirect(307, "/1"), redirect(307, "/2"), redirect(307, "/3"), 201]);
    using sender = newSender();
    const sent = await sender.send(post(vendor.url("/")), {}, { ...options, followRedirects: true });
    expect(sent).toMatchObject({ exchange: { fault: null, answer: { status: 201 } } });
    expect(sent.redirects.length).toBe(3);
  });

  test.each([
    ["another host", (port: number) => `http://127.0.0.2:${port}/`],
    ["another port", () => "http://127.0.0.1:9/"],
    ["another scheme", (port: number) => `https://127.0.0.1:${port}/`],
    ["a guarded address", () => "http://169.254.169.254/latest/meta-data"],
    ["no http at all", () => "file:///etc/passwd"],
    ["another host without a scheme", () => "//127.0.0.2/"],
  ])("to %s: refused, the credentials stay here", async (_name, to) => {
    await using vendor = await startReceiver((_request) => redirect(307, to(vendor.port)));
    using sender = newSender();
    const sent = await sender.send(post(vendor.url("/")), {}, { ...options, followRedirects: true });
    expect(sent.exchange).toMatchObject({ fault: { code: "redirect_refused" }, answer: { status: 307 } });
    expect(vendor.requests.length).toBe(1);
  });

  test.each(["http://[", ""])("a Location that can't be read is no redirect: %j", async (location) => {
    await using vendor = await startReceiver(redirect(302, location));
    using sender = newSender({ bodyBytesMax: 100 });
    const sent = await sender.send(post(vendor.url("/")), {}, { ...options, followRedirects: true });
    expect(sent.exchange.answer?.status).toBe(302);
  });

  test("the time-out is over all hops together", async () => {
    const hop = after(150, redirect(307, "/again"));
    await using vendor = await startReceiver([hop, hop, hop, after(150)]);
    using sender = newSender();
    const sent = await sender.send(post(vendor.url("/")), {}, { timeoutMs: 400, followRedirects: true });
    expect(sent.exchange.fault).toMatchObject({ code: "response_timeout", answerLost: true });
  });
});

describe("connections", () => {
  test("one is kept for the next request, whose DNS, connect and TLS then are null", async () => {
    await using vendor = await startReceiver(echo, { tls: "good" });
    using sender = newSender();
    const first = await sender.send(post(vendor.url("/")), {}, options);
    expect(first.exchange.timing).toEqual({
      dns_ms: expect.any(Number) as number,
      connect_ms: expect.any(Number) as number,
      tls_ms: expect.any(Number) as number,
      first_byte_ms: expect.any(Number) as number,
      total_ms: expect.any(Number) as number,
    });
    const second = await sender.send(post(vendor.url("/")), {}, options);
    expect(second.exchange.timing).toMatchObject({ dns_ms: null, connect_ms: null, tls_ms: null });
    expect(vendor.connections).toBe(1);
  });

  test("one whose vendor closed it meanwhile is replaced", async () => {
    await using vendor = await startReceiver(echo);
    using sender = newSender();
    await sender.send(post(vendor.url("/")), {}, options);
    vendor.dropConnections();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange).toMatchObject({ fault: null, answer: { status: 200 } });
    expect(vendor.connections).toBe(2);
  });

  test("one that closes on the next request before any byte: the request goes out once more, on a fresh one", async () => {
    await using vendor = await startReceiver([200, hangUp(), { body: "after all" }]);
    using sender = newSender();
    await sender.send(post(vendor.url("/")), {}, options);
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.fault).toBeNull();
    expect(textOf(exchange.answer)).toBe("after all");
    expect(vendor.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  test("once more is once: a fresh one that closes too is a fault", async () => {
    await using vendor = await startReceiver([200, hangUp(), hangUp(), 200]);
    using sender = newSender();
    await sender.send(post(vendor.url("/")), {}, options);
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.fault).toMatchObject({ code: "connection_reset", answerLost: true });
    expect(vendor.requests.length).toBe(3);
  });

  test("a fresh one that closes is not tried again", async () => {
    await using vendor = await startReceiver([hangUp(), 200]);
    using sender = newSender();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.fault).toMatchObject({ code: "connection_reset", answerLost: true });
    expect(vendor.requests.length).toBe(1);
  });

  test("a kept one that closes after some bytes is not tried again", async () => {
    await using vendor = await startReceiver([200, hangUp("within body"), 200]);
    using sender = newSender();
    await sender.send(post(vendor.url("/")), {}, options);
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange).toMatchObject({ fault: { code: "connection_reset", answerLost: true }, answer: { status: 200 } });
    expect(vendor.requests.length).toBe(2);
  });

  test("when the vendor is gone for good after a kept one closed, the answer counts as lost", async () => {
    await using vendor = await startReceiver([
      200,
      (request, wire) => {
        void vendor.close();
        return hangUp()(request, wire);
      },
    ]);
    using sender = newSender();
    await sender.send(post(vendor.url("/")), {}, options);
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.fault).toMatchObject({ code: "connection_refused", answerLost: true });
    await vendor.close().catch(() => undefined);
  });

  test("one with Connection: close, and one with half an answer, are not kept", async () => {
    await using vendor = await startReceiver([
      { headers: { Connection: "close" }, body: "bye" },
      { body: "x".repeat(10_000) },
      200,
    ]);
    using sender = newSender({ bodyBytesMax: 10 });
    for (let i = 0; i < 3; i++) await sender.send(post(vendor.url("/")), {}, options);
    expect(vendor.connections).toBe(3);
  });

  test("one that the vendor keeps for a second only is not used again", async () => {
    await using vendor = await startReceiver({ headers: { "Keep-Alive": "timeout=1" } });
    using sender = newSender();
    for (let i = 0; i < 2; i++) await sender.send(post(vendor.url("/")), {}, options);
    expect(vendor.connections).toBe(2);
  });

  test("a request may be held when its connection is there; that time counts for nothing", async () => {
    await using vendor = await startReceiver({ body: "ok" });
    using sender = newSender();
    const heldMs = 1_500;
    let before: { connections: number; requests: number } | null = null;
    const held = async (): Promise<void> => {
      await sleep(heldMs);
      before = { connections: vendor.connections, requests: vendor.requests.length };
    };
    for (const kept of [false, true]) {
      const { exchange } = await sender.send(
        post(vendor.url("/")),
        {},
        { ...options, timeoutMs: 1_200, beforeWriting: held },
      );
      expect(exchange.fault).toBeNull();
      expect(exchange.timing.total_ms).toBeLessThan(heldMs);
      expect(before).toEqual({ connections: 1, requests: kept ? 1 : 0 });
    }
  });

  test("one that may not be written after all leaves its connection to the next", async () => {
    await using vendor = await startReceiver({ body: "ok" });
    using sender = newSender();
    for (let n = 0; n < 2; n++)
      await expect(sender.send(post(vendor.url("/")), {}, { ...options, beforeWriting: neverWriting })).rejects.toThrow(
        "too late",
      );
    expect(vendor.requests).toHaveLength(0);
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(textOf(exchange.answer)).toBe("ok");
    expect([vendor.connections, vendor.requests.length]).toEqual([1, 1]);
  });

  test("one that was kept unused and closed by the vendor meanwhile is made anew", async () => {
    await using vendor = await startReceiver({ body: "ok" });
    using sender = newSender();
    await sender.send(post(vendor.url("/")), {}, { ...options, beforeWriting: neverWriting }).catch(() => {});
    vendor.dropConnections();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(textOf(exchange.answer)).toBe("ok");
    expect([vendor.connections, vendor.requests.length]).toEqual([2, 1]);
  });

  test("requests at one time go side by side, and their connections are kept", async () => {
    await using vendor = await startReceiver(after(50));
    using sender = newSender();
    for (let round = 0; round < 2; round++)
      await Promise.all(Array.from({ length: 20 }, () => sender.send(post(vendor.url("/")), {}, options)));
    expect(vendor.requests.length).toBe(40);
    expect(vendor.connections).toBe(20);
  });

  test("one vendor that hangs delays no other", async () => {
    await using hanging = await startReceiver(after(1_000));
    await using good = await startReceiver();
    using sender = newSender();
    const ended: string[] = [];
    await Promise.all([
      sender.send(post(hanging.url("/")), {}, options).then(() => ended.push("hanging")),
      sender.send(post(good.url("/")), {}, options).then(() => ended.push("good")),
    ]);
    expect(ended).toEqual(["good", "hanging"]);
  });

  test("closing lets go of idle ones, so that the vendor sees them end", async () => {
    await using vendor = await startReceiver();
    const sender = newSender();
    await sender.send(post(vendor.url("/")), {}, options);
    sender.close();
    const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
    expect(exchange.answer?.status).toBe(200);
    expect(vendor.connections).toBe(2);
  });
});

test("whatever bytes come, there is an answer or a fault, and the sender goes on", async () => {
  const whole = Buffer.from(
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
  );
  let next: Buffer = whole;
  await using vendor = await startReceiver((request, wire) => raw(next)(request, wire));
  using sender = newSender();
  const changed = fc
    .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 })
    .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.fill(byte, at, at + 1), Buffer.from(whole)));
  const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed, anyBytes), async (bytes) => {
      next = bytes;
      const { exchange, call } = await sender.send(post(vendor.url("/")), {}, { ...options, timeoutMs: 2_000 });
      expect(exchange.answer !== null || exchange.fault !== null).toBe(true);
      expect(JSON.stringify(call)).not.toContain("\\u0000");
    }),
    { numRuns: 60 },
  );
  vendor.answer({ body: "still here" });
  const { exchange } = await sender.send(post(vendor.url("/")), {}, options);
  expect(textOf(exchange.answer)).toBe("still here");
});
