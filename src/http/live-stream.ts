import type { ServerResponse } from "node:http";
import type { LetIn } from "../store/still-may.ts";

/** One reader of the live tail: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export type LiveStream = {
  /** By what they were let in; when that ends, so does the stream. */
  readonly letIn: LetIn;
  /** From here on changes are told. */
  readonly begin: () => void;
  readonly write: (events: Buffer) => void;
  /** Says now and then that it is still there, and ends what has gone on for too long. */
  readonly beat: (now: number) => void;
  /** Bytes that the reader has not taken. */
  readonly behindBytes: () => number;
  readonly end: () => void;
  readonly hasEnded: () => boolean;
};

const heartbeatMs = 15_000;
/** A stream ends by itself and is opened again by the browser, which shows again who it is. */
const streamMs = 10 * 60_000;
/** A reader who is further behind does not keep up, and is cut off. */
const behindMax = 256 * 1_024;
/** What all readers together may have left. */
const allBehindMax = 8 * 1_024 * 1_024;

/** `onEnd` is called once, at once: also when the reader goes away. */
export function createLiveStream(raw: ServerResponse, letIn: LetIn, onEnd: () => void): LiveStream {
  const endsAt = Date.now() + streamMs;
  let state: "opening" | "begun" | "ended" = "opening";
  let lastWriteAt = 0;

  const end = (): void => {
    if (state === "ended") return;
    const begun = state === "begun";
    state = "ended";
    onEnd();
    // what the reader has not taken yet is not for them any more
    if (raw.writableLength > 0) raw.destroy();
    else if (begun) raw.end();
  };
  const write = (data: Buffer | string): void => {
    if (state !== "begun") return;
    if (raw.writableLength + data.length > behindMax) return end();
    raw.write(data);
    lastWriteAt = Date.now();
  };
  raw.on("close", end).on("error", end);
  return {
    letIn,
    begin: () => {
      if (state !== "opening") return;
      state = "begun";
      raw.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      write("retry: 2000\n\n: watching\n\n");
    },
    write,
    beat: (now) => {
      if (now > endsAt) end();
      else if (now - lastWriteAt > heartbeatMs) write(": still here\n\n");
    },
    behindBytes: () => raw.writableLength,
    end,
    hasEnded: () => state === "ended",
  };
}

/** Whoever is furthest behind goes first, until what is kept for all of them fits. */
export function cutOff(streams: ReadonlySet<LiveStream>): void {
  const behind = [...streams].filter((stream) => stream.behindBytes() > 0);
  let bytes = behind.reduce((sum, stream) => sum + stream.behindBytes(), 0);
  for (const stream of behind.toSorted((a, b) => b.behindBytes() - a.behindBytes())) {
    if (bytes <= allBehindMax) return;
    bytes -= stream.behindBytes();
    stream.end();
  }
}
