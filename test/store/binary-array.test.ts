import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryArray } from "../../src/store/binary-array.ts";
import { cloneDatabase } from "../clone-database.ts";

const clone = cloneDatabase();

/** What PostgreSQL makes of it, as it writes it itself. */
async function asStored(type: string, values: readonly unknown[]): Promise<(string | null)[]> {
  const { rows } = await clone.db.query<{ value: string | null }>(
    `select value::text as value from unnest($1::${type}[]) with ordinality as given(value, n) order by n`,
    [binaryArray(type, values)],
  );
  return rows.map(({ value }) => value);
}

describe("an array in PostgreSQL's binary form", () => {
  const rows: readonly (readonly [string, readonly unknown[], readonly (string | null)[]])[] = [
    ["text", [], []],
    ["text", ["", 'a "quoted" \\ text', "日本 🙂", null], ["", 'a "quoted" \\ text', "日本 🙂", null]],
    ["bigint", [0, -1, 9007199254740991, -9007199254740991, null], ["0", "-1", "9007199254740991", "-9007199254740991", null]], // prettier-ignore
    ["bigint", ["9223372036854775807", "-9223372036854775808"], ["9223372036854775807", "-9223372036854775808"]],
    ["integer", [0, 2147483647, -2147483648], ["0", "2147483647", "-2147483648"]],
    ["boolean", [true, false, null], ["true", "false", null]],
    ["float8", [0.5, -1e300], ["0.5", "-1e+300"]],
    ["real", [0.5], ["0.5"]],
    ["uuid", ["0192f0c0-1111-7abc-8def-0123456789ab"], ["0192f0c0-1111-7abc-8def-0123456789ab"]],
    [
      "timestamptz",
      ["2000-01-01T00:00:00.000Z", "2026-11-24T05:48:00.123Z", "1969-07-20T20:17:40.000Z", null],
      ["2000-01-01 00:00:00+00", "2026-11-24 05:48:00.123+00", "1969-07-20 20:17:40+00", null],
    ],
  ];
  test.each(rows)("of %s says what it held: %j", async (type, values, expected) => {
    expect(await asStored(type, values)).toEqual(expected);
  });

  test("carries any text that PostgreSQL can keep", async () => {
    const text = fc.string({ unit: "grapheme" }).map((one) => one.replaceAll("\0", ""));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 20 }), async (values) => {
        expect(await asStored("text", values)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  test("takes no number that a bigint can't hold", () => {
    expect(() => binaryArray("bigint", [0.5])).toThrow(RangeError);
    expect(() => binaryArray("bigint", [Number.NaN])).toThrow(RangeError);
  });

  test("is left to the driver for other types", () => {
    expect(binaryArray("jsonb", ["{}"])).toBeNull();
  });
});
