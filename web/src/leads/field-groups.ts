import type { FieldInfo } from "../ui/fields.ts";

export type FieldGroup = { readonly title: string; readonly fields: readonly FieldInfo[] };

const groups: readonly (readonly [title: string, keys: readonly string[]])[] = [
  ["Person", ["first_name", "last_name", "email", "title", "gender", "date_of_birth"]],
  ["Phones", ["phone_number", "phone_code", "alt_phone_1", "alt_phone_2", "carrier_name", "carrier_type"]],
  ["Address", ["address1", "address2", "city", "state", "province", "postal_code", "country", "locale_gmt"]],
  ["Dialling", ["list_id", "status", "source_id", "remote_id", "user_id", "owner_id", "notes"]],
  [
    "Company",
    [
      "business_name",
      "dba",
      "industry",
      "annual_revenue",
      "monthly_revenue",
      "start_date",
      "std_company_name",
      "std_consumer_number",
      "std_account_number",
    ],
  ],
];

/** A lead's fields as a person looks for them: what belongs together, custom fields, what the system keeps. */
export function groupFields(all: readonly FieldInfo[]): FieldGroup[] {
  const fields = all.filter(({ section }) => section === "lead");
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const grouped = groups.map(([title, keys]): FieldGroup => ({
    title,
    fields: keys.flatMap((key) => byKey.get(key) ?? []),
  }));
  const placed = new Set(grouped.flatMap(({ fields: own }) => own.map(({ key }) => key)));
  const rest = fields.filter(({ key }) => !placed.has(key));
  const custom = rest.filter(({ type }) => type !== null);
  const kept = rest.filter(({ type, system }) => type === null && system);
  const other = rest.filter(({ type, system }) => type === null && !system);
  return [
    ...grouped,
    { title: "Custom fields", fields: custom },
    { title: "Other", fields: other },
    { title: "Kept by the system", fields: kept },
  ].filter((group) => group.fields.length > 0);
}
