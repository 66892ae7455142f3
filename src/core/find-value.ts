import type { Tree } from "./tree.ts";
import { pathSteps, type PathStep } from "./response-key.ts";

/** The value at a path; or where the path broke off, for the words of `key_missing`. */
export type FoundValue =
  | { readonly found: true; readonly value: Tree }
  | {
      readonly found: false;
      /** The part of the path that does exist, as typed; empty: the answer itself. */
      readonly reached: string;
      /** What stands there. */
      readonly there: Tree;
    };

/**
 * The value at a dot path in JSON: names, indices from 0, `*` for all items (of an object: all values). With a `*` the
 * value is the list of what was found, items without the rest of the path left out; none at all counts as missing.
 */
export function findValue(tree: Tree, path: string): FoundValue {
  return walk(tree, pathSteps(path, "."), 0);
}

function walk(tree: Tree, steps: readonly PathStep[], depth: number): FoundValue {
  const step = steps[depth];
  if (step === undefined) return { found: true, value: tree };
  const missing = (): FoundValue => ({ found: false, reached: written(steps.slice(0, depth)), there: tree });
  if (step.all) {
    const results = members(tree).map((each) => walk(each, steps, depth + 1));
    const values = results.flatMap((result) => (result.found ? [result.value] : []));
    if (values.length === 0) return results[0] ?? missing();
    const nested = steps.slice(depth + 1).some((later) => later.all);
    return { found: true, value: { kind: "array", items: nested ? values.flatMap(members) : values } };
  }
  const next = member(tree, step.name);
  return next === undefined ? missing() : walk(next, steps, depth + 1);
}

function members(tree: Tree): readonly Tree[] {
  if (tree.kind === "array") return tree.items;
  return tree.kind === "object" ? [...tree.entries.values()] : [];
}

function member(tree: Tree, name: string): Tree | undefined {
  if (tree.kind === "object") return tree.entries.get(name);
  return tree.kind === "array" && /^\d{1,9}$/.test(name) ? tree.items[Number(name)] : undefined;
}

const written = (steps: readonly PathStep[]): string =>
  steps.map((step) => (step.all ? "*" : step.name.replaceAll(/[.\\*]/g, "\\$&"))).join(".");
