import { secretMask } from "../contracts/connect.ts";

/** Masks a text. `cut`: the text ends where reading stopped, so the beginning of a secret at its end is masked as well. */
export type Mask = (text: string, options?: { readonly cut?: boolean }) => string;

/** Shorter values stand in too many words: they are masked at their own place only (spec 9). */
const secretLengthMin = 6;
/** How much of a secret's beginning at the end of a cut text counts as that secret. */
const cutLengthMin = 4;

/**
 * A function that replaces every secret of 6 characters or more by ••••••••, wherever it stands in a text: as it is,
 * URL-encoded (`%20` or `+`, either case of hex, whatever an encoder leaves alone), JSON-escaped, in base64 at any
 * alignment, and two of these one over the other. What a vendor decodes before echoing is looked for as well: the
 * decoded form of a URL-encoded secret, and the user and password of a Basic one.
 *
 * Texts are decoded and searched, rather than every spelling being searched for: encoders differ in what they escape.
 * Time is linear in the text, for each secret.
 */
export function createMask(secrets: Readonly<Record<string, string>>): Mask {
  const needles = Object.values(secrets).flatMap(formsOf);
  if (needles.length === 0) return (text) => text;
  const shortest = Math.min(...needles.map((needle) => needle.text.length));
  const spaced = needles.some((needle) => needle.bytes.includes(space));
  return (text, { cut = false } = {}) => {
    if (text.length < (cut ? cutLengthMin : shortest)) return text;
    const encoded = text.includes("%") || text.includes("\\") || (spaced && text.includes("+"));
    if (!encoded && !cut && !needles.some((needle) => text.includes(needle.text))) return text; // most texts end here
    const bytes = Buffer.from(text);
    const spans: Span[] = [];
    for (const view of viewsOf({ bytes, origin: null }, spaced, 2)) search(view, needles, cut, spans);
    return spans.length === 0 ? text : replaceSpans(bytes, spans);
  };
}

/** `shares`: base64, whose first and last bits share a character with their neighbours, which is masked too. */
type Needle = { readonly text: string; readonly bytes: Buffer; readonly shares: boolean };
type Span = { readonly from: number; readonly to: number };

