import type { FastifyRequest } from "fastify";
import { limits } from "../../contracts/limits.ts";
import { writePath } from "../../core/name-places.ts";
import { plainText, utf8Length, walkJson } from "../../core/walk-json.ts";
import { storableText, unstorable } from "../../store/storable.ts";
import { Malformed, type AddParameter, type Parameters } from "./parameters.ts";
import { readMultipart } from "./read-multipart.ts";

/**
 * Query, form, JSON and multipart alike, or a mix of them, of which the body wins; of a repeated name the last value
 * counts. Throws Malformed.
 * @param body as it came; empty: none.
 */
export async function readParameters(request: FastifyRequest, body: Buffer): Promise<Parameters> {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  let count = 0;
  const add: AddParameter = (name, value) => {
    if (++count > limits.parametersMax) throw new Malformed(`There are more than ${limits.parametersMax} parameters`);
    if (utf8Length(name) > limits.nameBytesMax)
      throw new Malformed(
        `A parameter has a name of more than ${limits.nameBytesMax} bytes: ${storableText(name).slice(0, 40)}…`,
      );
    const trouble = unstorable(name) ?? unstorable(value);
    if (trouble !== null) throw new Malformed(`${storableText(name)} holds ${trouble}`);
    parameters[name] = value;
  };
  const at = request.raw.url?.indexOf("?") ?? -1;
  if (at >= 0) addForm(add, request.raw.url!.slice(at + 1).replace(/#.*$/s, ""), "the query");
  if (body.length === 0) return parameters;
  const type = (request.headers["content-type"] ?? "").trim();
  if (/^multipart\//i.test(type)) await readMultipart(body, type, add);
  else addBody(add, body, type.toLowerCase());
  return parameters;
}

function addBody(add: AddParameter, body: Buffer, type: string): void {
  const text = decode(body, /;\s*charset="?([^\s;"]+)/.exec(type)?.[1] ?? "utf-8");
  if (
    /^application\/(?:[\w.+-]+\+)?json\b/.test(type) ||
    (!type.startsWith("application/x-www-form") && /^\s*\{/.test(text))
  )
    addJson(add, text);
  else addForm(add, text.trim(), "the body");
}

/** `name=value&…` as WHATWG URL says, but what isn't UTF-8 is refused instead of replaced. */
function addForm(add: AddParameter, text: string, where: string): void {
  for (let from = 0; from < text.length;) {
    const and = text.indexOf("&", from);
    const to = and < 0 ? text.length : and;
    const pair = text.slice(from, to);
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (pair !== "") add(unescape(name, where), equals < 0 ? "" : unescape(pair.slice(equals + 1), where));
    from = to + 1;
  }
}

function unescape(text: string, where: string): string {
  // replaceAll takes four times as long where there are many
  const spaced = text.split("+").join(" ");
  if (!spaced.includes("%")) return spaced;
  try {
    // a per cent sign that begins no escape stands for itself
    return decodeURIComponent(spaced.replace(/%(?![0-9a-f]{2})/gi, "%25"));
  } catch {
    throw new Malformed(`${where} has a %-escape that is not UTF-8: ${text.slice(0, 40)}`);
  }
}

function decode(body: Buffer, charset: string): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch {
    throw new Malformed(`The body's charset ${charset.slice(0, 40)} is not known`);
  }
  try {
    return decoder.decode(body);
  } catch {
    throw new Malformed(`The body is not ${charset.toUpperCase().slice(0, 40)}`);
  }
}

/** An object; nested names are joined by dots, lists of plain values by commas. Digits stay as written. */
function addJson(add: AddParameter, text: string): void {
  if (text.trim() === "") return;
  if (!/^\s*\{/.test(text)) throw new Malformed('The body must be a JSON object such as {"phone_number":"…"}');
  const { depthMax, nameBytesMax, parametersMax } = limits;
  let list: { readonly path: string; readonly depth: number; items: string[] } | null = null;
  const endList = (): void => {
    if (list !== null) add(list.path, list.items.join(","));
    list = null;
  };
  const walked = walkJson(text, {
    depthMax,
    nameBytesMax,
    namesMax: parametersMax,
    flat: true,
    onList: (path) => {
      // a list within a list is no plain value
      if (path.some((step) => typeof step === "number")) return;
      endList();
      list = { path: path.join("."), depth: path.length, items: [] };
    },
    onPlain: (path, from, to) => {
      const isNull = text[from] === "n";
      if (list === null || typeof path[list.depth] !== "number") {
        endList();
        add(path.join("."), isNull ? "" : plainText(text, from, to));
      } else if (path.length === list.depth + 1 && !isNull) list.items.push(plainText(text, from, to));
    },
  });
  endList();
  if (walked.ok) return;
  const path = writePath(walked.path);
  if (walked.because === "not_json") throw new Malformed(`The body ${walked.words}`);
  throw new Malformed(`${shownPath(path)} ${walked.words}`, path);
}

/** A place that may have a long name, in a sentence. */
function shownPath(path: string): string {
  if (path === "") return "The body";
  return path.length > 100 ? `${path.slice(0, 100)}…` : path;
}
