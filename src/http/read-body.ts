import type { IncomingMessage } from "node:http";
import { limits } from "../contracts/limits.ts";
import { Overloaded } from "../engine/intake.ts";
import type { TakeTurn } from "./take-turns.ts";

/** The body is larger than it may be; nothing of it is kept. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
  readonly bytesMax: number;
  constructor(bytesMax: number) {
    super(`The body is larger than ${bytesMax / 1_048_576} MiB`);
    this.bytesMax = bytesMax;
  }
}

/**
 * The body as it came, of whatever kind, at most `bytesMax` bytes. A long one comes when it is its turn, so that it may be
 * read at once. Rejects with BodyTooLarge or Overloaded.
 */
export type ReadBody = (request: IncomingMessage, bytesMax: number) => Promise<Buffer>;

declare module "fastify" {
  interface FastifyInstance {
    readonly readBody: ReadBody;
    readonly takeTurn: TakeTurn;
  }
}

/**
 * Bodies are counted while they stream in, each by itself and all of this process together: a caller needs no token to
 * send one, so neither a long one nor many at once may take the memory.
 */
export function createBodyReader(takeTurn: TakeTurn): ReadBody {
  let heldBytes = 0;
  return async (request, bytesMax) => {
    if (!announcesBody(request.headers)) return nothing;
    let chunks: Buffer[] = [];
    let length = 0;
    const drop = (): void => {
      heldBytes -= length;
      length = 0;
      chunks = [];
    };
    /** Resolves with why the rest is not wanted; null: all of it is there. */
    const gather = (): Promise<Error | null> =>
      new Promise((resolve, reject) => {
        const end = (): void => void request.off("data", take).off("end", whole).off("error", gone).off("close", gone);
        const take = (chunk: Buffer): void => {
          chunks.push(chunk);
          length += chunk.length;
          heldBytes += chunk.length;
          const tooMuch = heldBytes > limits.bodyBytesInAllMax;
          if (length <= bytesMax && !tooMuch) return;
          end();
          resolve(tooMuch ? new Overloaded(`${heldBytes} bytes of bodies are held`) : new BodyTooLarge(bytesMax));
        };
        const whole = (): void => {
          end();
          resolve(null);
        };
        const gone = (): void => {
          end();
          // nobody is there to read it; a status keeps it out of the faults
          reject(Object.assign(new Error("the caller went away"), { statusCode: 400 }));
        };
        request.on("data", take).on("end", whole).on("error", gone).on("close", gone);
      });
    try {
      const refused =
        Number(request.headers["content-length"]) > bytesMax ? new BodyTooLarge(bytesMax) : await gather();
      if (refused !== null) throw refused;
      if (length > longBodyBytesMin) await takeTurn();
      return Buffer.concat(chunks, length);
    } finally {
      drop();
    }
  };
}

const nothing = Buffer.alloc(0);
/** More takes longer than a blink to read. */
const longBodyBytesMin = 16_384;

/** As it is announced: one that streams in without a length counts as long. */
export function hasLongBody(headers: IncomingMessage["headers"]): boolean {
  const length = headers["content-length"];
  return length === undefined ? headers["transfer-encoding"] !== undefined : Number(length) > longBodyBytesMin;
}

const discardedBytesMax = 16 * 1_048_576;
const discardMs = 1_000;

/**
 * Calls `then` once nothing of a request's body is on its way any more, or the rest has had its time: an answer to a
 * caller who is still writing would be lost in a reset of the connection. What still comes is kept nowhere, and who sends
 * without end is cut off.
 */
export function discardRest(request: IncomingMessage, then: () => void): void {
  if (request.complete || request.destroyed || !announcesBody(request.headers)) return then();
  let length = 0;
  let isOver = false;
  const over = (): void => {
    clearTimeout(timer);
    if (!isOver) then();
    isOver = true;
  };
  const timer = setTimeout(over, discardMs);
  request
    .on("end", over)
    .on("close", over)
    .on("error", over)
    .on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > discardedBytesMax) over();
      if (length > 2 * discardedBytesMax) request.destroy();
    });
}

const announcesBody = ({
  "content-length": length,
  "transfer-encoding": coding,
}: IncomingMessage["headers"]): boolean => coding !== undefined || (length !== undefined && length !== "0");
