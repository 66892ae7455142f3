import { isBase64 } from "./decode-runs.ts";
import { createNeedles, type Needles } from "./needles.ts";
import type { View } from "./view.ts";

/** Finds values in base64 whose letters were made all large or all small: it can't be decoded, but guessed. */
export type FoldedBase64 = {
  /** Whether one may stand in a run of characters of base64. */
  readonly mayStand: (bytes: Uint8Array, from: number, to: number) => boolean;
  readonly scan: (view: View, found: (from: number, to: number) => void) => void;
};

/**
 * Looks for values of 6 bytes and more in base64 and in base64 of base64, at any alignment. There are twelve forms of each
 * value and hardly ever one of them in a text: it is searched for the forms' beginnings, and the forms themselves are made
 * when one of these was met.
 */
export function createFoldedBase64(values: readonly Uint8Array[]): FoldedBase64 {
  const beginnings = createBeginnings(12 * values.length);
  for (const value of values)
    for (const alignment of alignments) {
      beginnings.add(value, alignment);
      const once = inBase64(value, alignment, beginningLength);
      for (const other of alignments) beginnings.add(once, other);
    }
  let needles: Needles | null = null;
  return {
    mayStand: (bytes, from, to) => beginnings.stand(bytes, from, to),
    scan(view, found) {
      const { bytes, cut } = view;
      needles ??= createNeedles(values.flatMap(formsOf), canonical);
      // the characters beside it hold some of its bits
      const foundWithin = (from: number, to: number): void =>
        found(isBase64(bytes[from - 1]) ? from - 1 : from, isBase64(bytes[to]) ? to + 1 : to);
      const begun = needles.scan(bytes, foundWithin);
      if (cut && begun >= beginningLength - 1) foundWithin(bytes.length - begun, bytes.length);
    },
  };
}

/** How many bytes of something else stand before a value, but for whole groups of three. */
const alignments = [0, 1, 2] as const;

function formsOf(value: Uint8Array) {
  return alignments.flatMap((alignment) => {
    const once = inBase64(value, alignment, Infinity);
    const twice = alignments.map((other) => inBase64(once, other, Infinity));
    return [once, ...twice].map((bytes) => ({ bytes, word: false }));
  });
}

const characters = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

/** Of the characters of base64 that the bytes alone decide, one. */
function characterAt(bytes: Uint8Array, before: number, at: number): number {
  const bit = (Math.ceil((before * 8) / 6) + at) * 6 - before * 8;
  const two = (bytes[bit >> 3]! << 8) | (bytes[(bit >> 3) + 1] ?? 0);
  return characters[(two >> (10 - (bit & 7))) & 63]!;
}

/** All of them, or so many. */
function inBase64(bytes: Uint8Array, before: number, most: number): Uint8Array {
  const decided = Math.floor(((before + bytes.length) * 8) / 6) - Math.ceil((before * 8) / 6);
  const form = new Uint8Array(Math.min(most, decided));
  for (let at = 0; at < form.length; at++) form[at] = characterAt(bytes, before, at);
  return form;
}

/** Large letters count as small ones, and base64url's two characters as base64's. */
const canonical = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x2d) return 0x2b;
  if (byte === 0x5f) return 0x2f;
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
});

/** From 1; 0: it is no character of base64. */
const codes = canonical.map((byte) => (isBase64(byte) ? characters.indexOf(byte) - 25 : 0));

/** Six bytes decide no fewer characters than these. */
const beginningLength = 7;

/** A set of texts of 7 characters, each kept as two numbers: of the first three and of the last four. */
function createBeginnings(count: number) {
  const size = 2 ** Math.ceil(Math.log2(2 * count + 1));
  const firsts = new Int32Array(size);
  const lasts = new Int32Array(size); // 0: the place is free
  const placeOf = (first: number, last: number): number => {
    const hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(last, 0x85ebca6b);
    let place = (hash ^ (hash >>> 15)) & (size - 1);
    while (lasts[place] !== 0 && (lasts[place] !== last || firsts[place] !== first)) place = (place + 1) & (size - 1);
    return place;
  };
  return {
    /** The beginning of bytes in base64, when so many stand before them. */
    add(bytes: Uint8Array, before: number): void {
      let first = 0;
      let last = 0;
      for (let at = 0; at < 3; at++) first = (first << 6) | codes[characterAt(bytes, before, at)]!;
      for (let at = 3; at < beginningLength; at++) last = (last << 6) | codes[characterAt(bytes, before, at)]!;
      const place = placeOf(first, last);
      firsts[place] = first;
      lasts[place] = last;
    },
    /** Whether any of them stands somewhere in a range of bytes. */
    stand(bytes: Uint8Array, from: number, to: number): boolean {
      let first = 0;
      let last = 0;
      let row = 0;
      for (let at = from; at < to; at++) {
        const code = codes[bytes[at]!]!;
        if (code === 0) {
          row = 0;
          continue;
        }
        first = ((first << 6) | (last >>> 18)) & 0x3ffff;
        last = ((last << 6) | code) & 0xffffff;
        if (++row >= beginningLength && lasts[placeOf(first, last)] !== 0) return true;
      }
      return false;
    },
  };
}
