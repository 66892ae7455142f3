import type { FieldValues } from "../contracts/fields.ts";

/** Zones that a table of a kept library gives for a phone (by area code) or a state; empty: it knows none. */
export type ZoneTable = {
  readonly byPhone: (phoneCode: string, phoneNumber: string) => readonly string[];
  readonly byState: (country: string, state: string) => readonly string[];
};

export type LeadZone = {
  /** An IANA name, or an offset such as `-08:00`. */
  readonly timeZone: string;
  readonly from: "locale_gmt" | "state" | "area code" | "account";
  /** An offset does not follow daylight saving; the log says so. */
  readonly note: string;
};

/**
 * The lead's own zone (spec 4, Schedule): an IANA name or offset in `locale_gmt`; empty: from state and area code. A
 * state in one zone decides; of a state in several, the area code chooses if it can. Nothing known: the account's.
 */
export function leadZone(lead: FieldValues, accountZone: string, table: ZoneTable): LeadZone {
  const own = zoneOf(String(lead["locale_gmt"] ?? "").trim());
  if (own !== null) return own;
  const byPhone = table.byPhone(String(lead["phone_code"] ?? "1"), String(lead["phone_number"] ?? ""));
  const byState = table.byState(String(lead["country"] ?? ""), String(lead["state"] ?? ""));
  if (byState.length === 1) return { timeZone: byState[0]!, from: "state", note: "" };
  const shared = byState.length > 0 ? byPhone.filter((zone) => byState.includes(zone)) : byPhone;
  if (byState.length > 0)
    return shared[0] === undefined
      ? { timeZone: byState[0]!, from: "state", note: "the state has several zones; its first is used" }
      : { timeZone: shared[0], from: "area code", note: "" };
  if (byPhone[0] !== undefined)
    return {
      timeZone: byPhone[0],
      from: "area code",
      note: byPhone.length > 1 ? "the area code has several zones; its first is used" : "",
    };
  return { timeZone: accountZone, from: "account", note: "the lead's zone is not known; the account's is used" };
}

/** `America/Los_Angeles`, `-8`, `-8.00`, `GMT-5:30`, `+0530`. */
function zoneOf(text: string): LeadZone | null {
  if (text === "") return null;
  const offset = /^(?:GMT|UTC)?([+-]?)(\d{1,2})(?:[:.]?(\d\d))?$/i.exec(text);
  if (offset !== null) {
    const [, sign, hours, minutes = "00"] = offset;
    if (Number(hours) > 14 || Number(minutes) > 59) return null;
    return {
      timeZone: `${sign === "-" ? "-" : "+"}${hours!.padStart(2, "0")}:${minutes}`,
      from: "locale_gmt",
      note: "locale_gmt is an offset, which does not follow daylight saving",
    };
  }
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return { timeZone: text, from: "locale_gmt", note: "" };
  } catch {
    return null;
  }
}
