/**
 * JSON that PostgreSQL takes, and can read again, whatever came: it refuses U+0000 and halves of surrogate pairs, so they
 * become U+FFFD, in names as in values. https://www.postgresql.org/docs/current/datatype-json.html
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // most have none, which is told faster
  return /\\u(?:0000|d[89a-f])/.test(json) ? json.replace(unstorableEscape, "$1\\ufffd") : json;
}

/** As JSON.stringify writes them; a whole pair is no escape there. Behind an odd number of backslashes it is none either. */
const unstorableEscape = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

export { storableText } from "../core/storable-text.ts";

/** What of a text PostgreSQL can't keep, in words that follow "holds"; null: nothing. */
export function unstorable(text: string): string | null {
  if (text.includes("\0")) return "a NUL character";
  return text.isWellFormed() ? null : "half of a surrogate pair, which is no character";
}
