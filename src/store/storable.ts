import { storableText } from "../core/storable-text.ts";

/**
 * JSON that a `jsonb` column takes whatever a vendor answered: PostgreSQL refuses U+0000 and halves of surrogate pairs,
 * so they become U+FFFD. https://www.postgresql.org/docs/current/datatype-json.html
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return json;
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "string" ? storableText(inner) : inner));
}

export { storableText };

/** What of a text PostgreSQL can't keep, in words that follow "holds"; null: nothing. */
export function unstorable(text: string): string | null {
  if (text.includes("\0")) return "a NUL character";
  return text.isWellFormed() ? null : "half of a surrogate pair, which is no character";
}
