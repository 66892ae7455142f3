import { zoneAbbreviation } from "./format-date.ts";
import { readDateParts, type DateParts } from "./read-date-parts.ts";

/**
 * Reads a vendor's date back: by the pattern first, then as ISO 8601 or `Y-m-d H:i:s`, with a space or a `T`.
 * @param pattern as formatDate takes it; empty: only the common forms.
 * @param zone the account's IANA time zone, for texts that name no offset of their own.
 * @returns `YYYY-MM-DD` for a `date`, an ISO 8601 instant in UTC for a `datetime`; null when it can't be read.
 */
export function parseDate(text: string, pattern: string, zone: string, kind: "date" | "datetime"): string | null {
  const trimmed = text.trim();
  const parts = readDateParts(trimmed, pattern);
  if (!parts) return null;
  try {
    return kind === "date" ? toDate(parts, zone) : toInstant(parts, zone).toString();
  } catch {
    return null;
  }
}

function toPlain(parts: DateParts): Temporal.PlainDateTime {
  const { year, month: m, day: d, microsecond = 0 } = parts;
  if (year === undefined || !m || !d) throw new RangeError("the day is not named");
  return Temporal.PlainDateTime.from(
    {
      year,
      month: m,
      day: d,
      hour: hourOf(parts),
      minute: parts.minute ?? 0,
      second: parts.second ?? 0,
      millisecond: Math.floor(microsecond / 1000),
      microsecond: microsecond % 1000,
    },
    { overflow: "reject" },
  );
}

function hourOf(parts: DateParts): number {
  if (parts.hour !== undefined) return parts.hour;
  if (parts.hour12 === undefined) return 0;
  if (parts.afternoon === undefined) return parts.hour12;
  if (parts.hour12 < 1 || parts.hour12 > 12) throw new RangeError("12 hours, am or pm");
  return (parts.hour12 % 12) + (parts.afternoon ? 12 : 0);
}

function toDate(parts: DateParts, zoneId: string): string {
  if (parts.epochSeconds === undefined) return toPlain(parts).toPlainDate().toString();
  // The way out counts a date's seconds from midnight UTC; an instant in the day falls on the account's day.
  const utc = Temporal.Instant.fromEpochMilliseconds(parts.epochSeconds * 1000);
  const inZone = parts.epochSeconds % 86_400 === 0 ? "UTC" : zoneId;
  return utc.toZonedDateTimeISO(inZone).toPlainDate().toString();
}

function toInstant(parts: DateParts, zoneId: string): Temporal.Instant {
  if (parts.epochSeconds !== undefined) return Temporal.Instant.fromEpochMilliseconds(parts.epochSeconds * 1000);
  const plain = toPlain(parts);
  const named = parts.zone;
  if (named === undefined) return plain.toZonedDateTime(zoneId).toInstant();
  const offset = /^([+-]\d\d)(?::?(\d\d))?$/.exec(named);
  if (offset) return plain.toZonedDateTime(`${offset[1]}:${offset[2] ?? "00"}`).toInstant();
  if (/^(Z|UTC|GMT)$/i.test(named)) return plain.toZonedDateTime("UTC").toInstant();
  if (named.includes("/")) return plain.toZonedDateTime(named).toInstant();
  return byAbbreviation(plain, zoneId, named.toUpperCase()).toInstant();
}

/** North America's, in hours: what its vendors write whatever the account's zone is. Others are ambiguous (IST, CST). */
const american: Record<string, number> = {
  NST: -3.5, NDT: -2.5, AST: -4, ADT: -3, EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6,
  PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10,
}; // prettier-ignore

/** In the hour that comes twice, the abbreviation tells which of the two is meant. */
function byAbbreviation(plain: Temporal.PlainDateTime, zoneId: string, name: string): Temporal.ZonedDateTime {
  const candidates = (["earlier", "later"] as const).map((disambiguation) =>
    plain.toZonedDateTime(zoneId, { disambiguation }),
  );
  const meant = candidates.filter((candidate) => zoneAbbreviation(candidate) === name);
  const exact = meant.find((candidate) => candidate.toPlainDateTime().equals(plain));
  if (exact) return exact;
  const hours = american[name];
  // The hour that spring skips has no exact candidate.
  if (hours === undefined && meant.length > 0) return plain.toZonedDateTime(zoneId);
  if (hours === undefined) throw new RangeError(`the zone ${name} is not known`);
  return plain.toZonedDateTime("UTC").subtract({ minutes: hours * 60 });
}
