import { namedWindows, weekdays, type Hours, type Schedule } from "../contracts/workflow.ts";
import { wallClock } from "./wall-clock.ts";

/** Hours of one day as minutes after midnight; `to` above 1440 runs past midnight. */
type Minutes = { readonly from: number; readonly to: number };
/** Hours by weekday, Monday first; a day without an entry is closed. */
export type OpeningHours = readonly (readonly Minutes[])[];

const dayMinutes = 24 * 60;

const bySchedule = new WeakMap<object, OpeningHours>();
const byWindow = new Map<string, OpeningHours>();
const windowsMax = 1_000;

/** A schedule's hours; `always` is open all week. Made once a schedule. */
export function openingHours(schedule: Schedule): OpeningHours {
  if (schedule === "always") return windowHours("24hr");
  const known = bySchedule.get(schedule) ?? hoursOf(schedule);
  bySchedule.set(schedule, known);
  return known;
}

function hoursOf(schedule: Exclude<Schedule, "always">): OpeningHours {
  const week: Minutes[][] = weekdays.map(() => []);
  for (const entry of schedule.days)
    for (const day of entry.days) week[weekdays.indexOf(day)]!.push(minutesOf(entry.hours));
  return week;
}

/** A window of an action set, named or its own, on every day. Made once a window. */
export function windowHours(window: string): OpeningHours {
  const known = byWindow.get(window);
  if (known !== undefined) return known;
  const minutes = minutesOf(namedWindows[window] ?? window);
  const hours = weekdays.map(() => [minutes]);
  if (byWindow.size >= windowsMax) byWindow.clear();
  byWindow.set(window, hours);
  return hours;
}

/** Open at this instant on this zone's wall clock. */
export function isOpen(hours: OpeningHours, at: Temporal.Instant, timeZone: string): boolean {
  const { minute, dayOfWeek } = wallClock(at, timeZone);
  const today = hours[dayOfWeek - 1]!;
  const yesterday = hours[(dayOfWeek + 5) % 7]!;
  return (
    today.some(({ from, to }) => from <= minute && minute < to) || yesterday.some(({ to }) => minute < to - dayMinutes)
  );
}

/**
 * This instant if it is open, else the next opening; null when no day is ever open. Openings are wall-clock times: on
 * the day the clocks go forward, one inside the missing hour begins when the clocks have moved; on the day they go
 * back, one inside the doubled hour begins at its first pass.
 */
export function nextOpen(hours: OpeningHours, at: Temporal.Instant, timeZone: string): Temporal.Instant | null {
  if (isOpen(hours, at, timeZone)) return at;
  const today = at.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = today.add({ days: ahead });
    const openings = hours[day.dayOfWeek - 1]!.map(({ from }) =>
      day
        .toPlainDateTime({ hour: Math.floor(from / 60), minute: from % 60 })
        .toZonedDateTime(timeZone, { disambiguation: "compatible" })
        .toInstant(),
    )
      .filter((opening) => Temporal.Instant.compare(opening, at) > 0)
      .toSorted((a, b) => Temporal.Instant.compare(a, b));
    if (openings[0] !== undefined) return openings[0];
  }
  return null;
}

/** `9-17`, `8:30-20:00`, `22-6`; equal ends, and `24hr`, are the whole day. */
function minutesOf(hours: Hours): Minutes {
  if (hours === "24hr") return { from: 0, to: dayMinutes };
  const [from, to] = hours.split("-").map((clock) => {
    const [hour, minute = "0"] = clock.split(":");
    return Number(hour) * 60 + Number(minute);
  }) as [number, number];
  return { from, to: to > from ? to : to + dayMinutes };
}
