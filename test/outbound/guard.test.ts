import { describe, expect, test } from "vitest";
import type { RequestPlan } from "../../src/core/request.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import type { Resolve } from "../../src/outbound/open-socket.ts";
import { createSender } from "../../src/outbound/send.ts";
import { redirect } from "../receiver-acts.ts";
import { testAuthority } from "../receiver-certificates.ts";
import { closedPort, startReceiver } from "../receiver.ts";

const options = { timeoutMs: 3_000, followRedirects: true };
const get = (url: string): RequestPlan => ({ method: "GET", url: [url], headers: [], body: null });

/** A name service that knows one answer. */
const at =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address }));

describe("the guard, at the socket", () => {
  test.each([
    ["127.0.0.1", (port: number) => `http://127.0.0.1:${port}/`],
    ["hexadecimal", (port: number) => `http://0x7f.1:${port}/`],
    ["one number", (port: number) => `http://2130706433:${port}/`],
    ["octal", (port: number) => `http://0177.0.0.1:${port}/`],
    ["shortened", (port: number) => `http://127.1:${port}/`],
    ["a trailing dot", (port: number) => `http://127.0.0.1.:${port}/`],
    ["IPv4-mapped IPv6", (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
    ["percent-encoded", (port: number) => `http://%31%32%37.0.0.1:${port}/`],
    ["full-width digits", (port: number) => `http://１２７.0.0.1:${port}/`],
    ["other full stops", (port: number) => `http://127。0。0。1:${port}/`],
    ["behind a user name", (port: number) => `http://vendor.example.com@127.0.0.1:${port}/`],
    ["a backslash", (port: number) => `http:\\\\127.0.0.1:${port}\\@vendor.example.com/`],
    ["localhost", (port: number) => `http://localhost:${port}/`],
    ["localhost in capitals", (port: number) => `http://LOCALHOST:${port}/`],
    ["unspecified", (port: number) => `http://0.0.0.0:${port}/`],
    ["zero", (port: number) => `http://0:${port}/`],
    ["IPv6 unspecified", (port: number) => `http://[::]:${port}/`],
  ])("stops a literal: %s", async (_name, url) => {
    await using vendor = await startReceiver();
    const sender = createSender({ guard: createAddressGuard([]) });
    const { exchange } = await sender.send(get(url(vendor.port)), {}, options);
    expect(exchange.fault?.code).toBe("blocked_address");
    expect(vendor.connections).toBe(0);
  });

  test("stops a name that leads to a guarded address, and says where it leads", async () => {
    await using vendor = await startReceiver();
    const resolve = at("127.0.0.1");
    const sender = createSender({ guard: createAddressGuard([]), resolve });
    const { exchange } = await sender.send(get(`http://crm.example.com:${vendor.port}/`), {}, options);
    expect(exchange.fault).toEqual({
      code: "blocked_address",
      detail: "crm.example.com is at 127.0.0.1, which is a loopback address",
      answerLost: false,
    });
    expect(vendor.connections).toBe(0);
  });

  test("a name that changes its mind gains nothing: one look-up, and what was judged is dialled", async () => {
    await using vendor = await startReceiver();
    const asked: string[] = [];
    const judged: string[] = [];
    const real = createAddressGuard(["127.0.0.2"]);
    const sender = createSender({
      resolve: async (host) => {
        asked.push(host);
        return [{ address: asked.length === 1 ? "127.0.0.2" : "127.0.0.1" }];
      },
      guard: (host, port, address) => {
        judged.push(address);
        return real(host, port, address);
      },
    });
    const url = `http://crm.example.com:${vendor.port}/`;
    const first = await sender.send(get(url), {}, options);
    expect(first.exchange.fault?.code).toBe("connection_refused"); // by 127.0.0.2, where nothing listens
    expect([asked, judged]).toEqual([["crm.example.com"], ["127.0.0.2"]]);
    const second = await sender.send(get(url), {}, options);
    expect(second.exchange.fault?.code).toBe("blocked_address");
    expect(vendor.connections).toBe(0);
  });

  test("of several addresses only those that may be called are dialled", async () => {
    await using vendor = await startReceiver();
    const resolve = at("10.0.0.1", "127.0.0.1", "::1");
    const sender = createSender({ guard: createAddressGuard(["127.0.0.1"]), resolve });
    const { exchange } = await sender.send(get(`http://crm.example.com:${vendor.port}/`), {}, options);
    expect(exchange.answer?.status).toBe(200);
    sender.close();
  });

  test("the next address is tried when the first takes no connection", async () => {
    await using vendor = await startReceiver();
    const resolve = at("127.0.0.9", "127.0.0.8", "127.0.0.1");
    const sender = createSender({ guard: createAddressGuard(["127.0.0.0/8"]), resolve });
    const { exchange } = await sender.send(get(`http://crm.example.com:${vendor.port}/`), {}, options);
    expect(exchange.answer?.status).toBe(200);
    sender.close();
  });

  test("when none does, all are named", async () => {
    const port = await closedPort();
    const resolve = at("127.0.0.9", "127.0.0.8");
    const sender = createSender({ guard: createAddressGuard(["127.0.0.0/8"]), resolve });
    const { exchange } = await sender.send(get(`http://crm.example.com:${port}/`), {}, options);
    expect(exchange.fault).toMatchObject({
      code: "connection_refused",
      detail: `127.0.0.9:${port}, 127.0.0.8:${port} takes no connections`,
    });
  });

  test("a redirect to the same origin dials anew only to what is judged anew", async () => {
    await using vendor = await startReceiver([
      { status: 307, headers: { Location: "/again", Connection: "close" } },
      200,
    ]);
    let look = 0;
    const sender = createSender({
      resolve: async () => [{ address: ++look === 1 ? "127.0.0.1" : "10.0.0.1" }],
      guard: createAddressGuard(["127.0.0.1"]),
    });
    const { exchange } = await sender.send(get(`http://crm.example.com:${vendor.port}/`), {}, options);
    expect(exchange.fault).toMatchObject({ code: "blocked_address" });
    expect(vendor.requests.length).toBe(1);
  });

  test("a redirect to a guarded address is refused", async () => {
    await using vendor = await startReceiver(redirect(302, "http://169.254.169.254/latest/meta-data/"));
    const sender = createSender({ guard: createAddressGuard([vendor.allow]) });
    const { exchange } = await sender.send(get(vendor.url("/")), {}, options);
    expect(exchange.fault?.code).toBe("redirect_refused");
    sender.close();
  });

  test("a certificate is checked against the name, whatever address it is dialled at", async () => {
    await using vendor = await startReceiver(200, { tls: "good" });
    const resolve = at("127.0.0.1");
    const sender = createSender({ guard: createAddressGuard(["127.0.0.1"]), resolve, ca: testAuthority() });
    const good = await sender.send(get(`https://crm.example.com:${vendor.port}/`), {}, options);
    expect(good.exchange.fault).toBeNull();
    const bad = await sender.send(get(`https://crm.example.org:${vendor.port}/`), {}, options);
    expect(bad.exchange.fault?.code).toBe("tls_hostname");
    sender.close();
  });
});
