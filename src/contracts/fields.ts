import { z } from "zod";

/** An adaptor row is identified by (section, field): `phone_number` of the lead and of the call are two rows. */
export const Section = z.enum(["lead", "call", "extra", "static"]);
export type Section = z.infer<typeof Section>;

export const customFieldTypes = [
  "text",
  "textarea",
  "number",
  "currency",
  "date",
  "datetime",
  "dropdown",
  "api_lookup",
  "api_processing",
] as const;

/** How a field's value is understood: `date` has no time of day and never shifts with a zone; `datetime` is an instant. */
export type FieldKind = "text" | "number" | "date" | "datetime" | "phone" | "email" | "boolean";

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** Kept by the system: shown greyed, takes no default value, cannot be set through the API. */
  readonly system?: true;
  /** Says something about a person: masked for viewers. */
  readonly personal?: true;
};

const text = (name: string, label: string): Field => ({ name, label, kind: "text" });
const personal = (name: string, label: string, kind: FieldKind = "text"): Field => ({
  name,
  label,
  kind,
  personal: true,
});
const system = (name: string, label: string, kind: FieldKind): Field => ({
  name,
  label,
  kind,
  system: true,
});
const quantity = (name: string, label: string): Field => ({ name, label, kind: "number" });

/** Spec 2, section `lead`, in its order. Custom fields follow them. */
const leadFields: readonly Field[] = [
  system("id", "Lead ID", "number"),
  text("remote_id", "Remote ID"),
  text("user_id", "User ID"),
  text("source_id", "Source ID"),
  text("status", "Status"),
  system("called_count", "Called Count", "number"),
  system("called_count_inbound", "Called Count Inbound", "number"),
  system("last_called", "Last Called", "datetime"),
  system("last_viewed", "Last Viewed", "datetime"),
  system("last_reached_at", "Last Reached At", "datetime"),
  system("final_reached_at", "Final Reached At", "datetime"),
  system("created_at", "Created At", "datetime"),
  system("modified_at", "Modified At", "datetime"),
  text("locale_gmt", "Locale GMT"),
  text("carrier_name", "Carrier Name"),
  text("carrier_type", "Carrier Type"),
  text("title", "Title"),
  personal("std_consumer_number", "Consumer Number"),
  text("std_company_name", "Company Name"),
  personal("std_account_number", "Account Number"),
  text("state", "State"),
  { name: "start_date", label: "Start Date", kind: "date" },
  text("province", "Province"),
  personal("postal_code", "Postal Code"),
  personal("phone_number", "Phone Number", "phone"),
  text("phone_code", "Phone Code"),
  text("owner_id", "Owner ID"),
  personal("notes", "Notes"),
  quantity("monthly_revenue", "Monthly Revenue"),
  quantity("list_id", "List ID"),
  personal("last_name", "Last Name"),
  text("last_modified_by", "Last Modified By"),
  text("industry", "Industry"),
  text("gender", "Gender"),
  personal("first_name", "First Name"),
  personal("email", "Email", "email"),
  text("dba", "DBA"),
  personal("date_of_birth", "Date Of Birth", "date"),
  text("created_by", "Created By"),
  text("country", "Country"),
  personal("city", "City"),
  text("business_name", "Business Name"),
  quantity("annual_revenue", "Annual Revenue"),
  personal("alt_phone_2", "Work Phone", "phone"),
  personal("alt_phone_1", "Cell Phone", "phone"),
  personal("address2", "Address 2"),
  personal("address1", "Address 1"),
];

/** Spec 2, section `call`: they describe the event's call, and are empty when it has none. */
const callFields: readonly Field[] = [
  quantity("call_log_id", "Call Log ID"),
  quantity("lead_id", "Lead ID"),
  personal("first_name", "First Name"),
  personal("last_name", "Last Name"),
  quantity("list_id", "List ID"),
  text("list_name", "List Name"),
  text("user_id", "User ID"),
  text("originating_agent_id", "Originating Agent ID"),
  quantity("campaign_id", "Campaign ID"),
  text("campaign_name", "Campaign Name"),
  quantity("queue_id", "Queue ID"),
  text("queue_name", "Queue Name"),
  quantity("queue_seconds", "Queue Seconds"),
  quantity("queue_position", "Queue Position"),
  personal("phone_number", "Phone Number", "phone"),
  text("status", "Status"),
  quantity("length_in_sec", "Length in Seconds"),
  { name: "call_date", label: "Call Date", kind: "datetime" },
  personal("agent_comment", "Agent Comment"),
  text("call_type", "Call Type"),
  text("term_reason", "Term Reason"),
  text("recording", "Recording"),
  { name: "caller_id", label: "Caller ID", kind: "phone" },
  { name: "inbound_number", label: "Inbound Number", kind: "phone" },
];

