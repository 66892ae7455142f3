import { compileDatePattern, type DateToken } from "./date-pattern.ts";
import { monthNames } from "./format-date.ts";

/** What a text said of a moment. An absent part is 0, as PHP's `|` would have it; an absent day can't be read. */
export type DateParts = {
  epochSeconds?: number;
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  /** Of 12; needs the meridiem. */
  hour12?: number;
  afternoon?: boolean;
  minute?: number;
  second?: number;
  microsecond?: number;
  /** `+02:00`, `-0700`, `Z`, `PDT`, `Europe/Berlin`. */
  zone?: string;
};

/** What a trimmed text says by the pattern, or else as ISO 8601 or `Y-m-d H:i:s`; null: neither fits. */
export function readDateParts(text: string, pattern: string): DateParts | null {
  return readByPattern(text, pattern) ?? readCommon(text);
}

const common =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

const n = (found: string | undefined): number => Number(found ?? 0);

function readCommon(text: string): DateParts | null {
  const match = common.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  return {
    year: n(year),
    month: n(month),
    day: n(day),
    hour: n(hour),
    minute: n(minute),
    second: n(second),
    microsecond: n((fraction ?? "").padEnd(6, "0").slice(0, 6)),
    ...(zone === undefined ? {} : { zone: zone.toUpperCase() }),
  };
}

function readByPattern(text: string, pattern: string): DateParts | null {
  if (pattern === "" || pattern === "age") return null;
  if (pattern === "timestamp") return /^-?\d{1,11}$/.test(text) ? { epochSeconds: Number(text) } : null;
  const tokens = compileDatePattern(expand(pattern === "iso8601" ? "c" : pattern));
  const parts: DateParts = pattern.endsWith("\\Z") ? { zone: "Z" } : {};
  let rest = text;
  for (const token of tokens) {
    const length = readToken(token, rest, parts);
    if (length === null) return null;
    rest = rest.slice(length);
  }
  return rest === "" ? parts : null;
}

/** `c` and `r` stand for whole patterns. */
function expand(pattern: string): string {
  return compileDatePattern(pattern)
    .map(({ letter, text }) => {
      if (letter === "c") return "Y-m-d\\TH:i:sP";
      if (letter === "r") return "D, d M Y H:i:s O";
      return letter ?? (/[a-z\\]/i.test(text) ? `\\${text}` : text);
    })
    .join("");
}

type Reader = { readonly match: RegExp; readonly keep: (found: string, parts: DateParts) => void };
const digits = (count: string, keep: Reader["keep"]): Reader => ({ match: new RegExp(`^\\d{${count}}`), keep });
const skip = (match: RegExp): Reader => ({ match, keep: () => undefined });
const monthNumber = (name: string) =>
  monthNames.findIndex((month) => month.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase()) + 1;

const day = digits("1,2", (found, parts) => void (parts.day = Number(found)));
const month = digits("1,2", (found, parts) => void (parts.month = Number(found)));
const monthName: Reader = { match: /^[a-z]{3,9}/i, keep: (found, parts) => void (parts.month = monthNumber(found)) };
const hour = digits("1,2", (found, parts) => void (parts.hour = Number(found)));
const hour12 = digits("1,2", (found, parts) => void (parts.hour12 = Number(found)));
const meridiem: Reader = { match: /^[ap]m/i, keep: (found, parts) => void (parts.afternoon = /^p/i.test(found)) };
const zone: Reader = {
  match: /^(?:[+-]\d\d:?\d\d|[a-z]+(?:[/_+-][a-z0-9]+)*)/i,
  keep: (found, parts) => void (parts.zone = found),
};
const weekday = skip(/^[a-z]{3,9}/i);

/** Letters that say nothing about the moment which others don't say better are read over. */
const readers: Record<string, Reader> = {
  d: day,
  j: day,
  m: month,
  n: month,
  F: monthName,
  M: monthName,
  Y: digits("4", (found, parts) => void (parts.year = Number(found))),
  // PHP's rule: 70–99 are 1970–1999, 00–69 are 2000–2069.
  y: digits("2", (found, parts) => void (parts.year = Number(found) + (Number(found) < 70 ? 2000 : 1900))),
  H: hour,
  G: hour,
  h: hour12,
  g: hour12,
  a: meridiem,
  A: meridiem,
  i: digits("2", (found, parts) => void (parts.minute = Number(found))),
  s: digits("2", (found, parts) => void (parts.second = Number(found))),
  u: digits("1,6", (found, parts) => void (parts.microsecond = Number(found.padEnd(6, "0")))),
  v: digits("3", (found, parts) => void (parts.microsecond = Number(found) * 1000)),
  U: { match: /^-?\d{1,11}/, keep: (found, parts) => void (parts.epochSeconds = Number(found)) },
  O: zone,
  P: zone,
  p: zone,
  T: zone,
  e: zone,
  D: weekday,
  l: weekday,
  S: skip(/^(?:st|nd|rd|th)/i),
  N: skip(/^\d/),
  w: skip(/^\d/),
  L: skip(/^\d/),
  I: skip(/^\d/),
  t: skip(/^\d\d/),
  W: skip(/^\d\d/),
  z: skip(/^\d{1,3}/),
  B: skip(/^\d{3}/),
  o: skip(/^\d{4}/),
  Z: skip(/^-?\d{1,5}/),
};

/** How many characters of `rest` the token takes; null: it doesn't fit. */
function readToken(token: DateToken, rest: string, parts: DateParts): number | null {
  if (token.letter === null) return rest.startsWith(token.text) ? token.text.length : null;
  const reader = readers[token.letter];
  const found = reader?.match.exec(rest)?.[0];
  if (!reader || found === undefined) return null;
  reader.keep(found, parts);
  return found.length;
}
