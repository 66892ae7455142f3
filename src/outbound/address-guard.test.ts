import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAllowEntry, createAddressGuard, publicAddress } from "./address-guard.ts";
import { canonicalHost } from "./ip-address.ts";

const guard = createAddressGuard([]);

describe("refused with nothing allowed", () => {
  test.each([
    // IPv4
    ["0.0.0.0", "an unspecified address"],
    ["0.1.2.3", "an unspecified address"],
    ["127.0.0.1", "a loopback address"],
    ["127.255.255.254", "a loopback address"],
    ["10.0.0.1", "a private address"],
    ["10.255.255.255", "a private address"],
    ["172.16.0.1", "a private address"],
    ["172.31.255.255", "a private address"],
    ["192.168.1.1", "a private address"],
    ["169.254.169.254", "a link-local address"],
    ["100.64.0.1", "an address of carrier-grade NAT"],
    ["100.127.255.255", "an address of carrier-grade NAT"],
    ["198.18.0.1", "an address for benchmarks"],
    ["198.19.255.255", "an address for benchmarks"],
    ["192.0.0.8", "a reserved address"],
    ["224.0.0.1", "a multicast address"],
    ["239.255.255.255", "a multicast address"],
    ["240.0.0.1", "a reserved address"],
    ["255.255.255.255", "a reserved address"],
    // other spellings of them
    ["0x7f.1", "a loopback address"],
    ["0x7f000001", "a loopback address"],
    ["0X7F.0.0.1", "a loopback address"],
    ["2130706433", "a loopback address"],
    ["017700000001", "a loopback address"],
    ["0177.0.0.01", "a loopback address"],
    ["127.1", "a loopback address"],
    ["127.0.1", "a loopback address"],
    ["127.0.0.1.", "a loopback address"],
    ["127。0。0。1", "a loopback address"],
    ["１２７.0.0.1", "a loopback address"],
    ["0", "an unspecified address"],
    ["0xa9fea9fe", "a link-local address"],
    ["[127.0.0.1]", "a loopback address"],
    // IPv6
    ["::", "an unspecified address"],
    ["::1", "a loopback address"],
    ["[::1]", "a loopback address"],
    ["0:0:0:0:0:0:0:1", "a loopback address"],
    ["fc00::1", "a private address"],
    ["fd12:3456:789a::1", "a private address"],
    ["fe80::1", "a link-local address"],
    ["febf::1", "a link-local address"],
    ["fec0::1", "a private address"],
    ["ff02::1", "a multicast address"],
    ["2001:2::1", "an address for benchmarks"],
    ["2001:1::1", "a reserved address"],
    ["100::1", "a reserved address"],
    ["4000::1", "a reserved address"],
    ["::7f00:1", "a reserved address"],
    // IPv6 forms of IPv4
    ["::ffff:127.0.0.1", "a loopback address, written as IPv4-mapped IPv6"],
    ["[::ffff:127.0.0.1]", "a loopback address, written as IPv4-mapped IPv6"],
    ["[::FFFF:7f00:1]", "a loopback address, written as IPv4-mapped IPv6"],
    ["::ffff:a00:1", "a private address, written as IPv4-mapped IPv6"],
    ["::ffff:0:7f00:1", "a reserved address"],
    ["64:ff9b::127.0.0.1", "a loopback address, written as NAT64"],
    ["64:ff9b::a9fe:a9fe", "a link-local address, written as NAT64"],
    ["64:ff9b:1::1", "a reserved address"],
    ["2002:7f00:1::", "a loopback address, written as 6to4"],
    ["2002:c0a8:101::1", "a private address, written as 6to4"],
    ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "an address of Teredo, which can lead anywhere"],
    // no address at all
    ["fe80::1%eth0", "not an IP address"],
    ["localhost", "not an IP address"],
    ["", "not an IP address"],
    ["1.2.3.4/8", "not an IP address"],
    ["1.2.3.4:80", "not an IP address"],
    ["256.256.256.256", "not an IP address"],
  ])("%s is %s", (address, why) => {
    expect(guard("vendor.example.com", 443, address)).toEqual({ allowed: false, why });
  });
});

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.1",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.1",
  "192.167.255.255",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "2606:4700::1111",
  "2001:4860:4860::8888",
  "::ffff:8.8.8.8",
  "64:ff9b::8.8.8.8",
  "2002:808:808::1",
])("the public address %s may be called", (address) => {
  expect(guard("vendor.example.com", 443, address)).toEqual({ allowed: true });
});

