import { XMLParser, XMLValidator } from "fast-xml-parser";
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
 * Reads well-formed XML without DTD and with no entities but the five built in and character references (spec 3, spec 9).
 * Never throws; time is in proportion to the text's length.
 */
export function readXml(text: string): XmlReading {
  const refused = refuseMarkup(text);
  if (refused !== null) return { ok: false, ...refused };
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) return { ok: false, ...inOurWords(verdict.err) };
  let nodes: unknown;
  try {
    nodes = parser.parse(text);
  } catch (error) {
    return { ok: false, ...textTrouble(text, 0, libraryWords(error instanceof Error ? error.message : "")) };
  }
  const [root, ...others] = elementsOf(nodes);
  if (root === undefined) return { ok: false, ...textTrouble(text, text.length, "there is no element", true) };
  if (others.length > 0) return { ok: false, ...textTrouble(text, 0, "more than one element stands at the top") };
  return { ok: true, root };
}

/**
 * Names get a mark so that an element called `constructor` or `__proto__`, which the library refuses, is a name like any
 * other; the library marks an empty element twice. Entities are resolved here, not by the library: it knows more than five.
 */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: "#cdata",
  strictReservedNames: false,
  maxNestedTags: 100,
  jPath: false,
  transformTagName: (name) => `<${name}`,
  transformAttributeName: (name) => `<${name}`,
});

function elementsOf(nodes: unknown): XmlElement[] {
  return listOf(nodes).flatMap((node) => {
    const tag = Object.keys(node).find((key) => key.startsWith("<"));
    if (tag === undefined) return [];
    const within = node[tag];
    const attributes = new Map<string, string>();
    for (const [name, value] of Object.entries(node[":@"] ?? {})) {
      if (!/^<*xmlns(:|$)/.test(name)) attributes.set(localName(name), resolveEntities(String(value)));
    }
    return [{ name: localName(tag), attributes, children: elementsOf(within), text: textOf(within) }];
  });
}

function textOf(nodes: unknown): string {
  return listOf(nodes)
    .map((node) => {
      if (typeof node["#text"] === "string") return resolveEntities(node["#text"]);
      return listOf(node["#cdata"])
        .map((part) => (typeof part["#text"] === "string" ? part["#text"] : ""))
        .join("");
    })
    .join("");
}

const listOf = (nodes: unknown): Record<string, unknown>[] =>
  Array.isArray(nodes) ? nodes.filter((node) => typeof node === "object" && node !== null) : [];

const localName = (marked: string): string => marked.replace(/^<+/, "").replace(/^.*:/s, "");

const builtIn: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,8})|#(\d{1,8})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex?: string, decimal?: string, name?: string) =>
      name !== undefined ? (builtIn[name] ?? whole) : String.fromCodePoint(codeOf(hex, decimal)),
  );
}

const codeOf = (hex: string | undefined, decimal: string | undefined): number =>
  hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);

const closings: Readonly<Record<string, string>> = { "<!--": "-->", "<![CDATA[": "]]>", "<?": "?>" };

/** What the library would let pass: a DTD anywhere, entities it knows and we don't, references to no character. */
function refuseMarkup(text: string): TextTrouble | null {
  const markup = /<!--|<!\[CDATA\[|<\?|<!|&(?:#x([0-9a-f]{1,8});|#(\d{1,8});|(?:amp|lt|gt|quot|apos);)?/g;
  for (let found = markup.exec(text); found !== null; found = markup.exec(text)) {
    const [written, hex, decimal] = found;
    const closing = closings[written];
    if (closing !== undefined) {
      const end = text.indexOf(closing, found.index + written.length);
      if (end === -1) return textTrouble(text, found.index, `${closing} is missing`, true);
      markup.lastIndex = end + closing.length;
    } else if (written === "<!") {
      return textTrouble(text, found.index, "it has a document type (<!DOCTYPE), which is never read");
    } else if (written === "&" || ((hex ?? decimal) !== undefined && !isCharacter(codeOf(hex, decimal)))) {
      const entity = /^&[#\w]{1,30};/.exec(text.slice(found.index, found.index + 32))?.[0];
      const problem =
        entity === undefined ? "an & stands alone; XML writes it &amp;" : `${entity} means nothing in XML`;
      return textTrouble(text, found.index, problem);
    }
  }
  return null;
}

/** The characters XML 1.0 allows (section 2.2), loosely: no NUL, no halves of surrogate pairs. */
const isCharacter = (code: number): boolean => code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);

function inOurWords(error: { msg: string; line: number; col?: number }): TextTrouble {
  const problem = libraryWords(error.msg);
  return { line: error.line, column: error.col ?? 1, problem, ended: /unclosed tag/i.test(problem) };
}

function libraryWords(message: string): string {
  if (/nested tags/i.test(message)) return "it is nested more than 100 deep";
  const words = message.replace(/\.$/, "").replace("is an invalid name", "is not a name");
  return words === "" ? "it is not well-formed" : words.charAt(0).toLowerCase() + words.slice(1);
}
