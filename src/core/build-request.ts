import type { ConnectSettings } from "../contracts/connect.ts";
import type { CustomField, Snapshot } from "../contracts/fields.ts";
import { limits } from "../contracts/limits.ts";
import { encodeForm, encodeQuery, encodeText } from "./encode-text.ts";
import { fieldIndex } from "./field-index.ts";
import { findPlaces } from "./fill-places.ts";
import { writeJson } from "./json-body.ts";
import type { MappedFields } from "./map-fields.ts";
import {
  keptTooLarge,
  limitedText,
  refuseTooLarge,
  rowTooLarge,
  textBytes,
  urlTooLarge,
  type LimitedText,
  type Refused,
} from "./payload-limit.ts";
import type { ConnectTexts, MappedPair, Payload, RequestPlan } from "./request.ts";
import { joinText, textLength, type SecretEncoding, type Text } from "./text.ts";
import { placeFiller, type WriteContext } from "./write-field.ts";

/**
 * The one builder of preview, test and live delivery: settings as they are now, the payload as it was frozen. The same
 * input gives the same bytes.
 * @param latePlace the value of a place that API URL got after the payload was frozen (write-field's placeFiller
 *   knows); without it such a place is empty.
 */
export function buildRequest(
  settings: Pick<ConnectSettings, "request_method">,
  texts: ConnectTexts,
  payload: Payload,
  latePlace: (name: string) => string = () => "",
): BuiltRequest {
  const kept = textBytes(payload.query) + textBytes(payload.body ?? []);
  if (kept > bytesMax) return refuseTooLarge(keptTooLarge);
  const room = limitedText(bytesMax - kept - textBytes(texts.authentication));
  const address = fillUrl(texts.url, room, (name) =>
    Object.hasOwn(payload.places, name) ? (payload.places[name] ?? "") : latePlace(name),
  );
  if (address === null) return refuseTooLarge(urlTooLarge);
  const ownType = texts.headers.some(({ name }) => name.toLowerCase() === "content-type");
  const type = payload.body && payload.contentType && !ownType ? payload.contentType : null;
  const plan = {
    method: settings.request_method,
    url: joinQuery(joinQuery(address, texts.authentication), payload.query),
    headers: [...(type === null ? [] : [{ name: "Content-Type", value: [type] }]), ...texts.headers],
    body: payload.body,
  };
  return { ok: true, plan };
}

/** Without the `?` and `&` that join the parts of the URL. */
const bytesMax = limits.payloadBytesMax - 2;

export type BuiltRequest = { readonly ok: true; readonly plan: RequestPlan } | Refused;

export type FrozenPayload = { readonly ok: true; readonly payload: Payload } | Refused;

/**
 * What a delivery keeps for all its attempts. POST, PUT and PATCH have a body, GET and DELETE a query. It ends at the row
 * with which the request, encoded, is larger than a payload may be.
 * @param context how dates in the places of API URL are written; without it, as they are stored.
 */
export function freezePayload(
  settings: Pick<ConnectSettings, "request_method" | "post_data_type">,
  texts: Pick<ConnectTexts, "url" | "authentication">,
  mapped: Pick<MappedFields, "pairs" | "missing" | "tooLarge">,
  snapshot: Snapshot,
  customFields: readonly CustomField[],
  context: WriteContext | null = null,
): FrozenPayload {
  if (mapped.tooLarge !== null) return refuseTooLarge(mapped.tooLarge);
  const [missing] = mapped.missing;
  if (missing)
    return {
      ok: false,
      diagnosis: {
        code: "required_value_missing",
        message: `${missing.label} (${missing.section}.${missing.field}) is required, and it is empty here`,
        fix: `Fill in ${missing.label}, or give its row in the adaptor a default value`,
        setting: "adaptor_id",
      },
    };

  const hasBody = ["POST", "PUT", "PATCH"].includes(settings.request_method);
  if (hasBody && mapped.pairs.length === 0)
    return {
      ok: false,
      diagnosis: {
        code: "mapping_empty",
        message: "The adaptor leaves nothing to send",
        fix: "Fill in Mapped to for a field that has a value",
        setting: "adaptor_id",
      },
    };

  const places: Record<string, string> = {};
  const placeOf = placeFiller(snapshot, customFields, context);
  const address = limitedText(bytesMax);
  if (fillUrl(texts.url, address, (name) => (places[name] = placeOf(name))) === null)
    return refuseTooLarge(urlTooLarge);
  const out = limitedText(address.bytesLeft() - textBytes(texts.authentication));
  const [passes, written] = writePairs(settings, hasBody, mapped.pairs, out);
  if (passes !== null) {
    const { row, section, field, target } = passes;
    const label = section === "static" ? target : (fieldIndex(customFields)(section, field)?.label ?? field);
    return refuseTooLarge(rowTooLarge(row, section, label));
  }
  return { ok: true, payload: { ...written, places } };
}

