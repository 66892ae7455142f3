import { describe, expect, test } from "vitest";
import { Call } from "../../src/contracts/delivery.ts";
import type { RequestPlan } from "../../src/core/request.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { createSender } from "../../src/outbound/send.ts";
import { compressed, echo, hangUp, raw, redirect } from "../receiver-acts.ts";
import { type Reply, startReceiver } from "../receiver.ts";

/** Secrets planted in B (URL), C (query), D (headers) and the body, echoed by the vendor, never reach the record. */

const mask = "••••••••";
const options = { timeoutMs: 3_000, followRedirects: true };
const secrets = {
  inUrl: "url-s3cret/ä",
  inQuery: 'query s3cret&"x"',
  inHeader: "header-s3cret\\+1",
  inBody: 'body\n"s3cret"',
  /** As a header's name or a host may hold it. */
  plain: "Plain-s3cret-9",
  short: "a1b2",
};

function planFor(origin: string): RequestPlan {
  return {
    method: "POST",
    url: [
      `${origin}/hook/`,
      { secret: "inUrl", encode: "query" },
      "?api_key=",
      { secret: "inQuery", encode: "form" },
      "&pin=",
      { secret: "short", encode: "query" },
    ],
    headers: [
      { name: "Content-Type", value: ["application/json"] },
      { name: "Authorization", value: ["Token ", { secret: "inHeader", encode: "as_is" }] },
      { name: "X-Pin", value: [{ secret: "short", encode: "as_is" }] },
      { name: "X-Plain", value: [{ secret: "plain", encode: "as_is" }] },
    ],
    body: ['{"key":"', { secret: "inBody", encode: "json" }, '","name":"Zoë"}'],
  };
}

function expectClean(what: unknown): void {
  const text = JSON.stringify(what);
  const texts = [text, JSON.stringify(JSON.stringify(what)), safeDecode(text)].map((one) => one.toLowerCase());
  for (const secret of [secrets.inUrl, secrets.inQuery, secrets.inHeader, secrets.inBody, secrets.plain])
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      new URLSearchParams([["", secret]]).toString().slice(1),
      Buffer.from(secret).toString("base64").slice(0, -4),
      Buffer.from(secret).toString("hex"),
    ])
      for (const where of texts) expect(where).not.toContain(form.toLowerCase());
  expect(text).not.toMatch(/s3cret|header-|\bs.?3.?c.?r.?e.?t/i);
}

