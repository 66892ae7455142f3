import { type ConnectSettings, secretMask } from "../contracts/connect.ts";
import type { Diagnosis } from "../contracts/outcome.ts";
import { decodeBody } from "./decode-body.ts";
import { diagnose } from "./diagnose.ts";
import type { Answer } from "./exchange.ts";
import { findInXml } from "./find-in-xml.ts";
import { findValue } from "./find-value.ts";
import { looksLike } from "./looks-like.ts";
import { maskOpening, type Mask } from "./mask.ts";
import { readJson } from "./read-json.ts";
import { delimiterOf, readText } from "./read-text.ts";
import { readXml } from "./read-xml.ts";
import { parseResponseKey, type ResponseKey } from "./response-key.ts";
import { shownSize } from "./shown-measure.ts";
import { storableText } from "./storable-text.ts";
import type { TextTrouble } from "./text-trouble.ts";
import { compactJson, plainValue, shownValue, type Tree } from "./tree.ts";

/** What an answer's body says, by the connect's settings. */
export type Reading =
  | {
      readonly kind: "read";
      /** As the vendor wrote it, whole and unmasked: `shownResult` makes it fit to store and show. */
      readonly result: string;
      /** null: the Response Key demands no value. */
      readonly matchesDemand: boolean | null;
      /** `value_differs` when the demand isn't met. */
      readonly diagnosis: Diagnosis | null;
      /** Remarks for the log, such as what the tolerant JSON reader let pass. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "null"; readonly diagnosis: Diagnosis; readonly notes: readonly string[] };

export type ReadingSettings = Pick<ConnectSettings, "response_data_type" | "delimiter" | "response_key">;

/**
 * Reads a body (spec 3, "Reading the answer"); the status is not looked at. Never throws, whatever the bytes. What a
 * diagnosis quotes of the answer is masked before it is cut.
 */
export function readAnswer(
  answer: Pick<Answer, "headers" | "body" | "truncated">,
  settings: ReadingSettings,
  mask: Mask,
): Reading {
  const decoded = decodeBody(answer);
  if (!decoded.ok) return nothing(diagnose("bad_encoding", { detail: quote(decoded.detail, mask, 200) }));
  const key = parseResponseKey(settings.response_key);
  const text = decoded.text.trim();
  if (text === "" && !answer.truncated) {
    if (key === null || key.path === "") return judged("", key, [], mask);
    return nothing(diagnose("empty_body", {}));
  }
  const cut = answer.truncated ? answer.body.length : null;
  const read = { JSON: readAsJson, XML: readAsXml, TEXT: readAsText }[settings.response_data_type];
  const maskCut: Mask = (piece) => mask(piece, { cut: true });
  return read({ text, key, delimiter: delimiterOf(settings.delimiter), mask: cut === null ? mask : maskCut, cut });
}

/**
 * A Result as it is stored and shown: what PostgreSQL can't hold is replaced, then it is masked, then cut.
 * @param cut the answer was longer than what was read of it.
 */
export function shownResult(result: string, mask: Mask, cut = false): string {
  return cutText(maskOpening(storableText(result), mask, resultCharactersMax, cut), resultCharactersMax);
}

const resultCharactersMax = 1_000;

type Reader = (input: {
  readonly text: string;
  readonly key: ResponseKey | null;
  readonly delimiter: string;
  readonly mask: Mask;
  /** The bytes that were read, when there were more. */
  readonly cut: number | null;
}) => Reading;

const readAsJson: Reader = ({ text, key, delimiter, mask, cut }) => {
  const json = readJson(text);
  if (!json.ok) return unreadable("JSON", text, json, cut, mask);
  const notes =
    json.tolerated.length === 0
      ? []
      : [`The answer is not strict JSON. Read all the same: ${json.tolerated.join(", ")}`];
  if (key === null || key.path === "") return judged(text, key, notes, mask);
  const found = findValue(json.tree, key.path);
  if (found.found) return judgedValue(found.value, delimiter, key, notes, mask);
  return missing(key, found.reached, thereInJson(found.there, mask), notes, mask);
};

const readAsXml: Reader = ({ text, key, delimiter, mask, cut }) => {
  const xml = readXml(text);
  if (!xml.ok) return unreadable("XML", text, xml, cut, mask);
  if (key === null || key.path === "") return judged(text, key, [], mask);
  const found = findInXml(xml.root, key.path);
  if (found.found) return judgedValue(found.value, delimiter, key, [], mask);
  return missing(key, found.reached, has(found.has, "no elements", mask), [], mask);
};

const readAsText: Reader = ({ text, key, delimiter, mask, cut }) => {
  const notes = cut === null ? [] : [`The answer is longer than the ${shownSize(cut)} that were read`];
  if (key === null || key.path === "") return judged(text, key, notes, mask);
  const found = readText(text, key.path, delimiter, cut !== null);
  if (found.found) {
    const items = found.values.map((value): Tree => ({ kind: "text", text: value }));
    const [only = { kind: "null" } as const] = items;
    const value: Tree = items.length === 1 ? only : { kind: "array", items };
    if (!arePartsOfSecret(found.values, text, mask)) return judgedValue(value, delimiter, key, notes, mask);
    const hidden = judgedValue(value, delimiter, key, notes, () => secretMask);
    return hidden.kind === "read" ? { ...hidden, result: secretMask } : hidden;
  }
  if (cut !== null) return nothing(diagnose("body_too_large", { limit: shownSize(cut) }));
  const is = typeOf(text);
  if (is !== null) return nothing(diagnose("response_type_mismatch", { chosen: "TEXT", is }));
  return missing(
    key,
    "",
    has(namesIn(text, key, delimiter, mask) ?? found.has, "nothing to choose from", mask),
    notes,
    mask,
  );
};

/** How far on either side of an edge a secret is looked for, and at how many places. */
const aroundEdge = 2_000;
const placesMax = 20;

/** Whether a text is taken apart within a secret where it is taken apart for these pieces: no part alone is known as one. */
function arePartsOfSecret(pieces: readonly string[], text: string, mask: Mask): boolean {
  const isWithinSecret = (edge: number): boolean => {
    const [before, after] = [text.slice(Math.max(0, edge - aroundEdge), edge), text.slice(edge, edge + aroundEdge)];
    return before !== "" && after !== "" && mask(before + after) !== mask(before) + mask(after);
  };
  let places = 0;
  for (const piece of new Set(pieces.filter((one) => one !== "")))
    for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) {
      if (isWithinSecret(at) || isWithinSecret(at + piece.length)) return true;
      if (++places === placesMax) return false;
    }
  return false;
}

