/**
 * A text as a QR code (ISO/IEC 18004): bytes, error correction L, versions 1 to 9, mask 0.
 * @returns rows of modules, true is dark; null when the text has more than 230 bytes.
 */
export function qrMatrix(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  const version = versions.findIndex(({ data }) => bytes.length <= data - 2) + 1;
  const layout = versions[version - 1];
  if (!layout) return null;
  const size = 17 + 4 * version;
  const dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const fix: Fix = (x, y, is) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    dark[y]![x] = is;
    fixed[y]![x] = true;
  };
  drawPatterns(fix, (x, y) => fixed[y]![x]!, size, layout.align);
  drawFormat(fix, size, version);
  drawData(codewords(bytes, layout), dark, fixed, size);
  return dark;
}

type Fix = (x: number, y: number, is: boolean) => void;
type Layout = {
  /** Data codewords, over all blocks. */
  readonly data: number;
  readonly blocks: number;
  /** Error correction codewords of each block. */
  readonly correction: number;
  /** Centres of the alignment patterns. */
  readonly align: readonly number[];
};

/** ISO/IEC 18004, tables 7, 9 and E.1, level L. */
const versions: readonly Layout[] = [
  { data: 19, blocks: 1, correction: 7, align: [] },
  { data: 34, blocks: 1, correction: 10, align: [6, 18] },
  { data: 55, blocks: 1, correction: 15, align: [6, 22] },
  { data: 80, blocks: 1, correction: 20, align: [6, 26] },
  { data: 108, blocks: 1, correction: 26, align: [6, 30] },
  { data: 136, blocks: 2, correction: 18, align: [6, 34] },
  { data: 156, blocks: 2, correction: 20, align: [6, 22, 38] },
  { data: 194, blocks: 2, correction: 24, align: [6, 24, 42] },
  { data: 232, blocks: 2, correction: 30, align: [6, 26, 46] },
];

function drawPatterns(
  fix: Fix,
  isFixed: (x: number, y: number) => boolean,
  size: number,
  align: readonly number[],
): void {
  for (let at = 0; at < size; at++) {
    fix(6, at, at % 2 === 0);
    fix(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) drawRings(fix, x, y, 4, (ring) => ring !== 2 && ring !== 4); // prettier-ignore
  const last = align.length - 1;
  align.forEach((x, column) =>
    align.forEach((y, row) => {
      const atFinder = (column === 0 && (row === 0 || row === last)) || (column === last && row === 0);
      if (!atFinder || !isFixed(x, y)) drawRings(fix, x, y, 2, (ring) => ring !== 1);
    }),
  );
}

function drawRings(fix: Fix, x: number, y: number, radius: number, isDark: (ring: number) => boolean): void {
  for (let dy = -radius; dy <= radius; dy++)
    for (let dx = -radius; dx <= radius; dx++) fix(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
}

/** Level L with mask 0, and the numbers of versions 7 to 9, each with its correction bits. */
const format = 0x77c4;
const versionBits: Readonly<Record<number, number>> = { 7: 0x07c94, 8: 0x085bc, 9: 0x09a99 };

const bitOf = (bits: number, at: number): boolean => ((bits >> at) & 1) === 1;

function drawFormat(fix: Fix, size: number, version: number): void {
  for (let at = 0; at < 15; at++) {
    const is = bitOf(format, at);
    if (at < 8) fix(8, at < 6 ? at : at + 1, is);
    else fix(at === 8 ? 7 : 14 - at, 8, is);
    if (at < 8) fix(size - 1 - at, 8, is);
    else fix(8, size - 15 + at, is);
  }
  fix(8, size - 8, true);
  const number = versionBits[version];
  if (number === undefined) return;
  for (let at = 0; at < 18; at++) {
    const [far, near] = [size - 11 + (at % 3), Math.floor(at / 3)];
    fix(far, near, bitOf(number, at));
    fix(near, far, bitOf(number, at));
  }
}

function drawData(words: readonly number[], dark: boolean[][], fixed: readonly boolean[][], size: number): void {
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (fixed[y]![x]) continue;
        const bit = (((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1;
        dark[y]![x] = bit !== ((x + y) % 2 === 0);
        at++;
      }
  }
}

/** Mode, length, bytes and padding in blocks, each with its correction, woven together. */
function codewords(bytes: Uint8Array, { data, blocks, correction }: Layout): number[] {
  const nibbles = [
    4,
    bytes.length >> 4,
    bytes.length & 15,
    ...Array.from(bytes, (byte) => [byte >> 4, byte & 15]).flat(),
    0,
  ];
  const words = Array.from({ length: nibbles.length / 2 }, (_, at) => nibbles[2 * at]! * 16 + nibbles[2 * at + 1]!);
  for (let pad = 0; words.length < data; pad++) words.push(pad % 2 === 0 ? 0xec : 0x11);
  const length = data / blocks;
  const parts = Array.from({ length: blocks }, (_, block) => words.slice(block * length, (block + 1) * length));
  const checks = parts.map((part) => remainder(part, correction));
  return [...weave(parts), ...weave(checks)];
}

/** The first of each, the second of each, … */
const weave = (lists: readonly number[][]) => lists[0]!.flatMap((_, at) => lists.map((list) => list[at]!));

/** Reed-Solomon over GF(256) with x⁸ + x⁴ + x³ + x² + 1. */
function remainder(data: readonly number[], degree: number): number[] {
  const divisor = Array<number>(degree).fill(0);
  divisor[degree - 1] = 1;
  for (let step = 0, root = 1; step < degree; step++, root = times(root, 2))
    for (let at = 0; at < degree; at++) divisor[at] = times(divisor[at]!, root) ^ (divisor[at + 1] ?? 0);
  const rest = Array<number>(degree).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift()!;
    rest.push(0);
    divisor.forEach((value, at) => (rest[at]! ^= times(value, factor)));
  }
  return rest;
}

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a);
  return product;
}
