import { limits } from "../contracts/limits.ts";
import type { SecretEncoding, Text } from "../core/text.ts";

export type Filled =
  | { readonly ok: true; readonly value: string }
  /** The name of a secret that isn't stored. */
  | { readonly ok: false; readonly missing: string }
  | { readonly ok: false; readonly tooLarge: true };

/** The text with every secret written at its place, encoded as the place asks. It ends where it is longer than a payload may be. */
export function fillSecrets(text: Text, secrets: Readonly<Record<string, string>>): Filled {
  let value = "";
  for (const part of text) {
    if (typeof part === "string") value += part;
    else {
      const secret = Object.hasOwn(secrets, part.secret) ? secrets[part.secret] : undefined;
      if (secret === undefined) return { ok: false, missing: part.secret };
      value += encode[part.encode](secret);
    }
    if (value.length > limits.payloadBytesMax) return { ok: false, tooLarge: true };
  }
  return { ok: true, value };
}

const encode: Record<SecretEncoding, (value: string) => string> = {
  as_is: (value) => value,
  /** RFC 3986 2.1, with the sub-delimiters that encodeURIComponent leaves. */
  query: (value) =>
    encodeURIComponent(value.toWellFormed()).replace(
      /[!'()*]/g,
      (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  /** WHATWG application/x-www-form-urlencoded. */
  form: (value) => new URLSearchParams([["", value]]).toString().slice(1),
  /** Inside the quotes of a JSON string (RFC 8259 7). */
  json: (value) => JSON.stringify(value).slice(1, -1),
};
