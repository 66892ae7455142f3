import { htmlCharacters, htmlNameLongest, numberOfName } from "./html-characters.ts";
import { parting, takeRoom, type View, type ViewWriter } from "./view.ts";

/** A way to write a character among others. */
export type Escape = {
  /** The bytes it begins with: one, or either of two. */
  readonly marks: readonly [number] | readonly [number, number];
  /** Whether it is there at all, where its mark alone does not tell. */
  readonly occurs?: (bytes: Uint8Array) => boolean;
  /**
   * Reads what stands at a mark and puts the bytes it means into `meant`. Returns how many bytes it takes; 0: it is no
   * escape; `half`: it might have been one if the bytes went on.
   */
  readonly read: (bytes: Uint8Array, at: number, meant: Meant) => number;
};
type Meant = { readonly bytes: Uint8Array; length: number };

const half = -1;

/**
 * The view as it reads with one kind of escapes undone; none, when it has none of them. What is further than `margin` bytes from
 * any of them is left out, since it reads as before. Where a view is cut, half an escape at its end means nothing.
 */
export function unescape(source: View, { marks, occurs, read }: Escape, margin: number): View[] {
  const { bytes } = source;
  const { length } = bytes;
  const [mark, otherMark = mark] = marks as readonly number[];
  const first = Math.min(...marks.map((one) => bytes.indexOf(one)).filter((at) => at >= 0));
  if (first === Infinity || occurs?.(bytes) === false) return [];
  const meant: Meant = { bytes: new Uint8Array(4), length: 0 };
  let out: ViewWriter | null = null;
  let done = 0;
  for (let at = first; at < length;) {
    if (bytes[at] !== mark && bytes[at] !== otherMark) {
      at++;
      continue;
    }
    meant.length = 0;
    let taken = read(bytes, at, meant);
    if (taken === half) taken = source.cut ? length - at : 0;
    if (taken === 0) {
      at++;
      continue;
    }
    const marginBefore = out === null ? 0 : margin; // before the first one, nothing is of interest but its own margin
    if (out === null) {
      out = takeRoom();
      out.reserve(length + 1);
    }
    if (at - done <= marginBefore + margin) out.copy(bytes, done, at);
    else {
      out.copy(bytes, done, done + marginBefore);
      out.put(parting, done + marginBefore);
      out.copy(bytes, at - margin, at);
    }
    for (let i = 0; i < meant.length; i++) out.put(meant.bytes[i]!, at);
    at += taken;
    done = at;
  }
  if (out === null) return [];
  const end = Math.min(length, done + margin);
  out.copy(bytes, done, end);
  if (end < length) out.put(parting, end);
  return [out.view(source, end, { cut: source.cut && end === length })];
}

/** `%2F` is a byte (RFC 3986, 2.1), `%u00E9` a unit of UTF-16 (ECMA-262, B.2.1.1). */
export const percentEscape: Escape = {
  marks: [0x25],
  read: (bytes, at, meant) =>
    isLetter(bytes[at + 1], "u") ? utf16(bytes, at, meant) : hexByte(bytes, at + 1, meant, 3),
};

/**
 * As JSON, JavaScript, C and many others write what can't stand in quotes: `\n`, `\"`, `\u00e9`, `\u{e9}`, `\xE9`, `\351`.
 * In any case, since texts are put into capitals after they were escaped.
 */
export const backslashEscape: Escape = { marks: [0x5c], read: afterBackslash };

/**
 * The same where several backslashes stand before it: texts that were escaped again and again, and one that follows a
 * backslash which has nothing to do with it.
 */
export const backslashesEscape: Escape = {
  marks: [0x5c],
  occurs(bytes) {
    for (let at = 1; at < bytes.length; at++) if (bytes[at] === 0x5c && bytes[at - 1] === 0x5c) return true;
    return false;
  },
  read(bytes, at, meant) {
    if (bytes[at - 1] === 0x5c) return 0; // among backslashes of which the last one was no escape
    let last = at;
    while (bytes[last + 1] === 0x5c) last++;
    const taken = afterBackslash(bytes, last, meant);
    return taken > 0 ? last - at + taken : taken;
  },
};

