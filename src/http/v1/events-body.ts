import { Malformed } from "./read-parameters.ts";

export type EventBody = {
  /** As they came, in their order; a line of NDJSON that can't be read says why. */
  readonly events: readonly (
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly error: string }
  )[];
  /** Of a single event that carries its token within. */
  readonly authToken: string | undefined;
};

/** A JSON object, an array, or one object a line (NDJSON), whatever the content type says. Throws Malformed when nothing can be read. */
export function readEventBody(body: unknown, contentType: string): EventBody {
  const text = textOf(body, contentType);
  if (text === "") throw new Malformed("The body is empty. Send an event, an array of events, or one event a line");
  const whole = read(text);
  if (whole.ok && Array.isArray(whole.value))
    return { events: whole.value.map((value: unknown) => ({ ok: true, value })), authToken: undefined };
  if (whole.ok && typeof whole.value === "object" && whole.value !== null) {
    const { auth_token: authToken, ...value } = whole.value as Record<string, unknown>;
    return { events: [{ ok: true, value }], authToken: typeof authToken === "string" ? authToken : undefined };
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map(readLine);
  if (whole.ok || text.startsWith("[") || !events.some((event) => event.ok))
    throw new Malformed(whole.ok ? "The body is JSON, but no event" : `The body is not JSON: ${whole.error}`);
  return { events, authToken: undefined };
}

function readLine(line: string): EventBody["events"][number] {
  const parsed = read(line);
  if (!parsed.ok) return { ok: false, error: `This line is not JSON: ${parsed.error}` };
  if (typeof parsed.value !== "object" || parsed.value === null || Array.isArray(parsed.value))
    return { ok: false, error: "This line is JSON, but no event" };
  return parsed;
}

function read(text: string): { ok: true; value: unknown } | { ok: false; error: string } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message.slice(0, 200) : "" };
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function textOf(body: unknown, contentType: string): string {
  if (!Buffer.isBuffer(body)) return "";
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    if (/^utf-?8$/i.test(charset)) return utf8.decode(body).trim();
    return new TextDecoder(charset, { fatal: true }).decode(body).trim();
  } catch {
    throw new Malformed(`The body is not ${charset.toUpperCase().slice(0, 40)}`);
  }
}
