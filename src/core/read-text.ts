import { plainKey } from "./response-key.ts";

export type TextReading =
  | { readonly found: true; readonly values: readonly [string, ...string[]] }
  | {
      readonly found: false;
      /** What could have been asked for: keys, or pieces where there are no keys. */
      readonly has: readonly string[];
    };

/**
 * The value of a key in a TEXT answer. The text is split by the delimiter; pieces `key=value` or `key:value` are found by
 * their key; where no piece has `=` or `:`, the piece after the key is its value; a number that is no key is a position
 * from 0. A key that occurs more than once has several values. A cut text's last piece may be half a piece and is left out.
 */
export function readText(text: string, key: string, delimiter: string, truncated = false): TextReading {
  const pieces = text.split(delimiter).map((piece) => piece.trim());
  if (truncated) pieces.pop();
  const wanted = plainKey(key).trim();
  const pairs = pieces.flatMap((piece): [string, string][] => {
    const at = piece.search(/[=:]/);
    return at === -1 ? [] : [[piece.slice(0, at).trimEnd(), piece.slice(at + 1).trimStart()]];
  });
  const keyed = pairs.length > 0;
  const [first, ...others] = keyed
    ? pairs.filter(([name]) => name === wanted).map(([, value]) => value)
    : pieces.filter((_, index) => index > 0 && pieces[index - 1] === wanted).slice(0, 1);
  if (first !== undefined) return { found: true, values: [first, ...others] };
  const piece = /^\d{1,9}$/.test(wanted) ? pieces[Number(wanted)] : undefined;
  if (piece !== undefined) return { found: true, values: [piece] };
  return { found: false, has: keyed ? pairs.map(([name]) => name) : pieces };
}

/** The Delimiter setting as the characters it stands for: `\n`, `\r` and `\t` may be typed; blank means `,`. */
export function delimiterOf(setting: string): string {
  if (setting === "") return ",";
  return setting.replaceAll("\\n", "\n").replaceAll("\\r", "\r").replaceAll("\\t", "\t");
}
