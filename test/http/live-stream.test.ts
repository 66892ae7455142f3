import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccountId } from "../../src/contracts/ids.ts";
import { createLiveStream, cutOff, type LiveStream } from "../../src/http/live-stream.ts";

/** What is kept for readers who do not read is bounded, for each and for all. */

const letIn = { accountId: 1 as AccountId, kind: "token", id: 1, sessionId: null, role: "admin" } as const;
const server = createServer();
const sockets: Socket[] = [];
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

/** A stream to a client that never reads a byte. */
async function neverRead(ended: () => void = () => {}): Promise<LiveStream & { readonly raw: ServerResponse }> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  sockets.push(socket.pause().on("error", () => {}));
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [, raw] = (await once(server, "request")) as [unknown, ServerResponse];
  const stream = createLiveStream(raw, letIn, ended);
  stream.begin();
  return { ...stream, raw };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Writes until that many bytes wait in this process: what the system takes first is its own. */
async function fill(stream: LiveStream, bytes: number): Promise<void> {
  for (let idle = 0; idle < 50 && !stream.hasEnded();) {
    if (stream.behindBytes() >= bytes) idle++;
    else {
      stream.write(Buffer.alloc(16_384, "x"));
      idle = 0;
    }
    await turn();
  }
}

test("a reader who does not keep up is cut off, and never has more than 256 KiB waiting", async () => {
  let ends = 0;
  const stream = await neverRead(() => void ends++);
  let most = 0;
  for (let written = 0; written < 64 * 1_024 * 1_024 && !stream.hasEnded(); written += 65_536) {
    stream.write(Buffer.alloc(65_536, "x"));
    most = Math.max(most, stream.behindBytes());
    await turn();
  }
  expect(stream.hasEnded()).toBe(true);
  expect(most).toBeLessThanOrEqual(256 * 1_024 + 1_024);
  stream.end();
  expect(ends).toBe(1);
});

test("of many who are a little behind, those furthest behind are cut off when it is too much for all", async () => {
  const streams: LiveStream[] = [];
  for (let n = 0; n < 60; n++) streams.push(await neverRead());
  await Promise.all(streams.map((stream, n) => fill(stream, (n < 50 ? 200 : 20) * 1_024)));
  const behind = () => streams.filter((one) => !one.hasEnded()).reduce((sum, one) => sum + one.behindBytes(), 0);
  expect(behind()).toBeGreaterThan(8 * 1_024 * 1_024);
  cutOff(new Set(streams));
  expect(behind()).toBeLessThanOrEqual(8 * 1_024 * 1_024);
  expect(behind()).toBeGreaterThan(7 * 1_024 * 1_024);
  expect(streams.slice(50).some((stream) => stream.hasEnded())).toBe(false);
});

test("one that ends has its place back at once, and what it had not taken is dropped", async () => {
  let ends = 0;
  const stream = await neverRead(() => void ends++);
  await fill(stream, 100 * 1_024);
  expect(stream.raw.destroyed).toBe(false);
  stream.end();
  expect([ends, stream.raw.destroyed]).toEqual([1, true]);
  const behind = stream.behindBytes();
  stream.write(Buffer.from("x"));
  stream.beat(Date.now() + 3_600_000);
  expect([ends, stream.behindBytes()]).toEqual([1, behind]);
});

test("one that went on for long ends by itself; before, it says now and then that it is there", async () => {
  const stream = await neverRead();
  stream.beat(Date.now() + 60_000);
  expect(stream.hasEnded()).toBe(false);
  stream.beat(Date.now() + 11 * 60_000);
  expect(stream.hasEnded()).toBe(true);
});
