import { textTrouble } from "./text-trouble.ts";

/** From the outermost value to one within: names of objects, positions in lists. */
export type JsonPath = readonly (string | number)[];

export type JsonWalk = {
  /** `{"a":1}` has one level. */
  readonly depthMax: number;
  readonly nameBytesMax: number;
  /** How many names there may be; unless `flat`, items of lists count as well. */
  readonly namesMax: number;
  /**
   * The names are to be joined by dots, and what stands in a list has no name of its own: a joined name is held to
   * `nameBytesMax`, and nothing within a list counts.
   */
  readonly flat: boolean;
  /** Told of each text, number, `true`, `false` and `null`: `text.slice(from, to)`. The path is valid until it returns. */
  readonly onPlain?: (path: JsonPath, from: number, to: number) => void;
  /** Told of each list as it begins. */
  readonly onList?: (path: JsonPath) => void;
};

export type JsonWalked =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly because: "not_json" | "too_deep" | "long_name" | "too_many";
      /** In words, to follow the name of what is read. */
      readonly words: string;
      /** Where it stands. Never longer than what was read within the limits. */
      readonly path: JsonPath;
    };

/**
 * Reads JSON (RFC 8259) from left to right and builds nothing: it tells what it meets, and stops at the first place that
 * is no JSON or passes a limit. It never calls itself, so depth costs no stack, and its time is in proportion to the text
 * up to where it stops.
 */
export function walkJson(text: string, walk: JsonWalk): JsonWalked {
  return new Walker(text, walk).run();
}

/** The text, number or word that stands at a place which `onPlain` was told; a number keeps its digits as written. */
export function plainText(text: string, from: number, to: number): string {
  if (text.charCodeAt(from) !== quote) return text.slice(from, to);
  const inside = text.slice(from + 1, to - 1);
  return inside.includes("\\") ? (JSON.parse(text.slice(from, to)) as string) : inside;
}

class Stopped extends Error {
  readonly because: Extract<JsonWalked, { ok: false }>["because"];
  constructor(because: Stopped["because"], words: string) {
    super(words);
    this.because = because;
  }
}

class Walker {
  readonly text: string;
  readonly walk: JsonWalk;
  readonly path: (string | number)[] = [];
  /** Of each object on the path: the bytes of its name joined to those around it, and the dot behind. */
  readonly joinedBytes: number[] = [];
  at = 0;
  names = 0;
  /** Levels on the path that are lists. */
  lists = 0;

  constructor(text: string, walk: JsonWalk) {
    this.text = text;
    this.walk = walk;
  }

  run(): JsonWalked {
    try {
      this.value();
      return { ok: true };
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      return { ok: false, because: error.because, words: error.message, path: this.path };
    }
  }

  /** The outermost value and all within it, in one loop: each turn reads a plain value or the beginning of another. */
  value(): void {
    const { text } = this;
    for (;;) {
      this.skipSpace();
      const code = text.charCodeAt(this.at);
      if (code === openBrace || code === openBracket) {
        if (this.path.length === this.walk.depthMax)
          throw new Stopped("too_deep", `is nested deeper than ${this.walk.depthMax} levels`);
        if (code === openBracket) this.walk.onList?.(this.path);
        this.at++;
        this.skipSpace();
        if (text.charCodeAt(this.at) === (code === openBrace ? closeBrace : closeBracket)) this.at++;
        else {
          if (code === openBrace) this.enterObject();
          else this.enterList();
          continue;
        }
      } else {
        const from = this.at;
        this.plain(code);
        this.walk.onPlain?.(this.path, from, this.at);
      }
      if (!this.hasNext()) return;
    }
  }

