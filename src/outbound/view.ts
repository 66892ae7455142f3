/** A text's bytes, or what they mean to somebody who undoes an encoding of some of them. */
export type View = {
  readonly bytes: Uint8Array;
  /** It ends where reading was cut off. */
  readonly cut: boolean;
  /** What it was decoded from; null: it is the text. */
  readonly source: View | null;
  /** Where in the source its bytes begin. */
  readonly origins: Origins;
  /** A byte of it is two characters of the source, and shares both with its neighbours. */
  readonly pairs: boolean;
  readonly room: ViewWriter | null;
};

/** Stretches of bytes that stand beside each other in the source as well, one after the other. */
type Origins = {
  /** Of each stretch, its first byte, and where that begins in the source. */
  readonly starts: Uint32Array;
  readonly places: Uint32Array;
  readonly count: number;
};

/** Stands between pieces of a view that are not beside each other in its source. UTF-8 has no such byte. */
export const parting = 0xff;

const nothing = new Uint32Array(0);

export function viewOfText(bytes: Uint8Array, cut: boolean): View {
  const origins = { starts: nothing, places: nothing, count: 0 };
  return { bytes, cut, source: null, origins, pairs: false, room: null };
}

/** The range of the text that a range of a view was decoded from. */
export function rangeInText(view: View, from: number, to: number): readonly [from: number, to: number] {
  let [begin, end] = [from, to];
  for (let at = view; at.source !== null; at = at.source) {
    end = at.pairs ? nextCharacter(at.source, originOf(at, end - 1) + 1) + 1 : originOf(at, end);
    begin = originOf(at, begin);
  }
  return [begin, end];
}

function originOf({ origins }: View, at: number): number {
  const stretch = stretchOf(origins, at);
  return origins.places[stretch]! + at - origins.starts[stretch]!;
}

/** The last stretch that does not begin after a place. */
function stretchOf({ starts, count }: Origins, at: number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Encoded texts are often broken into lines. */
function nextCharacter({ bytes }: View, from: number): number {
  let at = from;
  while (isLineBreak(bytes[at]!)) at++;
  return at;
}

export const isLineBreak = (byte: number): boolean => byte === 0x0a || byte === 0x0d;

/**
 * Tells of ranges of a view, each after the one before, whether any byte of them was encoded in its source: what was not is
 * found there. Of a text, all count as if they were.
 */
export function encodedRanges({ source, origins, pairs }: View): (from: number, to: number) => boolean {
  if (source === null || pairs) return () => true;
  const { starts, count } = origins;
  let next = 0;
  return (from, to) => {
    while (next < count && starts[next]! <= from) next++;
    // what took several bytes to write ends a stretch
    return next < count && starts[next]! <= to;
  };
}

/** Gathers the bytes of a view. */
export class ViewWriter {
  #bytes = new Uint8Array(0);
  #starts = new Uint32Array(0);
  #places = new Uint32Array(0);
  #stretches = 0;
  /** What the next byte's origin is, if it belongs to the last stretch. */
  #expected = -1;
  length = 0;

  get size(): number {
    return this.#bytes.length;
  }

  put(byte: number, origin: number): void {
    if (this.length === this.#bytes.length) this.reserve(32);
    if (origin !== this.#expected) this.#part(origin);
    this.#bytes[this.length++] = byte;
    this.#expected = origin + 1;
  }

  /** Bytes of the source as they are. */
  copy(source: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    this.reserve(to - from);
    if (from !== this.#expected) this.#part(from);
    // to call for few bytes takes longer than to copy them
    if (to - from > 64) this.#bytes.set(source.subarray(from, to), this.length);
    else for (let at = from; at < to; at++) this.#bytes[this.length + at - from] = source[at]!;
    this.length += to - from;
    this.#expected = to;
  }

  /** Takes back what was written after a place. */
  cutTo(length: number): void {
    this.length = length;
    while (this.#stretches > 0 && this.#starts[this.#stretches - 1]! >= length) this.#stretches--;
    this.#expected = -1;
  }

  /** @param end where in the source the last byte ends. */
  view(source: View, end: number, { cut = false, pairs = false }): View {
    if (end !== this.#expected) this.#part(end);
    const origins = { starts: this.#starts, places: this.#places, count: this.#stretches };
    return { bytes: this.#bytes.subarray(0, this.length), cut, source, origins, pairs, room: this };
  }

  /** Makes room for so many more. */
  reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.length));
    this.#bytes = bytes;
  }

  /** A new stretch begins. */
  #part(origin: number): void {
    if (this.#stretches === this.#starts.length) {
      const size = Math.max(32, 2 * this.#stretches);
      const [starts, places] = [new Uint32Array(size), new Uint32Array(size)];
      starts.set(this.#starts);
      places.set(this.#places);
      [this.#starts, this.#places] = [starts, places];
    }
    this.#starts[this.#stretches] = this.length;
    this.#places[this.#stretches++] = origin;
  }
}

/** Room for views that is used again: one for a text of a megabyte takes longer to get than to fill. */
const free: ViewWriter[] = [];
const roomsMax = 16;
/** Larger rooms are not kept. */
const roomBytesMax = 262_144;

export function takeRoom(): ViewWriter {
  return free.pop() ?? new ViewWriter();
}

/** Whoever had it has no more use for it, nor for its view. */
export function giveBackRoom(room: ViewWriter | null): void {
  if (room === null || free.length === roomsMax || room.size > roomBytesMax) return;
  room.cutTo(0);
  free.push(room);
}
