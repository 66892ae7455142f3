/** What is looked for: anywhere, or (`word`) only where it stands as a word of its own. */
export type Needle = { readonly bytes: Uint8Array; readonly word: boolean };

/** Needles that are looked for together. */
export type Needles = {
  /**
   * Goes over bytes once. Tells, for each place where needles end, of the longest that may stand anywhere, and of
   * every word. Returns how many bytes at the end are the beginning of a needle, or all of one.
   */
  readonly scan: (bytes: Uint8Array, found: (from: number, to: number) => void) => number;
};

/**
 * An automaton after Aho and Corasick ("Efficient string matching", 1975): searching takes time in proportion to the bytes
 * that are searched, whatever they are and however many needles there are; building takes it to the needles' bytes. Most
 * states have one way on, which is three numbers; only those where ways part have a table.
 * @param canonical what each byte counts as: two that mean the same are one.
 * @param isWord whether a range of the bytes has the edges of a word on both sides.
 */
export function createNeedles(
  needles: readonly Needle[],
  canonical: Uint8Array,
  isWord: (bytes: Uint8Array, from: number, to: number) => boolean = () => true,
): Needles {
  const { symbolOf, symbols } = alphabet(needles, canonical);
  const statesMost = 1 + needles.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const symbol = new Uint8Array(statesMost);
  const firstChild = new Int32Array(statesMost);
  const nextSibling = new Int32Array(statesMost);
  const depth = new Int32Array(statesMost);
  /** How long the longest needle is that ends here; 0: none does. */
  const longest = new Int32Array(statesMost);
  /** This state or the next one on the way of failure where a word ends; 0: there is none. */
  const word = new Int32Array(statesMost);
  let states = 1;
  let partings = 1; // the root's table, whatever parts there

  for (const needle of needles) {
    let state = 0;
    for (const byte of needle.bytes) {
      const wanted = symbolOf[byte]!;
      let child = firstChild[state]!;
      while (child !== 0 && symbol[child] !== wanted) child = nextSibling[child]!;
      if (child === 0) {
        child = states++;
        symbol[child] = wanted;
        depth[child] = depth[state]! + 1;
        const sibling = (nextSibling[child] = firstChild[state]!);
        firstChild[state] = child;
        if (state !== 0 && sibling !== 0 && nextSibling[sibling] === 0) partings++;
      }
      state = child;
    }
    if (needle.word) word[state] = state;
    else longest[state] = depth[state]!;
  }

  const failure = new Int32Array(states);
  /** Where a state's table begins; -1: it has none. */
  const table = new Int32Array(states).fill(-1);
  const tables = new Int32Array(partings * symbols);
  const next = (from: number, taken: number): number => {
    for (let state = from; ; state = failure[state]!) {
      const row = table[state]!;
      if (row >= 0) return tables[row + taken]!;
      const child = firstChild[state]!;
      if (child !== 0 && symbol[child] === taken) return child;
    }
  };
  const queue = new Int32Array(states);
  let rows = 0;
  for (let head = 0, tail = 1; head < tail; head++) {
    const state = queue[head]!;
    const first = firstChild[state]!;
    const parts = state === 0 || (first !== 0 && nextSibling[first] !== 0);
    const row = parts ? rows++ * symbols : -1;
    if (parts && state !== 0)
      for (let taken = 0; taken < symbols; taken++) tables[row + taken] = next(failure[state]!, taken);
    for (let child = first; child !== 0; child = nextSibling[child]!) {
      const fails = state === 0 ? 0 : next(failure[state]!, symbol[child]!);
      failure[child] = fails;
      if (longest[child] === 0) longest[child] = longest[fails]!;
      if (word[child] === 0) word[child] = word[fails]!;
      if (parts) tables[row + symbol[child]!] = child;
      queue[tail++] = child;
    }
    table[state] = row;
  }

  const beginnings = beginningsOf(needles, symbolOf);
  return {
    scan(bytes, found) {
      const { length } = bytes;
      let state = 0;
      let unseen = 0; // whatever begins before is over
      let three = 0;
      for (let i = 0; i < length; i++) {
        three = ((three << 5) | (symbolOf[bytes[i]!]! & 31)) & 32_767;
        if (beginnings[three] === 0 && i + 1 < length) continue;
        let at = Math.max(i - 2, unseen);
        do {
          state = next(state, symbolOf[bytes[at++]!]!);
          if (longest[state] !== 0) found(at - longest[state]!, at);
          for (let ended = word[state]!; ended !== 0; ended = word[failure[ended]!]!)
            if (isWord(bytes, at - depth[ended]!, at)) found(at - depth[ended]!, at);
        } while (at < length && (at <= i || state !== 0));
        unseen = at;
        for (i = Math.max(0, at - 2); i < at; i++) three = (three << 5) | (symbolOf[bytes[i]!]! & 31);
        i = at - 1;
      }
      return depth[state]!;
    },
  };
}

/** Numbers the bytes that needles have, from 1; every other byte is 0. */
function alphabet(needles: readonly Needle[], canonical: Uint8Array): { symbolOf: Uint8Array; symbols: number } {
  const numbers = new Uint8Array(256);
  let symbols = 1;
  for (const { bytes } of needles)
    for (const byte of bytes) if (numbers[canonical[byte]!] === 0) numbers[canonical[byte]!] = symbols++;
  return { symbolOf: canonical.map((byte) => numbers[byte]!), symbols };
}

/** Of three symbols in a row (the last five bits of each), whether a needle begins so: most of a text goes no further. */
function beginningsOf(needles: readonly Needle[], symbolOf: Uint8Array): Uint8Array {
  const beginnings = new Uint8Array(32_768);
  for (const { bytes } of needles) {
    let begins = 0;
    for (const byte of bytes.subarray(0, 3)) begins = (begins << 5) | (symbolOf[byte]! & 31);
    const open = 5 * Math.max(0, 3 - bytes.length);
    beginnings.fill(1, begins << open, (begins + 1) << open);
  }
  return beginnings;
}
