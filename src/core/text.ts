import { secretMask } from "../contracts/connect.ts";

/** How a secret's value is written where its place stands. */
export type SecretEncoding = "as_is" | "query" | "form" | "json";

/** A place in a text that `outbound` fills with the secret of that name. */
export type SecretPlace = { readonly secret: string; readonly encode: SecretEncoding };

/** Text in which secrets are places. Storable as JSON; two neighbouring strings mean the same as their concatenation. */
export type Text = readonly (string | SecretPlace)[];

/** The text as a person may see it. */
export function maskText(text: Text): string {
  return text.map((part) => (typeof part === "string" ? part : secretMask)).join("");
}

/** Whether any secret would be filled in. */
export function hasSecrets(text: Text): boolean {
  return text.some((part) => typeof part !== "string");
}

/** Its UTF-16 units but for its secrets. */
export function textLength(text: Text): number {
  let length = 0;
  for (const part of text) if (typeof part === "string") length += part.length;
  return length;
}

/** The same text with neighbouring strings made one, and empty ones left out. */
export function joinText(text: Text): Text {
  const joined: (string | SecretPlace)[] = [];
  for (const part of text) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else if (part !== "") joined.push(part);
  }
  return joined;
}
