import { hexDigit, hexDigits } from "./unescape.ts";
import { encodedRanges, giveBackRoom, isLineBreak, parting, takeRoom, type View, type ViewWriter } from "./view.ts";

/** What of a decoded run is worth a look: so many bytes in a row that are looked for, or that encode such. */
export type Worth = {
  /** 1: such a byte. Nearly all that was no encoding decodes to others. */
  readonly bytes: Uint8Array;
  readonly least: number;
  /** Where reading was cut off. */
  readonly leastAtCut: number;
};

/** What runs mean when they are read from one of the places where an encoding may begin. */
class Track {
  readonly #worth: Worth;
  readonly #out: ViewWriter;
  /** Where the piece begins that is being read. */
  #piece = 0;

  constructor(worth: Worth) {
    this.#worth = worth;
    this.#out = takeRoom();
  }

  put(byte: number, origin: number): void {
    if (this.#worth.bytes[byte] === 1) this.#out.put(byte, origin);
    else if (this.#out.length !== this.#piece) this.part(origin);
  }

  /** What was read and what comes belong together no longer. A piece that is too short to be worth a look is dropped. */
  part(end: number): void {
    if (this.#out.length - this.#piece < this.#worth.least) this.#out.cutTo(this.#piece);
    else this.#out.put(parting, end);
    this.#piece = this.#out.length;
  }

  view(source: View, pairs: boolean): View | null {
    const open = this.#out.length - this.#piece;
    if (open < this.#worth.leastAtCut) this.#out.cutTo(this.#piece);
    const cut = open >= this.#worth.leastAtCut;
    if (this.#out.length > 0) return this.#out.view(source, source.bytes.length, { cut, pairs });
    giveBackRoom(this.#out);
    return null;
  }
}

const notBase64 = 64;
const sextets = new Uint8Array(256).fill(notBase64);
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
for (const [value, characters] of [...Array.from(`${letters}0123456789`), "+-", "/_"].entries())
  for (const character of characters) sextets[character.charCodeAt(0)] = value;

export const isBase64 = (byte: number | undefined): boolean => byte !== undefined && sextets[byte] !== notBase64;

/** A run of characters of base64 (some of them encoded in the view's source), and whether reading was cut off in it. */
export type Base64Run = (from: number, to: number, isCut: boolean) => void;

/**
 * What base64 and base64url (RFC 4648, 4 and 5) in a view mean, in four ways: any of the first four characters of a run may
 * be where an encoding begins. It may be broken into lines. `onRun` is told of each run that is long enough.
 */
export function fromBase64(source: View, worth: Worth, onRun?: Base64Run): View[] {
  const { bytes, cut } = source;
  const { length } = bytes;
  const wasEncoded = encodedRanges(source);
  const tracks = [new Track(worth), new Track(worth), new Track(worth), new Track(worth)] as const;
  for (let at = 0; at < length; at++) {
    if (sextets[bytes[at]!] === notBase64) continue;
    const from = at;
    let characters = 0;
    for (; at < length; at++)
      if (sextets[bytes[at]!] !== notBase64) characters++;
      else if (!isLineBreak(bytes[at]!)) break;
    const isCut = cut && at === length;
    if (characters * 3 < (isCut ? worth.leastAtCut : worth.least) * 4 || !wasEncoded(from, at)) continue;
    onRun?.(from, at, isCut);
    readBase64(bytes, from, at, tracks);
    if (!isCut) for (const track of tracks) track.part(at);
  }
  return tracks.map((track) => track.view(source, true)).filter((view) => view !== null);
}

/** Two characters in a row are a byte in three of the four ways; in the fourth, the second begins a group of four. */
function readBase64(bytes: Uint8Array, from: number, to: number, tracks: readonly [Track, Track, Track, Track]): void {
  let [begins, third, second, first] = tracks; // which character of its group comes next: the first, fourth, third, second
  let value = 0;
  let before = -1;
  for (let at = from; at < to; at++) {
    const sextet = sextets[bytes[at]!]!;
    if (sextet === notBase64) continue;
    value = (value << 6) | sextet;
    if (before >= 0) {
      first.put((value >> 4) & 0xff, before);
      second.put((value >> 2) & 0xff, before);
      third.put(value & 0xff, before);
    }
    before = at;
    const ended = third;
    third = second;
    second = first;
    first = begins;
    begins = ended;
  }
}

/** What pairs of hexadecimal digits in a view mean, as in `70617373`, `70:61`, `0x70, 0x61`, in two ways. */
export function fromHex(source: View, worth: Worth): View[] {
  const { bytes } = source;
  const { length } = bytes;
  const wasEncoded = encodedRanges(source);
  const tracks = [new Track(worth), new Track(worth)] as const;
  for (let at = 0; at < length; at++) {
    if (hexDigits[bytes[at]!]! < 0) continue;
    if (isPrefix(bytes, at)) at += 2;
    if (hexDigit(bytes[at + 1]) < 0) continue; // most of them: a letter in a word
    const from = at;
    at = endOfDigits(bytes, from, length);
    let digits = at - from;
    for (let piece = nextPiece(bytes, at, length); piece >= 0; piece = nextPiece(bytes, at, length)) {
      at = endOfDigits(bytes, piece, length);
      digits += at - piece;
    }
    const cut = source.cut && afterSeparator(bytes, at, length) === length;
    if (digits < 2 * (cut ? worth.leastAtCut : worth.least) || !wasEncoded(from, at)) continue;
    readHex(bytes, from, at, tracks);
    if (!cut) for (const track of tracks) track.part(at);
  }
  return tracks.map((track) => track.view(source, false)).filter((view) => view !== null);
}

/** Digits that a separator parts are of different bytes. */
function readHex(bytes: Uint8Array, from: number, to: number, tracks: readonly [Track, Track]): void {
  let [aligned, other] = tracks;
  for (let piece = from; piece >= 0;) {
    const end = endOfDigits(bytes, piece, to);
    for (let at = piece; at + 1 < end; at++) {
      aligned.put(hexDigits[bytes[at]!]! * 16 + hexDigits[bytes[at + 1]!]!, at);
      const before = aligned;
      aligned = other;
      other = before;
    }
    piece = nextPiece(bytes, end, to);
    if (piece < 0) return;
    // the other one has read the last digit, and goes on with the first of the next piece
    aligned.part(end);
    [aligned, other] = [other, aligned];
  }
}

function endOfDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && hexDigits[bytes[at]!]! >= 0) at++;
  return at;
}

/** Where digits go on after a separator, such as `:` or `, 0x`; -1: they don't. */
function nextPiece(bytes: Uint8Array, at: number, end: number): number {
  const next = afterSeparator(bytes, at, end);
  return next > at && next < end && hexDigit(bytes[next]) >= 0 ? next : -1;
}

function afterSeparator(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && at - from < 4 && isSeparator[bytes[at]!] === 1) at++;
  if (at < end && bytes[at] === 0x5c) at++;
  if (at < end && isPrefix(bytes, at)) at += 2;
  else if (at < end && isX(bytes[at])) at++;
  return at;
}

const isSeparator = new Uint8Array(256);
for (const character of " +,:;-\t\r\n") isSeparator[character.charCodeAt(0)] = 1;
const isX = (byte: number | undefined): boolean => byte === 0x78 || byte === 0x58;
const isPrefix = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x30 && isX(bytes[at + 1]);
