import type { Section } from "../contracts/fields.ts";
import type { Diagnosis, FixTarget } from "../contracts/outcome.ts";
import { diagnose } from "./diagnose.ts";
import type { Payload } from "./request.ts";
import { textLength, type Text } from "./text.ts";

/** What passed the limit on what is built of a lead's values. */
export type TooLarge = {
  /** In what a preview takes: `adaptor.fields[37].value`, `connect.api_url`. */
  readonly path: string;
  /** What it is, in words. */
  readonly detail: string;
  readonly setting: FixTarget;
};

/** Why there is nothing to send. `path`: the place in the settings that is to blame, where there is one. */
export type Refused = { readonly ok: false; readonly diagnosis: Diagnosis; readonly path?: string };

export function refuseTooLarge({ path, ...particulars }: TooLarge): Refused {
  return { ok: false, diagnosis: diagnose("payload_too_large", particulars), path };
}

/** @param index of the row in the adaptor's fields, from 0. */
export function rowTooLarge(index: number, section: Section, label: string): TooLarge {
  const name = label.length > 60 ? `${label.slice(0, 59)}…` : label;
  return {
    path: `adaptor.fields[${index}].${section === "static" ? "value" : "field"}`,
    detail: `row ${index + 1} of the adaptor (${name}) passes it`,
    setting: "adaptor_id",
  };
}

export const urlTooLarge: TooLarge = {
  path: "connect.api_url",
  detail: "the lead's values in API URL (B) pass it",
  setting: "api_url",
};

/** What was frozen before there was a limit. */
export const keptTooLarge: TooLarge = {
  path: "adaptor",
  detail: "the payload that was kept of it passes it",
  setting: "adaptor_id",
};

/** A text that is written part by part and may have so many bytes in UTF-8. */
export type LimitedText = {
  /** False: with this it would be too large. It was not taken, and nothing more is to be written. */
  readonly write: (part: Text[number]) => boolean;
  /** Whether a text of so many UTF-16 units can still fit: asked before one is encoded. */
  readonly mayFit: (length: number) => boolean;
  /** Neighbouring strings are one. */
  readonly text: () => Text;
  readonly bytesLeft: () => number;
};

/** Secrets are not known here and count nothing: what they add is counted where they are filled in. */
export function limitedText(bytesMax: number): LimitedText {
  const parts: Text[number][] = [];
  let open = "";
  let left = bytesMax;
  return {
    write: (part) => {
      if (typeof part !== "string") {
        if (open !== "") parts.push(open);
        open = "";
        parts.push(part);
        return true;
      }
      if (part.length > left) return false;
      const bytes = utf8Length(part);
      if (bytes > left) return false;
      left -= bytes;
      open += part;
      return true;
    },
    mayFit: (length) => length <= left,
    text: () => (open === "" ? parts : [...parts, open]),
    bytesLeft: () => left,
  };
}

/** In UTF-8, but for its secrets. */
export function textBytes(text: Text): number {
  let bytes = 0;
  for (const part of text) if (typeof part === "string") bytes += utf8Length(part);
  return bytes;
}

/** Its UTF-16 units, about. */
export function payloadLength({ query, body, places }: Payload): number {
  let length = textLength(query) + textLength(body ?? []);
  for (const place in places) length += places[place]!.length;
  return length;
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit <= 0x7f) continue;
    // half a surrogate pair is two of its four bytes
    bytes += unit <= 0x7ff || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
