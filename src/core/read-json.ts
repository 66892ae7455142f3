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

const strictSpace = /[ \t\n\r]*/y;
const anySpace = /\s*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const letters = /[A-Za-z]+/y;
/** An unquoted key ends at its colon; an unquoted value may hold colons and quotes (`http://…`, `O'Brien`). */
const bareKey = /[^,:{}[\]"'\n\r]*/y;
const bareValue = /[^,{}[\]"\n\r]*/y;
// oxlint-disable-next-line no-control-regex -- RFC 8259 forbids exactly these within a text
const plainRun = { '"': /[^"\\\u0000-\u001f]*/y, "'": /[^'\\\u0000-\u001f]*/y } as const;
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
    const digits = this.take(number);
    if (digits !== "") return { kind: "number", text: digits };
    const start = this.at;
    const constant = wordValue(this.take(letters));
    if (constant !== null) return constant;
    this.at = start;
    throw this.trouble("a value is missing");
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
    const start = this.at++;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.take(plainRun[quote]));
      const character = this.text[this.at];
      if (character === undefined) throw new Trouble("a text is not closed", start, true);
      if (character === quote) break;
      if (character === "\\") parts.push(this.escape());
      else {
        if (!this.tolerant) throw this.trouble("a text holds a line break or another control character");
        this.tolerated.add("line breaks or control characters within a text");
        parts.push(character);
        this.at++;
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
    this.take(this.tolerant ? anySpace : strictSpace);
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

function wordValue(word: string): Tree | null {
  if (word === "true" || word === "false") return { kind: "boolean", value: word === "true" };
  return word === "null" ? { kind: "null" } : null;
}
