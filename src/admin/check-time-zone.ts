import { badInput } from "../core/problem-error.ts";

/** Refuses a zone that the IANA time zone database does not have; bare offsets don't know summer time and are refused too. */
export function checkTimeZone(zone: string): void {
  try {
    if (/^[A-Za-z]/.test(zone)) {
      Intl.DateTimeFormat("en", { timeZone: zone });
      return;
    }
  } catch {
    // said below
  }
  throw badInput("time_zone", `There is no time zone ${zone}. Write a name such as America/Los_Angeles`);
}
