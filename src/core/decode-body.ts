import type { Answer } from "./exchange.ts";

export type DecodedBody =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly detail: string };

/**
 * The body's bytes as text. The charset is the byte order mark's, else the one Content-Type names, else the one an XML
 * declaration or an HTML meta element names, else UTF-8 (the order of the WHATWG Encoding and RFC 7303). A label nobody
 * knows, or bytes that are not of the charset, are a value that says so. A cut body may end in the middle of a character.
 */
export function decodeBody(answer: Pick<Answer, "headers" | "body" | "truncated">): DecodedBody {
  if (answer.body.length === 0) return { ok: true, text: "" };
  const { label, from } = charsetOf(answer);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    return { ok: false, detail: `${from} names the charset ${label}, which is not known` };
  }
  try {
    return { ok: true, text: decoder.decode(answer.body, { stream: answer.truncated }) };
  } catch {
    return { ok: false, detail: `the bytes are not ${decoder.encoding.toUpperCase()}, the charset of ${from}` };
  }
}

function charsetOf(answer: Pick<Answer, "headers" | "body">): { label: string; from: string } {
  const marked = byteOrderMark(answer.body);
  if (marked !== null) return { label: marked, from: "its byte order mark" };
  const contentType = headerOf(answer.headers, "content-type") ?? "";
  const named = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1];
  if (named !== undefined) return { label: named, from: "Content-Type" };
  const declared = declaredWithin(answer.body);
  return declared ?? { label: "utf-8", from: "an answer that names none" };
}

/** The first value of a header; names are compared without case. */
export function headerOf(headers: Answer["headers"], name: string): string | null {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}

function byteOrderMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return null;
}

function declaredWithin(body: Uint8Array): { label: string; from: string } | null {
  const opening = new TextDecoder("latin1").decode(body.subarray(0, 1024)).trimStart();
  if (!opening.startsWith("<")) return null;
  const xml = /^<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(opening)?.[1];
  if (xml !== undefined) {
    // A declaration that reads as ASCII can't be in UTF-16, whatever it says: such texts were turned into UTF-8 on the way.
    return { label: /^utf-?16/i.test(xml) ? "utf-8" : xml, from: "its XML declaration" };
  }
  const meta = /<meta\s[^>]*?charset\s*=\s*["']?([\w.:-]+)/i.exec(opening)?.[1];
  return meta === undefined ? null : { label: meta, from: "its meta element" };
}
