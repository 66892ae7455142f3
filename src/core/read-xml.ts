import { limits } from "../contracts/limits.ts";
import { textTrouble, type TextTrouble } from "./text-trouble.ts";

/** An element by its local name: prefixes are ignored. Text is CDATA too, of this element alone, entities resolved. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
};

export type XmlReading = { readonly ok: true; readonly root: XmlElement } | ({ readonly ok: false } & TextTrouble);

/**
 * Reads well-formed XML (https://www.w3.org/TR/xml/) without DTD and with no entities but the five built in and character
 * references. Takes time in proportion to the text's length, whatever it holds, and never throws.
 */
export function readXml(text: string): XmlReading {
  try {
    return { ok: true, root: new Reader(text).read() };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { ok: false, ...textTrouble(text, error.position, error.message, error.ended) };
  }
}

/** Deeper answers are refused: the recursion in finding and printing stays far from the stack's end. */
const depthMax = 100;

/** Unwinds the reading; never leaves this file. */
class Trouble extends Error {
  readonly position: number;
  readonly ended: boolean;
  constructor(problem: string, position: number, ended = false) {
    super(problem);
    this.position = position;
    this.ended = ended;
  }
}

/** An element that is being read. */
type Open = {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
  /** With its prefix. */
  readonly tag: string;
  readonly position: number;
};

const noAttributes: ReadonlyMap<string, string> = new Map();

