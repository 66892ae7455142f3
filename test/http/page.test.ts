import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "../../src/contracts/endpoints/index.ts";
import { registerPage } from "../../src/http/page.ts";
import { createServer } from "../../src/http/server.ts";
import { askRaw } from "../fuzz/ask-raw.ts";
import { startPatchbay } from "./patchbay.ts";

const patchbay = startPatchbay();

type Line = { readonly level: number; readonly msg: string; readonly err?: object };

describe("the page", () => {
  let base = "";
  const logged: Line[] = [];
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "patchbay-page-"));
    mkdirSync(join(folder, "assets"));
    writeFileSync(
      join(folder, "index.html"),
      '<html><head><meta name="csp-nonce" content="" /><title>P</title></head><body></body></html>',
    );
    writeFileSync(join(folder, "assets", "main-abc123.js"), "export {};");
    writeFileSync(join(folder, "favicon.svg"), "<svg/>");
    const log = pino({ level: "debug" }, { write: (line: string) => void logged.push(JSON.parse(line) as Line) });
    const server = await createServer({ trustProxy: false, log });
    await registerPage(server, folder, () => {});
    base = await server.listen({ port: 0, host: "127.0.0.1" });
    return async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    };
  });
  const html = { accept: "text/html,*/*" };

  test("comes with a policy that runs no inline script, and with a new nonce each time", async () => {
    const pages = await Promise.all([1, 2].map(() => fetch(`${base}/`, { headers: html })));
    const nonces = await Promise.all(
      pages.map(async (page) => {
        const policy = page.headers.get("content-security-policy") ?? "";
        expect(policy).toContain("default-src 'none'");
        expect(policy).toContain("script-src 'self';");
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy).not.toMatch(/unsafe|\*/);
        const nonce = /<meta name="csp-nonce" content="([^"]+)"/.exec(await page.text())?.[1] ?? "";
        expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(page.headers.get("cache-control")).toBe("no-store");
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(nonces[0]?.length).toBeGreaterThan(20);
  });

  test.each(["/leads", "/connects/7/logs?outcome=failed", "/setup"])("%s is the page too", async (path) => {
    const page = await fetch(base + path, { headers: html });
    expect([page.status, (await page.text()).includes("<title>P</title>")]).toEqual([200, true]);
  });

  test("files whose name tells their content are kept for ever, others asked for again", async () => {
    const asset = await fetch(`${base}/assets/main-abc123.js`);
    expect(asset.headers.get("cache-control")).toMatch(/immutable/);
    expect(asset.headers.get("content-type")).toMatch(/javascript/);
    expect((await fetch(`${base}/favicon.svg`)).headers.get("cache-control")).toBe("no-cache");
  });

  test.each(["/assets/gone.js", "/api/nothing", "/v1x.php", "/../package.json", "/%2e%2e/package.json"])(
    "%s is no page",
    async (path) => {
      const answer = await fetch(base + path, { headers: { accept: "*/*" } });
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: "not_found" }]);
    },
  );

  const odd = [
    "/%00", "/assets/%00", "/index.html%00", "/assets/../../x", "/assets/%2e%2e/%2e%2e/etc/passwd", "/%2e%2e/%2e%2e/x", "/..", "/a/../../b",
    "/assets/%5c..%5cx", "/assets/a%2f..%2fb", "//", "///evil.example", "/assets", "/assets/", "/%", "/%zz", "/%ff", "/assets/%c0%ae", "/.env",
    "/api/%00", "/v1/%00", "/a%0d%0ab", "/assets/%E2%80%AE", `/${"a".repeat(5_000)}`, `/assets/${"a".repeat(5_000)}`, `/${"../".repeat(2_000)}`,
    "/assets/main-abc123.js/", "/assets/main-abc123.js%00", "/C:/windows", "http://evil.example/assets/x", "/?\u0001", "/#", "/;/..;/x",
  ]; // prettier-ignore
  test.for(odd)("an odd path is nobody's fault: %s", async (path) => {
    logged.length = 0;
    const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
    const { status } = await askRaw(Number(new URL(base).port), bytes, 10_000);
    expect([200, 400, 404]).toContain(status);
    expect(logged.filter(({ level, err }) => level > pino.levels.values["debug"]! || err !== undefined)).toEqual([]);
    expect(logged.length).toBeLessThanOrEqual(1);
  });

  test.each(["/assets/gone.js", "/api/nothing"])("%s is no page even for who wants one", async (path) => {
    expect((await fetch(base + path, { headers: html })).status).toBe(404);
  });
});

