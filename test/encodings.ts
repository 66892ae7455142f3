/** Ways in which somebody may write a text so that a reader can undo it. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in capitals": (text) => text.toUpperCase(),
  "in small letters": (text) => text.toLowerCase(),
  "URL-encoded": encodeURIComponent,
  "as forms are": (text) => new URLSearchParams([["", text]]).toString().slice(1),
  "JSON-escaped": (text) => JSON.stringify(text).slice(1, -1),
  "JSON-escaped in every letter": (text) => escapedUnits(text, "\\u"),
  "HTML-escaped": (text) => text.replace(/[&<>"']/g, (character) => htmlNames[character]!),
  "HTML-escaped in every letter": (text) => numbered(text, 16, "&#x"),
  "in quoted-printable": quotedPrintable,
  "in hexadecimal digits": (text) => Buffer.from(text).toString("hex"),
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in base64 after one byte": (text) => Buffer.from(`x${text}`).toString("base64"),
  "in base64 after two bytes": (text) => Buffer.from(`xy${text}z`).toString("base64"),
  "in base64 of base64": (text) => Buffer.from(Buffer.from(`a${text}`).toString("base64")).toString("base64"),
};

const htmlNames: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" }; // prettier-ignore

/** Quoted-printable (RFC 2045, 6.7), on one line. */
function quotedPrintable(text: string): string {
  return Array.from(Buffer.from(text), (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x3d
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

/** Every unit of UTF-16 in four digits: `\u0041`, `%u0041`. */
export const escapedUnits = (text: string, mark: string): string =>
  Array.from({ length: text.length }, (_, at) => mark + text.charCodeAt(at).toString(16).padStart(4, "0")).join("");

/** Every character by its number: `&#65;`, `&#x41;`. */
export const numbered = (text: string, base: number, mark: string): string =>
  Array.from(text, (character) => `${mark}${character.codePointAt(0)!.toString(base)};`).join("");

/**
 * The beginning of an encoded text of 10 letters and more that seven of its letters decide, whatever follows them. It tells
 * four of them at least.
 */
export function toldByBeginning(text: string, encode: (text: string) => string): string {
  const [form, other] = [encode(text.slice(0, 8)), encode(`${text.slice(0, 7)}\x7f\x7f`)];
  const same = Array.from(form).findIndex((_, at) => form[at] !== other[at]);
  return encode(text).slice(0, same === -1 ? form.length : same);
}