class Reader {
  readonly text: string;
  readonly open: Open[] = [];
  root: XmlElement | null = null;
  attributes = 0;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): XmlElement {
    const { text } = this;
    while (this.at < text.length) {
      const tag = text.indexOf("<", this.at);
      const end = tag === -1 ? text.length : tag;
      if (end > this.at) this.words(end);
      if (tag === -1) break;
      const next = text[tag + 1];
      if (next === "/") this.closingTag();
      else if (next === "?") this.skipPast("<?", "?>");
      else if (next === "!") this.declaration();
      else this.openingTag();
    }
    const unclosed = this.open.at(-1);
    if (unclosed !== undefined) throw new Trouble(`unclosed tag '${unclosed.tag}'`, unclosed.position, true);
    if (this.root === null) throw new Trouble("a start tag is missing", text.length, true);
    return this.root;
  }

  /** Text up to a place. Outside of the root there are only blanks. */
  words(end: number): void {
    const words = this.text.slice(this.at, end);
    const within = this.open.at(-1);
    if (within !== undefined) within.text += this.resolve(words, this.at);
    else {
      const odd = words.search(/[^ \t\r\n]/);
      if (odd !== -1) throw this.unexpected(this.at + odd);
    }
    this.at = end;
  }

  openingTag(): void {
    const position = this.at++;
    const tag = this.name();
    if (tag === "") throw this.unexpected(this.at);
    if (this.root !== null && this.open.length === 0)
      throw new Trouble("more than one element stands at the top", position);
    if (this.open.length === depthMax) throw new Trouble(`it is nested more than ${depthMax} deep`, position);
    const attributes = this.attributesOf(position);
    const element: Open = { name: localName(tag), attributes, children: [], text: "", tag, position };
    const parent = this.open.at(-1);
    if (parent === undefined) this.root = element;
    else parent.children.push(element);
    const empty = this.text[this.at] === "/";
    if (empty) this.at++;
    if (this.text[this.at] !== ">") throw this.unexpected(this.at);
    this.at++;
    if (!empty) this.open.push(element);
  }

  attributesOf(tag: number): ReadonlyMap<string, string> {
    let attributes: Map<string, string> | null = null;
    let names: Set<string> | null = null;
    for (;;) {
      const parted = this.skipBlanks();
      const position = this.at;
      const name = this.name();
      if (name === "") return attributes ?? noAttributes;
      if (!parted) throw new Trouble(`a blank is missing before the attribute '${name}'`, position);
      names ??= new Set();
      if (names.has(name)) throw new Trouble(`the attribute '${name}' is repeated`, position);
      names.add(name);
      if (names.size > limits.answerElementAttributesMax)
        throw new Trouble(`an element has more than ${shown(limits.answerElementAttributesMax)} attributes`, tag);
      if (++this.attributes > limits.answerAttributesMax)
        throw new Trouble(`it has more than ${shown(limits.answerAttributesMax)} attributes`, tag);
      const value = this.attributeValue(name);
      if (name === "xmlns" || name.startsWith("xmlns:")) continue;
      attributes ??= new Map();
      attributes.set(localName(name), value);
    }
  }

  attributeValue(name: string): string {
    this.skipBlanks();
    if (this.text[this.at] !== "=") throw new Trouble(`the attribute '${name}' has no value`, this.at, this.atEnd());
    this.at++;
    this.skipBlanks();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'")
      throw new Trouble(`the value of the attribute '${name}' is not in quotes`, this.at, this.atEnd());
    const from = this.at + 1;
    const end = this.text.indexOf(quote, from);
    if (end === -1) throw new Trouble(`the value of the attribute '${name}' is not closed`, this.at, true);
    this.at = end + 1;
    return this.resolve(this.text.slice(from, end), from);
  }

  closingTag(): void {
    const position = this.at;
    this.at += 2;
    const tag = this.name();
    this.skipBlanks();
    if (this.text[this.at] !== ">") throw this.unexpected(this.at);
    this.at++;
    const opened = this.open.pop();
    if (opened === undefined) throw new Trouble(`closing tag '${tag}' has not been opened`, position);
    if (opened.tag === tag) return;
    const { line, column } = textTrouble(this.text, opened.position, "");
    const where = `opened in line ${line}, col ${column}`;
    throw new Trouble(`expected closing tag '${opened.tag}' (${where}) instead of closing tag '${tag}'`, position);
  }

  /** A comment or CDATA; everything else that begins so belongs to a document type. */
  declaration(): void {
    const { text, at } = this;
    if (begins(text, at, "<!--")) return void this.skipPast("<!--", "-->");
    if (!begins(text, at, "<![CDATA["))
      throw new Trouble("it has a document type (<!DOCTYPE), which is never read", at);
    const within = this.open.at(-1);
    if (within === undefined) throw this.unexpected(at);
    within.text += this.skipPast("<![CDATA[", "]]>");
  }

  /** What stands between two marks, the first of which begins here. */
  skipPast(opening: string, closing: string): string {
    const from = this.at + opening.length;
    const end = this.text.indexOf(closing, from);
    if (end === -1) throw new Trouble(`${closing} is missing`, this.at, true);
    this.at = end + closing.length;
    return this.text.slice(from, end);
  }

  /** The name that stands here, or "". */
  name(): string {
    const from = this.at;
    while (isNameCode(this.text.charCodeAt(this.at))) this.at++;
    const name = this.text.slice(from, this.at);
    if (name !== "" && !/^[\p{L}_:]/u.test(name)) throw this.unexpected(from);
    return name;
  }

  /** Whether there were any. */
  skipBlanks(): boolean {
    const from = this.at;
    while (isBlankCode(this.text.charCodeAt(this.at))) this.at++;
    return this.at > from;
  }

  /** The words with their references resolved. */
  resolve(words: string, position: number): string {
    let resolved = "";
    let done = 0;
    for (let at = words.indexOf("&"); at !== -1; at = words.indexOf("&", done)) {
      resolved += words.slice(done, at) + this.character(words, at, position);
      done = words.indexOf(";", at) + 1;
    }
    return resolved + words.slice(done);
  }

  /** What a reference at a place of the words stands for. */
  character(words: string, at: number, position: number): string {
    reference.lastIndex = at;
    const [, hex, decimal, name] = reference.exec(words) ?? [];
    if (name !== undefined) return builtIn[name]!;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (isCharacter(code)) return String.fromCodePoint(code);
    const entity = /^&[#\w]{1,30};/.exec(words.slice(at, at + 32))?.[0];
    const problem = entity === undefined ? "an & stands alone; XML writes it &amp;" : `${entity} means nothing in XML`;
    throw new Trouble(problem, position + at);
  }

  unexpected(position: number): Trouble {
    const character = String.fromCodePoint(this.text.codePointAt(position) ?? 0);
    return position >= this.text.length
      ? new Trouble("it ends within a tag", this.at, true)
      : new Trouble(`char '${character}' is not expected`, position);
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }
}

const shown = (count: number): string => count.toLocaleString("en-US");

const localName = (name: string): string => name.slice(name.lastIndexOf(":") + 1);

/** Whether a mark begins at a place; where the text ends within it, too. */
const begins = (text: string, at: number, mark: string): boolean => mark.startsWith(text.slice(at, at + mark.length));

const builtIn: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const reference = /&(?:#x([0-9a-fA-F]{1,8})|#(\d{1,8})|(amp|lt|gt|quot|apos));/y;

/** The characters XML 1.0 allows (section 2.2), loosely: no NUL, no halves of surrogate pairs. */
const isCharacter = (code: number): boolean => code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);

const isBlankCode = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Letters, digits, `-._:` and whatever lies beyond ASCII. NaN, beyond the text, is none. */
function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2d && code <= 0x3a && code !== 0x2f) ||
    code === 0x5f ||
    code >= 0x80
  );
}
