import type { Transform } from "node:stream";
import zlib from "node:zlib";
import { maskOpening } from "../core/mask.ts";
import type { Mask } from "./mask-secrets.ts";

/** Takes an answer's body as it comes and keeps what it decodes to, up to a cap. */
export type BodySink = {
  push(chunk: Buffer): void;
  /** The network has given all. `whole` or `broken` follows, perhaps at once. */
  finish(): void;
  /** What was decoded so far. */
  taken(): Uint8Array;
  /** Frees what decoding holds; nothing is called any more. */
  drop(): void;
};

export type BodyEvents = {
  /** All of the body is there. */
  readonly whole: () => void;
  /** The cap is reached and there is more. */
  readonly full: () => void;
  /** The body can't be decompressed; why, in words. */
  readonly broken: (detail: string) => void;
  /** Decompressing is behind the network, and has caught up. */
  readonly pause: () => void;
  readonly resume: () => void;
};

/**
 * @param encoding the Content-Encoding header (RFC 9110 8.4): gzip, deflate with and without its zlib frame, br, zstd, or
 *   several over each other. A small body that unpacks to gigabytes stops at the cap: its rest is never unpacked.
 * @param mask what is quoted of the header goes through it.
 */
export function createBodySink(encoding: string, bytesMax: number, mask: Mask, on: BodyEvents): BodySink {
  const codings = codingsOf(encoding).map((coding) => coding.toLowerCase());
  const chunks: Buffer[] = [];
  let length = 0;
  let done = false;
  let decoders: Transform[] | null = null;

  const drop = (): void => {
    done = true;
    for (const decoder of decoders ?? []) decoder.destroy();
  };
  const keep = (chunk: Buffer): void => {
    if (done) return;
    const room = bytesMax - length;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    length += Math.min(chunk.length, room);
    if (chunk.length > room) {
      drop();
      on.full();
    }
  };
  const fail = (detail: string): void => {
    if (done) return;
    drop();
    on.broken(detail);
  };
  const start = (first: Buffer): Transform[] | null => {
    if (codings.length > codingsMax) {
      fail(`it is compressed ${codings.length} times over`);
      return null;
    }
    const unknown = codings.find((coding) => !Object.hasOwn(makeDecoder, coding));
    if (unknown !== undefined) {
      // as the vendor wrote it: masked whole, before it is taken apart and cut
      const written = codingsOf(mask(encoding)).find((coding) => !Object.hasOwn(makeDecoder, coding.toLowerCase()));
      const quoted = maskOpening(written ?? unknown, mask, 40).slice(0, 40);
      fail(`the vendor compressed it as "${quoted}", which is not known here`);
      return null;
    }
    const made = codings.map((coding) => makeDecoder[coding]!(first));
    made.forEach((decoder, i) => {
      decoder.on("error", () => fail(`the vendor calls it ${codings[i]}, but it does not unpack`));
      const next = made[i + 1];
      if (next !== undefined) decoder.pipe(next);
    });
    made
      .at(-1)
      ?.on("data", keep)
      .on("end", () => {
        if (done) return;
        done = true;
        on.whole();
      });
    made[0]?.on("drain", on.resume);
    return made;
  };

  return {
    push(chunk) {
      if (done || chunk.length === 0) return;
      if (codings.length === 0) return keep(chunk);
      decoders ??= start(chunk);
      if (decoders?.[0]?.write(chunk) === false) on.pause();
    },
    finish() {
      if (done) return;
      if (decoders?.[0] !== undefined) decoders[0].end();
      else {
        done = true;
        on.whole();
      }
    },
    taken: () => Buffer.concat(chunks, length),
    drop,
  };
}

/** The one that was applied last, and is undone first, comes first. */
function codingsOf(encoding: string): string[] {
  return encoding
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding.toLowerCase() !== "identity")
    .toReversed();
}

const codingsMax = 3;

const gunzip = (): Transform => zlib.createGunzip();
/** `deflate` is meant to have a zlib frame (RFC 1950), but some servers send it bare; the frame's first nibble tells. */
const inflate = (first: Buffer): Transform =>
  ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
const makeDecoder: Record<string, (first: Buffer) => Transform> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: inflate,
  br: () => zlib.createBrotliDecompress(),
  /** RFC 9659: no more than 8 MiB of window. */
  zstd: () => zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } }),
};
