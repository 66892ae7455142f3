/** A text's bytes, or what they mean to somebody who undoes an encoding of some of them. */
export type View = {
  readonly bytes: Uint8Array;
  /** It ends where reading was cut off. */
  readonly cut: boolean;
  /** What it was decoded from; null: it is the text. */
  readonly source: View | null;
  /** Where in the source each byte begins, and the last one ends. */
  readonly origin: Uint32Array;
  /** A byte of it is two characters of the source, and shares both with its neighbours. */
  readonly pairs: boolean;
  readonly room: ViewWriter | null;
};

/** Stands between pieces of a view that are not beside each other in its source. UTF-8 has no such byte. */
export const parting = 0xff;

export function viewOfText(bytes: Uint8Array, cut: boolean): View {
  return { bytes, cut, source: null, origin: noOrigin, pairs: false, room: null };
}

/** The range of the text that a range of a view was decoded from. */
export function rangeInText(view: View, from: number, to: number): readonly [from: number, to: number] {
  let [begin, end] = [from, to];
  for (let at = view; at.source !== null; at = at.source) {
    const last = at.origin[end - 1]!;
    end = at.pairs ? nextCharacter(at.source, last + 1) + 1 : at.origin[end]!;
    begin = at.origin[begin]!;
  }
  return [begin, end];
}

/** Encoded texts are often broken into lines. */
function nextCharacter({ bytes }: View, from: number): number {
  let at = from;
  while (isLineBreak(bytes[at]!)) at++;
  return at;
}

export const isLineBreak = (byte: number): boolean => byte === 0x0a || byte === 0x0d;

/** Whether any byte of a range was encoded in what the view was decoded from; of a text, all count as if they were. */
export function wasEncoded({ source, origin, pairs }: View, from: number, to: number): boolean {
  return source === null || pairs || origin[to]! - origin[from]! !== to - from;
}

const noBytes = new Uint8Array(0);
const noOrigin = new Uint32Array(0);

/** Gathers the bytes of a view. */
export class ViewWriter {
  bytes: Uint8Array = noBytes;
  origin: Uint32Array = noOrigin;
  length = 0;

  put(byte: number, origin: number): void {
    if (this.length === this.bytes.length) this.reserve(32);
    this.origin[this.length] = origin;
    this.bytes[this.length++] = byte;
  }

  /** Bytes of the source as they are. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.reserve(to - from);
    const { bytes, origin } = this;
    let { length } = this;
    for (let at = from; at < to; at++) {
      bytes[length] = source[at]!;
      origin[length++] = at;
    }
    this.length = length;
  }

  /** @param end where in the source the last byte ends. */
  view(source: View, end: number, { cut = false, pairs = false }): View {
    this.origin[this.length] = end;
    return { bytes: this.bytes.subarray(0, this.length), cut, source, origin: this.origin, pairs, room: this };
  }

  /** Makes room for so many more. */
  reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted <= this.bytes.length) return;
    const { bytes, origin } = this;
    const size = Math.max(wanted, 2 * bytes.length);
    this.bytes = new Uint8Array(size);
    this.origin = new Uint32Array(size + 1);
    this.bytes.set(bytes.subarray(0, this.length));
    this.origin.set(origin.subarray(0, this.length));
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
  if (room === null || free.length === roomsMax || room.bytes.length > roomBytesMax) return;
  room.length = 0;
  free.push(room);
}