describe("the allow list", () => {
  test.each<[string, string, [string, number, string], boolean]>([
    ["a host, wherever it lies", "crm.internal", ["crm.internal", 8080, "10.0.0.5"], true],
    ["a host in another case and with a trailing dot", "CRM.internal", ["crm.INTERNAL.", 80, "10.0.0.5"], true],
    ["an international name in either form", "bücher.example", ["xn--bcher-kva.example", 80, "10.0.0.5"], true],
    ["not a host under it", "crm.internal", ["a.crm.internal", 80, "10.0.0.5"], false],
    ["not a host that merely ends so", "crm.internal", ["evilcrm.internal", 80, "10.0.0.5"], false],
    ["a host on its port", "crm.internal:8080", ["crm.internal", 8080, "10.0.0.5"], true],
    ["not on another port", "crm.internal:8080", ["crm.internal", 8081, "10.0.0.5"], false],
    ["an address under any name", "127.0.0.1", ["localhost", 80, "127.0.0.1"], true],
    ["an address in another spelling", "127.0.0.1", ["0x7f.1", 80, "0x7f.1"], true],
    ["an address as IPv4-mapped IPv6", "127.0.0.1", ["localhost", 80, "::ffff:127.0.0.1"], true],
    ["not its neighbour", "127.0.0.1", ["localhost", 80, "127.0.0.2"], false],
    ["an address on its port", "127.0.0.1:9000", ["localhost", 9000, "127.0.0.1"], true],
    ["not an address on another port", "127.0.0.1:9000", ["localhost", 9001, "127.0.0.1"], false],
    ["an IPv6 address", "::1", ["localhost", 80, "::1"], true],
    ["an IPv6 address on its port", "[::1]:9000", ["localhost", 9000, "::1"], true],
    ["not an IPv6 address on another port", "[::1]:9000", ["localhost", 9001, "::1"], false],
    ["a range", "10.1.0.0/16", ["x.example.com", 80, "10.1.255.255"], true],
    ["not beyond the range", "10.1.0.0/16", ["x.example.com", 80, "10.2.0.0"], false],
    ["a range of an odd length", "192.168.128.0/17", ["x.example.com", 80, "192.168.200.1"], true],
    ["not beyond a range of an odd length", "192.168.128.0/17", ["x.example.com", 80, "192.168.100.1"], false],
    ["an IPv6 range", "fd00::/8", ["x.example.com", 80, "fd12::1"], true],
    ["not beyond an IPv6 range", "fd00::/8", ["x.example.com", 80, "fc12::1"], false],
    ["everything, if an operator insists", "0.0.0.0/0", ["x.example.com", 80, "127.0.0.1"], true],
    ["a name that only looks like an entry", "localhost", ["127.0.0.1", 80, "127.0.0.1"], false],
  ])("allows %s: %s", (_name, entry, asked, allowed) => {
    expect(createAddressGuard(["other.example.com", entry])(...asked).allowed).toBe(allowed);
  });

  test.each([
    "",
    " ",
    "a b",
    "http://crm.internal",
    "10.0.0.0/33",
    "::/129",
    "crm.internal:0",
    "crm.internal:99999",
    "a/24",
    "crm*",
  ])('refuses the entry "%s" in words', (entry) => {
    expect(checkAllowEntry(entry)).toBe(`"${entry}" is neither a host, nor host:port, nor a range such as 10.0.0.0/8`);
    expect(() => createAddressGuard([entry])).toThrow("neither a host");
  });
});

test("every spelling of an IPv4 address gets the same verdict", () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), (bits) => {
      const bytes = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255] as const;
      const plain = bytes.join(".");
      const spellings = [
        String(bits),
        `0x${bits.toString(16)}`,
        `0${bits.toString(8)}`,
        bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
        bytes.map((byte) => `0${byte.toString(8)}`).join("."),
        `${bytes[0]}.${bits & 0xffffff}`,
        `${bytes[0]}.${bytes[1]}.${bits & 0xffff}`,
        `${plain}.`,
      ];
      const { allowed } = guard("x.example.com", 80, plain);
      for (const spelling of [...spellings, `::ffff:${plain}`, `64:ff9b::${plain}`])
        expect([spelling, guard("x.example.com", 80, spelling).allowed]).toEqual([spelling, allowed]);
    }),
  );
});

test("never throws, whatever it is asked about", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (host, address) => void guard(host, 80, address)));
});

test.each([
  ["Vendor.Example.COM", "vendor.example.com"],
  ["vendor.example.com.", "vendor.example.com"],
  ["BÜCHER.example", "xn--bcher-kva.example"],
  ["[::FFFF:7F00:1]", "::ffff:7f00:1"],
  ["user@host", null],
  ["host:80", null],
  ["a/b", null],
])("the one spelling of %s is %s", (text, canonical) => {
  expect(canonicalHost(text)).toBe(canonical);
});

test.each([
  ["8.8.4.4", "8.8.4.4"],
  ["::ffff:8.8.4.4", "8.8.4.4"],
  ["2606:4700::1111", "2606:4700::1111"],
  ["127.0.0.1", null],
  ["172.17.0.2", null],
  ["::ffff:10.0.0.5", null],
  ["fd00::5", null],
  ["", null],
])("of our address %s a vendor sees %s", (address, seen) => {
  expect(publicAddress(address)).toBe(seen);
});
