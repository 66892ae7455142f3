/** Names of what stands in ASCII, which HTML may write as `&name;` (https://html.spec.whatwg.org/#named-character-references). */
const ascii: Readonly<Record<string, string>> = {
  tab: "\t", newline: "\n", excl: "!", quot: '"', num: "#", dollar: "$", percnt: "%", amp: "&", apos: "'", lpar: "(",
  rpar: ")", ast: "*", midast: "*", plus: "+", comma: ",", period: ".", sol: "/", colon: ":", semi: ";", lt: "<",
  equals: "=", gt: ">", quest: "?", commat: "@", lsqb: "[", lbrack: "[", bsol: "\\", rsqb: "]", rbrack: "]", hat: "^",
  lowbar: "_", underbar: "_", grave: "`", lcub: "{", lbrace: "{", verbar: "|", vert: "|", rcub: "}", rbrace: "}",
}; // prettier-ignore

/** The names of U+00A0 to U+00FF, in order. */
const latin1 =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro " +
  "para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil " +
  "Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave " +
  "Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml " +
  "igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute " +
  "thorn yuml";

/** Of a name's letters in small case, as a number: no two names of those above share one. */
export function numberOfName(bytes: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) number = number * 64 + ((bytes[i]! | 0x20) & 63);
  return number;
}

/** Code points by the number of their name, whatever its case: `&Eacute;` and `&eacute;` are both `é`. */
export const htmlCharacters: ReadonlyMap<number, number> = new Map(
  [
    ...latin1.split(" ").map((name, i) => [name, 0xa0 + i] as const),
    ...Object.entries(ascii).map(([name, character]) => [name, character.charCodeAt(0)] as const),
  ].map(([name, code]) => [numberOfName(Buffer.from(name), 0, name.length), code]),
);

/** Letters of the longest name. */
export const htmlNameLongest = 8;