function afterBackslash(bytes: Uint8Array, at: number, meant: Meant): number {
  const next = bytes[at + 1];
  if (next === undefined) return half;
  if (isLetter(next, "u")) return bytes[at + 2] === 0x7b ? braced(bytes, at, meant) : utf16(bytes, at, meant);
  if (isLetter(next, "x")) return hexByte(bytes, at + 2, meant, 4);
  if (next <= 0x33 && isOctal(next) && isOctal(bytes[at + 2]) && isOctal(bytes[at + 3])) {
    put(meant, ((next & 3) << 6) | ((bytes[at + 2]! & 7) << 3) | (bytes[at + 3]! & 7));
    return 4;
  }
  if (!isWordByte(next)) put(meant, next);
  else if (next > 0x40 && controls[next & 31] !== 0) put(meant, controls[next & 31]!);
  else return 0;
  return 2;
}

/** By the place of the letter in the alphabet: `\b`, `\f`, `\n`, `\r`, `\t`, `\v`. */
const controls = new Uint8Array(32);
for (const [letter, code] of Object.entries({ b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }))
  controls[letter.charCodeAt(0) & 31] = code;

/** `&amp;`, `&#38;`, `&#x26;` (https://html.spec.whatwg.org/#character-references), in any case, the last `;` left out or not. */
export const htmlEscape: Escape = {
  marks: [0x26],
  read(bytes, at, meant) {
    if (bytes[at + 1] === 0x23) return numbered(bytes, at, meant);
    let to = at + 1;
    while (to - at <= htmlNameLongest && to < bytes.length && isWordByte(bytes[to]!)) to++;
    if (to === bytes.length && to - at <= htmlNameLongest) return half;
    const closed = bytes[to] === 0x3b;
    if (!closed) to = Math.min(to, at + 1 + unclosedLength(bytes, at + 1));
    const code = to === at + 1 ? undefined : htmlCharacters.get(numberOfName(bytes, at + 1, to));
    if (code === undefined) return 0;
    utf8(meant, code);
    return to - at + (closed ? 1 : 0);
  },
};

/** HTML reads `&ltb` as `<b`. */
function unclosedLength(bytes: Uint8Array, from: number): number {
  const [first, second, third] = [bytes[from]! | 0x20, bytes[from + 1]! | 0x20, bytes[from + 2]! | 0x20];
  if (second === 0x74 && (first === 0x6c || first === 0x67)) return 2; // lt, gt
  if (first === 0x61 && second === 0x6d && third === 0x70) return 3; // amp
  if (first === 0x71 && second === 0x75 && third === 0x6f) return 4; // quot
  return htmlNameLongest;
}

function numbered(bytes: Uint8Array, at: number, meant: Meant): number {
  const isHex = isLetter(bytes[at + 2], "x");
  const first = at + (isHex ? 3 : 2);
  let to = first;
  let code = 0;
  for (; to < bytes.length; to++) {
    const digit = isHex ? hexDigit(bytes[to]) : decimalDigit(bytes[to]);
    if (digit < 0) break;
    code = Math.min(code * (isHex ? 16 : 10) + digit, 0x110000);
  }
  if (to === bytes.length) return half;
  if (to === first || code > 0x10ffff) return 0;
  utf8(meant, code);
  return to - at + (bytes[to] === 0x3b ? 1 : 0);
}

/** Quoted-printable (RFC 2045, 6.7), as mails are written: `=2F` is a byte, `=` at the end of a line breaks it for show. */
export const quotedPrintable: Escape = {
  marks: [0x3d],
  read(bytes, at, meant) {
    if (bytes[at + 1] === 0x0a) return 2;
    if (bytes[at + 1] !== 0x0d) return hexByte(bytes, at + 1, meant, 3);
    if (at + 2 === bytes.length) return half;
    return bytes[at + 2] === 0x0a ? 3 : 0;
  },
};

