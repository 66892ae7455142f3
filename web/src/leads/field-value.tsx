import type { Lead } from "../../../src/contracts/lead.ts";
import type { FieldInfo } from "../ui/fields.ts";
import { showPhone } from "../ui/phone.ts";
import { Time } from "../ui/time.tsx";

export type Value = Lead["fields"][string];

export const isEmpty = (value: Value | undefined): boolean => value === null || value === undefined || value === "";

/** A field's value as it is read: phones with brackets, times in the account's zone. */
export function FieldValue({ field, lead }: { field: FieldInfo; lead: Lead }) {
  const value = lead.fields[field.key];
  if (isEmpty(value)) return <span className="dim">–</span>;
  const text = String(value);
  if (field.key === "list_id") return lead.list.name;
  // a masked or free text is no instant: it stays as it is
  if (field.kind === "datetime" && isInstant(text)) return <Time at={text} form="full" />;
  if (field.kind === "phone") return <span className="num">{showPhone(text)}</span>;
  return <span style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{text}</span>;
}

export const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text));
