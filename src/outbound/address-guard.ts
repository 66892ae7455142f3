import { canonicalHost, embeddedIpv4, type IpAddress, type IpRange, isInRange, readIpAddress, readIpRange } from "./ip-address.ts"; // prettier-ignore

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/**
 * Says whether a socket may be opened to `address` when a person asked for `host` and `port`. It is asked about the very
 * address that is dialled, never about a name alone, so that a name that changes its mind gains nothing.
 * `why` completes "127.0.0.1 is …".
 */
export type AddressGuard = (host: string, port: number, address: string) => Verdict;

/**
 * The guard of spec 9 "The outside", against server-side request forgery.
 * @param allow entries of `PATCHBAY_ALLOW_HOSTS`: `host`, `host:port`, an address with or without port, or a CIDR range. A
 *   host is allowed wherever it lies; an address or range is allowed under whatever name.
 * @throws on an entry that `checkAllowEntry` refuses: a start must not go on with a hole or a wall nobody asked for.
 */
export function createAddressGuard(allow: readonly string[]): AddressGuard {
  const entries = allow.map((text) => {
    const entry = readAllowEntry(text);
    if (entry === null) throw new Error(checkAllowEntry(text) ?? text);
    return entry;
  });
  return (host, port, text) => {
    const address = readIpAddress(text);
    if (address === null) return { allowed: false, why: "not an IP address" };
    const name = canonicalHost(host);
    const letThrough = entries.some(
      (entry) =>
        (entry.port === null || entry.port === port) &&
        (entry.range === null ? entry.host === name : isInRange(plainForm(address), entry.range)),
    );
    if (letThrough) return { allowed: true };
    const why = whyGuarded(address);
    return why === null ? { allowed: true } : { allowed: false, why };
  };
}

/** What is wrong with an entry of `PATCHBAY_ALLOW_HOSTS`, in words; null when nothing is. */
export function checkAllowEntry(text: string): string | null {
  return readAllowEntry(text) === null
    ? `"${text}" is neither a host, nor host:port, nor a range such as 10.0.0.0/8`
    : null;
}

/** An address of ours that others see as it is; null: it isn't public, so something on the way shows them another. */
export function publicAddress(text: string): string | null {
  const address = readIpAddress(text);
  return address !== null && whyGuarded(address) === null ? text.replace(/^::ffff:(?=[\d.]+$)/i, "") : null;
}

type AllowEntry =
  | { readonly host: string; readonly range: null; readonly port: number | null }
  | { readonly host: null; readonly range: IpRange; readonly port: number | null };

function readAllowEntry(text: string): AllowEntry | null {
  const trimmed = text.trim();
  const whole = readIpRange(trimmed); // first, since the colons of ::1 are no port
  if (whole !== null) return { host: null, range: whole, port: null };
  if (trimmed.includes("/")) return null;
  const [, before, digits] = /^(.+?)(?::(\d{1,5}))?$/.exec(trimmed) ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (before === undefined || (port !== null && (port === 0 || port > 65_535))) return null;
  const range = readIpRange(before);
  if (range !== null) return { host: null, range, port };
  const host = before.includes(":") ? null : canonicalHost(before);
  return host === null || !/^[a-z0-9_.-]+$/.test(host) ? null : { host, range: null, port };
}

/** An IPv4-mapped address is its IPv4 address: the kernel dials the same host. */
function plainForm(address: IpAddress): IpAddress {
  return address.family === 6 && isInRange(address, mapped) ? embeddedIpv4(address.groups, 6) : address;
}

/** Why an address may not be called; null when it may. IPv6 outside 2000::/3 is refused as a whole: nothing public is there. */
function whyGuarded(address: IpAddress): string | null {
  if (address.family === 4) return firstOf(guardedIpv4, address);
  for (const { range, at, name } of carriers)
    if (isInRange(address, range)) {
      const why = whyGuarded(embeddedIpv4(address.groups, at));
      return why === null ? null : `${why}, written as ${name}`;
    }
  return firstOf(guardedIpv6, address) ?? (isInRange(address, globalUnicast) ? null : "a reserved address");
}

type Guarded = readonly (readonly [range: IpRange, why: string])[];

function firstOf(guarded: Guarded, address: IpAddress): string | null {
  return guarded.find(([range]) => isInRange(address, range))?.[1] ?? null;
}

/** IANA special-purpose registries (RFC 6890 and its updates), as far as spec 9 names them. */
const guardedIpv4 = table([
  ["0.0.0.0/8", "an unspecified address"],
  ["127.0.0.0/8", "a loopback address"],
  ["10.0.0.0/8", "a private address"],
  ["172.16.0.0/12", "a private address"],
  ["192.168.0.0/16", "a private address"],
  ["169.254.0.0/16", "a link-local address"],
  ["100.64.0.0/10", "an address of carrier-grade NAT"],
  ["198.18.0.0/15", "an address for benchmarks"],
  ["192.0.0.0/24", "a reserved address"],
  ["224.0.0.0/4", "a multicast address"],
  ["240.0.0.0/4", "a reserved address"],
]);
const guardedIpv6 = table([
  ["::/128", "an unspecified address"],
  ["::1/128", "a loopback address"],
  ["fc00::/7", "a private address"],
  ["fe80::/10", "a link-local address"],
  ["fec0::/10", "a private address"],
  ["ff00::/8", "a multicast address"],
  ["2001::/32", "an address of Teredo, which can lead anywhere"],
  ["2001:2::/48", "an address for benchmarks"],
  ["2001::/23", "a reserved address"],
]);
const mapped = rangeOf("::ffff:0:0/96");
const globalUnicast = rangeOf("2000::/3");
/** Forms of IPv6 that lead to the IPv4 address they carry: RFC 4291 2.5.5, RFC 6052, RFC 3056. */
const carriers = [
  { range: mapped, at: 6, name: "IPv4-mapped IPv6" },
  { range: rangeOf("64:ff9b::/96"), at: 6, name: "NAT64" },
  { range: rangeOf("2002::/16"), at: 1, name: "6to4" },
];

function table(rows: readonly (readonly [string, string])[]): Guarded {
  return rows.map(([text, why]) => [rangeOf(text), why]);
}

function rangeOf(text: string): IpRange {
  const read = readIpRange(text);
  if (read === null) throw new Error(`${text} is no range`);
  return read;
}
