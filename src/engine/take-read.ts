import { EventInput, type EventResult } from "../contracts/event.ts";
import { diallerEventTypes } from "../contracts/workflow.ts";
import { namePlaces } from "../core/name-places.ts";
import { parseDate } from "../core/parse-date.ts";
import { storableJson } from "../store/storable.ts";

export type EventRefusal = Extract<EventResult, { stored: false }>;

/** An event as it was sent, with its times read. */
export type Incoming = {
  readonly input: EventInput;
  readonly at: Date;
  readonly callStartedAt: Date | undefined;
  readonly callback: { readonly at: string; readonly comments: string } | undefined;
};

type Refused = { readonly ok: false; readonly refusal: EventRefusal };
/** An event that its contract takes, or why it does not. */
export type EventReading = { readonly ok: true; readonly input: EventInput } | Refused;

/** Reads one event of a batch by its contract; what is wrong with it is said with its place, the first one. */
export function readEvent(raw: unknown): EventReading {
  const parsed = EventInput.safeParse(storable(raw));
  if (!parsed.success) {
    const [place] = namePlaces(parsed.error.issues);
    const path = place?.path ?? "";
    return refuse("bad_input", path === "type" ? typeWords(raw) : (place?.message ?? "this is no event"), path);
  }
  for (const name of ["length_in_sec", "queue_seconds", "queue_position"] as const)
    if ((parsed.data.call?.[name] ?? 0) > integerMax)
      return refuse("bad_input", `this must be at most ${integerMax}`, `call.${name}`);
  return { ok: true, input: parsed.data };
}

/**
 * Reads the times of an event.
 * @param timeZone the account's, for times without an offset.
 */
export function readTimes(
  input: EventInput,
  timeZone: string,
  now: Date,
): { readonly ok: true; readonly event: Incoming } | Refused {
  const at = readTime(input.at, timeZone);
  if (at === null) return refuse("bad_input", "there is no such day or time", "at");
  const callStartedAt = readTime(input.call?.call_date, timeZone);
  if (callStartedAt === null) return refuse("bad_input", "there is no such day or time", "call.call_date");
  const callbackAt = readTime(input.callback?.at, timeZone);
  if (callbackAt === null) return refuse("bad_input", "there is no such day or time", "callback.at");
  const callback = callbackAt && { at: callbackAt.toISOString(), comments: input.callback?.comments ?? "" };
  return { ok: true, event: { input, at: at ?? now, callStartedAt, callback } };
}

export function refuse(code: string | number, error: string, path: string): Refused {
  return { ok: false, refusal: { stored: false, code, error, path } };
}

const integerMax = 2_147_483_647;

function typeWords(raw: unknown): string {
  const type = (raw as { type?: unknown }).type;
  const named = typeof type === "string" ? `there is no event ${type.slice(0, 80)}` : "this is missing";
  return `${named}. Write ${diallerEventTypes.join(", ")}, or x. and a name of your own`;
}

/** undefined: none is told; null: it can't be. */
function readTime(text: string | undefined, timeZone: string): Date | null | undefined {
  if (text === undefined) return undefined;
  const instant = parseDate(text, "", timeZone, "datetime");
  return instant === null ? null : new Date(instant);
}

/** What PostgreSQL takes: U+0000 and halves of surrogate pairs replaced. */
function storable(raw: unknown): unknown {
  const json = JSON.stringify(raw) ?? "null";
  return /\\u(?:0000|d[89a-f])/i.test(json) ? JSON.parse(storableJson(raw)) : raw;
}
