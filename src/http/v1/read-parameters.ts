import type { FastifyRequest } from "fastify";
import type { Multipart } from "@fastify/multipart";
import { storableText, unstorable } from "../../store/storable.ts";

/** Names and values as texts, whatever they travelled in. Made without a prototype: a name may be anything. */
export type Parameters = Readonly<Record<string, string>>;

/** The request can't be read; `message` says what and where. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

const parametersMax = 2_000;
const depthMax = 20;

/** Spec 5.1: query, form, JSON and multipart alike, or a mix of them, of which the body wins; a repeated name's last value counts. */
export async function readParameters(request: FastifyRequest): Promise<Parameters> {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  const at = request.raw.url?.indexOf("?") ?? -1;
  if (at >= 0) addForm(parameters, request.raw.url!.slice(at + 1).replace(/#.*$/s, ""), "the query");
  const type = (request.headers["content-type"] ?? "").trim().toLowerCase();
  if (type.startsWith("multipart/")) await addMultipart(parameters, request);
  else if (Buffer.isBuffer(request.body) && request.body.length > 0) addBody(parameters, request.body, type);
  const names = Object.keys(parameters);
  if (names.length > parametersMax) throw new Malformed(`There are more than ${parametersMax} parameters`);
  for (const name of names) {
    const trouble = unstorable(name) ?? unstorable(parameters[name]!);
    if (trouble !== null) throw new Malformed(`${storableText(name)} holds ${trouble}`);
  }
  return parameters;
}

function addBody(parameters: Record<string, string>, body: Buffer, type: string): void {
  const text = decode(body, /;\s*charset="?([^\s;"]+)/.exec(type)?.[1] ?? "utf-8");
  if (
    /^application\/(?:[\w.+-]+\+)?json\b/.test(type) ||
    (!type.startsWith("application/x-www-form") && /^\s*\{/.test(text))
  )
    addJson(parameters, text);
  else addForm(parameters, text.trim(), "the body");
}

/** `name=value&…` as WHATWG URL says, but what isn't UTF-8 is refused instead of replaced. */
function addForm(parameters: Record<string, string>, text: string, where: string): void {
  let count = 0;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    if (++count > parametersMax) throw new Malformed(`There are more than ${parametersMax} parameters in ${where}`);
    const at = pair.indexOf("=");
    const name = unescape(at < 0 ? pair : pair.slice(0, at), where);
    parameters[name] = at < 0 ? "" : unescape(pair.slice(at + 1), where);
  }
}

function unescape(text: string, where: string): string {
  if (!/[%+]/.test(text)) return text;
  // a per cent sign that begins no escape stands for itself
  const escaped = text.replaceAll("+", " ").replaceAll(/%(?![0-9a-f]{2})/gi, "%25");
  try {
    return decodeURIComponent(escaped);
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
function addJson(parameters: Record<string, string>, text: string): void {
  if (text.trim() === "") return;
  let value: unknown;
  try {
    value = JSON.parse(text, (_name, read: unknown, context?: { source?: string }) =>
      typeof read === "number" && context?.source !== undefined && String(read) !== context.source
        ? context.source
        : read,
    );
  } catch (error) {
    // the stack of the parser's own ended, at some thousand levels
    if (error instanceof RangeError) throw tooDeep();
    throw new Malformed(`The body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : ""}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Malformed('The body is JSON, but not an object such as {"phone_number":"…"}');
  addNested(parameters, "", value, 1);
}

function addNested(parameters: Record<string, string>, prefix: string, value: object, depth: number): void {
  if (depth > depthMax) throw tooDeep();
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix + key;
    if (Array.isArray(inner)) parameters[name] = inner.filter(isPlain).map(String).join(",");
    else if (typeof inner === "object" && inner !== null) addNested(parameters, `${name}.`, inner as object, depth + 1);
    else parameters[name] = inner === null ? "" : String(inner);
  }
}

const tooDeep = (): Malformed => new Malformed(`The body's JSON is nested deeper than ${depthMax} levels`);

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

async function addMultipart(parameters: Record<string, string>, request: FastifyRequest): Promise<void> {
  try {
    for await (const part of request.parts()) await addPart(parameters, part);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "FST_PARTS_LIMIT" || code === "FST_FIELDS_LIMIT" || code === "FST_FILES_LIMIT")
      throw new Malformed(`There are more than ${parametersMax} parameters in the body`);
    if (code === "FST_REQ_FILE_TOO_LARGE" || code === "FST_ERR_CTP_BODY_TOO_LARGE" || error instanceof Malformed)
      throw error;
    throw new Malformed(`The multipart body can't be read: ${message.slice(0, 200)}`);
  }
}

async function addPart(parameters: Record<string, string>, part: Multipart): Promise<void> {
  if (part.type === "file") {
    part.file.resume(); // a lead has no files
    return;
  }
  if (part.fieldnameTruncated || part.valueTruncated) throw new Malformed(`${part.fieldname} is longer than 64 KiB`);
  parameters[part.fieldname] = String(part.value);
}
