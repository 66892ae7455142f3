/** Before and after the first separator; the second is undefined when there is none. */
export function splitAt(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** What a vendor would read from a typed query value, and may repeat in its answer. */
export function decodings(typed: string): string[] {
  return [typed, decodeTyped(typed), decodeTyped(typed.replaceAll("+", " "))].filter(
    (text, at, all) => all.indexOf(text) === at,
  );
}

/** Percent-decoded, or as it is when the escapes are none. */
export function decodeTyped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Base64 of the UTF-8 bytes, with globals only. */
export function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
