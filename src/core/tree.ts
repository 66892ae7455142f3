/**
 * A vendor's answer, read. Numbers stay the characters the vendor wrote, so that `12.50`, `1e5` and twenty-digit ids
 * keep every digit; names are keys of a Map, so that `__proto__` is a name like any other.
 */
export type Tree =
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Tree> }
  | { readonly kind: "array"; readonly items: readonly Tree[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" };

/** JSON without spaces. The readers bound the depth of a tree, so the recursion is bounded too. */
export function compactJson(tree: Tree): string {
  if (tree.kind === "object") {
    return `{${[...tree.entries].map(([name, value]) => `${JSON.stringify(name)}:${compactJson(value)}`).join(",")}}`;
  }
  if (tree.kind === "array") return `[${tree.items.map(compactJson).join(",")}]`;
  if (tree.kind === "null") return "null";
  if (tree.kind === "boolean") return String(tree.value);
  return tree.kind === "number" ? tree.text : JSON.stringify(tree.text);
}

/** One value as the Result column shows it: a text without quotes, an object or a list within a list as compact JSON. */
export function plainValue(tree: Tree): string {
  return tree.kind === "text" ? tree.text : compactJson(tree);
}

/** The Result of a value: a list is joined by the Delimiter. */
export function shownValue(tree: Tree, delimiter: string): string {
  return tree.kind === "array" ? tree.items.map(plainValue).join(delimiter) : plainValue(tree);
}
