import { isWordByte } from "./unescape.ts";
import { parting } from "./view.ts";

/** Whether neither a letter nor a digit stands before or after a range of UTF-8; beside a parting nobody knows, so it counts as one. */
export function isWord(bytes: Uint8Array, from: number, to: number): boolean {
  return (from === 0 || !endsInWord(bytes, from)) && (to === bytes.length || !beginsWord(bytes, to));
}

function endsInWord(bytes: Uint8Array, end: number): boolean {
  if (bytes[end - 1]! < 0x80) return isWordByte(bytes[end - 1]!);
  let from = end - 1;
  while (from > 0 && end - from < 4 && (bytes[from]! & 0xc0) === 0x80) from--;
  return isLetter(bytes, from, end);
}

function beginsWord(bytes: Uint8Array, from: number): boolean {
  if (bytes[from]! < 0x80) return isWordByte(bytes[from]!);
  let to = from + 1;
  while (to < bytes.length && to - from < 4 && (bytes[to]! & 0xc0) === 0x80) to++;
  return isLetter(bytes, from, to);
}

function isLetter(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes[from] === parting || /^[\p{L}\p{N}]/u.test(utf8.decode(bytes.subarray(from, to)));
}

const utf8 = new TextDecoder();
