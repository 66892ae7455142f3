import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";

/** What is wrong in a file, and in which line (from 1). */
export type LineProblem = { readonly line: number; readonly message: string };

export type YamlFile = {
  /** Plain values, except that a `value_map` is a list of pairs in its order. */
  readonly value: unknown;
  /** The line of a place, or of the nearest one above it that is there. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
  /** A scalar as it was written: `007` and `off` are texts to those who want a text. */
  readonly sourceOf: (path: readonly PropertyKey[]) => string | null;
};

export type YamlReading =
  | { readonly ok: true; readonly file: YamlFile }
  | { readonly ok: false; readonly problems: readonly LineProblem[] };

const depthMax = 20;
const aliasesMax = 100;

/** YAML 1.2 (core schema), keeping where everything stood. */
export function readYaml(text: string): YamlReading {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, version: "1.2", merge: false });
  const lineAt = (node: Node | null | undefined): number | null => {
    const [start] = node?.range ?? [];
    return start === undefined ? null : counter.linePos(start).line;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      line: error.linePos?.[0].line ?? 1,
      message: `this is not YAML: ${(error.message.split("\n", 1)[0] ?? "").replace(/ at line \d+.*$/, "")}`,
    }));
    return { ok: false, problems };
  }
  try {
    const value = plain(document, document.contents, null, { depth: 0, aliases: { left: aliasesMax } });
    const file = {
      value,
      lineOf: (path: readonly PropertyKey[]) => {
        let line = lineAt(document.contents) ?? 1;
        walk(document, path, (key, node) => {
          line = lineAt(key) ?? lineAt(node) ?? line;
        });
        return line;
      },
      sourceOf: (path: readonly PropertyKey[]) => {
        const node = walk(document, path, () => {});
        return isScalar(node) ? (node.source ?? null) : null;
      },
    };
    return { ok: true, file };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { ok: false, problems: [{ line: lineAt(error.node) ?? 1, message: error.message }] };
  }
}

class TooMuch extends Error {
  readonly node: Node | null;
  constructor(node: Node | null, message: string) {
    super(message);
    this.node = node;
  }
}

type Budget = { readonly depth: number; readonly aliases: { left: number } };

function plain(document: Document, node: unknown, key: string | null, budget: Budget): unknown {
  const inner = { depth: budget.depth + 1, aliases: budget.aliases };
  if (isAlias(node)) {
    if (--budget.aliases.left < 0) throw new TooMuch(node, `more than ${aliasesMax} aliases are too many`);
    return plain(document, node.resolve(document), key, inner);
  }
  if (budget.depth > depthMax) throw new TooMuch(node as Node, "this is nested too deeply");
  if (isMap(node)) {
    const pairs = node.items.map((pair): [string, unknown] => [
      written(pair.key),
      plain(document, pair.value, written(pair.key), inner),
    ]);
    if (key === "value_map") return pairs.map(([from], index) => [from, written(node.items[index]?.value)]);
    return Object.fromEntries(pairs);
  }
  if (isSeq(node)) return node.items.map((item) => plain(document, isPair(item) ? item.value : item, null, inner));
  return isScalar(node) ? node.value : null;
}

/** A scalar's own text. */
function written(node: unknown): string {
  if (!isScalar(node)) return "";
  return typeof node.value === "string" ? node.value : (node.source ?? "");
}

/** Goes along a path as far as it leads, telling each step's key and value; gives the value at its end, or null. */
function walk(
  document: Document,
  path: readonly PropertyKey[],
  step: (key: Node | null, value: Node | null) => void,
): Node | null {
  let node: unknown = document.contents;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => written(item.key) === String(part));
      if (pair === undefined) return null;
      step(pair.key as Node | null, pair.value as Node | null);
      node = pair.value;
    } else if (isSeq(node) && typeof part === "number") {
      node = node.items[part];
      step(null, node as Node | null);
    } else return null;
  }
  return (node ?? null) as Node | null;
}
