import { secretMask } from "../contracts/connect.ts";
import type { Call } from "../contracts/delivery.ts";
import type { FieldKind, Snapshot } from "../contracts/fields.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import { fieldIndex, valueText, type ValueSection } from "../core/field-index.ts";
import { formatDate } from "../core/format-date.ts";
import { formatValue } from "../core/format-value.ts";
import { writtenTexts } from "../core/map-fields.ts";
import type { StoredAdaptor } from "../core/stored-adaptor.ts";
import { createMask } from "../outbound/mask-secrets.ts";
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
  readonly snapshot: Snapshot | undefined;
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
 * characters are found in any encoding and anywhere, shorter ones as words of their own.
 */
export function createLogMask(input: LogMaskInput): LogMask {
  const values = hiddenValues(input);
  const long = createMask(Object.fromEntries([...values].filter(({ length }) => length >= 6).entries()));
  const short = wordMask([...values].filter(({ length }) => length < 6));
  const text = (whole: string): string => short(long(whole));
  const phoneHidden = isHidden(input, "lead", "phone_number");
  return {
    text,
    phone: (phone) => (phoneHidden ? maskPersonalValue(phone, "phone") : phone),
    diagnosis: (diagnosis) => diagnosis && { ...diagnosis, message: text(diagnosis.message), fix: text(diagnosis.fix) },
    call: (call) => ({
      ...call,
      request: {
        ...call.request,
        url: text(call.request.url),
        headers: call.request.headers.map(([name, value]) => [name, text(value)]),
        body: call.request.body === null ? null : text(call.request.body),
      },
      response: call.response && {
        ...call.response,
        headers: call.response.headers.map(([name, value]) => [name, text(value)]),
        body: text(call.response.body),
      },
    }),
  };
}

/** Every spelling of every hidden value that a log may hold. */
function hiddenValues(input: LogMaskInput): Set<string> {
  const { snapshot, context } = input;
  const values = new Set<string>();
  if (snapshot === undefined) return values;
  const fieldOf = fieldIndex(context.customFields);
  const phoneCode = valueText(snapshot.lead["phone_code"] ?? null);
  for (const section of ["lead", "call", "extra"] as const) {
    for (const [key, value] of Object.entries(snapshot[section] ?? {})) {
      if (!isHidden(input, section, key)) continue;
      const kind = fieldOf(section, key)?.kind ?? "text";
      for (const spelling of spellings(valueText(value), kind, phoneCode, context)) values.add(spelling);
    }
  }
  for (const written of mappedValues(input)) values.add(written);
  values.delete("");
  return values;
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
  const cases = (["upper", "lower", "title"] as const).map((format) => formatValue(text, format) ?? text);
  // of a text of several lines or addresses each may be sent alone
  return [text, ...cases, ...text.split(/[\n\r]+|,\s*/).filter((part) => part.length >= 6)];
}

/** What the adaptor's rows made of hidden fields. */
function mappedValues(input: LogMaskInput): string[] {
  const { adaptor, snapshot, context, at } = input;
  if (adaptor === null || snapshot === undefined) return [];
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  const rows = adaptor.fields.filter(
    (row) => row.section !== "static" && row.to !== "" && isHidden(input, row.section, row.field),
  );
  return writtenTexts(rows, snapshot, { ...context, now });
}

/** Replaces short values where they stand as words: in the text as it is, after an escape, in any case. */
function wordMask(values: readonly string[]): (text: string) => string {
  if (values.length === 0) return (text) => text;
  const forms = new Set(
    values.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]),
  );
  const alternatives = [...forms].toSorted((a, b) => b.length - a.length).map((form) => RegExp.escape(form));
  const words = new RegExp(
    `(?<=^|[^\\p{L}\\p{N}]|%[0-9a-f]{2}|\\\\u[0-9a-f]{4}|\\\\[nrtbf])(?:${alternatives.join("|")})(?![\\p{L}\\p{N}])`,
    "giu",
  );
  return (text) => text.replaceAll(words, secretMask);
}
