import type { Delay, Schedule, Weekday, ActionSet } from "../../../src/contracts/workflow.ts";
import { clockOf, sayDuration } from "../../../src/contracts/time-words.ts";
import { weekdays } from "../../../src/contracts/workflow.ts";

/** "SALE, APPT or NI". */
export function anyOf(list: readonly (string | number)[]): string {
  if (list.length < 2) return String(list[0] ?? "");
  return `${list.slice(0, -1).join(", ")} or ${list.at(-1)}`;
}

/** "9:00 and 17:00" of `9-5`; null: at any time. */
export function sayWindow(window: ActionSet["window"]): string | null {
  const ends = clockOf(window);
  return ends && `${ends[0]} and ${ends[1]}`;
}

export function sayDelay(delay: Delay, field: (key: string) => string): string {
  if (delay === "none") return "At once";
  if (typeof delay === "string") return `${sayDuration(delay)} after the event`;
  if ("after_last_called" in delay) return `${sayDuration(delay.after_last_called)} after the last call`;
  const name = field(delay.field);
  if (/^-?(0[dhms])*$/.test(delay.offset)) return `At ${name}`;
  return delay.offset.startsWith("-")
    ? `${sayDuration(delay.offset.slice(1))} before ${name}`
    : `${sayDuration(delay.offset)} after ${name}`;
}

export const dayNames: Record<Weekday, string> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

/** "Monday to Friday 9:00–17:00, Saturday 9:00–12:00". */
export function saySchedule(schedule: Schedule): string {
  const days = hoursByDay(schedule);
  if (weekdays.every((day) => days[day] === "24hr")) return "always";
  const groups: { from: Weekday; to: Weekday; hours: string }[] = [];
  for (const day of weekdays) {
    const hours = days[day];
    const last = groups.at(-1);
    const follows = last && weekdays.indexOf(last.to) === weekdays.indexOf(day) - 1;
    if (last && follows && last.hours === hours) last.to = day;
    else if (hours !== "") groups.push({ from: day, to: day, hours });
  }
  if (groups.length === 0) return "never";
  return groups
    .map(({ from, to, hours }) => {
      const name = from === to ? dayNames[from] : `${dayNames[from]} to ${dayNames[to]}`;
      return `${name} ${hours.split(", ").map(sayHours).join(" and ")}`;
    })
    .join(", ");
}

const sayHours = (hours: string): string => clockOf(hours)?.join("–") ?? "all day";

/** What each day says: `9-17`, `9-12, 13-17`, `24hr`; empty: closed. */
export function hoursByDay(schedule: Schedule): Record<Weekday, string> {
  const hours = (day: Weekday) =>
    schedule === "always"
      ? "24hr"
      : schedule.days
          .filter(({ days }) => days.includes(day))
          .map((entry) => entry.hours)
          .join(", ");
  return Object.fromEntries(weekdays.map((day) => [day, hours(day)])) as Record<Weekday, string>;
}

/** The schedule in which each day says this. Open all day, every day, in the account's zone: always. */
export function scheduleOf(zone: "account" | "lead", byDay: Readonly<Record<Weekday, string>>): Schedule {
  if (zone === "account" && weekdays.every((day) => byDay[day].trim() === "24hr")) return "always";
  const days = new Map<string, Weekday[]>();
  for (const day of weekdays)
    for (const hours of byDay[day].split(",").map((part) => part.trim()))
      if (hours !== "") days.set(hours, [...(days.get(hours) ?? []), day]);
  return { zone, days: [...days].map(([hours, named]) => ({ days: named, hours })) };
}

export const zoneOf = (schedule: Schedule): "account" | "lead" => (schedule === "always" ? "account" : schedule.zone);
