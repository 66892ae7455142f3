import { resolve } from "node:path";
import { z } from "zod";

export const roles = ["api", "worker", "scheduler"] as const;
export type Role = (typeof roles)[number];

/** What the environment says (spec 10, Environment), complete with defaults. */
export type Config = {
  readonly port: number;
  readonly host: string;
  /** A PostgreSQL of the operator's own; null: the embedded one, in `dataFolder`. */
  readonly databaseUrl: string | null;
  /** Absolute. As root the embedded database may lead to another one: see openDataFolder. */
  readonly dataFolder: string;
  /** 32 bytes; null: kept in the data folder. */
  readonly secretKey: Uint8Array | null;
  /** Hosts, `host:port` and CIDR ranges, as the address guard takes them. */
  readonly allowHosts: readonly string[];
  readonly roles: readonly Role[];
  /** Without a slash at its end; null: as the request's Host says. */
  readonly publicUrl: string | null;
  /** As Fastify takes it: whom to believe about a caller's address. */
  readonly trustProxy: false | number | string[];
  readonly outboundProxy: string | null;
  readonly retentionDays: number;
  /** Below how much free space nothing new is taken: the lesser of both; null: that is not looked at. */
  readonly diskFreeMin: { readonly bytes: number | null; readonly percent: number | null } | null;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
};

export type ConfigReading =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the environment once. An empty variable counts as unset. Problems are all listed, each naming its variable. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigReading {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const read = Environment.safeParse(set);
  if (!read.success) {
    return { ok: false, problems: read.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`) };
  }
  const { data } = read;
  return {
    ok: true,
    config: {
      port: data.PORT,
      host: data.HOST,
      databaseUrl: data.DATABASE_URL ?? null,
      dataFolder: resolve(data.PATCHBAY_DATA),
      secretKey: data.PATCHBAY_SECRET_KEY ?? null,
      allowHosts: data.PATCHBAY_ALLOW_HOSTS,
      roles: data.PATCHBAY_ROLES,
      publicUrl: data.PATCHBAY_PUBLIC_URL?.replace(/\/+$/, "") ?? null,
      trustProxy: data.PATCHBAY_TRUST_PROXY,
      outboundProxy: data.PATCHBAY_OUTBOUND_PROXY ?? null,
      retentionDays: data.PATCHBAY_RETENTION_DAYS,
      diskFreeMin: data.PATCHBAY_DISK_FREE_MIN,
      logLevel: data.PATCHBAY_LOG_LEVEL,
    },
  };
}

const whole = (least: number, most: number, words: string) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, words)
    .transform(Number);

const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

const url = (protocols: readonly string[], words: string) =>
  z.string().refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ""), words);

// Messages go on from the variable's name. Those of secret ones never repeat the value.
const Environment = z.object({
  PORT: whole(0, 65_535, "must be a port: a whole number from 0 to 65535").default(8080),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, "must be an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    .default("127.0.0.1"),
  DATABASE_URL: z
    .string()
    // no more than that: PostgreSQL's own form with an empty host (user@/database?host=/socket) is no URL to others
    .regex(/^postgres(?:ql)?:\/\/\S+$/, "must be an address such as postgresql://user:password@host:5432/patchbay")
    .optional(),
  PATCHBAY_DATA: z.string().default("./data"),
  PATCHBAY_SECRET_KEY: z
    .string()
    .regex(
      /^\s*[A-Za-z0-9+/_-]{43}=?\s*$/,
      "must be 32 bytes in base64 (44 characters); make one with: openssl rand -base64 32",
    )
    .transform((text): Uint8Array => new Uint8Array(Buffer.from(text.trim(), "base64url")))
    .optional(),
  PATCHBAY_ALLOW_HOSTS: list
    .refine(
      (items) =>
        items.every((item) =>
          /^(?:\[[0-9a-f:.]+\](?::\d+)?|[^\s/:[\]]+(?::\d+)?|[0-9a-f:.]+(?:\/\d{1,3})?)$/i.test(item),
        ),
      "must list hosts, host:port pairs or ranges with commas between, such as crm.internal, 10.0.0.5:8443, 10.1.0.0/16",
    )
    .default([]),
  PATCHBAY_ROLES: list
    .refine(
      (items): items is Role[] => items.length > 0 && items.every((item) => roles.includes(item as Role)),
      "must list one or more of api, worker, scheduler with commas between",
    )
    .default([...roles]),
  PATCHBAY_PUBLIC_URL: url(
    ["http:", "https:"],
    "must be the address vendors see, such as https://patchbay.example.com",
  ).optional(),
  PATCHBAY_TRUST_PROXY: z
    .string()
    .refine(
      (text) =>
        /^\d{1,2}$/.test(text) || text.split(",").every((item) => /^\s*[0-9a-f:.]+(?:\/\d{1,3})?\s*$/i.test(item)),
      "must be the number of proxies in front of Patchbay, or their addresses with commas between",
    )
    .transform((text) => trustedProxies(text))
    .default(false),
  PATCHBAY_OUTBOUND_PROXY: url(
    ["http:", "https:"],
    "must be a proxy's address, such as http://proxy.internal:3128",
  ).optional(),
  PATCHBAY_RETENTION_DAYS: whole(1, 3650, "must be a whole number of days from 1 to 3650").default(90),
  PATCHBAY_DISK_FREE_MIN: list
    .refine(
      isDiskFreeMin,
      "must be a size, a share of the disk, both with a comma between (the lesser counts), or off: such as 500MB, 5%, or 500MB,5%",
    )
    .transform((items) => diskFreeMin(items))
    .prefault("500MB,5%"),
  PATCHBAY_LOG_LEVEL: z
    .enum(
      ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
      "must be one of fatal, error, warn, info, debug, trace, silent",
    )
    .default("info"),
});

/** As text of digits: that many hops. */
function trustedProxies(text: string): false | number | string[] {
  if (!/^\d{1,2}$/.test(text)) return text.split(",").map((item) => item.trim());
  return Number(text) === 0 ? false : Number(text);
}

const isSize = (text: string): boolean => /^\d{1,6}(?:\.\d{1,3})?\s?[MGT]B$/i.test(text);
const isShare = (text: string): boolean => /^(?:100|\d{1,2}(?:\.\d{1,3})?)\s?%$/.test(text);

function isDiskFreeMin(items: readonly string[]): boolean {
  if (items.length === 1 && /^off$/i.test(items[0]!)) return true;
  const kinds = items.map((item) => (isSize(item) ? "size" : isShare(item) ? "share" : "neither"));
  return kinds.length > 0 && !kinds.includes("neither") && new Set(kinds).size === kinds.length;
}

function diskFreeMin(items: readonly string[]): Config["diskFreeMin"] {
  const size = items.find(isSize);
  const share = items.find(isShare);
  if (size === undefined && share === undefined) return null;
  const unit = { M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }[size?.at(-2)?.toUpperCase() ?? "M"]!;
  return {
    bytes: size === undefined ? null : Math.floor(Number.parseFloat(size) * unit),
    percent: share === undefined ? null : Number.parseFloat(share),
  };
}
