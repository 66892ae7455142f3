/** Numbers that follow from a seed: the same seed brings the same case again. */
export type Random = {
  /** From 0 to below 1. */
  readonly number: () => number;
  /** A whole number from 0 to below `below`. */
  readonly below: (below: number) => number;
  readonly chance: (of: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  /** Up to `most` of what `make` makes. */
  readonly some: <T>(most: number, make: () => T) => T[];
};

/** https://en.wikipedia.org/wiki/Xorshift */
export function randomOf(seed: number): Random {
  let state = (Math.imul(seed + 1, 2_654_435_761) ^ 0x9e3779b9) >>> 0 || 1;
  const number = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
  const below = (most: number): number => Math.floor(number() * most);
  return {
    number,
    below,
    chance: (of) => number() < of,
    pick: (from) => from[below(from.length)]!,
    some: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}