  /** Behind a value: to the next one of the innermost list or object that has one; false at the end of all. */
  hasNext(): boolean {
    for (;;) {
      this.skipSpace();
      const last = this.path.length - 1;
      if (last < 0) {
        if (this.at < this.text.length) throw this.trouble("something follows the value's end");
        return false;
      }
      const code = this.text.charCodeAt(this.at);
      const position = this.path[last];
      const inList = typeof position === "number";
      if (code === comma) {
        this.at++;
        if (inList) {
          this.path[last] = position + 1;
          this.count(!this.walk.flat);
        } else this.name(last);
        return true;
      }
      if (code !== (inList ? closeBracket : closeBrace))
        throw this.trouble(inList ? "a , or ] is missing" : "a , or } is missing");
      this.at++;
      this.path.pop();
      if (inList) this.lists--;
    }
  }

  enterObject(): void {
    this.path.push("");
    this.name(this.path.length - 1);
  }

  enterList(): void {
    this.lists++;
    this.path.push(0);
    this.count(!this.walk.flat);
  }

  /** A name and its colon; it takes its place on the path. */
  name(place: number): void {
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== quote) throw this.trouble('a name in " is missing');
    const from = this.at;
    this.string();
    const { nameBytesMax, flat } = this.walk;
    // an escape takes six letters at most, and makes at least a byte
    const tooLong = this.at - from > 6 * nameBytesMax + 2;
    const name = tooLong ? "" : plainText(this.text, from, this.at);
    const joined = flat && this.lists === 0;
    const around = joined && place > 0 ? this.joinedBytes[place - 1]! : 0;
    const bytes = around + utf8Length(name);
    if (tooLong || bytes > nameBytesMax) {
      this.path.length = place;
      throw new Stopped("long_name", `has a name of more than ${nameBytesMax} bytes`);
    }
    this.joinedBytes[place] = bytes + 1;
    this.path[place] = name;
    this.count(!flat || this.lists === 0);
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== colon) throw this.trouble("a : is missing after the name");
    this.at++;
  }

  count(counts: boolean): void {
    if (!counts || ++this.names <= this.walk.namesMax) return;
    const what = this.walk.flat ? "parameters" : "names and list items";
    throw new Stopped("too_many", `has more than ${this.walk.namesMax} ${what}`);
  }

  plain(code: number): void {
    if (code === quote) return this.string();
    const found = this.take(code >= letterA ? word : number);
    if (!found) throw this.trouble("a value is missing");
  }

  string(): void {
    const { text } = this;
    this.at++;
    for (;;) {
      this.take(run);
      const code = text.charCodeAt(this.at);
      if (code === quote) {
        this.at++;
        return;
      }
      if (code !== backslash)
        throw this.trouble(
          this.at >= text.length ? 'the closing " is missing' : "a control character stands in a text",
        );
      if (!this.take(escape)) throw this.trouble("\\ is followed by no escape that JSON knows");
    }
  }

  skipSpace(): void {
    const code = this.text.charCodeAt(this.at);
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) this.take(space);
  }

  take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  trouble(problem: string): Stopped {
    const { line, column } = textTrouble(this.text, this.at, problem);
    return new Stopped("not_json", `is not JSON: line ${line}, column ${column}: ${problem}`);
  }
}

const space = /[ \t\n\r]+/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /(?:true|false|null)/y;
// oxlint-disable-next-line no-control-regex -- RFC 8259 forbids exactly these within a text
const run = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [quote, backslash, comma, colon, letterA] = [0x22, 0x5c, 0x2c, 0x3a, 0x61];

/** Bytes in UTF-8; half of a surrogate pair counts as the three of U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) length += 1;
    else if (code < 0x800) length += 2;
    else if (code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

/**
 * The end of the value that begins at a place, found by its quotes and brackets alone: whether it is JSON, and within
 * the limits, `walkJson` says. The text's end when it never ends.
 */
export function skipJsonValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
      if (depth === 0) return Math.min(at + 1, text.length);
    } else if (code === openBrace || code === openBracket) depth++;
    else if (code === closeBrace || code === closeBracket) {
      if (depth <= 1) return depth === 0 ? at : at + 1;
      depth--;
    } else if (depth === 0 && (code === comma || code <= 0x20)) return at;
  }
  return text.length;
}

/** Of the closing quote; the text's end when there is none. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return text.length;
}
