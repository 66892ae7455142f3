import type { FieldRow } from "../contracts/adaptor.ts";
import { customFieldKey, type CustomField, type SectionField } from "../contracts/fields.ts";
import { fieldIndex, type FieldIndex } from "./field-index.ts";
import { parseDate } from "./parse-date.ts";
import { splitTargets, type StoredAdaptor } from "./stored-adaptor.ts";
import type { WriteContext } from "./write-field.ts";

export type ReadFields = {
  /** By field key (`first_name`, `field_7`); fields that got nothing are absent. Not yet checked, phones as they came. */
  readonly values: Readonly<Record<string, string>>;
  /** By parameter: what was remarkable, such as a date that could not be read and stays as it came. */
  readonly notes: readonly { readonly path: string; readonly message: string }[];
};

/**
 * Spec 2, The other way: a vendor's parameters read through an adaptor into lead fields.
 * @param adaptor null: the vendor uses our field names.
 * @param parameters flat, nested names joined by dots; an empty text means absent.
 */
export function readFields(
  adaptor: Pick<StoredAdaptor, "fields"> | null,
  parameters: Readonly<Record<string, string>>,
  context: Pick<WriteContext, "timeZone" | "dateFormat"> & { readonly customFields: readonly CustomField[] },
): ReadFields {
  const fields = fieldIndex(context.customFields);
  const values: Record<string, string> = {};
  const notes: { path: string; message: string }[] = [];
  const mapped = (adaptor?.fields ?? []).filter(readsBack);
  const named = new Set(mapped.flatMap(({ to }) => splitTargets(to).flatMap(spellings)));
  const rows = mapped.flatMap((row) => {
    const field = leadField(row, fields);
    return field && !field.system ? [{ row, field }] : [];
  });

  for (const { row, field } of rows) {
    const found = splitTargets(row.to)
      .flatMap(spellings)
      .find((name) => parameter(parameters, name) !== "");
    if (found === undefined || field.key in values) continue;
    values[field.key] = readValue(parameter(parameters, found), found, row, field, context, notes);
  }
  for (const [name, value] of Object.entries(parameters)) {
    const field = value === "" || named.has(name) ? undefined : fieldByName(name, fields);
    if (field && !field.system && !(field.key in values))
      values[field.key] = readValue(value, name, undefined, field, context, notes);
  }
  for (const { row, field } of rows) if (row.default !== "" && !(field.key in values)) values[field.key] = row.default;
  return { values, notes };
}

/** Static pairs and the call's fields say nothing of a lead that comes in. */
function readsBack(row: StoredAdaptor["fields"][number]): row is FieldRow {
  return row.section === "lead" || row.section === "extra";
}

/** The lead's field that a row reads into; an extra row of a custom field is another way to the same field. */
function leadField(row: Pick<FieldRow, "section" | "field">, fields: FieldIndex): SectionField | undefined {
  if (row.section === "lead") return fields("lead", row.field);
  return row.section === "extra" ? fieldByName(row.field, fields, /^custom_field_(\d+)$/) : undefined;
}

function fieldByName(
  name: string,
  fields: FieldIndex,
  numbered = /^(?:custom_)?field_(\d+)$/,
): SectionField | undefined {
  const number = numbered.exec(name)?.[1];
  return fields("lead", number === undefined ? name : customFieldKey(Number(number)));
}

/** A target as vendors may write it: `contact\.phone` and `contact.phone`, `tags[]` and `tags`. */
function spellings(target: string): string[] {
  const plain = target.replaceAll("\\.", ".");
  return Array.from(new Set([target, plain, plain.replace(/\[\]$/, "")])).filter((name) => name !== "");
}

function parameter(parameters: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(parameters, name) ? (parameters[name] ?? "") : "";
}

function readValue(
  value: string,
  name: string,
  row: FieldRow | undefined,
  field: SectionField,
  context: Pick<WriteContext, "timeZone" | "dateFormat">,
  notes: { path: string; message: string }[],
): string {
  const ours = row?.value_map.find(([, sent]) => sent === value)?.[0];
  if (ours !== undefined) return ours;
  if (field.kind !== "date" && field.kind !== "datetime") return value;
  const pattern = row?.format === "hubspot_date" ? "timestamp" : row?.date_format || context.dateFormat;
  const text = row?.format === "hubspot_date" ? value.replace(/000$/, "") : value;
  const date = parseDate(text, pattern, context.timeZone, field.kind);
  if (date === null)
    notes.push({ path: name, message: `"${value}" can't be read as a date: ${field.label} keeps the text` });
  return date ?? value;
}
