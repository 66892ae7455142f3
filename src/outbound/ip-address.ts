import { isIPv4 } from "node:net";

/** An IP address as numbers: 32 bits, or eight groups of 16. */
export type IpAddress =
  | { readonly family: 4; readonly bits: number }
  | { readonly family: 6; readonly groups: readonly number[] };

/**
 * Reads an IP address in every spelling that a resolver or browser takes for one: `127.0.0.1`, `0x7f.1`, `2130706433`,
 * `017700000001`, `[::ffff:127.0.0.1]`, full-width digits, a trailing dot. The WHATWG URL parser is the one authority on
 * spelling, as it is for the URLs that are called.
 * @returns null for a name, for an address with a zone (`fe80::1%eth0`), and for anything else.
 */
export function readIpAddress(text: string): IpAddress | null {
  const host = canonicalHost(text);
  if (host === null) return null;
  if (isIPv4(host)) return { family: 4, bits: fromBytes(host.split(".").map(Number)) };
  return host.includes(":") ? { family: 6, groups: expand(host) } : null;
}

/** A host in its one spelling: lower case, punycode, addresses in their canonical form, without brackets or trailing dot. */
export function canonicalHost(text: string): string | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (bare === "" || /[/?#@\\\s%[\]]/.test(bare)) return null;
  const url = URL.parse(`http://${bare.includes(":") ? `[${bare}]` : bare}/`);
  if (url === null || url.port !== "") return null;
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "") || null;
}

/** The IPv4 address that an IPv6 address carries from a given group on. */
export function embeddedIpv4(groups: readonly number[], at: number): IpAddress {
  return { family: 4, bits: (((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0)) >>> 0 };
}

/** `10.0.0.0/8`, `fd00::/8`, or one address. A prefix longer than the address is no range. */
export type IpRange = { readonly first: IpAddress; readonly prefixBits: number };

export function readIpRange(text: string): IpRange | null {
  const [, address, length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const first = address === undefined ? null : readIpAddress(address);
  if (first === null) return null;
  const bitsMax = first.family === 4 ? 32 : 128;
  const prefixBits = length === undefined ? bitsMax : Number(length);
  return prefixBits > bitsMax ? null : { first, prefixBits };
}

export function isInRange(address: IpAddress, { first, prefixBits }: IpRange): boolean {
  if (address.family === 4) return first.family === 4 && samePrefix(words(address), words(first), prefixBits);
  return first.family === 6 && samePrefix(address.groups, first.groups, prefixBits);
}

function words(address: IpAddress & { family: 4 }): number[] {
  return [address.bits >>> 16, address.bits & 0xffff];
}

/** Groups are of 16 bits. */
function samePrefix(one: readonly number[], other: readonly number[], bits: number): boolean {
  return one.every((group, i) => {
    const counted = Math.min(Math.max(bits - i * 16, 0), 16);
    return (group ^ (other[i] ?? 0)) >>> (16 - counted) === 0;
  });
}

function fromBytes(bytes: readonly number[]): number {
  return bytes.reduce((all, byte) => ((all << 8) | byte) >>> 0, 0);
}

/** The URL parser writes IPv6 in hexadecimal groups, with at most one `::`. */
function expand(host: string): number[] {
  const [left = "", right] = host.split("::");
  const head = groupsOf(left);
  if (right === undefined) return head;
  const tail = groupsOf(right);
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function groupsOf(part: string): number[] {
  return part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
}
