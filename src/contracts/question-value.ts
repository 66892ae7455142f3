/** What is odd about something typed, and the text without it; null: only who typed it knows what was meant. */
export type Questioned = {
  /** "The header Authorization says Bearer twice". None of them repeats a secret. */
  readonly questions: readonly string[];
  readonly tidy: string | null;
};

export const nothingOdd: Questioned = { questions: [], tidy: null };

/** One oddity may hide the next: what is offered is looked at again, until nothing is odd about it. */
export function questionUntilTidy(typed: string, question: (text: string) => Questioned): Questioned {
  const questions = new Set<string>();
  let tidy: string | null = typed;
  for (let rounds = 0; tidy !== null && rounds < 10; rounds += 1) {
    const found = question(tidy);
    if (found.questions.length === 0) return { questions: [...questions], tidy: questions.size === 0 ? null : tidy };
    for (const words of found.questions) questions.add(words);
    tidy = found.tidy;
  }
  return { questions: [...questions], tidy: null };
}

// what copying out of pages, mails and word processors brings along: zero-width marks, and spaces that are none
const invisible = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/gu;
const oddSpace = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/gu;

/** The text with everything in it to be seen. */
export const visibleText = (text: string): string => text.replace(invisible, "").replace(oddSpace, " ");

const quote = "[\"'`“”„‟«»‘’‚‛]";
const quotedWhole = new RegExp(`^${quote}(.*)${quote}$`, "su");
const quotedBefore = new RegExp(`^${quote}([^"'\`“”„‟«»‘’‚‛]*)$`, "su");
const quotedAfter = new RegExp(`^([^"'\`“”„‟«»‘’‚‛]*)${quote}$`, "su");

/** Without the quotes around it, or the one that was copied along at one end. */
export const withoutQuotes = (text: string): string =>
  (quotedWhole.exec(text) ?? quotedBefore.exec(text) ?? quotedAfter.exec(text))?.[1] ?? text;

/** The mark that a list or a command left at the end: `,`, `;`, or a shell's ` \`. */
export const endMark = (text: string): "comma" | "semicolon" | "backslash" | null => {
  const end = text.trimEnd();
  if (end.endsWith(",")) return "comma";
  if (end.endsWith(";")) return "semicolon";
  return /\s\\$/.test(end.slice(-2)) ? "backslash" : null;
};

/** All that are there at once: one after the other takes long where there are thousands. */
export function withoutEndMark(text: string): string {
  let end = text.length;
  const back = (than: (character: string) => boolean): void => {
    while (end > 0 && than(text[end - 1]!)) end -= 1;
  };
  for (let before = -1; before !== end;) {
    before = end;
    back((character) => character === "," || character === ";" || character.trim() === "");
    if (/\s\\$/.test(text.slice(Math.max(0, end - 2), end))) end -= 1;
  }
  return text.slice(0, end);
}

export const isLineBreak = /\r\n|[\n\r\u2028\u2029\u0085\v\f]/;

/** Between breaks, with what is worth nothing left out. */
export const linesOf = (text: string): string[] =>
  text
    .split(isLineBreak)
    .map((line) => line.trim())
    .filter((line) => line !== "");

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** `api_key` typed once more, or more often, before its own value: `api_key=abc`, `Api-Key: abc`. */
export const ownNameBefore = (name: string): RegExp =>
  new RegExp(`^(?:${quote}?${escaped(name)}${quote}?\\s*(?:=>|[:=])\\s*(?=\\S))+`, "iu");

/** A secret value of its own: a password, what an adaptor always sends. `name`: what it is sent as; "" : nothing. */
export function questionValue(
  name: string,
  typed: string,
  what = name === "" ? "The value" : `The value of ${name}`,
): Questioned {
  const questions: string[] = [];
  let text = typed;
  const step = (words: string, next: string): void => {
    if (next === text) return;
    questions.push(`${what} ${words}`);
    text = next;
  };
  step("has an invisible character", visibleText(text));
  if (isLineBreak.test(text)) step("has a line break", linesOf(text).join(""));
  step("has a space at an end", text.trim());
  step("is in quotes", withoutQuotes(text));
  if (name !== "") step("begins with its own name", text.replace(ownNameBefore(name), ""));
  step("is in quotes", withoutQuotes(text));
  return questions.length === 0 ? nothingOdd : { questions, tidy: text };
}
