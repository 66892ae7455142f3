import { setTimeout as sleep } from "node:timers/promises";
import zlib from "node:zlib";
import type { Act, Answer } from "./receiver.ts";

/** Ways in which a vendor answers badly, for the script of `startReceiver`. */

const head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
const begun = {
  "before headers": "",
  "within headers": head,
  "within body": `${head}Content-Length: 1000\r\n\r\nthe beginning of it`,
  "within chunked body": `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nthe b\r\n`,
} as const;
export type Place = keyof typeof begun;

/** Says no more from there on; the connection stays open. */
export function hang(place: Place = "before headers"): Act {
  return (_request, { socket }) => void socket.write(begun[place]);
}

/** Closes the connection there. */
export function hangUp(place: Place = "before headers"): Act {
  return (_request, { socket }) => void socket.end(begun[place]);
}

/** Resets the connection there (TCP RST). */
export function reset(place: Place = "before headers"): Act {
  return (_request, { socket }) => {
    if (begun[place] === "") socket.resetAndDestroy();
    else socket.write(begun[place], () => setTimeout(() => socket.resetAndDestroy(), 20));
  };
}

/** Writes these bytes instead of an answer, then closes unless told to keep open. */
export function raw(bytes: string | Uint8Array, keepOpen = false): Act {
  return (_request, { socket }) => {
    if (keepOpen) socket.write(bytes);
    else socket.end(bytes);
  };
}

/** Answers byte by byte, with a pause after each. */
export function slowly(body: string, pauseMs: number): Act {
  return async (_request, { socket }) => {
    const answer = `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    for (const byte of Buffer.from(answer)) {
      if (socket.destroyed) return;
      socket.write(Buffer.from([byte]));
      await sleep(pauseMs);
    }
  };
}

/** A good answer after a while. */
export function after(ms: number, answer: Answer | number = 200): Act {
  return async () => {
    await sleep(ms);
    return answer;
  };
}

/** A body that never ends; `sent` is told how many bytes went out. */
export function endless(sent: (bytes: number) => void = () => undefined, headers: Answer["headers"] = {}): Act {
  const chunk = Buffer.alloc(65_536, "x");
  return (_request, { response }) => {
    let bytes = 0;
    response.writeHead(200, { "Content-Type": "text/plain", ...headers });
    const more = (): void => {
      if (response.destroyed) return;
      bytes += chunk.length;
      sent(bytes);
      if (response.write(chunk)) setImmediate(more);
      else response.once("drain", more);
    };
    more();
  };
}

export type Coding = "gzip" | "deflate" | "deflate-raw" | "br" | "zstd";

/** A body compressed as it says. `deflate-raw` says `deflate` but leaves out the zlib frame, as some servers do. */
export function compressed(coding: Coding, body: string | Uint8Array, headers: Answer["headers"] = {}): Answer {
  const packed = {
    gzip: zlib.gzipSync,
    deflate: zlib.deflateSync,
    "deflate-raw": zlib.deflateRawSync,
    br: zlib.brotliCompressSync,
    zstd: zlib.zstdCompressSync,
  }[coding](body);
  const name = coding === "deflate-raw" ? "deflate" : coding;
  return { headers: { "Content-Type": "text/plain", "Content-Encoding": name, ...headers }, body: packed };
}

/** Zeroes, a thousandth of their size on the wire. */
export function bomb(bytes: number, coding: Coding = "gzip"): Answer {
  return compressed(coding, Buffer.alloc(bytes));
}

/** Says that it is compressed, and is not, or not to its end. */
export function badlyCompressed(how: "not at all" | "cut short" | "changed"): Answer {
  const whole = zlib.gzipSync("a body that was compressed once, and is long enough to be cut");
  const changed = Buffer.from(whole);
  changed[14] = (changed[14] ?? 0) ^ 0xff;
  const body = { "not at all": "plain text", "cut short": whole.subarray(0, 30), changed }[how];
  return { headers: { "Content-Type": "text/plain", "Content-Encoding": "gzip" }, body };
}

export function redirect(status: number, location: string): Answer {
  return { status, headers: { Location: location } };
}

/** Headers of this size in all. */
export function hugeHeaders(bytes: number): Act {
  return raw(`HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(bytes)}\r\nContent-Length: 0\r\n\r\n`);
}

/** Echoes all that it got, as vendors' debug pages do. */
export const echo: Act = (request) => ({
  headers: { "Content-Type": "application/json", "X-Echo": request.url },
  body: { url: request.url, headers: request.headers, body: request.text },
});
