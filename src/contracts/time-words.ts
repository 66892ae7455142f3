import { namedWindows } from "./workflow.ts";

const units = { d: "day", h: "hour", m: "minute", s: "second" } as const;

/** "2 days 4 hours" of `2d4h`. */
export function sayDuration(duration: string): string {
  const parts = [...duration.matchAll(/(\d+)([dhms])/g)]
    .map(([, count, unit]) => ({ count: Number(count), unit: units[unit as keyof typeof units] }))
    .filter(({ count }) => count > 0);
  if (parts.length === 0) return "0 seconds";
  return parts.map(({ count, unit }) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ");
}

/** `["9:00", "17:00"]` of the window `9-5` or the hours `9-17`; null: all day. */
export function clockOf(window: string): readonly [from: string, to: string] | null {
  const hours = namedWindows[window] ?? window;
  if (hours === "24hr") return null;
  const [from = "", to = ""] = hours.split("-");
  return [clock(from), clock(to)];
}

const clock = (hour: string): string => {
  const [h = "0", m = "00"] = hour.split(":");
  return `${Number(h)}:${m}`;
};
