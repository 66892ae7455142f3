import { randomFillSync } from "node:crypto";

let lastMs = 0;
let lastCount = 0;
/** Random bytes for some hundred ids: asking for ten at a time costs more than all the rest. */
const pool = new Uint8Array(10 * 512);
let taken = pool.length;

/**
 * A time-ordered id (RFC 9562, version 7): 48 bits of milliseconds, a 12-bit counter, 62 random bits. Ids of one process
 * ascend also within a millisecond and when its clock steps back: then the last time is used on.
 */
export function newUuidV7(nowMs: number = Date.now()): string {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  const random = pool.subarray(taken, (taken += 10));
  if (nowMs > lastMs) {
    lastMs = nowMs;
    lastCount = ((random[0]! & 0x07) << 8) | random[1]!; // half of the counter's room is left for this millisecond
  } else if (++lastCount > 0xfff) {
    lastMs += 1;
    lastCount = 0;
  }
  return write(lastMs, lastCount, random.subarray(2));
}

/** The lowest id of a millisecond: every id made then or later is greater or equal. For bounds of partitions and pages. */
export function uuidV7At(ms: number): string {
  return write(ms, 0, new Uint8Array(8));
}

/** When the id was made, in milliseconds since 1970. */
export function uuidV7Time(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

function write(ms: number, count: number, tail: Uint8Array): string {
  const time = ms.toString(16).padStart(12, "0");
  let hex = "";
  for (let at = 1; at < 8; at++) hex += hexOf[tail[at]!];
  const first = hexOf[(tail[0]! & 0x3f) | 0x80]!; // the variant's two bits, then six random ones
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count.toString(16).padStart(3, "0")}-${first}${hex.slice(0, 2)}-${hex.slice(2)}`;
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