function safeDecode(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

const echoes: [string, Reply][] = [
  ["as JSON, with all headers", echo],
  ["as text", (request) => ({ body: `${request.url}\n${request.text}` })],
  ["URL-encoded", (request) => ({ body: encodeURIComponent(request.text + request.headers["authorization"]) })],
  ["as base64", (request) => ({ body: Buffer.from(request.headers["authorization"] ?? "").toString("base64") })],
  ["in gzip", (request) => compressed("gzip", JSON.stringify(request.text))],
  ["in a header", (request) => ({ headers: { "X-You-Sent": request.headers["authorization"] ?? "" }, body: "x" })],
  ["in a redirect that is refused", (request) => redirect(302, `https://other.example.com${request.url}`)],
  ["in UTF-16", (request) => ({ headers: { "Content-Type": "text/plain; charset=utf-16le" }, body: Buffer.from(request.text, "utf16le") })], // prettier-ignore
  ["before hanging up", (request, wire) => hangUp("within body")(request, wire)],
  ["in what is no HTTP", (request, wire) => raw(request.text)(request, wire)],
  ["in what is no HTTP, so that a quote of it ends within the secret", (request, wire) => raw(`SSH-2.0 a server that echoes ${request.headers["authorization"]}`)(request, wire)], // prettier-ignore
  ["in Content-Type", (request) => ({ headers: { "Content-Type": `text/${request.headers["authorization"]}` }, body: "x" })], // prettier-ignore
  ["in Content-Type, URL-encoded", (request) => ({ headers: { "Content-Type": `text/plain; of="${encodeURIComponent(request.text)}"` }, body: "x" })], // prettier-ignore
  ["in Content-Encoding", (request) => ({ headers: { "Content-Encoding": request.headers["authorization"]! }, body: "x" })], // prettier-ignore
  ["in Content-Encoding, so that a quote of it ends within the secret", (request) => ({ headers: { "Content-Encoding": `a-coding-of-thirty-letters-${request.headers["authorization"]}` }, body: "x" })], // prettier-ignore
  ["in a header's name", (request) => ({ headers: { [`X-${request.headers["x-plain"]}`]: "x" }, body: "x" })],
  ["in a redirect to a host of that name", (request) => redirect(302, `https://${request.headers["x-plain"]}.example.com/`)], // prettier-ignore
  ["in capitals", (request) => ({ body: request.headers["authorization"]!.toUpperCase() })],
  ["HTML-escaped", (request) => ({ body: `<p>${request.text.replaceAll('"', "&quot;").replaceAll("\n", "&#10;")}</p>` })], // prettier-ignore
  ["in hexadecimal digits", (request) => ({ body: request.body.toString("hex") })],
  ["in base64 of base64", (request) => ({ body: Buffer.from(request.body.toString("base64")).toString("base64") })],
  ["in JSON in JSON", (request) => ({ body: JSON.stringify(JSON.stringify(request.text)) })],
  ["in UTF-16 that calls itself nothing", (request) => ({ headers: { "Content-Type": "text/plain" }, body: Buffer.from(request.text, "utf16le") })], // prettier-ignore
];

describe("a vendor echoes", () => {
  test.each(echoes)("%s", async (_name, script) => {
    await using vendor = await startReceiver(script);
    const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
    const { call, redirects, exchange } = await sender.send(planFor(vendor.origin), secrets, options);
    sender.close();
    expect(vendor.requests[0]?.url).toContain("s3cret"); // it did go out
    expectClean([call, redirects, exchange.fault]);
    expect(call.request).toMatchObject({
      url: `${vendor.origin}/hook/${mask}?api_key=${mask}&pin=${mask}`,
      body: `{"key":"${mask}","name":"Zoë"}`,
    });
    expect(call.request.headers.slice(0, 3)).toEqual([
      ["Content-Type", "application/json"],
      ["Authorization", `Token ${mask}`],
      ["X-Pin", mask],
    ]);
    expect(Call.parse(call)).toEqual(call);
  });

  test("in a redirect that is followed", async () => {
    await using vendor = await startReceiver([(request) => redirect(307, `/next${request.url}`), echo]);
    const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
    const { call, redirects } = await sender.send(planFor(vendor.origin), secrets, options);
    sender.close();
    expect(vendor.requests.length).toBe(2);
    expectClean([call, redirects]);
  });

  test("a secret that the cap cuts in two", async () => {
    await using vendor = await startReceiver((request) => ({ body: `....${request.headers["authorization"]}` }));
    for (let bodyBytesMax = 10; bodyBytesMax < 24; bodyBytesMax++) {
      const sender = createSender({ guard: createAddressGuard([vendor.allow]), bodyBytesMax });
      const { call } = await sender.send(planFor(vendor.origin), secrets, options);
      sender.close();
      expect(call.response?.body).not.toContain("head");
    }
  });
});

test("a host that is a secret is not shown in Punycode, which everybody can read", async () => {
  await using vendor = await startReceiver(() => redirect(302, "https://gehéim-wört.example.com/"));
  const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
  const sent = await sender.send(planFor(vendor.origin), { ...secrets, host: "gehéim-wört" }, options);
  sender.close();
  expect(sent.exchange.fault?.detail).toBe(
    `the vendor sends the call on to https:, another origin than ${vendor.origin}`,
  );
  expect(sent.call.response?.headers).toContainEqual(["Location", `https://${mask}.example.com/`]);
});

test("what a fault or the result says can be masked by its caller", async () => {
  await using vendor = await startReceiver();
  const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
  const sent = await sender.send(planFor(vendor.origin), secrets, options);
  expect(sent.mask(`the answer names ${secrets.inHeader}`)).toBe(`the answer names ${mask}`);
  sender.close();
});

test("a secret that equals a content type hides the answer's, but not what the admin chose to send", async () => {
  await using vendor = await startReceiver({ body: {} });
  const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
  const plan: RequestPlan = {
    method: "POST",
    url: [vendor.url("/")],
    headers: [
      { name: "Content-Type", value: ["application/json"] },
      { name: "Accept", value: ["application/json"] },
      { name: "X-Kind", value: [{ secret: "kind", encode: "as_is" }] },
    ],
    body: ["{}"],
  };
  const { call } = await sender.send(plan, { kind: "application/json" }, options);
  expect(call.request.headers.slice(0, 3)).toEqual([
    ["Content-Type", "application/json"],
    ["Accept", "application/json"],
    ["X-Kind", mask],
  ]);
  expect(call.response?.headers).toContainEqual(["Content-Type", mask]);
  sender.close();
});

async function recordOf(script: Reply, body: string): Promise<Call> {
  await using vendor = await startReceiver(script);
  const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
  const plan: RequestPlan = { method: "POST", url: [vendor.url("/")], headers: [], body: [body] };
  const { call } = await sender.send(plan, {}, options);
  sender.close();
  return call;
}

describe("the record", () => {
  test("keeps 64 KiB of each body, never half a character, and says that it is cut", async () => {
    const call = await recordOf({ body: `x${"€".repeat(30_000)}` }, `x${"€".repeat(30_000)}`);
    for (const part of [call.request, call.response]) {
      expect(part?.body).toBe(`x${"€".repeat(21_845)}`);
      expect(part?.truncated).toBe(true);
    }
  });

  test("holds nothing that PostgreSQL's jsonb refuses", async () => {
    const call = await recordOf({ body: Buffer.from([0x61, 0, 0x62, 0xff, 0xc3]) }, "a\0b\ud800c");
    expect(call.response?.body).toBe("a\ufffdb\ufffd\ufffd");
    expect(call.request.body).toBe("a\ufffdb\ufffdc");
  });

  test.each([
    ["iso-8859-1", Buffer.from("Zoë", "latin1"), "Zoë"],
    ["utf-16le", Buffer.from("Zoë", "utf16le"), "Zoë"],
    ["no-such-charset", Buffer.from("Zoë"), "Zoë"],
    ["utf-8", Buffer.from("Zoë", "latin1"), "Zo\ufffd"],
  ])("shows a body in %s as text", async (charset, body, shown) => {
    const call = await recordOf({ headers: { "Content-Type": `text/plain; charset=${charset}` }, body }, "");
    expect(call.response?.body).toBe(shown);
  });
});
