import type { ConnectSettings } from "../contracts/connect.ts";
import type { CustomField, Snapshot } from "../contracts/fields.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import { encodeForm, encodeQuery, encodeText } from "./encode-text.ts";
import { fillPlaces, findPlaces } from "./fill-places.ts";
import { jsonBody } from "./json-body.ts";
import type { MappedFields } from "./map-fields.ts";
import type { ConnectTexts, MappedPair, Payload, RequestPlan } from "./request.ts";
import { joinText, type SecretEncoding, type Text } from "./text.ts";
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
): RequestPlan {
  const address = fillUrl(texts.url, (name) =>
    Object.hasOwn(payload.places, name) ? (payload.places[name] ?? "") : latePlace(name),
  );
  const ownType = texts.headers.some(({ name }) => name.toLowerCase() === "content-type");
  const type = payload.body && payload.contentType && !ownType ? payload.contentType : null;
  return {
    method: settings.request_method,
    url: joinQuery(joinQuery(address, texts.authentication), payload.query),
    headers: [...(type === null ? [] : [{ name: "Content-Type", value: [type] }]), ...texts.headers],
    body: payload.body,
  };
}

export type FrozenPayload =
  | { readonly ok: true; readonly payload: Payload }
  | { readonly ok: false; readonly diagnosis: Diagnosis };

/**
 * What a delivery keeps for all its attempts. POST, PUT and PATCH have a body, GET and DELETE a query.
 * @param context how dates in the places of API URL are written; without it, as they are stored.
 */
export function freezePayload(
  settings: Pick<ConnectSettings, "request_method" | "post_data_type">,
  texts: Pick<ConnectTexts, "url">,
  mapped: Pick<MappedFields, "pairs" | "missing">,
  snapshot: Snapshot,
  customFields: readonly CustomField[],
  context: WriteContext | null = null,
): FrozenPayload {
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
  const valueOf = placeFiller(snapshot, customFields, context);
  for (const part of texts.url)
    for (const { name } of typeof part === "string" ? findPlaces(part) : []) places[name] = valueOf(name);
  return { ok: true, payload: { ...freezePairs(settings, hasBody, mapped.pairs), places } };
}

function freezePairs(
  settings: Pick<ConnectSettings, "post_data_type">,
  hasBody: boolean,
  pairs: readonly MappedPair[],
): Omit<Payload, "places"> {
  if (!hasBody) return { query: pairsText(pairs, "query"), body: null, contentType: null };
  return settings.post_data_type === "RAW"
    ? { query: [], body: pairsText(pairs, "form"), contentType: "application/x-www-form-urlencoded" }
    : { query: [], body: jsonBody(pairs), contentType: "application/json" };
}

/** `name=value&…`, the vendor's names as they stand in the adaptor. */
function pairsText(pairs: readonly MappedPair[], encode: Extract<SecretEncoding, "query" | "form">): Text {
  const write = encode === "form" ? encodeForm : encodeQuery;
  return joinText(
    pairs.flatMap(({ target, value }, index) => [
      `${index === 0 ? "" : "&"}${write(target)}=`,
      ...encodeText(value, encode),
    ]),
  );
}

function fillUrl(url: Text, placeOf: (name: string) => string): Text {
  let inPath = true;
  return url.map((part) => {
    if (typeof part !== "string") return part;
    return fillPlaces(
      part,
      ({ name }) => (inPath ? encodePathPart(placeOf(name)) : encodeQuery(placeOf(name))),
      (literal) => {
        inPath &&= !literal.includes("?");
        return literal;
      },
    );
  });
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
