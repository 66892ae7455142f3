import { pathSteps, type PathStep } from "./response-key.ts";
import type { XmlElement } from "./read-xml.ts";
import type { Tree } from "./tree.ts";

export type FoundInXml =
  | { readonly found: true; readonly value: Tree }
  | {
      readonly found: false;
      /** The element that was reached, by name, and the names it has. */
      readonly reached: string;
      readonly has: readonly string[];
    };

/**
 * The value at a path in XML. Names are joined by `.` or `/`; the root may be named or left out; a single name (with or
 * without an attribute) is found at any depth; `@name` is an attribute; `*` stands for every child. Repeated elements are
 * a list, and a number picks one of them, from 0. An element with children comes as an object, without them as its text,
 * trimmed; `xsi:nil` is null.
 */
export function findInXml(root: XmlElement, path: string): FoundInXml {
  const steps = pathSteps(path.replace(/^\/+/, ""), "./");
  const names = steps.filter((step) => !step.name.startsWith("@") && !isIndex(step));
  const document: XmlElement = { name: "", attributes: new Map(), children: [root], text: "" };
  const anyDepth = names.length <= 1 && !names.some((step) => step.all);
  let values = walk(anyDepth ? [document, ...descendants(document)] : [document], steps);
  if (values.length === 0) values = walk([root], steps);
  const [first] = values;
  if (first !== undefined)
    return { found: true, value: values.length === 1 ? first : { kind: "array", items: values } };
  return { found: false, ...furthest(root, steps) };
}

function walk(elements: readonly XmlElement[], steps: readonly PathStep[]): Tree[] {
  let reached = elements;
  for (const step of steps) {
    if (step.name.startsWith("@")) {
      const name = localName(step.name.slice(1));
      return reached.flatMap((element) => {
        const value = element.attributes.get(name);
        return value === undefined ? [] : [{ kind: "text", text: value } as const];
      });
    }
    if (isIndex(step)) {
      const one = reached[Number(step.name)];
      reached = one === undefined ? [] : [one];
    } else {
      const name = localName(step.name);
      reached = reached.flatMap((element) => element.children.filter((child) => step.all || child.name === name));
    }
  }
  return reached.map(valueOf);
}

function valueOf(element: XmlElement): Tree {
  const nil = element.attributes.get("nil");
  if (nil === "true" || nil === "1") return { kind: "null" };
  return element.children.length === 0 ? { kind: "text", text: element.text.trim() } : objectOf(element);
}

/** `{"@id":"5","name":"x","tag":["a","b"]}`; text beside elements is `#text`. */
function objectOf(element: XmlElement): Tree {
  const entries = new Map<string, Tree>();
  for (const [name, value] of element.attributes) entries.set(`@${name}`, { kind: "text", text: value });
  const grouped = new Map<string, Tree[]>();
  for (const child of element.children) {
    const value = child.attributes.size > 0 && child.children.length === 0 ? objectOf(child) : valueOf(child);
    const group = grouped.get(child.name);
    if (group === undefined) grouped.set(child.name, [value]);
    else group.push(value);
  }
  for (const [name, [first, ...others]] of grouped) {
    if (first !== undefined) {
      entries.set(name, others.length === 0 ? first : { kind: "array", items: [first, ...others] });
    }
  }
  const text = element.text.trim();
  if (text !== "") entries.set("#text", { kind: "text", text });
  return { kind: "object", entries };
}

/** In the order in which they are written. */
function descendants(element: XmlElement, found: XmlElement[] = []): XmlElement[] {
  for (const child of element.children) {
    found.push(child);
    descendants(child, found);
  }
  return found;
}

/** How far the path leads before it breaks off, for the words of `key_missing`. */
function furthest(root: XmlElement, steps: readonly PathStep[]): { reached: string; has: string[] } {
  let element = root;
  for (const [index, step] of steps.entries()) {
    if (index === 0 && localName(step.name) === root.name) continue;
    const next = element.children.find((child) => child.name === localName(step.name));
    if (next === undefined) break;
    element = next;
  }
  const names = new Set(element.children.map((child) => child.name));
  for (const name of element.attributes.keys()) names.add(`@${name}`);
  return { reached: element.name, has: [...names] };
}

const isIndex = (step: PathStep): boolean => /^\d{1,9}$/.test(step.name);
const localName = (name: string): string => name.replace(/^.*:/s, "");
