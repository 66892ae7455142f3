/** One step of a pattern: a letter with a meaning, or (letter null) text that stands for itself. */
export type DateToken = { readonly letter: string | null; readonly text: string };

/** A pattern cut into letters and texts; a backslash makes the next character text. Unknown letters are kept as text. */
export function compileDatePattern(pattern: string): readonly DateToken[] {
  const known = compiled.get(pattern);
  if (known) return known;
  const tokens = cut(pattern);
  if (compiled.size >= compiledMax) compiled.clear();
  compiled.set(pattern, tokens);
  return tokens;
}

const compiled = new Map<string, readonly DateToken[]>();
/** Adaptors hold few patterns; a preview of many typed ones must not grow this without end. */
const compiledMax = 500;

const letters = new Set("dDjlNSwzWFmMntLoYyaABgGhHisuveIOPpTZcrU");

function cut(pattern: string): DateToken[] {
  const tokens: DateToken[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "\\" && at + 1 < pattern.length) tokens.push({ letter: null, text: pattern.charAt(++at) });
    else tokens.push({ letter: letters.has(character) ? character : null, text: character });
  }
  return tokens;
}

/** Patterns that are names, not letters; empty is the account's own pattern. */
const namedPatterns = new Set(["", "timestamp", "age", "iso8601"]);

export type DatePatternCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly position: number; readonly letter: string };

/** Whether every letter has a meaning; `position` counts characters from 1. */
export function checkDatePattern(pattern: string): DatePatternCheck {
  if (namedPatterns.has(pattern)) return { ok: true };
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "\\") at++;
    else if (/[a-z]/i.test(character) && !letters.has(character))
      return { ok: false, position: at + 1, letter: character };
  }
  return { ok: true };
}
