import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSecretBox } from "./secret-box.ts";

const box = createSecretBox(new Uint8Array(32).fill(7));
const row = { table: "connects", account: 1, id: 12 };
const sealed = box.seal({ "header.0": "Bearer s3cr3t" }, row);

test("what was sealed for a row opens for that row", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string({ unit: "grapheme" })), (values) => {
      expect({ ...box.open(box.seal(values, row), row) }).toEqual({ ...values });
    }),
  );
});

test("sealing the same values twice gives different bytes, and neither shows them", () => {
  const again = box.seal({ "header.0": "Bearer s3cr3t" }, row);
  expect(again).not.toEqual(sealed);
  expect(Buffer.from(sealed).toString("latin1")).not.toContain("s3cr3t");
});

test("a change of any byte is noticed", () => {
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => box.open(changed, row), `byte ${at}`).toThrow(/aren't sealed|another key|were changed/);
  }
});

describe("sealed values don't open", () => {
  test.each([
    ["in another row", { ...row, id: 13 }],
    ["in another account", { ...row, account: 2 }],
    ["in another table", { ...row, table: "adaptors" }],
  ])("%s", (_, other) => {
    expect(() => box.open(sealed, other)).toThrow("or belong to another row");
  });

  test("with another key, and the key is named", () => {
    const other = createSecretBox(new Uint8Array(32).fill(8));
    expect(other.fingerprint).not.toBe(box.fingerprint);
    expect(() => other.open(sealed, row)).toThrow(`sealed with another key (${box.fingerprint.slice(0, 16)}…)`);
  });

  test.each([0, 1, 20, 36])("when only %i bytes are left", (length) => {
    expect(() => box.open(sealed.subarray(0, length), row)).toThrow("aren't sealed bytes");
  });
});

test("a key of another length is refused", () => {
  expect(() => createSecretBox(new Uint8Array(16))).toThrow("32 bytes");
});
