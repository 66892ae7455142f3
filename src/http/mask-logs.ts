import { secretMask } from "../contracts/connect.ts";
import type { Call } from "../contracts/delivery.ts";
import type { FieldKind, FieldValues, Snapshot } from "../contracts/fields.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import { fieldIndex, valueText, type ValueSection } from "../core/field-index.ts";
import { formatDate } from "../core/format-date.ts";
import { formatValue } from "../core/format-value.ts";
import { writtenTexts } from "../core/map-fields.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import { createMask, type Mask, secretLengthMin } from "../outbound/mask-secrets.ts";
import type { MappingContext } from "../store/mapping-context.ts";
import { maskPersonalValue } from "./mask-personal.ts";

/** Hides one event's personal values wherever a log repeats them: in what was sent and in what came back. */
export type LogMask = {
  readonly text: (text: string) => string;
  readonly phone: (phone: string) => string;
  readonly diagnosis: (diagnosis: Diagnosis | null) => Diagnosis | null;
  readonly call: (call: Call) => Call;
};

export type LogMaskInput = {
  readonly context: MappingContext;
  /** A viewer's eyes: every personal field is hidden, not only those that the account hides from everybody. */
  readonly viewer: boolean;
  /** Without it, since the event is past its retention, nobody knows what of a text to hide: all of it is. */
  readonly snapshot: Snapshot | undefined;
  /** The lead as it was later, where the texts may be of then. */
  readonly leads?: readonly FieldValues[];
  /** What the payload was mapped with: it tells how values were written. */
  readonly adaptor: StoredAdaptor | null;
  readonly at: Date;
};

/** Whether logs of this account have to be masked for such a reader at all. */
export function needsLogMask(context: MappingContext, viewer: boolean): boolean {
  return viewer || context.maskedInLogs.length > 0;
}

/**
 * Known are the fields' values, every way Patchbay writes them, and what the adaptor made of them; values of 6 and more
 * characters are found in any encoding and anywhere, shorter ones as words of their own. The values are gathered with the
 * first text: of a thousand rows, many have none.
 */
export function createLogMask(input: LogMaskInput): LogMask {
  let mask: Mask | null = null;
  const text = (whole: string, cut = false): string => maskCut(whole, (mask ??= maskOf(input)), cut);
  const phoneHidden = isHidden(input, "lead", "phone_number");
  const headers = (pairs: Call["request"]["headers"]): [string, string][] =>
    pairs.map(([name, value]) => [text(name), text(value)]);
  return {
    text: (whole) => text(whole),
    phone: (phone) => (phoneHidden ? maskPersonalValue(phone, "phone") : phone),
    diagnosis: (diagnosis) => diagnosis && { ...diagnosis, message: text(diagnosis.message), fix: text(diagnosis.fix) },
    call: (call) => ({
      ...call,
      request: {
        ...call.request,
        url: text(call.request.url),
        headers: headers(call.request.headers),
        body: call.request.body === null ? null : text(call.request.body, call.request.truncated),
      },
      response: call.response && {
        ...call.response,
        headers: headers(call.response.headers),
        body: text(call.response.body, call.response.truncated),
      },
    }),
  };
}

function maskOf(input: LogMaskInput): Mask {
  const { snapshot } = input;
  if (snapshot === undefined) return (text) => (text === "" ? "" : secretMask);
  const [long, short] = [[], []] as [string[], string[]];
  for (const value of hiddenValues(input, snapshot)) (value.length < secretLengthMin ? short : long).push(value);
  return createMask(Object.fromEntries(long.entries()), short);
}

/** Of what was cut for the logs, the end may be the beginning of a value; where a sentence was cut, an ellipsis stands. */
function maskCut(text: string, mask: Mask, cut: boolean): string {
  const masked = mask(text, { cut });
  if (!masked.includes("…")) return masked;
  const [last, ...others] = masked.split("…").toReversed();
  return [...others.toReversed().map((part) => mask(part, { cut: true })), last].join("…");
}

/** Every hidden value, in every way that a log may hold it but for the case of its letters. */
function hiddenValues(input: LogMaskInput, snapshot: Snapshot): Set<string> {
  const { context, leads = [] } = input;
  const values = new Set<string>();
  const fieldOf = fieldIndex(context.customFields);
  const known = new Set<string>();
  for (const lead of [snapshot.lead, ...leads]) {
    const hidden = hiddenFields(input, { ...snapshot, lead });
    // versions of a lead mostly differ in what nobody hides
    const version = JSON.stringify(hidden);
    if (known.has(version)) continue;
    known.add(version);
    const phoneCode = valueText(lead["phone_code"] ?? null);
    for (const { section, key, text } of hidden)
      for (const spelling of spellings(text, fieldOf(section, key)?.kind ?? "text", phoneCode, context))
        values.add(spelling);
    for (const written of mappedValues(input, { ...snapshot, lead })) values.add(written);
  }
  values.delete("");
  return values;
}

function hiddenFields(input: LogMaskInput, snapshot: Snapshot) {
  return (["lead", "call", "extra"] as const).flatMap((section) =>
    Object.entries(snapshot[section] ?? {})
      .filter(([key]) => isHidden(input, section, key))
      .map(([key, value]) => ({ section, key, text: valueText(value) })),
  );
}

function isHidden({ context, viewer }: LogMaskInput, section: ValueSection, key: string): boolean {
  const field = fieldIndex(context.customFields)(section, key);
  if (viewer && field?.personal === true) return true;
  // a call's phone and a numbered custom field are the lead's under another name
  const leadKey = section === "extra" ? key.replace(/^custom_(?=field_)/, "") : key;
  return context.maskedInLogs.includes(leadKey);
}

const datePatterns = [
  "", "Y-m-d H:i:s", "Y-m-d", "m/d/Y", "D M j G:i:s T Y", "j-m-y", "Ymd", "m.d.y", "m/d/y g:i a", "m/d/y",
  "F j, Y, g:i a", "j, n, Y", "Y-m-d\\TH:i:s", "timestamp", "Ymd\\THis\\Z", "m/d/Y H:i:s", "iso8601", "d.m.Y", "d/m/Y",
]; // prettier-ignore

function spellings(text: string, kind: FieldKind, phoneCode: string, context: MappingContext): string[] {
  if (text === "") return [];
  if (kind === "phone") {
    const digits = text.replaceAll(/\D/g, "");
    const formats = (["e164", "national", "dashed"] as const).map((format) => formatValue(text, format, phoneCode));
    return [text, digits, `${phoneCode || "1"}${digits}`, ...formats.filter((written) => written !== null)];
  }
  if (kind === "date" || kind === "datetime") {
    const now = Temporal.Now.instant();
    const patterns = [...datePatterns, context.dateFormat];
    const written = patterns.map((pattern) => formatDate(text, kind, pattern, context.timeZone, now));
    return [text, ...written.filter((date) => date !== null)];
  }
  // of a text of several lines or addresses each may be sent alone
  return [text, ...text.split(/[\n\r]+|,\s*/).filter((part) => part.length >= secretLengthMin)];
}

/** What the adaptor's rows made of hidden fields. */
function mappedValues(input: LogMaskInput, snapshot: Snapshot): string[] {
  const { adaptor, context, at } = input;
  if (adaptor === null) return [];
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  const rows = adaptor.fields.filter(
    (row) => row.section !== "static" && row.to !== "" && isHidden(input, row.section, row.field),
  );
  return writtenTexts(rows, snapshot, { ...context, now });
}
