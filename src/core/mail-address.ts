import { fillPlaces, findPlaces } from "./fill-places.ts";

/** A mail's recipient or sender: one plain address, and a name that is only ever shown. */
export type MailAddress = { readonly name: string; readonly address: string };

/** A recipient as somebody wrote it, its places unfilled. */
export type RecipientTemplate = MailAddress;

export type ParsedRecipients =
  | { readonly ok: true; readonly recipients: readonly RecipientTemplate[] }
  /** `position` counts characters from 1. */
  | { readonly ok: false; readonly position: number; readonly message: string };

const howTo = "write ada@example.com or Name <ada@example.com>, and part several by commas";

/**
 * Takes a list of recipients apart: `{lead.email}, "Lovelace, Ada" <ada@example.com>`, parted by commas or semicolons.
 * Places are opaque: whatever a lead's value holds, it can't end a name, an address or a recipient.
 */
export function parseRecipients(text: string): ParsedRecipients {
  const recipients: RecipientTemplate[] = [];
  const placeAt = new Map(findPlaces(text).map((place) => [place.start, place.end]));
  let name = "";
  let address: string | null = null;
  /** Of the address, from 0. */
  let begins = 0;
  let within: "quotes" | "angles" | null = null;
  for (let at = 0, next = 0; at <= text.length; at = next) {
    const placeEnd = placeAt.get(at);
    next = placeEnd ?? at + 1;
    const piece = text.slice(at, next);
    const sign = placeEnd === undefined ? piece : "";
    if (piece === "" && within !== null)
      return refuse(begins, `Nothing closes the ${within === "quotes" ? "quote" : "<"}`);
    if (within !== null) {
      if (sign === (within === "quotes" ? '"' : ">")) within = null;
      else if (within === "quotes") name += piece;
      else address += piece;
    } else if (piece === "" || sign === "," || sign === ";") {
      // without angles all of it is the address
      const recipient = { name: address === null ? "" : name.trim(), address: (address ?? name).trim() };
      if (address !== null || name.trim() !== "") {
        if (!couldBeAddress(recipient.address)) return refuse(begins, "There is no e-mail address");
        recipients.push(recipient);
      }
      [name, address] = ["", null];
    } else if (address !== null) {
      if (piece.trim() !== "") return refuse(at, "Something follows the address");
    } else if (sign === "<" || sign === '"') {
      within = sign === "<" ? "angles" : "quotes";
      if (within === "angles") address = "";
      begins = at;
    } else if (sign === ">") return refuse(at, "There is a > without a <");
    else {
      if (name.trim() === "") begins = at;
      name += piece;
    }
  }
  return { ok: true, recipients };
}

function refuse(at: number, message: string): ParsedRecipients {
  return { ok: false, position: at + 1, message: `${message} at character ${at + 1}: ${howTo}` };
}

/** Whether some value could make it an address. */
function couldBeAddress(address: string): boolean {
  if (isAddress(fillPlaces(address, () => "x"))) return true;
  let places = 0;
  return isAddress(fillPlaces(address, () => (places++ === 0 ? "x@x" : "x")));
}

/** Who a mail is from: one address, with or without a name. null: it is something else. */
export function parseSender(text: string): MailAddress | null {
  const parsed = parseRecipients(text);
  const [sender, another] = parsed.ok ? parsed.recipients : [];
  if (sender === undefined || another !== undefined || !isAddress(sender.address)) return null;
  return { ...sender, name: oneLine(sender.name) };
}

const label = String.raw`[\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}_])?`;
const plain = new RegExp(String.raw`^[^\p{C}\p{Z}<>()[\]\\,;:@"]{1,64}@(?=.{1,253}$)${label}(?:\.${label})*$`, "u");

/** One plain address: no name, list, group, comment, quotes or route. Whether it exists only a mail tells. */
export function isAddress(text: string): boolean {
  return text.length <= 320 && plain.test(text);
}

/** Without line breaks and other control characters, which could end a header's line. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
