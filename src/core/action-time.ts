import { durationMs } from "../contracts/duration.ts";
import type { FieldValue, FieldValues } from "../contracts/fields.ts";
import type { Delay } from "../contracts/workflow.ts";
import { nextOpen, windowHours } from "./opening-hours.ts";

export type ActionTime =
  | { readonly kind: "at"; readonly at: Temporal.Instant }
  /** The field that the delay counts from is empty or holds no date, or the window never opens. */
  | { readonly kind: "never"; readonly because: string };

/**
 * When an action set is carried out: the delay counted from the event, the last call or a date field, then on to the
 * window. A date without a time counts from midnight in `timeZone`. Whole days move the calendar, not 24 hours, so that
 * "one day later" keeps its time of day across a change of clocks.
 */
export function actionTime(
  set: { readonly delay: Delay; readonly window: string },
  event: { readonly at: Temporal.Instant; readonly lead: FieldValues },
  timeZone: string,
): ActionTime {
  const from = delayFrom(set.delay, event, timeZone);
  if (from.kind === "never") return from;
  const open = nextOpen(windowHours(set.window), from.at, timeZone);
  return open === null ? { kind: "never", because: "its window never opens" } : { kind: "at", at: open };
}

function delayFrom(
  delay: Delay,
  { at, lead }: { readonly at: Temporal.Instant; readonly lead: FieldValues },
  timeZone: string,
): ActionTime {
  if (delay === "none") return { kind: "at", at };
  if (typeof delay === "string") return { kind: "at", at: addOffset(at, delay, timeZone) };
  const [field, offset] =
    "after_last_called" in delay
      ? (["last_called", delay.after_last_called] as const)
      : ([delay.field, delay.offset] as const);
  const base = instantOf(lead[field] ?? null, timeZone);
  if (base === null) return { kind: "never", because: `${field} holds no date to count from` };
  return { kind: "at", at: addOffset(base, offset, timeZone) };
}

/** `2d4h30m`, `-1d`. Days by the calendar of the zone, the rest by the clock. */
function addOffset(at: Temporal.Instant, offset: string, timeZone: string): Temporal.Instant {
  const sign = offset.startsWith("-") ? -1 : 1;
  const days = Number(/(\d+)d/.exec(offset)?.[1] ?? 0);
  const restMs = durationMs(offset.replace("-", "")) - days * 86_400_000;
  return at
    .toZonedDateTimeISO(timeZone)
    .add({ days: sign * days })
    .add({ milliseconds: sign * restMs })
    .toInstant();
}

function instantOf(value: FieldValue, timeZone: string): Temporal.Instant | null {
  const text = String(value ?? "");
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text)
      ? Temporal.PlainDate.from(text).toZonedDateTime(timeZone).toInstant()
      : Temporal.Instant.from(text);
  } catch {
    return null;
  }
}
