import { readBoolean } from "./format-value.ts";
import { encodeJson, encodeText } from "./encode-text.ts";
import type { LimitedText } from "./payload-limit.ts";
import { remembered } from "./remembered.ts";
import type { MappedPair } from "./request.ts";
import { textLength, type Text } from "./text.ts";

/**
 * The pairs as one JSON object, in the order in which each name first occurs: dots of a target nest, `\.` is a dot of
 * the name, a last `[]` makes an array. Where two targets don't fit together (`contact`, `contact.phone`), the later wins.
 * Returns the pair with which it is larger than `out` may be; null: it is written.
 */
export function writeJson(pairs: readonly MappedPair[], out: LimitedText): MappedPair | null {
  const root: Branch = new Map();
  for (const pair of pairs) place(root, readJsonTarget(pair.target), pair);
  let at = pairs[0] ?? null;
  const writeValue = (pair: MappedPair): boolean => {
    at = pair;
    return out.mayFit(textLength(pair.value)) && jsonValue(pair.value, pair.type).text.every(out.write);
  };
  const writeList = (list: readonly MappedPair[]): boolean =>
    list.every((pair, index) => out.write(index === 0 ? "[" : ",") && writeValue(pair)) && out.write("]");
  const writeNode = (node: Node): boolean => {
    if ("leaf" in node) return writeValue(node.leaf);
    return "list" in node ? writeList(node.list) : writeBranch(node.branch);
  };
  const writeBranch = (branch: Branch): boolean => {
    let before = "{";
    for (const [key, node] of branch) {
      if (!out.write(`${before}"${encodeJson(key)}":`) || !writeNode(node)) return false;
      before = ",";
    }
    return out.write(branch.size === 0 ? "{}" : "}");
  };
  return writeBranch(root) ? null : at;
}

export type JsonTarget = { readonly keys: readonly string[]; readonly list: boolean };

/** `contact.phone` → contact, phone; `a\.b` → a.b; `tags[]` → a list called tags. */
export const readJsonTarget = remembered((target: string): JsonTarget => {
  const keys = target.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
  const last = keys.pop() ?? "";
  const list = last.length > 2 && last.endsWith("[]");
  return { keys: [...keys, list ? last.slice(0, -2) : last], list };
});

/** A value as JSON writes it; `turned` is false when it doesn't fit the type and goes out as text. Digits stay as they are. */
export function jsonValue(value: Text, type: MappedPair["type"]): { text: Text; turned: boolean } {
  const asText = ['"', ...encodeText(value, "json"), '"'];
  if (type === "text") return { text: asText, turned: true };
  const plain = value.every((part) => typeof part === "string") ? value.join("").trim() : null;
  if (plain === null) return { text: asText, turned: false };
  const literal = type === "number" ? numberLiteral(plain) : readBoolean(plain)?.toString();
  return literal === undefined ? { text: asText, turned: false } : { text: [literal], turned: true };
}

/** `12.50` and twenty digits stay as they are; `007` → 7, `+5` → 5, `.5` → 0.5, since JSON knows no such spellings. */
function numberLiteral(text: string): string | undefined {
  const match = /^([+-]?)(\d*)(\.\d+)?([eE][+-]?\d+)?$/.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = ""] = match ?? [];
  if (!match || (whole === "" && fraction === "")) return undefined;
  return `${sign === "-" ? "-" : ""}${whole.replace(/^0+(?=\d)/, "") || "0"}${fraction}${exponent}`;
}

/** Maps, not objects: a vendor's name may be `__proto__`, and names that look like numbers must keep their order. */
type Branch = Map<string, Node>;
type Node = { leaf: MappedPair } | { list: MappedPair[] } | { branch: Branch };

function place(root: Branch, { keys, list }: JsonTarget, value: MappedPair): void {
  let branch = root;
  for (const key of keys.slice(0, -1)) {
    const known = branch.get(key);
    if (known && "branch" in known) branch = known.branch;
    else {
      const fresh: Branch = new Map();
      replace(branch, key, { branch: fresh });
      branch = fresh;
    }
  }
  const key = keys.at(-1) ?? "";
  const known = branch.get(key);
  if (list && known && "list" in known) known.list.push(value);
  else replace(branch, key, list ? { list: [value] } : { leaf: value });
}

/** The later one wins its place in the order as well. */
function replace(branch: Branch, key: string, node: Node): void {
  branch.delete(key);
  branch.set(key, node);
}
