import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { qrMatrix } from "./qr-matrix.ts";

// every picture here was read back by an independent decoder (jsQR 1.4.0) when it was written down

test("a short text is this picture", () => {
  const picture = qrMatrix("otpauth://x")!.map((row) => row.map((dark) => (dark ? "#" : ".")).join(""));
  expect(picture).toEqual([
    "#######..#.##.#######",
    "#.....#..###..#.....#",
    "#.###.#.##.##.#.###.#",
    "#.###.#..#.#..#.###.#",
    "#.###.#...#.#.#.###.#",
    "#.....#.....#.#.....#",
    "#######.#.#.#.#######",
    "........##.##........",
    "###.########.##...#..",
    "##.#...##.#..##.#...#",
    "...####.....#...#.###",
    "..##...#.##..#.#....#",
    "#..#..#.....#....#.#.",
    "........####..####.##",
    "#######.#..#.#.##.###",
    "#.....#.#.####.#....#",
    "#.###.#.#.##...##....",
    "#.###.#...##..#.##.#.",
    "#.###.#.##..##.####.#",
    "#.....#.#.##.......#.",
    "#######.#....#.###.##",
  ]);
});

test.each([
  [18, "dbb724344352"],
  [53, "df7a036f883a"],
  [78, "871201778041"],
  [106, "0091bf2a0c80"],
  [134, "a79e18545b7b"],
  [154, "0a30e8476085"],
  [192, "fd3502438469"],
  [230, "ccf7f0b124b2"],
])("a text of %i bytes fills its version", (length, digest) => {
  const rows = qrMatrix("otpauth://totp/".padEnd(length, "xY9-"))!.map((row) => row.map(Number).join(""));
  expect(createHash("sha256").update(rows.join("\n")).digest("hex").slice(0, 12)).toBe(digest);
});

test("a text that is too long has no picture", () => {
  expect(qrMatrix("x".repeat(231))).toBeNull();
});
