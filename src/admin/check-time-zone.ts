import { canonicalZone } from "../contracts/time-zones.ts";
import { badInput } from "../core/problem-error.ts";

/**
 * The zone as it is kept: an older name such as US/Pacific becomes today's. Refuses what is no zone; bare offsets know no
 * summer time, and abbreviations don't say whose, so they are refused too.
 */
export function checkTimeZone(zone: string): string {
  const known = canonicalZone(zone) ?? newerThanOurs(zone);
  if (known !== null) return known;
  throw badInput(
    "time_zone",
    /^[A-Z]{2,5}$/.test(zone.trim())
      ? `${zone.trim()} is no time zone's name. Abbreviations are shared by several zones: write a name such as America/New_York`
      : `There is no time zone ${zone}. Write a name such as America/Los_Angeles`,
  );
}

/** A zone that is younger than our list, by the clock of this process. */
function newerThanOurs(zone: string): string | null {
  if (!/^[A-Za-z]+\/[A-Za-z_/-]+$/.test(zone) || /^etc\//i.test(zone)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, zone).timeZoneId;
  } catch {
    return null;
  }
}
