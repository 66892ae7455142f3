import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainText, skipJsonValue, utf8Length, walkJson, type JsonPath, type JsonWalk } from "./walk-json.ts";

const wide: JsonWalk = { depthMax: 1_000, nameBytesMax: 1_000, namesMax: 100_000, flat: false };

/** Every plain value under its path, as the walk tells it; null: it is no JSON. */
function told(text: string): [string, string][] | null {
  const values: [string, string][] = [];
  const onPlain = (path: JsonPath, from: number, to: number): void =>
    void values.push([JSON.stringify(path), text.slice(from, to)]);
  return walkJson(text, { ...wide, onPlain }).ok ? values : null;
}

/** The same by the built-in parser, for JSON that it wrote itself. */
function expected(value: unknown, path: JsonPath = []): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, at) => expected(item, [...path, at]));
  if (typeof value !== "object" || value === null) return [[JSON.stringify(path), JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]) => expected(inner, [...path, name]));
}

describe("it tells what JSON.parse would build", () => {
  test("of any value, with any white space", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
        const value: unknown = JSON.parse(json);
        expect(told(JSON.stringify(value, null, indent))).toEqual(expected(value));
      }),
    );
  });
  test("and takes a text for JSON exactly where JSON.parse does", () => {
    const pieces = fc.constantFrom(
      ..."{}[],:\"\\ \n\t-+.eE0123ntrufalsx/b'".split(""), "true", "null", '"a"', "\\u00e9", "\\ud800", "1e5", "-0", "01", "\u0000", "é", '{"a":', "[[",
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        expect(told(text) !== null).toBe(parses(text));
      }),
      { numRuns: 20_000 },
    );
  });
  test("texts are unescaped, digits stay as written", () => {
    for (const [written, wanted] of [
      ['"a\\"b\\u00e9\\n"', 'a"bé\n'],
      ['"plain"', "plain"],
      ["12345678901234567890", "12345678901234567890"],
      ["1.50", "1.50"],
    ] as const)
      expect(plainText(`[${written}]`, 1, written.length + 1)).toBe(wanted);
  });
});

describe("it stops at the first limit that is passed", () => {
  const narrow: JsonWalk = { depthMax: 3, nameBytesMax: 8, namesMax: 4, flat: false };
  const flat: JsonWalk = { ...narrow, flat: true };
  test.for<[name: string, walk: JsonWalk, text: string, because: string, path: JsonPath]>([
    ["objects as deep as they may be", narrow, '{"a":{"b":{"c":1}}}', "", []],
    ["objects one level deeper", narrow, '{"a":{"b":{"c":{}}}}', "too_deep", ["a", "b", "c"]],
    ["lists one level deeper", narrow, "[[[1,[]]]]", "too_deep", [0, 0, 1]],
    ["a name as long as it may be", narrow, '{"12345678":1}', "", []],
    ["a name one byte longer", narrow, '{"a":{"123456789":1}}', "long_name", ["a"]],
    ["a name longer in bytes than in letters", narrow, '{"ééééé":1}', "long_name", []],
    ["a name that is short once unescaped", narrow, String.raw`{"\u0061\u0061\u0061\u0061\u0061\u0061\u0061\u0061":1}`, "", []],
    ["a name of escapes without end", narrow, `{"${String.raw`\u0061`.repeat(99)}":1}`, "long_name", []],
    ["names within objects, each by itself", narrow, '{"1234567":{"1234567":1}}', "", []],
    ["names joined by dots, as long as they may be", flat, '{"123":{"4567":1}}', "", []],
    ["names joined by dots, one byte longer", flat, '{"123":{"45678":1}}', "long_name", ["123"]],
    ["a sibling of a long name", flat, '{"123":{"4567":1},"12345678":2}', "", []],
    ["names within a list, which are no parameters", flat, '{"1234567":[{"1234567":1}]}', "", []],
    ["as many names as there may be", narrow, '{"a":1,"b":{"c":1,"d":1}}', "", []],
    ["one name more", narrow, '{"a":1,"b":{"c":1,"d":1,"e":1}}', "too_many", ["b", "e"]],
    ["one list item more", narrow, '{"a":[1,2,3,4]}', "too_many", ["a", 3]],
    ["a list of many items, as one parameter", flat, '{"a":[1,2,3,4,5,{"b":1}]}', "", []],
    ["the same name again and again", flat, '{"a":1,"a":1,"a":1,"a":1,"a":1}', "too_many", ["a"]],
  ])("%s", ([, walk, text, because, path]) => {
    const walked = walkJson(text, walk);
    expect(walked.ok ? "" : walked.because).toBe(because);
    expect(walked.ok ? [] : walked.path).toEqual(path);
  }); // prettier-ignore
  test("depth costs no stack, and nothing is read behind the limit", () => {
    for (const open of ["[", '{"a":'])
      expect(walkJson(open.repeat(500_000), narrow)).toMatchObject({ because: "too_deep" });
  });
  test("what is no JSON says where", () => {
    expect(walkJson('{"a":\n  oops}', wide)).toMatchObject({
      because: "not_json",
      words: "is not JSON: line 2, column 3: a value is missing",
    });
  });
});

test("a value's end is found by quotes and brackets", () => {
  for (const value of ['"a,\\"]}b"', "{}", '[1,{"a":"]"}]', "12", "true", '{"a":[{"b":"\\\\"}]}'])
    for (const behind of ["", ",", " ]"]) expect(skipJsonValue(value + behind, 0)).toBe(value.length);
  for (const open of ["[1,2", '"abc', '{"a":"\\"', "[", '"\\', '{"a":"\\\\\\'])
    expect(skipJsonValue(open, 0)).toBe(open.length);
});
test("whatever the text, a value's end is not before its beginning nor behind the text", () => {
  const text = fc.array(fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", ":", " ", "a"), { maxLength: 30 });
  fc.assert(
    fc.property(text, fc.nat(30), (signs, at) => {
      const from = Math.min(at, signs.length);
      const end = skipJsonValue(signs.join(""), from);
      expect(end).toBeGreaterThanOrEqual(from);
      expect(end).toBeLessThanOrEqual(signs.length);
    }),
  );
});

test("bytes are counted as UTF-8 writes them", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
    }),
  );
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