/** What is left between the letters when UTF-16 is read as something else: bytes of zero, and what replaces them in the logs. */
export const wideLetters: Escape = {
  marks: [0x00, 0xef],
  read(bytes, at) {
    if (bytes[at] === 0) return [-2, -1, 1, 2].some((beside) => bytes[at + beside] === 0) ? 1 : 0;
    if (at + 2 >= bytes.length) return half;
    return bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd ? 3 : 0;
  },
};

/** `%u00E9`, `\u00e9`: two of them may be one character. */
function utf16(bytes: Uint8Array, at: number, meant: Meant): number {
  const unit = hex(bytes, at + 2, at + 6);
  if (unit < 0) return unit === cutOff ? half : 0;
  if (unit < 0xd800 || unit > 0xdbff) {
    utf8(meant, unit);
    return 6;
  }
  const [mark, letter] = [bytes[at + 6], bytes[at + 7]];
  const goesOn = mark === undefined || (mark === bytes[at] && (letter === undefined || isLetter(letter, "u")));
  const low = goesOn ? hex(bytes, at + 8, at + 12) : none;
  if (low === cutOff) return half;
  const isPair = low >= 0xdc00 && low <= 0xdfff;
  utf8(meant, isPair ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : 0xfffd);
  return isPair ? 12 : 6;
}

/** `\u{1F600}` */
function braced(bytes: Uint8Array, at: number, meant: Meant): number {
  let to = at + 3;
  let code = 0;
  for (; hexDigit(bytes[to]) >= 0; to++) code = Math.min(code * 16 + hexDigit(bytes[to]), 0x110000);
  if (to === bytes.length) return half;
  if (bytes[to] !== 0x7d || to === at + 3 || code > 0x10ffff) return 0;
  utf8(meant, code);
  return to + 1 - at;
}

function hexByte(bytes: Uint8Array, from: number, meant: Meant, takes: number): number {
  const byte = hex(bytes, from, from + 2);
  if (byte < 0) return byte === cutOff ? half : 0;
  put(meant, byte);
  return takes;
}

const none = -1;
const cutOff = -2;

/** The number that digits make; `none`: there are others among them; `cutOff`: all there is are digits, but it ends early. */
function hex(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    if (at >= bytes.length) return cutOff;
    const digit = hexDigit(bytes[at]);
    if (digit < 0) return none;
    value = value * 16 + digit;
  }
  return value;
}

/** What each byte is as a hexadecimal digit; -1: it is none. */
export const hexDigits = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++)
  for (const digit of [value.toString(16), value.toString(16).toUpperCase()]) hexDigits[digit.charCodeAt(0)] = value;

export const hexDigit = (byte: number | undefined): number => (byte === undefined ? -1 : hexDigits[byte]!);

const decimalDigit = (byte: number | undefined): number =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : -1;
const isOctal = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x37;
const isLetter = (byte: number | undefined, small: string): boolean =>
  byte !== undefined && (byte | 0x20) === small.charCodeAt(0);

/** A letter or digit of ASCII. */
export function isWordByte(byte: number): boolean {
  const small = byte | 0x20;
  return (small >= 0x61 && small <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
}

function put(meant: Meant, byte: number): void {
  meant.bytes[meant.length++] = byte;
}

function utf8(meant: Meant, code: number): void {
  if (code < 0x80) return put(meant, code);
  if (code < 0x800) put(meant, 0xc0 | (code >> 6));
  else {
    if (code < 0x10000) put(meant, 0xe0 | (code >> 12));
    else {
      put(meant, 0xf0 | (code >> 18));
      put(meant, 0x80 | ((code >> 12) & 63));
    }
    put(meant, 0x80 | ((code >> 6) & 63));
  }
  put(meant, 0x80 | (code & 63));
}
