import { limits } from "../../contracts/limits.ts";
import { writePath } from "../../core/name-places.ts";
import { skipJsonValue, walkJson } from "../../core/walk-json.ts";
import type { TakeTurn } from "../take-turns.ts";
import { Malformed } from "./parameters.ts";

export type EventBody = {
  /** In the order in which they came; of one that can't be read it is said why. */
  readonly events: readonly ReadEvent[];
  /** Of a single event that carries its token within. */
  readonly authToken: string | undefined;
};

type ReadEvent =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string; readonly path: string };

/** There are more events than one request may bring. */
export class TooManyEvents extends Error {
  override readonly name = "TooManyEvents";
}

/**
 * A JSON object, an array, or one object a line (NDJSON), whatever the content type says. Each event is held to the
 * limits before anything is built from it. Rejects with Malformed when no event can be read, with TooManyEvents.
 * @param turn lets the process do other work within a long batch.
 */
export async function readEventBody(body: Buffer, contentType: string, turn: TakeTurn): Promise<EventBody> {
  const text = textOf(body, contentType);
  if (text === "") throw new Malformed("The body is empty. Send an event, an array of events, or one event a line");
  if (text.startsWith("[")) return { events: await readAll(itemsOf(text), "event", turn), authToken: undefined };
  if (isOneValue(text)) {
    const read = readOne(text);
    if (read.ok && !isObject(read.value)) throw new Malformed("The body is JSON, but no event");
    if (read.ok) {
      const { auth_token: authToken, ...value } = read.value as Record<string, unknown>;
      return { events: [{ ok: true, value }], authToken: typeof authToken === "string" ? authToken : undefined };
    }
    if (read.because !== "not_json" || !text.includes("\n")) throw refusalOf("The body", read);
  }
  return { events: await readAll(linesOf(text), "line", turn), authToken: undefined };
}

/** A turn of the event loop is left to others after so long. */
const turnMs = 5;

async function readAll(texts: Iterable<string>, what: "event" | "line", turn: TakeTurn): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  let first: Malformed | null = null;
  let since = performance.now();
  for (const text of texts) {
    if (events.length === limits.batchEventsMax) throw new TooManyEvents();
    const name = `${what === "event" ? "Event" : "Line"} ${events.length + 1}`;
    const read = readOne(text);
    if (read.ok && !isObject(read.value) && what === "line")
      events.push({ ok: false, error: "This line is JSON, but no event", path: "" });
    else if (read.ok) events.push(read);
    else {
      // where one item of an array is no JSON, it is not known where the next begins
      if (what === "event" && read.because === "not_json") throw refusalOf(name, read);
      first ??= refusalOf(name, read);
      events.push({ ok: false, error: `This ${what} ${read.words}`, path: read.path });
    }
    if (performance.now() - since < turnMs) continue;
    await turn();
    since = performance.now();
  }
  if (events.length > 0 && events.every(({ ok }) => !ok))
    throw first ?? new Malformed("The body is JSON, but no event");
  return events;
}

type ReadText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly because: string; readonly words: string; readonly path: string };

function readOne(text: string): ReadText {
  const { depthMax, nameBytesMax, parametersMax } = limits;
  const walked = walkJson(text, { depthMax, nameBytesMax, namesMax: parametersMax, flat: false });
  return walked.ok
    ? { ok: true, value: JSON.parse(text) as unknown }
    : { ...walked, path: walked.because === "not_json" ? "" : writePath(walked.path) };
}

function refusalOf(name: string, { words, path }: Extract<ReadText, { ok: false }>): Malformed {
  const place = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return new Malformed(`${name}${place === "" ? "" : `, at ${place},`} ${words}`, path === "" ? undefined : path);
}

function isOneValue(text: string): boolean {
  return text.slice(skipJsonValue(text, 0)).trim() === "";
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** The texts of an array's items, as their quotes and brackets part them. */
function* itemsOf(text: string): Generator<string> {
  let at = 1;
  if (text.slice(1, -1).trim() === "" && text.endsWith("]")) return;
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at++;
    const end = skipJsonValue(text, at);
    yield text.slice(at, end);
    for (at = end; isSpace(text.charCodeAt(at));) at++;
    if (text[at] === "," && at < text.length - 1) at++;
    else if (text[at] === "]" && at === text.length - 1) return;
    else throw new Malformed("The body is not JSON: its array does not end where it should");
  }
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    if (line.trim() !== "") yield line;
    from = end < 0 ? text.length : end + 1;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function textOf(body: Buffer, contentType: string): string {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    if (/^utf-?8$/i.test(charset)) return utf8.decode(body).trim();
    return new TextDecoder(charset, { fatal: true }).decode(body).trim();
  } catch {
    throw new Malformed(`The body is not ${charset.toUpperCase().slice(0, 40)}`);
  }
}
