import type { FieldRow } from "../contracts/adaptor.ts";
import type { CustomField, FieldValue, Field, Snapshot } from "../contracts/fields.ts";
import { formatDate, formatHubspotDate } from "./format-date.ts";
import { formatValue } from "./format-value.ts";
import { fieldIndex, snapshotValue, valueText } from "./field-index.ts";
import { placeValue, readAlternatives } from "./fill-places.ts";

/** What writing a value needs to know of the account and the moment. */
export type WriteContext = {
  /** IANA name. */
  readonly timeZone: string;
  /** The account's own pattern; empty: `Y-m-d H:i:s`. */
  readonly dateFormat: string;
  readonly now: Temporal.Instant;
};

const systemPattern = "Y-m-d H:i:s";

/** A field's value as a row writes it; without a row, as the field's kind asks for. `note` says what went otherwise. */
export function writeField(
  field: Pick<Field, "kind">,
  value: FieldValue,
  row: Partial<Pick<FieldRow, "date_format" | "format">>,
  context: WriteContext,
  phoneCode: string,
): { text: string; note: string } {
  const text = valueText(value);
  if (text === "") return { text, note: "" };
  if (row.format === "hubspot_date") {
    const written = formatHubspotDate(text, field.kind === "date" ? "date" : "datetime", context.timeZone);
    return written === null ? { text, note: "no date: sent as it is" } : { text: written, note: "" };
  }
  let written: string | null = text;
  if (field.kind === "date" || field.kind === "datetime") {
    const pattern = row.date_format || context.dateFormat || systemPattern;
    written = formatDate(text, field.kind, pattern, context.timeZone, context.now);
    if (written === null) return { text, note: "no date: sent as it is" };
  }
  const format = row.format ?? (field.kind === "phone" ? "digits" : "as_is");
  const formatted = formatValue(written, format, phoneCode);
  return formatted === null
    ? { text: written, note: `can't be written as ${format}: sent as it is` }
    : { text: formatted, note: "" };
}

/**
 * Fills `{lead.first_name}` places by their names as written, before any encoding. Each name is looked up and written once,
 * however often it stands there.
 * @param context how dates and phones are written; null: as they are stored.
 */
export function placeFiller(
  snapshot: Snapshot,
  customFields: readonly CustomField[],
  context: WriteContext | null,
): (name: string) => string {
  const phoneCode = phoneCodeOf(snapshot);
  const written = new Map<string, string>();
  return (name) => {
    const known = written.get(name);
    if (known !== undefined) return known;
    const text = placeValue(readAlternatives(name), fieldIndex(customFields), (field) => {
      const value = snapshotValue(snapshot, field.section, field.key);
      return context ? writeField(field, value, {}, context, phoneCode).text : valueText(value);
    });
    written.set(name, text);
    return text;
  };
}

/** The country code of the event's phones. */
export function phoneCodeOf(snapshot: Snapshot): string {
  return valueText(snapshotValue(snapshot, "lead", "phone_code"));
}
