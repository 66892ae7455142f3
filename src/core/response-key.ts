/** What to read from the answer, and the value it must have. */
export type ResponseKey = {
  /** As typed, for messages; empty when the whole body is meant (`=OK`). */
  readonly path: string;
  /** null: any value will do. */
  readonly demand: string | null;
};

/**
 * The Response Key setting: `data.0.id`, or with a demanded value `status=OK`. The first `=` without a backslash parts the
 * two; `=OK` demands that the whole body is OK. null: the setting is blank.
 */
export function parseResponseKey(setting: string): ResponseKey | null {
  const text = setting.trim();
  if (text === "") return null;
  const [path = "", ...rest] = splitUnescaped(text, "=");
  if (rest.length === 0) return { path, demand: null };
  return { path: path.trim(), demand: text.slice(path.length + 1).trim() };
}

/** One step of a path: a name as it stands in the answer, or `*` for all items. */
export type PathStep = { readonly name: string; readonly all: boolean };

/**
 * The steps of a dot path. A backslash takes the next character as it is: `a\.b` is the name `a.b`, `\*` the name `*`.
 * XML paths may be parted by `/` as well.
 */
export function pathSteps(path: string, separators: "." | "./"): PathStep[] {
  return splitUnescaped(path, separators).map((step) => ({ name: unescape(step), all: step === "*" }));
}

/** A key without path syntax, as in TEXT. */
export function plainKey(path: string): string {
  return unescape(path);
}

function splitUnescaped(text: string, separators: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "\\") at++;
    else if (separators.includes(character)) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

const unescape = (text: string): string => text.replace(/\\(.)/gs, "$1");