/** The pair with which it is too large, or null; and what is written. */
function writePairs(
  settings: Pick<ConnectSettings, "post_data_type">,
  hasBody: boolean,
  pairs: readonly MappedPair[],
  out: LimitedText,
): [MappedPair | null, Omit<Payload, "places">] {
  if (!hasBody) return [writeEncoded(pairs, "query", out), { query: out.text(), body: null, contentType: null }];
  return settings.post_data_type === "RAW"
    ? [writeEncoded(pairs, "form", out), { query: [], body: out.text(), contentType: "application/x-www-form-urlencoded" }] // prettier-ignore
    : [writeJson(pairs, out), { query: [], body: out.text(), contentType: "application/json" }];
}

/** `name=value&…`, the vendor's names as they stand in the adaptor. Returns the pair with which it is too large. */
function writeEncoded(
  pairs: readonly MappedPair[],
  encode: Extract<SecretEncoding, "query" | "form">,
  out: LimitedText,
): MappedPair | null {
  const write = encode === "form" ? encodeForm : encodeQuery;
  for (const [index, pair] of pairs.entries()) {
    const { target, value } = pair;
    const fits =
      out.write(`${index === 0 ? "" : "&"}${write(target)}=`) &&
      out.mayFit(textLength(value)) &&
      encodeText(value, encode).every(out.write);
    if (!fits) return pair;
  }
  return null;
}

/** null: with its places filled in, it is too large. */
function fillUrl(url: Text, out: LimitedText, placeOf: (name: string) => string): Text | null {
  let inPath = true;
  for (const part of url) {
    if (typeof part !== "string") {
      out.write(part);
      continue;
    }
    let from = 0;
    for (const { name, start, end } of findPlaces(part)) {
      const literal = part.slice(from, start);
      inPath &&= !literal.includes("?");
      const value = placeOf(name);
      if (!out.write(literal) || !out.mayFit(value.length)) return null;
      if (!out.write(inPath ? encodePathPart(value) : encodeQuery(value))) return null;
      from = end;
    }
    const rest = part.slice(from);
    inPath &&= !rest.includes("?");
    if (!out.write(rest)) return null;
  }
  return out.text();
}

/**
 * URL parsers take `.` and `..` for steps through the path, escaped or not (https://url.spec.whatwg.org/#double-dot-path-segment):
 * a lead called `..` would choose another address. Escaped twice, they are only text.
 */
function encodePathPart(text: string): string {
  return /^\.{1,2}$/.test(text) ? text.replaceAll(".", "%252E") : encodeQuery(text);
}

/** Appends to the query, which begins if there is none. */
function joinQuery(url: Text, query: Text): Text {
  if (query.every((part) => part === "")) return joinText(url);
  const strings = url.filter((part) => typeof part === "string").join("");
  const open = typeof url.at(-1) === "string" && /[?&]$/.test(strings);
  return joinText([...url, open ? "" : strings.includes("?") ? "&" : "?", ...query]);
}
