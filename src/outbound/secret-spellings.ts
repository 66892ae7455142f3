/** What a vendor may repeat of a secret besides itself: what it decodes to, and the user and password of a Basic one. */
export function valuesOf(secret: string): string[] {
  return [secret, percentDecoded(secret), ...basicCredentials(secret)];
}

function percentDecoded(value: string): string {
  if (!/[%+]/.test(value)) return value;
  try {
    return decodeURIComponent(value.replaceAll("+", " "));
  } catch {
    return value; // a bare % is no encoding
  }
}

/** The user and password within a Basic credential (RFC 7617), together and the password alone. */
function basicCredentials(secret: string): string[] {
  const token = /^(?:basic +)?([A-Za-z0-9+/]{8,}={0,2})$/i.exec(secret)?.[1];
  const [pair, password] =
    /^[^\p{C}\uFFFD:]*:([^\p{C}\uFFFD]*)$/u.exec(Buffer.from(token ?? "", "base64").toString()) ?? [];
  return pair === undefined || password === undefined ? [] : [pair, password];
}

/**
 * The bytes of a value as they may stand in a text, but for the case of the letters of ASCII, which the search passes over:
 * other letters in either case and in other charsets, as they look when UTF-8 is read as Latin-1, and without them, as they
 * are lost when Latin-1 is read as UTF-8.
 */
export function spellingsOf(value: string): Buffer[] {
  const utf8 = Buffer.from(value);
  if (utf8.length === value.length) return [utf8]; // all of it is ASCII
  const misread = [utf8.toString("latin1"), windows1252.decode(utf8), value.replaceAll(/\P{ASCII}/gu, "")];
  const cased = casesOf(value);
  return [
    ...[...cased, ...misread].map((text) => Buffer.from(text)),
    ...cased.flatMap((text) => [Buffer.from(text, "utf16le"), Buffer.from(text, "utf16le").swap16()]),
    ...cased.filter((text) => /^[\0-\xff]*$/.test(text)).map((text) => Buffer.from(text, "latin1")),
  ];
}

/** A value in either case of its letters; those of ASCII may stay as they are. */
export function casesOf(value: string): string[] {
  if (!/\P{ASCII}/u.test(value)) return [value];
  const small = value.toLowerCase();
  const large = value.toUpperCase();
  return [value, small, large, small.toUpperCase(), large.toLowerCase()];
}

const windows1252 = new TextDecoder("windows-1252");
