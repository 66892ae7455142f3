import fc from "fast-check";
import { expect, test } from "vitest";
import { storableJson, storableText } from "./storable.ts";

const signs = fc.constantFrom("\0", "\ud800", "\udfff", "\ud83d\ude00", "\\", "\\u0000", "\\ud800", "u", '"', "a");
const text = fc.array(signs, { maxLength: 12 }).map((all) => all.join(""));

test("what PostgreSQL can't read again is replaced, in names as in values, and nothing else", () => {
  fc.assert(
    fc.property(text, text, (name, value) => {
      const read: unknown = JSON.parse(storableJson({ [`n${name}`]: [value] }));
      expect(read).toEqual({ [`n${storableText(name)}`]: [storableText(value)] });
    }),
  );
});
