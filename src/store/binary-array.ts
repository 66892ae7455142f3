/**
 * PostgreSQL's binary form of one-dimensional arrays: nothing is quoted here and nothing unquoted there, which matters
 * for JSON, most of whose text is quotes. The layout is that of array_send and of each type's own send function in
 * https://github.com/postgres/postgres/tree/master/src/backend/utils/adt.
 */
export function binaryArray(type: string, values: readonly unknown[]): Buffer | null {
  const format = formats[type];
  if (format === undefined) return null;
  const { oid, size, write } = format;
  let bytes = headerBytes;
  let nulls = false;
  for (const value of values) {
    bytes += 4;
    if (value === null || value === undefined) nulls = true;
    else bytes += size ?? Buffer.byteLength(value as string);
  }
  const buffer = Buffer.allocUnsafe(values.length === 0 ? emptyBytes : bytes);
  buffer.writeInt32BE(values.length === 0 ? 0 : 1, 0); // dimensions
  buffer.writeInt32BE(nulls ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  if (values.length === 0) return buffer;
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16); // lower bound
  let at = headerBytes;
  for (const value of values) {
    if (value === null || value === undefined) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    const end = write(buffer, value, at + 4);
    buffer.writeInt32BE(end - at - 4, at);
    at = end;
  }
  return buffer;
}

const headerBytes = 20;
const emptyBytes = 12;

type Format = {
  readonly oid: number;
  /** Of a value; none: as many as its text has in UTF-8. */
  readonly size?: number;
  /** Gives where it ended. */
  readonly write: (buffer: Buffer, value: unknown, at: number) => number;
};

const formats: Readonly<Record<string, Format>> = {
  boolean: { oid: 16, size: 1, write: (buffer, value, at) => buffer.writeUInt8(value === true ? 1 : 0, at) },
  bigint: { oid: 20, size: 8, write: (buffer, value, at) => writeInt64(buffer, value as number | string, at) },
  integer: { oid: 23, size: 4, write: (buffer, value, at) => buffer.writeInt32BE(value as number, at) },
  text: { oid: 25, write: (buffer, value, at) => at + buffer.write(value as string, at, "utf8") },
  real: { oid: 700, size: 4, write: (buffer, value, at) => buffer.writeFloatBE(value as number, at) },
  float8: { oid: 701, size: 8, write: (buffer, value, at) => buffer.writeDoubleBE(value as number, at) },
  timestamptz: {
    oid: 1184,
    size: 8,
    // microseconds since 2000
    write: (buffer, value, at) => writeInt64(buffer, (Date.parse(value as string) - year2000Ms) * 1000, at),
  },
  uuid: {
    oid: 2950,
    size: 16,
    write: (buffer, value, at) => at + buffer.write((value as string).replaceAll("-", ""), at, "hex"),
  },
};

const year2000Ms = Date.UTC(2000);

function writeInt64(buffer: Buffer, value: number | string, at: number): number {
  if (typeof value === "string") return buffer.writeBigInt64BE(BigInt(value), at);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number that a bigint takes`);
  buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  return buffer.writeUInt32BE(value >>> 0, at + 4);
}