/** Spec 2, section `extra`; `custom_field_1`…`custom_field_10` follow for the custom fields that have those numbers. */
const extraFields: readonly Field[] = [
  text("agent_full_name", "Agent Full Name"),
  { name: "agent_email", label: "Agent Email", kind: "email" },
  text("status_name", "Status Name"),
];

const standardNames: ReadonlySet<string> = new Set(leadFields.map((field) => field.name));
/** Names that `/v1` gives a meaning of its own, so that no custom field may take them. */
const reservedNames: ReadonlySet<string> = new Set([
  "auth_token", "lead_id", "adaptor_id", "age", "check_dup", "check_dup_archive", "check_dnc", "check_wireless",
  "reject_by_carrier_type", "filter_phone_code", "hopper", "hopper_priority", "hopper_expires_in", "update_if_found",
  "search_list_id", "search_campaign_id", "update_order_by_last_called_time", "blueinkdigital_token", "criteria_key",
  "limit", "offset",
]); // prettier-ignore

export const LeadFieldName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "use small letters, digits and _, begin with a letter, 63 at most")
  .refine((name) => !standardNames.has(name), "a standard field has this name")
  .refine((name) => !reservedNames.has(name), "the lead API gives this name a meaning of its own")
  .refine((name) => !/^(custom_)?field_\d+$/.test(name), "field_N and custom_field_N are names Patchbay gives");

/** A custom field. `number` is permanent, is never used again, and makes the key `field_N` under which rows and leads refer to it. */
export type CustomField = {
  readonly number: number;
  readonly name: string;
  readonly label: string;
  readonly type: (typeof customFieldTypes)[number];
  readonly personal: boolean;
};

/** The permanent key of a custom field, whatever it is called today. */
export const customFieldKey = (number: number): string => `field_${number}`;

const kindOfType: Record<CustomField["type"], FieldKind> = {
  text: "text",
  textarea: "text",
  number: "number",
  currency: "number",
  date: "date",
  datetime: "datetime",
  dropdown: "text",
  api_lookup: "text",
  api_processing: "text",
};

/** A field as adaptors and pages see it; `key` identifies it in its section for good. */
export type SectionField = Field & {
  readonly section: Exclude<Section, "static">;
  readonly key: string;
};

/** Every field an adaptor can name, in the order of spec 2, for an account with these custom fields. */
export function fieldCatalog(customFields: readonly CustomField[]): SectionField[] {
  const custom = customFields.map((field): Field & { number: number } => ({
    name: field.name,
    label: field.label,
    kind: kindOfType[field.type],
    number: field.number,
    ...(field.personal ? { personal: true as const } : {}),
  }));
  return [
    ...leadFields.map((field): SectionField => ({ ...field, section: "lead", key: field.name })),
    ...custom.map(({ number: n, ...field }): SectionField => ({
      ...field,
      section: "lead",
      key: customFieldKey(n),
    })),
    ...callFields.map((field): SectionField => ({ ...field, section: "call", key: field.name })),
    ...extraFields.map((field): SectionField => ({ ...field, section: "extra", key: field.name })),
    ...custom
      .filter((field) => field.number <= 10)
      .map(({ number: n, ...field }): SectionField => ({
        ...field,
        name: `custom_field_${n}`,
        section: "extra",
        key: `custom_field_${n}`,
      })),
  ];
}

/** A stored value: text as it came, a number, a boolean, or nothing. Instants are ISO 8601 in UTC, dates `YYYY-MM-DD`. */
export type FieldValue = string | number | boolean | null;
/** Values by field key (`first_name`, `field_7`). A key that is missing is empty. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** What an event knew: the lead, its call (if any) and the names behind them. Mapping sees nothing else. */
export type Snapshot = {
  readonly lead: FieldValues;
  readonly call: FieldValues | null;
  readonly extra: FieldValues;
};
