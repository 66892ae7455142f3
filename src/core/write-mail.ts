import { limits } from "../contracts/limits.ts";
import { fillHtml } from "./fill-html.ts";
import { fillPlaces, findPlaces } from "./fill-places.ts";
import { isAddress, oneLine, parseRecipients, type MailAddress, type RecipientTemplate } from "./mail-address.ts";
import { limitedText, type LimitedText } from "./payload-limit.ts";
import { shownSize } from "./shown-measure.ts";
import { maskText } from "./text.ts";

/** A mail as an action describes it. */
export type MailTemplate = { readonly to: string; readonly subject: string; readonly body: string };

export type WrittenMail =
  | {
      readonly ok: true;
      readonly to: readonly MailAddress[];
      readonly subject: string;
      readonly body: string;
      readonly html: boolean;
    }
  /** In words, for the action's log. */
  | { readonly ok: false; readonly because: string };

/**
 * A mail with its places filled. A value stays a value: in HTML it is escaped, in the subject and in a name it has no
 * line break, and in an address it is all or a part of that one address. It ends at the part that passes the limit.
 * @param valueOf of a place by its name as written.
 */
export function writeMail({ to, subject, body }: MailTemplate, valueOf: (name: string) => string): WrittenMail {
  const parsed = parseRecipients(to);
  if (!parsed.ok) return { ok: false, because: `Its recipients can't be read. ${parsed.message}` };
  let left: number = limits.payloadBytesMax;
  const write = (fill: (out: LimitedText) => boolean): string | null => {
    const out = limitedText(left);
    if (!fill(out)) return null;
    left = out.bytesLeft();
    return maskText(out.text());
  };
  const recipients: MailAddress[] = [];
  for (const recipient of parsed.recipients) {
    const filled = fillAddress(recipient, valueOf);
    if (filled === null) continue;
    if ("because" in filled) return { ok: false, because: filled.because };
    const name = write((out) => fillText(recipient.name, valueOf, out));
    if (name === null) return tooLarge("its recipients");
    recipients.push({ name: oneLine(name), address: filled.address });
  }
  if (recipients.length === 0) return { ok: false, because: "There is no address to send it to" };

  const filledSubject = write((out) => fillText(subject, valueOf, out));
  if (filledSubject === null) return tooLarge("its subject");
  const html = /^\s*<(!doctype|html|[a-z]+[\s>])/i.test(body);
  const filledBody = write((out) => (html ? fillHtml : fillText)(body, valueOf, out));
  if (filledBody === null) return tooLarge("its text");
  return { ok: true, to: recipients, subject: oneLine(filledSubject), body: filledBody, html };
}

function tooLarge(part: string): WrittenMail {
  const size = shownSize(limits.payloadBytesMax);
  return {
    ok: false,
    because: `With the lead's values the mail is larger than ${size} (payload_too_large): ${part} passes it. Use fewer places there, or shorten the lead's value`,
  };
}

function fillText(template: string, valueOf: (name: string) => string, out: LimitedText): boolean {
  let from = 0;
  for (const { name, start, end } of findPlaces(template)) {
    if (!out.write(template.slice(from, start)) || !out.write(valueOf(name))) return false;
    from = end;
  }
  return out.write(template.slice(from));
}

/** null: the whole address is a place, and it is empty. */
function fillAddress(
  { address }: RecipientTemplate,
  valueOf: (name: string) => string,
): { readonly address: string } | { readonly because: string } | null {
  const places = findPlaces(address);
  const isWhole = places.length === 1 && places[0]!.end - places[0]!.start === address.length;
  for (const { name } of places) {
    const value = valueOf(name).trim();
    if (isWhole && value === "") return null;
    if (isWhole && isAddress(value)) continue;
    const shown = oneLine(value.slice(0, 100));
    if (isWhole && /[,;]/.test(value))
      return { because: `{${name}} holds "${shown}": several addresses, or none. A place is one recipient` };
    if (isWhole) return { because: `{${name}} holds "${shown}", which is not an e-mail address` };
    // within an address: no domain of its own, and no route to one
    if (/[@%!]/.test(value) && address.includes("@"))
      return { because: `{${name}} holds "${shown}", which can't be a part of ${address}` };
  }
  const filled = fillPlaces(address, ({ name }) => valueOf(name).trim().slice(0, 400));
  return isAddress(filled)
    ? { address: filled }
    : { because: `${address} becomes "${oneLine(filled.slice(0, 100))}", which is not an e-mail address` };
}
