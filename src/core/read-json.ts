import { textTrouble, type TextTrouble } from "./text-trouble.ts";
import type { Tree } from "./tree.ts";

export type JsonReading =
  | {
      readonly ok: true;
      readonly tree: Tree;
      /** What strict JSON does not allow and the tolerant reader let pass, each once, in words. Empty: strict JSON. */
      readonly tolerated: readonly string[];
    }
  | ({ readonly ok: false } & TextTrouble);

/**
 * Reads JSON (RFC 8259). When that fails and the text begins with `{` or `[`, a tolerant reader takes unquoted keys and
 * words, single quotes and trailing commas, as in `{key1:[value1,value2]}`. Of equal keys the last wins. Takes time in
 * proportion to the text's length, whatever it holds, and never throws.
 */
export function readJson(text: string): JsonReading {
  const strict = new Reader(text, false).read();
  if (strict.ok || !/^\s*[{[]/.test(text)) return strict;
  return new Reader(text, true).read();
}

/** Deeper answers are refused: the recursion below and in printing stays far from the stack's end. */
const depthMax = 100;

/** Unwinds the recursion; never leaves this file. */
class Trouble extends Error {
  readonly position: number;
  readonly ended: boolean;
  constructor(problem: string, position: number, ended: boolean) {
    super(problem);
    this.position = position;
    this.ended = ended;
  }
}

const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Blanks beyond those of RFC 8259, which the tolerant reader passes over as well. */
const anySpace = /\s*/y;
/** An unquoted key ends at its colon; an unquoted value may hold colons and quotes (`http://…`, `O'Brien`). */
const bareKey = /[^,:{}[\]"'\n\r]*/y;
const bareValue = /[^,{}[\]"\n\r]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
}; // prettier-ignore

class Reader {
  readonly text: string;
  readonly tolerant: boolean;
  readonly tolerated = new Set<string>();
  at = 0;

  constructor(text: string, tolerant: boolean) {
    this.text = text;
    this.tolerant = tolerant;
  }

  read(): JsonReading {
    try {
      this.skipSpace();
      const tree = this.value(0);
      this.skipSpace();
      if (this.at < this.text.length) throw this.trouble("something follows the value's end");
      return { ok: true, tree, tolerated: [...this.tolerated] };
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      return { ok: false, ...textTrouble(this.text, error.position, error.message, error.ended) };
    }
  }

  value(depth: number): Tree {
    if (depth > depthMax) throw this.trouble(`it is nested more than ${depthMax} deep`);
    const character = this.text[this.at];
    if (character === "{") return this.object(depth);
    if (character === "[") return this.array(depth);
    if (character === '"') return { kind: "text", text: this.quoted('"') };
    if (this.tolerant) {
      if (character === "'") return { kind: "text", text: this.quoted("'") };
      return this.bare();
    }
    if (character === "-" || (character !== undefined && character >= "0" && character <= "9")) {
      const digits = this.take(number);
      if (digits !== "") return { kind: "number", text: digits };
    }
    const constant = this.constant();
    if (constant !== null) return constant;
    throw this.trouble("a value is missing");
  }

  /** `true`, `false` or `null`, if no letter follows it. */
  constant(): Tree | null {
    const word = ["true", "false", "null"].find((one) => this.text.startsWith(one, this.at));
    if (word === undefined || /[A-Za-z]/.test(this.text[this.at + word.length] ?? "")) return null;
    this.at += word.length;
    return wordValue(word);
  }

  object(depth: number): Tree {
    const entries = new Map<string, Tree>();
    this.at++;
    for (this.skipSpace(); this.text[this.at] !== "}"; this.skipSpace()) {
      const key = this.key();
      this.skipSpace();
      if (this.text[this.at] !== ":") throw this.trouble("a : is missing after the name");
      this.at++;
      this.skipSpace();
      entries.set(key, this.value(depth + 1));
      if (!this.comma("}")) break;
    }
    this.at++;
    return { kind: "object", entries };
  }

  array(depth: number): Tree {
    const items: Tree[] = [];
    this.at++;
    for (this.skipSpace(); this.text[this.at] !== "]"; this.skipSpace()) {
      items.push(this.value(depth + 1));
      if (!this.comma("]")) break;
    }
    this.at++;
    return { kind: "array", items };
  }

  /** Takes the comma between two members; false when the end stands there (not taken). */
  comma(end: "}" | "]"): boolean {
    this.skipSpace();
    if (this.text[this.at] === end) return false;
    if (this.text[this.at] !== ",") throw this.trouble(`a comma or ${end} is missing`);
    const comma = this.at++;
    this.skipSpace();
    if (this.text[this.at] !== end) return true;
    if (!this.tolerant) throw new Trouble(`a comma stands before ${end}`, comma, false);
    this.tolerated.add("a comma before the end of a list or object");
    return false;
  }

  key(): string {
    const character = this.text[this.at];
    if (character === '"') return this.quoted('"');
    if (!this.tolerant) throw this.trouble("a name in double quotes is missing");
    if (character === "'") return this.quoted("'");
    const name = this.take(bareKey).trimEnd();
    if (name === "") throw this.trouble("a name is missing");
    this.tolerated.add("names without quotes");
    return name;
  }

  bare(): Tree {
    const word = this.take(bareValue).trimEnd();
    if (word === "") throw this.trouble("a value is missing");
    const constant = wordValue(word);
    if (constant !== null) return constant;
    if (wholeNumber.test(word)) return { kind: "number", text: word };
    this.tolerated.add("words without quotes");
    return { kind: "text", text: word };
  }

  quoted(quote: '"' | "'"): string {
    if (quote === "'") this.tolerated.add("single quotes");
    const { text } = this;
    const start = this.at++;
    const end = quote.charCodeAt(0);
    let escaped = false;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === end) break;
      if (code === backslash) {
        escaped = true;
        this.at++;
      } else if (!(code >= 0x20)) return this.quotedOddly(start, quote);
      this.at++;
    }
    const value = escaped ? parsed(text.slice(start, this.at + 1)) : text.slice(start + 1, this.at);
    if (value === null) return this.quotedOddly(start, quote);
    this.at++;
    return value;
  }

  /** A text that is not as RFC 8259 wants it, piece by piece: to find the place, or to pass over it. */
  quotedOddly(start: number, quote: '"' | "'"): string {
    const { text } = this;
    const end = quote.charCodeAt(0);
    const parts: string[] = [];
    this.at = start + 1;
    for (;;) {
      const from = this.at;
      let code = text.charCodeAt(from);
      while (code !== end && code !== backslash && code >= 0x20) code = text.charCodeAt(++this.at);
      parts.push(text.slice(from, this.at));
      if (this.at >= text.length) throw new Trouble("a text is not closed", start, true);
      if (code === end) break;
      if (code === backslash) parts.push(this.escape());
      else {
        if (!this.tolerant) throw this.trouble("a text holds a line break or another control character");
        this.tolerated.add("line breaks or control characters within a text");
        parts.push(text[this.at++]!);
      }
    }
    this.at++;
    return parts.join("");
  }

  escape(): string {
    const letter = this.text[this.at + 1];
    if (letter === undefined) throw new Trouble("a text is not closed", this.at, true);
    const hex = letter === "u" ? this.text.slice(this.at + 2, this.at + 6) : "";
    if (/^[0-9a-fA-F]{4}$/.test(hex)) {
      this.at += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const meant = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (meant === undefined && !(this.tolerant && letter === "'")) {
      throw this.trouble("a backslash stands before a letter that has no meaning there");
    }
    this.at += 2;
    return meant ?? letter;
  }

  skipSpace(): void {
    const { text } = this;
    let code = text.charCodeAt(this.at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++this.at);
    if (this.tolerant && (code === 0x0b || code === 0x0c || code > 0x7f)) this.take(anySpace);
  }

  /** What a sticky pattern matches here, or "". */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  trouble(problem: string): Trouble {
    const ended = this.at >= this.text.length;
    return new Trouble(ended ? `it ends too early: ${problem}` : problem, this.at, ended);
  }
}

const backslash = 0x5c;

/** What a text in double quotes means to the language's own reader, which is the fastest; null: it takes no such text. */
function parsed(written: string): string | null {
  try {
    return JSON.parse(written) as string;
  } catch {
    return null; // single quotes, or something that is odd in other ways
  }
}

function wordValue(word: string): Tree | null {
  if (word === "true" || word === "false") return { kind: "boolean", value: word === "true" };
  return word === "null" ? { kind: "null" } : null;
}
