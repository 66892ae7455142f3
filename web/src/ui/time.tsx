import { useSession } from "./session.ts";

/** A time in the account's zone, the exact instant on hover. `clock`: times only for today, with the day before. */
export function Time({ at, form = "clock" }: { at: string; form?: "clock" | "full" | "day" }) {
  const zone = useSession().account.time_zone;
  return (
    <time dateTime={at} title={exactTime(at)} className="num nowrap">
      {showTime(at, zone, form)}
    </time>
  );
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making a formatter costs 50 times what using one does, and tables hold a thousand times. */
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options })));
  return made;
}

const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
const minutes = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const day = { day: "numeric", month: "short" } as const;
const year = { year: "numeric" } as const;

/** A time as the page writes it: `09:14:02` today, `22 Nov 09:14` this year, else with the year. */
function showTime(at: string, zone: string, form: "clock" | "full" | "day" = "clock", now = new Date()): string {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return at;
  const date = format(zone, { ...day, ...year });
  const thisYear = format(zone, year).format(instant) === format(zone, year).format(now);
  const shortDate = format(zone, thisYear ? day : { ...day, ...year }).format(instant);
  if (form === "day") return shortDate;
  if (form === "full") return `${shortDate}, ${format(zone, clock).format(instant)}`;
  if (date.format(instant) === date.format(now)) return format(zone, clock).format(instant);
  return `${shortDate} ${format(zone, minutes).format(instant)}`;
}

/** The exact instant: `Mon 23 Nov 2026, 15:44:02.118 UTC`. */
export function exactTime(at: string): string {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return at;
  const date = format("UTC", { weekday: "short", ...day, ...year })
    .format(instant)
    .replace(",", "");
  return `${date}, ${instant.toISOString().slice(11, 23)} UTC`;
}

/** A length of time: `188 ms`, `1.92 s`, `14 min`, `3 h`, `6 days`. */
export function showDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** How long ago: `12 s`, `4 min`. */
export const showAge = (at: string, now = Date.now()): string => {
  const ms = Math.max(0, now - new Date(at).getTime());
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : showDuration(ms);
};
