/**
 * An example of a date pattern, for the page's lists of patterns. What is sent is always written by the server; this is
 * here because twenty examples at each opening of a list would be twenty requests.
 * @param pattern letters of PHP's date(), or `timestamp`, `age`, `iso8601`; ends it in `\Z`, it is written in UTC.
 * @param zone IANA name.
 */
export function phpDate(at: Date, pattern: string, zone: string, now = new Date()): string {
  if (pattern === "timestamp") return String(Math.floor(at.getTime() / 1000));
  if (pattern === "age") return String(wholeYears(partsOf(at, zone), partsOf(now, zone)));
  const shown = pattern === "iso8601" ? "Y-m-d\\TH:i:sP" : pattern;
  const parts = partsOf(at, shown.endsWith("\\Z") ? "UTC" : zone);
  return shown.replace(/\\(.)|[a-z]/gis, (letter, escaped: string | undefined) =>
    escaped === undefined ? (writers[letter]?.(parts) ?? letter) : escaped,
  );
}

/** Spec 2, Date formats, in its order. `""` is the account's own pattern. */
export const datePatterns = [
  "", "Y-m-d H:i:s", "Y-m-d", "m/d/Y", "D M j G:i:s T Y", "j-m-y", "Ymd", "m.d.y", "m/d/y g:i a", "m/d/y",
  "F j, Y, g:i a", "j, n, Y", "Y-m-d\\TH:i:s", "timestamp", "age", "Ymd\\THis\\Z", "m/d/Y H:i:s", "iso8601",
] as const; // prettier-ignore

/** Patterns that are named, not spelled. */
export const datePatternNames: Readonly<Record<string, string>> = {
  "": "System default",
  age: "age, in whole years",
  iso8601: "ISO 8601 with offset",
};

type Parts = {
  readonly at: Date;
  readonly zone: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes ahead of UTC. */
  readonly offset: number;
};

function partsOf(at: Date, zone: string): Parts {
  const found: Record<string, number> = {};
  for (const { type, value } of new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at))
    found[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = found;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return {
    at,
    zone,
    year,
    month,
    day,
    hour,
    minute,
    second,
    offset: Math.round((local - Math.floor(at.getTime() / 1000) * 1000) / 60_000),
  };
}

const two = (value: number): string => String(value).padStart(2, "0");
const hour12 = ({ hour }: Parts): number => hour % 12 || 12;
const named = (parts: Parts, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en-US", { timeZone: parts.zone, ...options }).format(parts.at);

function offsetOf({ offset }: Parts, colon: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${colon}${two(minutes % 60)}`;
}

function zoneName(parts: Parts): string {
  const name = new Intl.DateTimeFormat("en-US", { timeZone: parts.zone, timeZoneName: "short" })
    .formatToParts(parts.at)
    .find(({ type }) => type === "timeZoneName")?.value;
  return name && /^[A-Z]{2,5}$/.test(name) ? name : offsetOf(parts, ":");
}

const dayOfYear = ({ year, month, day }: Parts): number =>
  (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000;
const weekday = ({ year, month, day }: Parts): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay();
const daysIn = ({ year, month }: Parts): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function suffix({ day }: Parts): string {
  if (day >= 11 && day <= 13) return "th";
  return ({ 1: "st", 2: "nd", 3: "rd" } as Record<number, string>)[day % 10] ?? "th";
}

const writers: Record<string, (parts: Parts) => string> = {
  d: ({ day }) => two(day),
  j: ({ day }) => String(day),
  D: (parts) => named(parts, { weekday: "short" }),
  l: (parts) => named(parts, { weekday: "long" }),
  N: (parts) => String(weekday(parts) || 7),
  w: (parts) => String(weekday(parts)),
  S: suffix,
  z: (parts) => String(dayOfYear(parts)),
  t: (parts) => String(daysIn(parts)),
  F: (parts) => named(parts, { month: "long" }),
  M: (parts) => named(parts, { month: "short" }),
  m: ({ month }) => two(month),
  n: ({ month }) => String(month),
  Y: ({ year }) => String(year).padStart(4, "0"),
  y: ({ year }) => two(year % 100),
  a: ({ hour }) => (hour < 12 ? "am" : "pm"),
  A: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  g: (parts) => String(hour12(parts)),
  h: (parts) => two(hour12(parts)),
  G: ({ hour }) => String(hour),
  H: ({ hour }) => two(hour),
  i: ({ minute }) => two(minute),
  s: ({ second }) => two(second),
  v: ({ at }) => String(at.getUTCMilliseconds()).padStart(3, "0"),
  e: ({ zone }) => zone,
  T: zoneName,
  P: (parts) => offsetOf(parts, ":"),
  O: (parts) => offsetOf(parts, ""),
  Z: ({ offset }) => String(offset * 60),
  U: ({ at }) => String(Math.floor(at.getTime() / 1000)),
  c: ({ at, zone }) => phpDate(at, "iso8601", zone),
};

function wholeYears(from: Parts, today: Parts): number {
  const before = today.month < from.month || (today.month === from.month && today.day < from.day);
  return today.year - from.year - (before ? 1 : 0);
}
