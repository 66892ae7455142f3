import { secretMask } from "../contracts/connect.ts";
import type { FieldKind, FieldValues } from "../contracts/fields.ts";
import { fieldIndex, valueText } from "../core/field-index.ts";
import type { MappingContext } from "../store/mapping-context.ts";

/** A value as somebody may see it who may not see personal data: of a phone its last two digits, of the rest nothing. */
export function maskPersonalValue(text: string, kind: FieldKind): string {
  if (text === "") return text;
  if (kind !== "phone") return secretMask;
  const digits = text.replaceAll(/\D/g, "");
  return digits.length > 4 ? `${secretMask}${digits.slice(-2)}` : secretMask;
}

/** A lead's values by key, those of personal fields masked. */
export function maskPersonalFields(values: FieldValues, context: Pick<MappingContext, "customFields">): FieldValues {
  const fieldOf = fieldIndex(context.customFields);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const field = fieldOf("lead", key);
      if (field?.personal !== true || value === null) return [key, value];
      return [key, maskPersonalValue(valueText(value), field.kind)];
    }),
  );
}
