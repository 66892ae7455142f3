import { plainKey } from "./response-key.ts";

export type TextReading =
  | { readonly found: true; readonly values: readonly [string, ...string[]] }
  | {
      readonly found: false;
      /** What could have been asked for, each once: keys, or pieces where there are no keys. */
      readonly has: readonly string[];
    };

/**
 * The value of a key in a TEXT answer. The text is split by the delimiter; pieces `key=value` or `key:value` are found by
 * their key; where no piece has `=` or `:`, the piece after the key is its value; a number that is no key is a position
 * from 0. A key that occurs more than once has several values. A cut text's last piece may be half a piece and is left out.
 */
export function readText(text: string, key: string, delimiter: string, truncated = false): TextReading {
  const wanted = plainKey(key).trim();
  const position = /^\d{1,9}$/.test(wanted) ? Number(wanted) : null;
  const values: string[] = [];
  const names = new Set<string>();
  const pieces = new Set<string>();
  let afterKey: string | undefined;
  let atPosition: string | undefined;
  let before: string | undefined;
  for (let from = 0, number = 0; ; number++) {
    const end = text.indexOf(delimiter, from);
    if (end === -1 && truncated) break;
    const piece = text.slice(from, end === -1 ? undefined : end).trim();
    const sign = firstOf(piece.indexOf("="), piece.indexOf(":"));
    if (sign !== -1) {
      const name = piece.slice(0, sign).trimEnd();
      names.add(name);
      if (name === wanted) values.push(piece.slice(sign + 1).trimStart());
    }
    if (before === wanted) afterKey ??= piece;
    if (number === position) atPosition = piece;
    pieces.add(piece);
    before = piece;
    if (end === -1) break;
    from = end + delimiter.length;
  }
  const keyed = names.size > 0;
  const [first, ...others] = values;
  if (first !== undefined) return { found: true, values: [first, ...others] };
  const only = keyed ? atPosition : (afterKey ?? atPosition);
  if (only !== undefined) return { found: true, values: [only] };
  return { found: false, has: [...(keyed ? names : pieces)] };
}

const firstOf = (one: number, other: number): number =>
  one === -1 || other === -1 ? Math.max(one, other) : Math.min(one, other);

/** The Delimiter setting as the characters it stands for: `\n`, `\r` and `\t` may be typed; blank means `,`. */
export function delimiterOf(setting: string): string {
  if (setting === "") return ",";
  return setting.replaceAll("\\n", "\n").replaceAll("\\r", "\r").replaceAll("\\t", "\t");
}
