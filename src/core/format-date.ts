import { compileDatePattern, type DateToken } from "./date-pattern.ts";

/**
 * Writes a stored date as a vendor wants it.
 * @param value an ISO 8601 instant (`2024-03-15T21:30:00Z`) or a date (`2024-03-15`).
 * @param kind of the field: of a `date` only the day counts.
 * @param pattern letters of PHP's date() (https://www.php.net/manual/datetime.format.php), or `timestamp` (epoch
 *   seconds), `age` (whole years until today in the zone), `iso8601` (with offset). A pattern that ends in a literal
 *   `\Z` is in UTC, as that letter says.
 * @param zone the account's IANA time zone. A date without a time never shifts with it: it is midnight UTC.
 * @returns null when the value can't be read as a date; never throws.
 */
export function formatDate(
  value: string,
  kind: "date" | "datetime",
  pattern: string,
  zone: string,
  now: Temporal.Instant,
): string | null {
  const moment = readMoment(value, kind, zone);
  if (!moment) return null;
  if (pattern === "timestamp") return epochSeconds(moment);
  if (pattern === "age") return wholeYears(moment.toPlainDate(), now, zone);
  const tokens = compileDatePattern(pattern === "iso8601" ? "Y-m-d\\TH:i:sP" : pattern);
  const last = tokens.at(-1);
  const inUtc = last?.letter === null && last.text === "Z" && pattern.endsWith("\\Z");
  return writeTokens(inUtc ? moment.withTimeZone("UTC") : moment, tokens);
}

/** Epoch milliseconds at UTC midnight of that day, as HubSpot's date properties take it; null: not a date. */
export function formatHubspotDate(value: string, kind: "date" | "datetime", zone: string): string | null {
  const day = readMoment(value, kind, zone)?.toPlainDate();
  return day ? String(day.toZonedDateTime("UTC").epochMilliseconds) : null;
}

const dateOnly = /^\d{4}-\d\d-\d\d$/;
const dateWithTime = /^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d/;

function readMoment(value: string, kind: "date" | "datetime", zone: string): Temporal.ZonedDateTime | null {
  const text = value.trim();
  const day = dateOnly.test(text) ? text : kind === "date" ? dateWithTime.exec(text)?.[1] : undefined;
  try {
    if (day !== undefined) return Temporal.PlainDate.from(day, { overflow: "reject" }).toZonedDateTime("UTC");
    return Temporal.Instant.from(text).toZonedDateTimeISO(zone);
  } catch {
    return null;
  }
}

function writeTokens(moment: Temporal.ZonedDateTime, tokens: readonly DateToken[]): string {
  let text = "";
  for (const token of tokens)
    text += token.letter === null ? token.text : (writers[token.letter]?.(moment) ?? token.text);
  return text;
}

const dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
export const monthNames = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
]; // prettier-ignore

type Moment = Temporal.ZonedDateTime;
const two = (n: number) => String(n).padStart(2, "0");
const dayName = (m: Moment) => dayNames[m.dayOfWeek - 1] ?? "";
const monthName = (m: Moment) => monthNames[m.month - 1] ?? "";
const hour12 = (m: Moment) => m.hour % 12 || 12;
const meridiem = (m: Moment) => (m.hour < 12 ? "am" : "pm");
const epochSeconds = (m: Moment) => String(Math.floor(m.epochMilliseconds / 1000));
const year = (n: number) => (n < 0 ? "-" : "") + String(Math.abs(n)).padStart(4, "0");
const offset = (m: Moment) => m.offset.slice(0, 6);