function formsOf(secret: string): Needle[] {
  if (secret.length < secretLengthMin) return [];
  const values = [secret, percentDecoded(secret), ...basicCredentials(secret)];
  const forms = values
    .filter((value, i) => value.length >= secretLengthMin && values.indexOf(value) === i)
    .flatMap((value) => [{ text: value, shares: false }, ...base64Forms(Buffer.from(value))]);
  return forms
    .filter((form, i) => forms.findIndex((other) => other.text === form.text) === i)
    .map(({ text, shares }) => ({ text, bytes: Buffer.from(text), shares }));
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

/** The characters of base64 (and base64url) that the bytes alone decide, at each of the three alignments. */
function base64Forms(bytes: Buffer): { text: string; shares: boolean }[] {
  return [0, 1, 2].flatMap((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((all.length * 8) / 6);
    return (["base64", "base64url"] as const).map((encoding) => ({
      text: all.toString(encoding).slice(from, to),
      shares: true,
    }));
  });
}

/** Bytes to search, and for each (and for the end) where it came from in the text; null: from the same place. */
type View = { readonly bytes: Buffer; readonly origin: Uint32Array | null };

function* viewsOf(view: View, spaced: boolean, depth: number): Generator<View> {
  yield view;
  if (depth === 0) return;
  const plus = spaced && view.bytes.includes(plusSign);
  if (view.bytes.includes(percent) || plus) {
    yield* viewsOf(decode(view, percentAt), spaced, depth - 1);
    if (plus)
      yield* viewsOf(
        decode(view, (bytes, at, out) => (bytes[at] === plusSign ? out([space], 1) : percentAt(bytes, at, out))),
        spaced,
        depth - 1,
      );
  }
  if (view.bytes.includes(backslash)) yield* viewsOf(decode(view, escapeAt), spaced, depth - 1);
}

/** Calls `out` with what stands encoded at a place, if anything does: the bytes it means and how many it takes. */
type DecodeAt = (bytes: Buffer, at: number, out: Out) => void;
type Out = (means: Iterable<number>, takes: number) => void;

function decode(view: View, decodeAt: DecodeAt): View {
  const { bytes } = view;
  const decoded = Buffer.allocUnsafe(bytes.length);
  const origin = new Uint32Array(bytes.length + 1);
  let length = 0;
  let at = 0;
  let taken = 0;
  const out: Out = (means, takes) => {
    for (const byte of means) {
      origin[length] = view.origin?.[at] ?? at;
      decoded[length++] = byte; // never more bytes than were taken
    }
    taken = takes;
  };
  while (at < bytes.length) {
    taken = 0;
    const byte = bytes[at] ?? 0;
    if (byte === percent || byte === backslash || byte === plusSign) decodeAt(bytes, at, out);
    if (taken === 0) {
      origin[length] = view.origin?.[at] ?? at;
      decoded[length++] = byte;
      taken = 1;
    }
    at += taken;
  }
  origin[length] = view.origin?.[at] ?? at;
  return { bytes: decoded.subarray(0, length), origin: origin.subarray(0, length + 1) };
}

/** `%XX` is one byte. */
const percentAt: DecodeAt = (bytes, at, out) => {
  const code = bytes[at] === percent ? hex(bytes, at + 1, 2) : -1;
  if (code >= 0) out([code], 3);
};

/** RFC 8259 7; `\uD83D\uDE00` is one character, taking twelve bytes for its four. */
const escapeAt: DecodeAt = (bytes, at, out) => {
  if (bytes[at] !== backslash) return;
  const letter = bytes[at + 1];
  if (letter === letterU) {
    const high = hex(bytes, at + 2, 4);
    const low = bytes[at + 6] === backslash && bytes[at + 7] === letterU ? hex(bytes, at + 8, 4) : -1;
    if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000)
      out(utf8(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12);
    else if (high >= 0) out(utf8(high), 6);
  } else if (letter !== undefined) {
    const code = escapes[String.fromCharCode(letter)];
    if (code !== undefined) out([code], 2);
  }
};
const escapes: Record<string, number> = { '"': 34, "\\": 92, "/": 47, b: 8, f: 12, n: 10, r: 13, t: 9 };
const percent = 0x25;
const plusSign = 0x2b;
const backslash = 0x5c;
const space = 0x20;
const letterU = 0x75;

function utf8(code: number): Buffer {
  return Buffer.from(String.fromCodePoint(code));
}

function hex(bytes: Buffer, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const byte = bytes[i] ?? 0;
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = value * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return -1;
  }
  return value;
}

function search(view: View, needles: readonly Needle[], cut: boolean, spans: Span[]): void {
  const { bytes, origin } = view;
  const add = (from: number, to: number, shares: boolean): void => {
    const start = shares && isBase64(bytes[from - 1]) ? from - 1 : from;
    const end = shares && isBase64(bytes[to]) ? to + 1 : to;
    spans.push({ from: origin?.[start] ?? start, to: origin?.[end] ?? end });
  };
  for (const { bytes: needle, shares } of needles) {
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1))
      add(at, at + needle.length, shares);
    if (cut)
      for (let length = Math.min(needle.length - 1, bytes.length); length >= cutLengthMin; length--)
        if (bytes.subarray(bytes.length - length).equals(needle.subarray(0, length))) {
          add(bytes.length - length, bytes.length, shares);
          break;
        }
  }
}

function isBase64(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte));
}

/** Overlapping spans are one: two secrets that share letters leave no rest of either. */
function replaceSpans(bytes: Buffer, spans: Span[]): string {
  spans.sort((one, other) => one.from - other.from);
  let text = "";
  let done = 0;
  let masked = -1;
  for (const { from, to } of spans) {
    if (from >= masked) {
      text += bytes.toString("utf8", done, from) + secretMask;
      masked = to;
    } else masked = Math.max(masked, to);
    done = masked;
  }
  return text + bytes.toString("utf8", done);
}
