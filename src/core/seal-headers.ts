import { secretMask, type Warning } from "../contracts/connect.ts";
import { headerWords, joinWithPipes, oddOfHeader, oddOfWhole, splitAtPipes } from "../contracts/question-headers.ts";
import { visibleText } from "../contracts/question-value.ts";
import type { ProblemPlace } from "../contracts/problem.ts";
import type { Header } from "./request.ts";
import type { SecretSealer } from "./seal-secrets.ts";
import { splitAt } from "./typed-text.ts";

const path = "authorization_header";

/** RFC 9110, 5.6.2: what a header's name may hold. */
const notToken = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/u;
/** RFC 9110, 5.5: what a value can't hold. Beyond Latin-1 there is no byte for a character. */
const notValue = /[^\t\x20-\x7e\x80-\xff]/u;
/** They belong to the connection, not to the message; vendors' examples contain them all the same. */
const connectionHeader =
  /^(content-length|host|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-.*)$/i;
const openHeader = /^(content-type|accept)$/i;
const schemeWord = /^(bearer|basic|token|oauth) +/i;

/** Rule D: headers parted by pipes, `\|` is a pipe; values are secret but Content-Type's, Accept's and the scheme word. */
export function sealHeaders(
  typed: string,
  sealer: SecretSealer,
  problems: ProblemPlace[],
  warnings: Warning[],
): { headers: readonly Header[]; shown: string } {
  const headers: Header[] = [];
  const shown: string[] = [];
  const whole = oddOfWhole(typed);
  if (whole !== null) {
    problems.push({ path, message: `${whole}. ${howToWrite}` });
    return { headers, shown: "" };
  }
  splitAtPipes(typed).forEach((text, at) => {
    const odd = oddOfHeader(text, at);
    const refuse = (message: string) => void problems.push({ path, message });
    const [nameTyped, valueTyped] = splitAt(text, ":");
    const name = nameTyped.trim();
    if (valueTyped === undefined) return refuse(`${odd.at(-1)}. ${howToWrite}`);
    if (name === "") return refuse(`${headerWords(null, at)} has no name before its ":". ${howToWrite}`);
    const misnamed = notToken.exec(name);
    if (misnamed) return refuse(`${headerWords(null, at)} has ${describe(misnamed[0])} in its name. ${howToWrite}`);
    const value = valueTyped.trim();
    if (connectionHeader.test(name)) {
      warnings.push({
        path,
        message: `${name} belongs to the connection, so Patchbay writes it itself and dropped this one`,
      });
      shown.push(`${name}: ${value === "" ? "" : secretMask}`);
      return undefined;
    }
    const unfit = notValue.exec(value.replaceAll(secretMask, (mask) => " ".repeat(mask.length)));
    if (unfit && unfit[0] !== "•")
      return refuse(
        `${headerWords(name, at)} has ${describe(unfit[0])} in its value, which can't be sent. Delete it, or type the value again`,
      );
    warnings.push(...odd.map((message) => ({ path, message })));
    if (openHeader.test(name)) {
      if (value.includes("•")) refuse(`${name} is not secret: type its real value`);
      headers.push({ name, value: [unescape(value)] });
      shown.push(`${name}: ${value}`);
      return undefined;
    }
    const scheme = schemeWord.exec(value)?.[0] ?? "";
    const sealed = sealer.seal({
      path,
      name: `authorization_header.${name.toLowerCase()}`,
      label: `the header ${name}`,
      text: value.slice(scheme.length),
      write: unescape,
      also: (secret) => (/^basic/i.test(scheme) ? decodeBasic(secret) : []),
    });
    headers.push({ name, value: [scheme, ...sealed.text] });
    shown.push(`${name}: ${scheme}${sealed.shown}`);
    return undefined;
  });
  return { headers, shown: joinWithPipes(shown) };
}

const howToWrite = "Write Name: value, and part headers with |";

function unescape(value: string): string {
  return value.replaceAll("\\|", "|");
}

function describe(character: string): string {
  if (character === " ") return "a space";
  if (/["'“”„«»‘’‚`]/.test(character)) return `a quote (${character})`;
  if (visibleText(character) !== character) return "an invisible character";
  return /\p{C}/u.test(character)
    ? `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`
    : character;
}

/** `user:password` and the password alone of Basic credentials (RFC 7617): a vendor may repeat either. */
function decodeBasic(encoded: string): string[] {
  try {
    const bytes = Uint8Array.from(atob(encoded.trim()), (character) => character.charCodeAt(0));
    const credentials = new TextDecoder().decode(bytes);
    return [credentials, splitAt(credentials, ":")[1] ?? ""].filter((text) => text.length >= 6);
  } catch {
    return [];
  }
}