/** The names in the beginning of a text that holds a secret, which may hold a delimiter; null: it holds none. */
function namesIn(text: string, key: ResponseKey, delimiter: string, mask: Mask): readonly string[] | null {
  const masked = maskOpening(text, mask, aroundEdge);
  if (text.startsWith(masked)) return null;
  const read = readText(masked, key.path, delimiter);
  return read.found ? [] : read.has;
}

const nothing = (diagnosis: Diagnosis, notes: readonly string[] = []): Reading => ({ kind: "null", diagnosis, notes });

/** A list meets the demand when it is shown so, or when each of its items is. `null` may be demanded by name. */
function judgedValue(value: Tree, delimiter: string, key: ResponseKey, notes: readonly string[], mask: Mask): Reading {
  if (value.kind === "null" && key.demand !== "null") {
    return nothing(diagnose("value_null", { key: quote(key.path, mask) }), notes);
  }
  const all =
    key.demand !== null &&
    value.kind === "array" &&
    value.items.length > 0 &&
    value.items.every((item) => plainValue(item) === key.demand);
  return judged(shownValue(value, delimiter), key, notes, mask, all);
}

function judged(result: string, key: ResponseKey | null, notes: readonly string[], mask: Mask, all = false): Reading {
  if (key === null || key.demand === null) return { kind: "read", result, matchesDemand: null, diagnosis: null, notes };
  const matchesDemand = all || result === key.demand;
  const particulars = { key: quote(key.path, mask), value: quote(result, mask), demand: quote(key.demand, mask) };
  return {
    kind: "read",
    result,
    matchesDemand,
    diagnosis: matchesDemand ? null : diagnose("value_differs", particulars),
    notes,
  };
}

function missing(key: ResponseKey, where: string, there: string, notes: readonly string[], mask: Mask): Reading {
  return nothing(diagnose("key_missing", { key: quote(key.path, mask), where: quote(where, mask), there }), notes);
}

function thereInJson(there: Tree, mask: Mask): string {
  if (there.kind === "object") return has([...there.entries.keys()], "no keys", mask);
  if (there.kind === "array") {
    if (there.items.length === 0) return "is an empty list";
    return `is a list of ${there.items.length}: write a position from 0, or * for all`;
  }
  return `is the value \`${quote(compactJson(there), mask)}\``;
}

/** Names in words: at most ten, the rest counted. */
function has(names: readonly string[], none: string, mask: Mask): string {
  const shown = [...new Set(names)];
  if (shown.length === 0) return `has ${none}`;
  const quoted = shown.slice(0, 10).map((name) => `\`${quote(name, mask)}\``);
  if (shown.length > 10) return `has ${quoted.join(", ")} and ${shown.length - 10} more`;
  const last = quoted.pop() ?? "";
  return `has ${quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`}`;
}

/** Why a body can't be read as the chosen type: it is whole but of the other type, or neither. */
function unreadable(
  chosen: "JSON" | "XML",
  text: string,
  trouble: TextTrouble,
  cut: number | null,
  mask: Mask,
): Reading {
  const looks = looksLike(text);
  const other = looks === "json" ? "JSON" : looks === "xml" ? "XML" : null;
  if (cut !== null && other === chosen) return nothing(diagnose("body_too_large", { limit: shownSize(cut) }));
  const reason = other === null || other === chosen ? null : other === "JSON" ? readJson(text) : readXml(text);
  if (other !== null && reason?.ok === true) return nothing(diagnose("response_type_mismatch", { chosen, is: other }));
  const { line, column, problem, ended } = reason === null || reason.ok ? trouble : reason;
  const opening = quote(text, mask, 60);
  const particulars = { looks, line, column, problem: quote(problem, mask, 200), ended, opening };
  return nothing(chosen === "JSON" ? diagnose("not_json", particulars) : diagnose("not_xml", particulars));
}

/** The type of a whole, strictly well-formed text that is an object, a list or a document. */
function typeOf(text: string): "JSON" | "XML" | null {
  const looks = looksLike(text);
  if (looks === "json") {
    const json = readJson(text);
    return json.ok && json.tolerated.length === 0 ? "JSON" : null;
  }
  return looks === "xml" && readXml(text).ok ? "XML" : null;
}

/** A piece of the answer fit for a sentence, on one line: masked as it came, and again as it is shown, before it is cut. */
function quote(text: string, mask: Mask, charactersMax = 100): string {
  const line = maskOpening(text, mask, charactersMax).replaceAll(/[\s\0]+/g, " ");
  return cutText(maskOpening(line, mask, charactersMax), charactersMax);
}

/** Cut without halving a character; the cut is shown. */
function cutText(text: string, charactersMax: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= charactersMax) return whole;
  return `${whole.slice(0, charactersMax - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
