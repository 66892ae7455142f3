import { expect, test } from "vitest";
import type { RequestPlan } from "../../src/core/request.ts";
import { createAddressGuard } from "../../src/outbound/address-guard.ts";
import { readOutboundProxy } from "../../src/outbound/proxy-tunnel.ts";
import { createSender } from "../../src/outbound/send.ts";
import { startProxy } from "../receiver-proxy.ts";
import { testAuthority } from "../receiver-certificates.ts";
import { closedPort, startReceiver, startTcpReceiver } from "../receiver.ts";

/** PATCHBAY_OUTBOUND_PROXY: we resolve, check, and CONNECT to that very address. 203.0.113.0/24 is for documentation. */

const options = { timeoutMs: 3_000, followRedirects: false };
const post = (url: string): RequestPlan => ({ method: "POST", url: [url], headers: [], body: ["a=1"] });

function through(proxyUrl: string, addresses: string[] = ["203.0.113.7"]) {
  return createSender({
    guard: createAddressGuard([]),
    resolve: async () => addresses.map((address) => ({ address })),
    ca: testAuthority(),
    proxy: readOutboundProxy(proxyUrl),
  });
}

async function faultBy(port: number, timeoutMs = 3_000) {
  const sender = through(`http://127.0.0.1:${port}`);
  return (await sender.send(post("http://crm.example.com/"), {}, { ...options, timeoutMs })).exchange.fault;
}

test.each([["plain", undefined] as const, ["TLS", "good"] as const])(
  "%s goes through a tunnel to the resolved address, and the tunnel is kept",
  async (_name, tls) => {
    await using vendor = await startReceiver({ body: "hello" }, tls === undefined ? {} : { tls });
    await using proxy = await startProxy(vendor);
    const sender = through(proxy.url);
    const url = `${tls === undefined ? "http" : "https"}://crm.example.com:8443/leads?a=1`;
    for (let i = 0; i < 2; i++) {
      const { exchange } = await sender.send(post(url), {}, options);
      expect(exchange).toMatchObject({ fault: null, answer: { status: 200 } });
    }
    expect(proxy.asked).toEqual([["203.0.113.7:8443", undefined]]);
    expect(vendor.requests[0]).toMatchObject({ url: "/leads?a=1", headers: { host: "crm.example.com:8443" } });
    expect(vendor.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
    sender.close();
  },
);

test("an IPv6 address is asked for in brackets, a user and password go to the proxy alone", async () => {
  await using vendor = await startReceiver();
  await using proxy = await startProxy(vendor);
  const sender = through(proxy.url.replace("://", "://acme:p%40ss@"), ["2001:db8::7"]);
  await sender.send(post("http://crm.example.com/"), {}, options);
  const basic = `Basic ${Buffer.from("acme:p@ss").toString("base64")}`;
  expect(proxy.asked).toEqual([["[2001:db8::7]:80", basic]]);
  sender.close();
});

test("a guarded address is not asked for", async () => {
  await using vendor = await startReceiver();
  await using proxy = await startProxy(vendor);
  const sender = through(proxy.url, ["10.0.0.1"]);
  const byName = await sender.send(post("http://crm.example.com/"), {}, options);
  const literal = await sender.send(post("http://0x7f.1/"), {}, options);
  expect([byName, literal].map(({ exchange }) => exchange.fault?.code)).toEqual(["blocked_address", "blocked_address"]);
  expect(proxy.asked).toEqual([]);
});

test.each([403, 407, 502])("a proxy that answers %i is named as what refuses", async (status) => {
  await using vendor = await startReceiver();
  await using proxy = await startProxy(vendor, status);
  const { exchange } = await through(proxy.url).send(post("http://crm.example.com/"), {}, options);
  expect(exchange.fault).toEqual({
    code: "connection_refused",
    detail: `the outbound proxy answered ${status} when asked for 203.0.113.7:80`,
    answerLost: false,
  });
});

test("a proxy that is not there, speaks no HTTP, hangs up or hangs is named too", async () => {
  expect(await faultBy(await closedPort())).toMatchObject({
    code: "connection_refused",
    detail: expect.stringContaining("the outbound proxy: 127.0.0.1") as string,
  });
  await using banner = await startTcpReceiver((socket) => socket.write("SSH-2.0 hello\r\n\r\n"));
  expect(await faultBy(banner.port)).toMatchObject({ detail: "the outbound proxy does not answer in HTTP" });
  await using rude = await startTcpReceiver((socket) => socket.destroy());
  expect(await faultBy(rude.port)).toMatchObject({ code: "connection_refused" });
  await using silent = await startTcpReceiver(() => undefined);
  expect(await faultBy(silent.port, 200)).toMatchObject({
    code: "connect_timeout",
    detail: "the outbound proxy opened no way to 203.0.113.7:80 within 0.2 s",
  });
});

test.each([
  ["http://proxy.example.com:3128", { host: "proxy.example.com", port: 3128, secure: false, authorization: null }],
  ["https://proxy.example.com", { host: "proxy.example.com", port: 443, secure: true, authorization: null }],
  ["http://[::1]:3128/", { host: "::1", port: 3128, secure: false, authorization: null }],
  ["socks5://proxy.example.com", null],
  ["proxy.example.com:3128", null],
  ["http://a%zz:b@proxy.example.com", null],
  ["", null],
])("%s is read", (text, proxy) => {
  expect(readOutboundProxy(text)).toEqual(proxy);
});
