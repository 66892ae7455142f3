import { connect } from "node:net";

export type RawAnswer = {
  /** null: the connection was closed without an answer. */
  readonly status: number | null;
  /** From the last byte of the request to the end of the answer. */
  readonly tookMs: number;
  readonly text: string;
};

/**
 * Sends bytes as they are on a connection of their own, and reads until the server closes it or its answer is whole.
 * @param asker `from`: the address that asks, one of this machine's own (127.0.0.0/8); `andNoMore`: nothing follows, so
 * that a server that waits for the rest of a request need not wait.
 */
export function askRaw(
  port: number,
  bytes: Uint8Array,
  patienceMs: number,
  { from = "127.0.0.1", andNoMore = false } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: from });
    const began = performance.now();
    let answer = Buffer.alloc(0);
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const text = answer.toString("latin1");
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ status: status === undefined ? null : Number(status), tookMs: performance.now() - began, text });
    };
    const timer = setTimeout(() => {
      if (answer.length > 0) return end();
      socket.destroy();
      reject(new Error(`no answer within ${patienceMs} ms`));
    }, patienceMs);
    // a server that answers before it has read all may reset the connection
    socket.on("error", end).on("close", end);
    socket.on("data", (piece: Buffer) => {
      answer = Buffer.concat([answer, piece]);
      if (isWhole(answer)) end();
    });
    if (andNoMore) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** By its length, or by its last chunk; an answer 100 is followed by another. */
function isWhole(answer: Buffer): boolean {
  const head = answer.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const text = answer.toString("latin1", 0, head);
  if (/^HTTP\/1\.1 1\d\d/.test(text)) return isWhole(answer.subarray(head + 4));
  const length = /^content-length: *(\d+)/im.exec(text)?.[1];
  if (length !== undefined) return answer.length >= head + 4 + Number(length);
  if (/^content-type: text\/event-stream/im.test(text)) return true;
  return answer.subarray(-5).toString("latin1") === "0\r\n\r\n" || / (?:204|304)\b/.test(text.slice(0, 14));
}
