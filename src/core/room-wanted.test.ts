import { expect, test } from "vitest";
import { roomWanted } from "./room-wanted.ts";

const gib = 1024 ** 3;

test.each([
  ["on a large disk the bytes are less", { bytes: gib / 2, percent: 5 }, 100 * gib, gib / 2],
  ["on a small disk the share is less", { bytes: gib / 2, percent: 5 }, 2 * gib, Math.floor(gib / 10)],
  ["a share alone", { bytes: null, percent: 10 }, 100 * gib, 10 * gib],
  ["bytes alone, though they are more than the disk", { bytes: gib, percent: null }, 5, gib],
])("%s", (_, min, total, wanted) => {
  expect(roomWanted(min, total)).toBe(wanted);
});
