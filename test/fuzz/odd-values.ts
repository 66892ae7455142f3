import { limits } from "../../src/contracts/limits.ts";
import type { Random } from "./random.ts";

/** Texts that have broken programs: too long, no text at all, another language's syntax, one step around a limit. */
export function oddText(random: Random): string {
  const { pick, below } = random;
  switch (below(16)) {
    case 0:
      return pick(["", " ", "0", "-1", "null", "undefined", "NaN", "true", "[]", "{}", "[object Object]"]);
    case 1:
      return pick(["\0", "a\0b", "\ud800", "a\udfff", "\u202e3105550142", "\ufeff", "é".repeat(101), "👍🏽".repeat(40), "\u2028"]);
    case 2:
      return pick("a|1|,|.|%|&|=|{|<|\"|\\|\n|;|-|@| |é".split("|")).repeat(pick([199, 200, 201, 255, 256, 4_000, 70_000]));
    case 3:
      return pick(["__proto__", "constructor", "toString", "hasOwnProperty", "length", "auth_token", "id", "lead_id"]);
    case 4:
      return pick(["../../../etc/passwd", "..%2f..", "%00", "%", "%ff%fe", "\r\nX-Injected: 1", "//evil.example", "C:\\x", "file:///etc/passwd"]);
    case 5:
      return pick(["<!DOCTYPE a [<!ENTITY b \"c\">]>", "<a b='1'/>", "<script>alert(1)</script>", "=1+1", "'; drop table leads; --", "$1", "${1}"]);
    case 6:
      return pick(["{lead.first_name}", "{lead.notes}", "{lead.", "{lead.nothing}", "{call.status|lead.status}", "{{lead.id}}"]).repeat(1 + below(300));
    case 7:
      return pick(["(a+)+$", "(((((((((((a*)*)*)*)*)*)*)*)*)*)*)", "[", "(?=a)", "a{1000000}", "\\1", ".*".repeat(500)]);
    case 8:
      return pick(["2026-02-30", "0000-00-00", "2026-03-08 02:30:00", "2026-11-01T01:30:00", "99999-01-01", "-1-1-1", "1e99", "24:00", "1796140800"]);
    case 9:
      return pick(["1e308", "-0", "0x10", "1".repeat(400), "9007199254740993", "2147483648", "-9223372036854775809", "0.1", "1,5", "٣"]);
    case 10:
      return pick(["a@b.example", "a@", "@", "a@b.example,".repeat(800), `x@${"a-".repeat(120)}b`, `${"a".repeat(64)}@${"b.".repeat(90)}example`]);
    case 11:
      return pick(["+1 310 555 0142", "tel:+13105550142", "0044 20 7946 0018", "+", "3".repeat(5_000), "(((", "+442079460018;ext=5"]);
    case 12:
      return pick(["Europe/Berlin", "US/Pacific", "Mars/Olympus", "-5", "+25:00", "5.5", "GMT+0", "UTC-99"]);
    case 13:
      return pick(["http://127.0.0.1/", "http://[::1]:80/", "https://user:pass@example.com/", "ftp://a", "http://", "http://a b", "https://xn--/"]);
    default:
      return Array.from({ length: below(30) }, () => String.fromCodePoint(32 + below(pick([95, 2_000, 60_000])))).join("");
  }
} // prettier-ignore

/** Any JSON value, also one that is too much of something. */
function oddValue(random: Random): unknown {
  const { pick, below, some } = random;
  switch (below(10)) {
    case 0:
      return pick([null, true, false, 0, -1, 1.5, 1e308, 2 ** 53 + 2, -0, 2_147_483_648]);
    case 1:
      return some(5, () => oddText(random));
    case 2:
      return Object.fromEntries(some(5, () => [oddText(random), oddText(random)]));
    case 3:
      return nested(random, pick([2, limits.depthMax - 2, limits.depthMax + 1, 500]));
    case 4:
      return Array.from({ length: pick([0, 1, 999, 1_001, 3_000]) }, () => pick([1, "a", null]));
    case 5:
      return Object.fromEntries(Array.from({ length: pick([1, 999, 1_001, 3_000]) }, (_, at) => [`k${at}`, at]));
    default:
      return oddText(random);
  }
}

function nested({ chance }: Random, depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = chance(0.5) ? { a: value } : [value];
  return value;
}

/** The same value with something odd at one place, or at several. */
export function withOddities(value: unknown, random: Random, oddities: number): unknown {
  let odd = structuredClone(value);
  for (let left = oddities; left > 0; left--) odd = withOddity(odd, random);
  return odd;
}

/** An item so often, or until it is twice as long as a body may be. */
function repeated(item: unknown, count: number): unknown[] {
  const length = (JSON.stringify(item) ?? "").length + 1;
  const fitting = Math.ceil((2 * limits.bodyBytesMax) / length);
  return Array.from({ length: Math.min(count, fitting) }, () => structuredClone(item));
}

function withOddity(value: unknown, random: Random): unknown {
  if (random.chance(0.2) || typeof value !== "object" || value === null) return oddValue(random);
  const names = Object.keys(value);
  const inner = value as Record<string, unknown>;
  const name = random.chance(0.2) || names.length === 0 ? oddText(random) : random.pick(names);
  if (Array.isArray(value) && value.length > 0 && random.chance(0.1))
    return repeated(value[0], random.pick([300, 2_000]));
  if (Array.isArray(value) && !names.includes(name)) return [...(value as unknown[]), oddValue(random)];
  if (random.chance(0.1)) delete inner[name];
  else
    Object.defineProperty(inner, name, {
      value: withOddity(Object.hasOwn(inner, name) ? inner[name] : null, random),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return value;
}
