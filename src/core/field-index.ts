import { customFieldKey, fieldCatalog, type CustomField, type FieldValue, type Snapshot } from "../contracts/fields.ts";
import type { SectionField } from "../contracts/fields.ts";

/** The sections whose values come from an event; `static` has none. */
export type ValueSection = SectionField["section"];

/** Finds a field by its section and by name or permanent key: `publisher`, `field_7`, `custom_field_7`. */
export type FieldIndex = (section: ValueSection, nameOrKey: string) => SectionField | undefined;

/** The index of an account's fields. It is made once for each list of custom fields, so pass the same array again. */
export function fieldIndex(customFields: readonly CustomField[]): FieldIndex {
  const known = made.get(customFields);
  if (known) return known;
  const index = makeIndex(customFields);
  made.set(customFields, index);
  return index;
}

const made = new WeakMap<readonly CustomField[], FieldIndex>();

function makeIndex(customFields: readonly CustomField[]): FieldIndex {
  const bySectionAndKey = new Map<string, SectionField>();
  const catalog = fieldCatalog(customFields);
  for (const field of catalog) bySectionAndKey.set(`${field.section}.${field.name}`, field);
  for (const field of catalog) bySectionAndKey.set(`${field.section}.${field.key}`, field);
  return (section, nameOrKey) => bySectionAndKey.get(`${section}.${nameOrKey}`);
}

/** What the event knows of a field. `custom_field_N` is another way to the lead's `field_N`. */
export function snapshotValue(snapshot: Snapshot, section: ValueSection, key: string): FieldValue {
  const values = section === "call" ? snapshot.call : snapshot[section];
  if (values && Object.hasOwn(values, key)) return values[key] ?? null;
  const number = section === "extra" ? /^custom_field_(\d+)$/.exec(key)?.[1] : undefined;
  return number === undefined ? null : snapshotValue(snapshot, "lead", customFieldKey(Number(number)));
}

/** A stored value as the text it stands for; empty for null. */
export function valueText(value: FieldValue): string {
  return value === null ? "" : String(value);
}
