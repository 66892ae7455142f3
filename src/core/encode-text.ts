import type { SecretEncoding, Text } from "./text.ts";

/** As HTML forms are encoded (https://url.spec.whatwg.org/#urlencoded-serializing): spaces are +. */
export function encodeForm(text: string): string {
  return encodeQuery(text).replaceAll("%20", "+").replaceAll("%2A", "*");
}

/** Percent-encoded for any part of a URL: only letters, digits and `-._` (and `~`) stay. */
export function encodeQuery(text: string): string {
  // encodeURIComponent throws on half a surrogate pair, which a vendor's lead may well hold.
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*~]/g, percent);
}

/** The inside of a JSON string. */
export function encodeJson(text: string): string {
  return JSON.stringify(text.toWellFormed()).slice(1, -1);
}

/** What a person typed into a URL, fit to be sent: their own escapes stay, what can't stand in a URL is escaped. */
export function encodeTypedUrl(text: string): string {
  return text.toWellFormed().replace(/[^\x21-\x7e]|["<>#`^\\]/gu, encodeURIComponent);
}

const encoders: Record<SecretEncoding, (text: string) => string> = {
  as_is: (text) => text,
  query: encodeQuery,
  form: encodeForm,
  json: encodeJson,
};

/** A text written for its surroundings; its secrets will be written alike when they are filled in. */
export function encodeText(text: Text, encode: SecretEncoding): Text {
  return text.map((part) => (typeof part === "string" ? encoders[encode](part) : { ...part, encode }));
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
