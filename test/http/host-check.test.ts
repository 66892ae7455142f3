import type { FastifyRequest } from "fastify";
import { describe, expect, test } from "vitest";
import { createHostCheck, fromLoopback } from "../../src/http/host-check.ts";
import { createSiteCheck } from "../../src/http/mount-sign-in.ts";
import { isSetupCode, setupCode } from "../../src/http/setup-code.ts";
import { ProblemError } from "../../src/core/problem-error.ts";

const ask = (known: Parameters<typeof createHostCheck>[0], host: string | undefined, localAddress = "127.0.0.1") => {
  try {
    createHostCheck(known)({ headers: { host }, socket: { localAddress } } as unknown as FastifyRequest);
    return "known";
  } catch (error) {
    return error instanceof ProblemError ? error.code : error;
  }
};
const publicUrl = "https://patchbay.example.com";

describe("which names the page answers to", () => {
  test.each([
    ["a loopback name", { host: "127.0.0.1", publicUrl: null }, "localhost:8080", "127.0.0.1", "known"],
    ["the address listened on", { host: "10.0.0.7", publicUrl: null }, "10.0.0.7:8080", "10.0.0.7", "known"],
    [
      "the name listened on",
      { host: "intern.example.com", publicUrl: null },
      "Intern.Example.com",
      "10.0.0.7",
      "known",
    ],
    ["another address", { host: "10.0.0.7", publicUrl: null }, "10.0.0.8", "10.0.0.7", "wrong_host"],
    ["the public name", { host: "127.0.0.1", publicUrl }, "patchbay.example.com", "127.0.0.1", "known"],
    ["the public name and a port", { host: "127.0.0.1", publicUrl }, "patchbay.example.com:443", "127.0.0.1", "known"],
    [
      "a name around the public one",
      { host: "127.0.0.1", publicUrl },
      "x.patchbay.example.com",
      "127.0.0.1",
      "wrong_host",
    ],
    [
      "on all addresses, the one it came in by",
      { host: "0.0.0.0", publicUrl: null },
      "10.0.0.7:80",
      "10.0.0.7",
      "known",
    ],
    ["so over IPv6", { host: "::", publicUrl: null }, "[2001:db8::7]", "2001:db8::7", "known"],
    ["so, mapped", { host: "::", publicUrl: null }, "10.0.0.7", "::ffff:10.0.0.7", "known"],
    [
      "on all addresses, a foreign name",
      { host: "0.0.0.0", publicUrl: null },
      "evil.example",
      "10.0.0.7",
      "wrong_host",
    ],
    ["no name", { host: "127.0.0.1", publicUrl: null }, undefined, "127.0.0.1", "wrong_host"],
    ["no host at all", { host: "127.0.0.1", publicUrl: null }, "a b", "127.0.0.1", "wrong_host"],
  ])("%s", (_name, known, host, local, wanted) => {
    expect(ask(known, host, local)).toBe(wanted);
  });
});

test.each([
  ["127.0.0.1", {}, true],
  ["127.8.8.8", {}, true],
  ["::1", {}, true],
  ["::ffff:127.0.0.1", {}, true],
  ["10.0.0.7", {}, false],
  ["127.0.0.1", { "x-forwarded-for": "127.0.0.1" }, false],
  ["127.0.0.1", { forwarded: "for=127.0.0.1" }, false],
])("a caller at %s with %j sits on the server: %s", (remoteAddress, headers, wanted) => {
  expect(fromLoopback({ headers, socket: { remoteAddress } } as unknown as FastifyRequest)).toBe(wanted);
});

test.each([
  ["the page's own", { origin: "http://localhost:8080" }, "lets in"],
  ["the public one", { origin: publicUrl }, "lets in"],
  ["none, from no browser", {}, "lets in"],
  ["none, from this site", { "sec-fetch-site": "same-origin" }, "lets in"],
  ["none, from another site", { "sec-fetch-site": "cross-site" }, "forbidden"],
  ["another port", { origin: "http://localhost:9090" }, "forbidden"],
  ["another site", { origin: "https://evil.example" }, "forbidden"],
  ["a page without one", { origin: "null" }, "forbidden"],
])("a write by cookie whose Origin is %s", (_name, headers, wanted) => {
  const check = (method: string): unknown => {
    try {
      createSiteCheck(publicUrl)({ method, headers, host: "localhost:8080" } as unknown as FastifyRequest);
      return "lets in";
    } catch (error) {
      return (error as ProblemError).code;
    }
  };
  expect([check("POST"), check("GET")]).toEqual([wanted, "lets in"]);
});

test("the one-time code is the same in every process, and taken however it is spaced", () => {
  const code = setupCode("the installation's secret");
  expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}$/);
  expect(setupCode("the installation's secret")).toBe(code);
  expect(setupCode("another")).not.toBe(code);
  for (const typed of [code, code.toLowerCase(), code.replaceAll("-", ""), ` ${code.replaceAll("-", " ")} `])
    expect(isSetupCode(typed, code)).toBe(true);
  for (const typed of ["", code.slice(1), `${code}A`, "AAAA-AAAA-AAAA"]) expect(isSetupCode(typed, code)).toBe(false);
});
