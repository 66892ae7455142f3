import { encodeQuery } from "./encode-text.ts";
import { findPlaces } from "./fill-places.ts";
import type { LimitedText } from "./payload-limit.ts";

/**
 * Fills the places of an HTML text so that a value stays a value wherever its place stands: text in a text, one value in
 * an attribute, quoted or not, and in a link a part of the address or the whole of one, never a script.
 * Returns false when it is larger than `out` may be.
 */
export function fillHtml(template: string, valueOf: (name: string) => string, out: LimitedText): boolean {
  const scan = createScanner();
  let from = 0;
  for (const { name, start, end } of findPlaces(template)) {
    const literal = template.slice(from, start);
    const value = valueOf(name);
    if (!out.write(literal) || !out.mayFit(value.length)) return false;
    const where = scan(literal);
    if (!out.write(escapeFor(where, value))) return false;
    from = end;
  }
  return out.write(template.slice(from));
}

/** Where the scanned text ends: among text, in a tag, or in an attribute's value. */
type Where =
  | { readonly in: "text" }
  | { readonly in: "tag" }
  | { readonly in: "value"; readonly attribute: string; readonly quoted: boolean; readonly atStart: boolean };

const linkAttribute = /^(?:href|src|action|formaction|background|poster|cite|data|xlink:href)$/i;
const wholeLink = /^(?:https?:\/\/|mailto:|tel:)/i;

function escapeFor(where: Where, value: string): string {
  if (where.in === "text") return escapeText(value);
  if (where.in === "tag") return escapeAll(value);
  const isPart = linkAttribute.test(where.attribute) && !(where.atStart && wholeLink.test(value));
  const written = isPart ? encodeQuery(value) : value;
  return where.quoted ? escapeText(written) : escapeAll(written);
}

function escapeText(value: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return value.replaceAll(/[&<>"']/g, (sign) => signs[sign]!);
}

/** What a space or a `=` would end there. */
function escapeAll(value: string): string {
  return value.replaceAll(/[^\p{L}\p{N}]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}

/** Reads a template piece by piece; a place counts as a letter of what it stands in. */
function createScanner(): (literal: string) => Where {
  let where: "text" | "comment" | "tag" | "before value" | "value" = "text";
  let attribute = "";
  let quote = "";
  let atStart = false;
  return (literal) => {
    for (let at = 0; at < literal.length; at++) {
      const sign = literal[at]!;
      const isSpace = /\s/.test(sign);
      if (where === "text") {
        if (literal.startsWith("<!--", at)) where = "comment";
        else if (/^<[a-z/!?]/i.test(literal.slice(at, at + 2))) [where, attribute] = ["tag", ""];
      } else if (where === "comment") {
        if (literal.startsWith("-->", at)) where = "text";
      } else if (where === "value" && (quote === "" ? isSpace || sign === ">" : sign === quote)) {
        where = sign === ">" && quote === "" ? "text" : "tag";
        attribute = "";
      } else if (where === "value") atStart = false;
      else if (sign === ">") where = "text";
      else if (where === "before value" && !isSpace) {
        where = "value";
        quote = /["']/.test(sign) ? sign : "";
        atStart = quote !== "";
      } else if (where === "tag" && sign === "=") where = "before value";
      else if (where === "tag") attribute = isSpace || sign === "/" ? "" : attribute + sign;
    }
    if (where === "before value") [where, quote, atStart] = ["value", "", true];
    const found: Where =
      where === "value"
        ? { in: "value", attribute, quoted: quote !== "", atStart }
        : where === "tag"
          ? { in: "tag" }
          : { in: "text" };
    atStart = false;
    return found;
  };
}
