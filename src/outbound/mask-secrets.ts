import { secretMask } from "../contracts/connect.ts";
import type { Mask } from "../core/mask.ts";
import { fromBase64, fromHex, type Worth } from "./decode-runs.ts";
import { createFoldedBase64 } from "./folded-base64.ts";
import { createNeedles } from "./needles.ts";
import { casesOf, spellingsOf, valuesOf } from "./secret-spellings.ts";
import {
  backslashEscape,
  backslashesEscape,
  htmlEscape,
  percentEscape,
  quotedPrintable,
  unescape,
  wideLetters,
} from "./unescape.ts";
import { giveBackRoom, rangeInText, type View, viewOfText } from "./view.ts";
import { isWord } from "./word-edges.ts";

export type { Mask };

/** Shorter values stand in too many words: they are masked at their own place only. */
export const secretLengthMin = 6;
/** How much of a secret's beginning at the end of a cut text counts as that secret, in bytes. */
const cutLengthMin = 4;

/**
 * A function that replaces every secret of 6 characters or more by ••••••••, wherever it stands in a text and in whatever
 * case: as it is, URL-encoded, with the escapes of JSON, HTML or mails, in hexadecimal digits, in base64 at any alignment, in
 * base64 of base64, and in two of these one over the other. What a vendor decodes before it repeats it is looked for as
 * well: the decoded form of a URL-encoded secret, and the user and password of a Basic one.
 *
 * Texts are decoded and searched, rather than every spelling being searched for, since encoders differ in what they
 * escape. All secrets are searched for together, in time that is in proportion to the text, whatever the text and they are.
 * @param words values that are masked only where they stand as words of their own.
 */
export function createMask(secrets: Readonly<Record<string, string>>, words: readonly string[] = []): Mask {
  const values = unique(Object.values(secrets).flatMap(valuesOf).filter(isLong));
  const places = unique(words.filter((word) => word !== ""));
  if (values.length + places.length === 0) return (text) => text;
  let search: Search | null = null;
  return (text, { cut = false } = {}) => {
    if (text === "") return text;
    search ??= createSearch(values, places);
    const bytes = Buffer.from(text);
    const ranges = search(bytes, cut);
    return ranges.length === 0 ? text : replaceRanges(bytes, ranges);
  };
}

const isLong = (value: string): boolean => value.length >= secretLengthMin;
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** The ranges of a text that hold what is to be masked, as `rangeKey` writes them, in any order. */
type Search = (text: Uint8Array, cut: boolean) => readonly number[];

/** What undoing encodings still comes to. */
type Path = {
  /** How many more encodings are undone. */
  readonly steps: number;
  /** Some of it was decoded from what no person reads: words don't count there. */
  readonly encoded: boolean;
  /** The last one was base64: base64 of base64 is one step. */
  readonly doubled: boolean;
};
const beginning: Path = { steps: 2, encoded: false, doubled: false };

const escapes = [percentEscape, backslashEscape, backslashesEscape, htmlEscape, quotedPrintable, wideLetters];
/** How long an escape of one byte may be. */
const escapeLengthMost = 12;

function createSearch(values: readonly string[], words: readonly string[]): Search {
  const spellings = values.flatMap(spellingsOf).filter(({ length }) => length >= secretLengthMin);
  const needles = [
    ...spellings.map((bytes) => ({ bytes, word: false })),
    ...unique(words.flatMap(casesOf)).map((text) => ({ bytes: Buffer.from(text), word: true })),
  ];
  const reach = needles.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
  const worth = worthOf(spellings);
  const folded = createFoldedBase64(values.map((value) => Buffer.from(value)));
  let wordsCount = true;
  const finder = createNeedles(needles, canonical, (...range) => wordsCount && isWord(...range));

  return (text, cut) => {
    const ranges: number[] = [];
    const add = (view: View, from: number, to: number): void => {
      const [begin, end] = rangeInText(view, from, to);
      ranges.push(rangeKey(begin, view.cut && to === view.bytes.length ? text.length : end));
    };
    const lookAt = (view: View): void => {
      let [from, to] = [0, 0];
      const found = (begin: number, end: number): void => {
        // a text that is full of what is looked for has no more ranges than others
        if (begin >= to && to > 0) add(view, from, to);
        from = begin < to ? Math.min(from, begin) : begin;
        to = end;
      };
      const begun = finder.scan(view.bytes, found);
      if (view.cut && begun >= cutLengthMin) found(view.bytes.length - begun, view.bytes.length);
      if (to > 0) add(view, from, to);
    };
    const lookInto = (view: View, { steps, encoded, doubled }: Path): void => {
      wordsCount = !encoded;
      lookAt(view);
      if (steps > 0)
        for (const escape of escapes)
          lookIntoAll(unescape(view, escape, steps > 1 ? reach * escapeLengthMost : reach), {
            steps: steps - 1,
            encoded,
            doubled: false,
          });
      if (spellings.length === 0) return;
      if (steps > 0) lookIntoAll(fromHex(view, worth), { steps: steps - 1, encoded: true, doubled: false });
      if (steps === 0 && !doubled) return;
      let mayBeFolded = false;
      const decoded = fromBase64(view, worth, (from, to, isCut) => {
        mayBeFolded ||= !encoded && (isCut || folded.mayStand(view.bytes, from, to));
      });
      if (mayBeFolded) folded.scan(view, (from, to) => add(view, from, to));
      lookIntoAll(decoded, { steps: doubled ? steps : steps - 1, encoded: true, doubled: !doubled });
    };
    const lookIntoAll = (views: readonly View[], path: Path): void => {
      for (const view of views) lookInto(view, path);
      for (const view of views) giveBackRoom(view.room);
    };
    lookInto(viewOfText(text, cut), beginning);
    return ranges;
  };
}

/** Whatever is written out of sight is what is looked for, or is encoded once more, in ASCII; some of that in UTF-16. */
function worthOf(needles: readonly Uint8Array[]): Worth {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f ? 1 : 0));
  for (const byte of [0x00, 0x09, 0x0a, 0x0d]) bytes[byte] = 1;
  for (const needle of needles) for (const byte of needle) bytes[byte] = 1;
  const least = needles.reduce((shortest, needle) => Math.min(shortest, needle.length), Infinity);
  return { bytes, least, leastAtCut: cutLengthMin };
}

/** Large letters of ASCII count as small ones, and the + of forms as the space that it means there. */
const canonical = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x2b) return 0x20;
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
});

const keyBase = 2 ** 26;
/** A range as one number, so that many are quickly put in order. */
const rangeKey = (from: number, to: number): number => from * keyBase + to;

/** Ranges that overlap are one: two secrets that share letters leave no rest of either. */
function replaceRanges(text: Buffer, ranges: readonly number[]): string {
  const sorted = Float64Array.from(ranges).toSorted();
  const out = Buffer.allocUnsafe(text.length + sorted.length * maskBytes.length);
  let length = 0;
  let done = 0;
  for (const [at, key] of sorted.entries()) {
    const from = Math.floor(key / keyBase);
    const to = key % keyBase;
    if (at === 0 || from >= done) {
      length += text.copy(out, length, done, from);
      length += maskBytes.copy(out, length);
      done = to;
    } else done = Math.max(done, to);
  }
  length += text.copy(out, length, done);
  return out.toString("utf8", 0, length);
}

const maskBytes = Buffer.from(secretMask);