describe("the API's documentation", () => {
  type Document = { openapi: string; info: object; paths: Record<string, Record<string, Operation>> };
  let document: Document;
  beforeAll(async () => {
    document = await patchbay.anonymous.ok<Document>("GET", "/api/docs/json");
  });

  test("is OpenAPI 3.1, and every described endpoint is in it, with its parameters and its answer", () => {
    expect(document.openapi).toBe("3.1.0");
    const endpoints = Object.values(api).flatMap(endpointsIn);
    for (const { method, path, status, summary, params, body } of endpoints) {
      const operation = document.paths[path]?.[method.toLowerCase()];
      expect(`${path} ${operation?.summary}`).toBe(`${path} ${summary}`);
      expect(Object.keys(operation?.responses ?? {})).toEqual([String(status), "default"]);
      const named = operation?.parameters?.filter((one) => one.in === "path").map(({ name }) => name) ?? [];
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(params === undefined ? named : Object.keys(params.shape)).toEqual(named);
      expect(operation?.requestBody !== undefined).toBe(body !== undefined);
      const problem = operation?.responses["default"]?.content?.["application/problem+json"]?.schema;
      expect(problem).toMatchObject({ type: "object", required: expect.arrayContaining(["code", "errors"]) });
    }
  });

  test("has nothing that the standard doesn't: https://spec.openapis.org/oas/v3.1.0", () => {
    const faults = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) =>
        operationFaults(path, method, operation).map((fault) => `${method} ${path}: ${fault}`),
      ),
    );
    expect(faults).toEqual([]);
  });

  test("people read it under a policy without inline script", async () => {
    const page = await patchbay.anonymous.call<string>("GET", "/api/docs/", undefined, { accept: "text/html" });
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(page.status).toBe(200);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain("unsafe-inline");
    expect(page.body.replaceAll(/<script[^>]*src="[^"]+"[^>]*>\s*<\/script>/g, "")).not.toContain("<script");
    const initializer = await patchbay.anonymous.call("GET", "/api/docs/static/swagger-initializer.js");
    expect(initializer.status).toBe(200);
  });
});

type Operation = {
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
};

function operationFaults(path: string, method: string, operation: Operation): string[] {
  const { parameters = [], responses, requestBody } = operation;
  const faults: string[] = [];
  if (!/^\/api\/[\w{}/.-]+$/.test(path)) faults.push("the path");
  if (!["get", "post", "put", "patch", "delete"].includes(method)) faults.push("the method");
  if (new Set(parameters.map((one) => `${one.in} ${one.name}`)).size < parameters.length) faults.push("one twice");
  for (const one of parameters) {
    if (!["path", "query", "header", "cookie"].includes(one.in)) faults.push(`${one.name} in ${one.in}`);
    if (one.in === "path" && one.required !== true) faults.push(`${one.name} is not required`);
  }
  for (const response of Object.values(responses))
    if (typeof response.description !== "string") faults.push("a response without description");
  const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
  const schemas = contents.flatMap((content) => Object.values(content ?? {}).map(({ schema }) => schema));
  return [...faults, ...[...schemas, ...parameters.map(({ schema }) => schema)].flatMap(schemaFaults)];
}

/** JSON Schema 2020-12, as far as this document goes. */
function schemaFaults(schema: unknown): string[] {
  if (typeof schema === "boolean") return [];
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [JSON.stringify(schema)];
  const types = ["string", "number", "integer", "boolean", "object", "array", "null"];
  return Object.entries(schema as Record<string, unknown>).flatMap(([keyword, value]): string[] => {
    switch (keyword) {
      case "$ref":
      case "nullable":
        return [`${keyword} ${String(value)}`];
      case "type":
        return [value].flat().filter((type) => !types.includes(String(type))) as string[];
      case "exclusiveMinimum":
      case "exclusiveMaximum":
        return typeof value === "number" ? [] : [keyword];
      case "items":
      case "additionalProperties":
      case "propertyNames":
        return schemaFaults(value);
      case "properties":
        return Object.values(value as object).flatMap(schemaFaults);
      case "anyOf":
      case "oneOf":
      case "allOf":
      case "prefixItems":
        return (value as unknown[]).flatMap(schemaFaults);
      default:
        return [];
    }
  });
}

type Described = {
  method: string;
  path: string;
  status: number;
  summary: string;
  params?: { shape: object };
  body?: unknown;
};
function endpointsIn(value: unknown): Described[] {
  if (typeof value !== "object" || value === null || "_zod" in value) return [];
  if ("method" in value && "path" in value) return [value as Described];
  return Object.values(value as Record<string, unknown>).flatMap(endpointsIn);
}

test("what breaks is a document with a code and never the particulars", async () => {
  const admin = await patchbay.user(await patchbay.account("Broken"), "admin");
  await patchbay.db.query("alter table statuses rename to statuses_gone");
  const { status, body } = await admin.call("GET", "/api/statuses");
  await patchbay.db.query("alter table statuses_gone rename to statuses");
  expect([status, body]).toMatchObject([500, { code: "fault" }]);
  expect(JSON.stringify(body)).not.toMatch(/statuses|relation/);
});

test.each([
  ["no JSON", "{", 400, "unreadable"],
  ["JSON of another shape", "[1]", 400, "bad_input"],
  ["prototype tricks", '{"name":"x","__proto__":{"role":"admin"}}', 400, "unreadable"],
  ["over 1 MiB", JSON.stringify({ name: "x".repeat(1_100_000) }), 413, "too_large"],
])("a body with %s is refused as such", async (_name, text, wanted, code) => {
  const admin = await patchbay.withToken(await patchbay.account(`Body ${code}${text.length}`), ["admin"]);
  expect(await admin.call("POST", "/api/lists", text)).toMatchObject({ status: wanted, body: { code } });
});
