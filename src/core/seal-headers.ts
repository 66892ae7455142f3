import { secretMask, type Warning } from "../contracts/connect.ts";
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
  for (const { text, start } of splitAtPipes(typed)) {
    const refuse = (message: string) => void problems.push({ path, message });
    const [nameTyped, valueTyped] = splitAt(text, ":");
    const name = nameTyped.trim();
    if (valueTyped === undefined) {
      refuse(`The header at character ${start + 1} has no ":". Write Name: value, and part headers with |`);
      continue;
    }
    if (name === "") {
      refuse(`The header at character ${start + 1} has no name before its ":"`);
      continue;
    }
    const odd = notToken.exec(name);
    if (odd) {
      const at = start + text.indexOf(name) + odd.index + 1;
      refuse(
        `Character ${at} (${describe(odd[0])}) can't stand in a header's name. Write Name: value, and part headers with |`,
      );
      continue;
    }
    const value = valueTyped.trim();
    if (connectionHeader.test(name)) {
      warnings.push({
        path,
        message: `${name} belongs to the connection, so Patchbay writes it itself and dropped this one`,
      });
      shown.push(`${name}: ${value === "" ? "" : secretMask}`);
      continue;
    }
    const unfit = notValue.exec(value.replaceAll(secretMask, (mask) => " ".repeat(mask.length)));
    if (unfit && unfit[0] !== "•") {
      const at = start + nameTyped.length + 1 + valueTyped.indexOf(value) + unfit.index + 1;
      refuse(`Character ${at} (${describe(unfit[0])}) can't be sent in a header. Delete it or type it anew`);
      continue;
    }
    if (openHeader.test(name)) {
      if (value.includes("•")) refuse(`${name} is not secret: type its real value`);
      headers.push({ name, value: [unescape(value)] });
      shown.push(`${name}: ${value}`);
      continue;
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
  }
  return { headers, shown: joinWithPipes(shown) };
}

/** The segments between unescaped pipes that hold anything, with the place where each begins. */
function splitAtPipes(typed: string): { text: string; start: number }[] {
  const segments: { text: string; start: number }[] = [];
  let at = 0;
  for (const raw of typed.split(/(?<!\\)\|/)) {
    const text = raw.trim();
    if (text !== "") segments.push({ text, start: at + raw.indexOf(text) });
    at += raw.length + 1;
  }
  return segments;
}

/** A value's last backslash must not make the pipe after it a literal one: a space, dropped at reading, parts them. */
function joinWithPipes(shown: readonly string[]): string {
  return shown.map((header, at) => (at < shown.length - 1 ? header.replace(/\\$/, "\\ ") : header)).join("|");
}

function unescape(value: string): string {
  return value.replaceAll("\\|", "|");
}

function describe(character: string): string {
  if (character === "\n" || character === "\r") return "a line break";
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
