import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig, type Config } from "./config.ts";

test("without any variable everything has its default", () => {
  expect(readConfig({})).toEqual({
    ok: true,
    config: {
      port: 8080,
      host: "127.0.0.1",
      databaseUrl: null,
      dataFolder: resolve("data"),
      secretKey: null,
      allowHosts: [],
      roles: ["api", "worker", "scheduler"],
      publicUrl: null,
      trustProxy: false,
      outboundProxy: null,
      retentionDays: 90,
      diskFreeMin: { bytes: 500 * 2 ** 20, percent: 5 },
      logLevel: "info",
    } satisfies Config,
  });
});

describe("is understood", () => {
  test.each<[name: string, value: string, expected: Partial<Config>]>([
    ["PORT", "0", { port: 0 }],
    ["PORT", "", { port: 8080 }],
    ["HOST", "::1", { host: "::1" }],
    [
      "DATABASE_URL",
      "postgresql://u:p@db.example.com/patchbay",
      { databaseUrl: "postgresql://u:p@db.example.com/patchbay" },
    ],
    ["DATABASE_URL", "postgres://u:p@/x?host=/run/pg", { databaseUrl: "postgres://u:p@/x?host=/run/pg" }],
    ["PATCHBAY_DATA", "/srv/patchbay", { dataFolder: "/srv/patchbay" }],
    ["PATCHBAY_SECRET_KEY", Buffer.alloc(32, 5).toString("base64"), { secretKey: new Uint8Array(32).fill(5) }],
    [
      "PATCHBAY_ALLOW_HOSTS",
      "crm.internal, 10.0.0.5:8443,10.1.0.0/16 ,[::1]:80,fd00::/8,::1",
      {
        allowHosts: ["crm.internal", "10.0.0.5:8443", "10.1.0.0/16", "[::1]:80", "fd00::/8", "::1"],
      },
    ],
    ["PATCHBAY_ROLES", "worker, api", { roles: ["worker", "api"] }],
    ["PATCHBAY_PUBLIC_URL", "https://patchbay.example.com/", { publicUrl: "https://patchbay.example.com" }],
    ["PATCHBAY_TRUST_PROXY", "2", { trustProxy: 2 }],
    ["PATCHBAY_TRUST_PROXY", "0", { trustProxy: false }],
    ["PATCHBAY_TRUST_PROXY", "10.0.0.1, 10.1.0.0/16", { trustProxy: ["10.0.0.1", "10.1.0.0/16"] }],
    ["PATCHBAY_OUTBOUND_PROXY", "http://proxy.internal:3128", { outboundProxy: "http://proxy.internal:3128" }],
    ["PATCHBAY_RETENTION_DAYS", "7", { retentionDays: 7 }],
    ["PATCHBAY_DISK_FREE_MIN", "1.5 GB", { diskFreeMin: { bytes: 1.5 * 2 ** 30, percent: null } }],
    ["PATCHBAY_DISK_FREE_MIN", "2.5%", { diskFreeMin: { bytes: null, percent: 2.5 } }],
    ["PATCHBAY_DISK_FREE_MIN", "10%, 900TB", { diskFreeMin: { bytes: 900 * 2 ** 40, percent: 10 } }],
    ["PATCHBAY_DISK_FREE_MIN", "off", { diskFreeMin: null }],
    ["PATCHBAY_LOG_LEVEL", "debug", { logLevel: "debug" }],
  ])("%s=%s", (name, value, expected) => {
    expect(readConfig({ [name]: value })).toMatchObject({ ok: true, config: expected });
  });
});

describe("is refused, by its name", () => {
  test.each([
    ["PORT", "80a"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["HOST", "http://localhost"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["PATCHBAY_SECRET_KEY", "c2hvcnQ="],
    ["PATCHBAY_ALLOW_HOSTS", "https://crm.internal"],
    ["PATCHBAY_ALLOW_HOSTS", "crm internal"],
    ["PATCHBAY_ROLES", "api,web"],
    ["PATCHBAY_ROLES", ","],
    ["PATCHBAY_PUBLIC_URL", "patchbay.example.com"],
    ["PATCHBAY_TRUST_PROXY", "true"],
    ["PATCHBAY_OUTBOUND_PROXY", "socks5://proxy.internal"],
    ["PATCHBAY_RETENTION_DAYS", "0"],
    ["PATCHBAY_RETENTION_DAYS", "1.5"],
    ...["500", "5", "five%", "101%", "1GB,2GB", "off,5%", "-1MB", ",", "500 KB"].map((value): [string, string] => [
      "PATCHBAY_DISK_FREE_MIN",
      value,
    ]),
    ["PATCHBAY_LOG_LEVEL", "loud"],
  ])("%s=%s", (name, value) => {
    const reading = readConfig({ [name]: value });
    expect(reading).toEqual({ ok: false, problems: [expect.stringMatching(new RegExp(`^${name} must (be|list) `))] });
  });
});

test("all problems are listed at once, and no secret is repeated", () => {
  const reading = readConfig({
    PORT: "x",
    PATCHBAY_SECRET_KEY: "hunter2",
    DATABASE_URL: "hunter2",
    PATCHBAY_ROLES: "x",
  });
  expect(reading.ok ? [] : reading.problems).toHaveLength(4);
  expect(JSON.stringify(reading)).not.toContain("hunter2");
});
