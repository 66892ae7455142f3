/** A minute on a zone's wall clock. */
export type WallClock = {
  /** After midnight. */
  readonly minute: number;
  /** 1 for Monday to 7, as Temporal counts. */
  readonly dayOfWeek: number;
  /** `2026-11-24 09:14` */
  readonly text: string;
};

/** From here on every zone's offset is whole minutes (Liberia was the last, in 1972), so that a minute here is one there. */
const wholeMinutesSinceMs = Date.UTC(1973);
const latest = new Map<string, { readonly epochMinute: number; readonly clock: WallClock }>();
const zonesMax = 600;

/** The wall clock of a zone at an instant. Events come by the thousand a minute: the last answer of each zone is kept. */
export function wallClock(at: Temporal.Instant, timeZone: string): WallClock {
  const ms = at.epochMilliseconds;
  if (ms < wholeMinutesSinceMs) return read(at, timeZone);
  const epochMinute = Math.floor(ms / 60_000);
  const known = latest.get(timeZone);
  if (known?.epochMinute === epochMinute) return known.clock;
  const clock = read(at, timeZone);
  if (latest.size >= zonesMax) latest.clear();
  latest.set(timeZone, { epochMinute, clock });
  return clock;
}

function read(at: Temporal.Instant, timeZone: string): WallClock {
  const local = at.toZonedDateTimeISO(timeZone);
  const text = local.toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
  return { minute: local.hour * 60 + local.minute, dayOfWeek: local.dayOfWeek, text };
}