function ordinalSuffix({ day }: Moment): string {
  if (day >= 11 && day <= 13) return "th";
  return { 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th";
}

/** In summer: the offset is ahead of the smaller of the year's two. (Ireland's "negative" winter time counts as winter.) */
function isSummer(m: Moment): boolean {
  const of = (month: number) => m.with({ month, day: 1 }).offsetNanoseconds;
  return m.offsetNanoseconds > Math.min(of(1), of(7));
}

/** Swatch Internet Time: thousandths of a day at UTC+1. */
function beats(m: Moment): string {
  const seconds = Math.floor(m.epochMilliseconds / 1000) + 3600;
  return String(Math.floor((((seconds % 86_400) + 86_400) % 86_400) / 86.4)).padStart(3, "0");
}

const writers: Record<string, (m: Moment) => string> = {
  d: (m) => two(m.day),
  D: (m) => dayName(m).slice(0, 3),
  j: (m) => String(m.day),
  l: dayName,
  N: (m) => String(m.dayOfWeek),
  S: ordinalSuffix,
  w: (m) => String(m.dayOfWeek % 7),
  z: (m) => String(m.dayOfYear - 1),
  W: (m) => two(m.weekOfYear ?? 0),
  F: monthName,
  m: (m) => two(m.month),
  M: (m) => monthName(m).slice(0, 3),
  n: (m) => String(m.month),
  t: (m) => String(m.daysInMonth),
  L: (m) => (m.inLeapYear ? "1" : "0"),
  o: (m) => year(m.yearOfWeek ?? m.year),
  Y: (m) => year(m.year),
  y: (m) => two(((m.year % 100) + 100) % 100),
  a: meridiem,
  A: (m) => meridiem(m).toUpperCase(),
  B: beats,
  g: (m) => String(hour12(m)),
  G: (m) => String(m.hour),
  h: (m) => two(hour12(m)),
  H: (m) => two(m.hour),
  i: (m) => two(m.minute),
  s: (m) => two(m.second),
  u: (m) => String(m.millisecond * 1000 + m.microsecond).padStart(6, "0"),
  v: (m) => String(m.millisecond).padStart(3, "0"),
  e: (m) => m.timeZoneId,
  I: (m) => (isSummer(m) ? "1" : "0"),
  O: (m) => offset(m).replace(":", ""),
  P: offset,
  p: (m) => (offset(m) === "+00:00" ? "Z" : offset(m)),
  T: zoneAbbreviation,
  Z: (m) => String(Math.trunc(m.offsetNanoseconds / 1e9)),
  c: (m) => writeTokens(m, compileDatePattern("Y-m-d\\TH:i:sP")),
  r: (m) => writeTokens(m, compileDatePattern("D, d M Y H:i:s O")),
  U: epochSeconds,
};

/** English of these places knows its own zones' abbreviations and calls the others GMT+1. */
const englishes = ["en-US", "en-GB", "en-CA", "en-AU", "en-NZ", "en-IN", "en-ZA"];
const formatters = new Map<string, Intl.DateTimeFormat[]>();

/** `PDT`, `BST`, `IST`; the offset (`+09:00`) where no English has an abbreviation. */
export function zoneAbbreviation(m: Temporal.ZonedDateTime): string {
  const zone = m.timeZoneId;
  if (zone === "UTC") return "UTC";
  let inEnglish = formatters.get(zone);
  if (!inEnglish) {
    inEnglish = englishes.map((place) => new Intl.DateTimeFormat(place, { timeZone: zone, timeZoneName: "short" }));
    formatters.set(zone, inEnglish);
  }
  for (const format of inEnglish) {
    const name = format.formatToParts(m.epochMilliseconds).find((part) => part.type === "timeZoneName")?.value;
    if (name && /^[A-Z]{2,5}$/.test(name)) return name;
  }
  return offset(m);
}

function wholeYears(from: Temporal.PlainDate, now: Temporal.Instant, zone: string): string | null {
  let today: Temporal.PlainDate;
  try {
    today = now.toZonedDateTimeISO(zone).toPlainDate();
  } catch {
    return null;
  }
  const before = today.month < from.month || (today.month === from.month && today.day < from.day);
  return String(today.year - from.year - (before ? 1 : 0));
}
