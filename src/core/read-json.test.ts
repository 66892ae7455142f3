import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson } from "./read-json.ts";
import { compactJson } from "./tree.ts";

const strict: [sentence: string, text: string, compact: string][] = [
  ["digits after the point stay as written", "12.50", "12.50"],
  ["twenty digits stay twenty digits", '{"id":12345678901234567890}', '{"id":12345678901234567890}'],
  ["an exponent stays an exponent", "[1e5, -0, -0.10E+2]", "[1e5,-0,-0.10E+2]"],
  ["spaces and line breaks between members mean nothing", ' { "a" :\n[ 1 ,\t2 ] } ', '{"a":[1,2]}'],
  ["escapes are resolved", '"a\\u0041\\n\\/\\ud83d\\ude00"', JSON.stringify("aA\n/😀")],
  ["of equal keys the last wins", '{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
  [
    "__proto__ is a name like any other",
    '{"__proto__":{"x":1},"constructor":2}',
    '{"__proto__":{"x":1},"constructor":2}',
  ],
  ["keys that look like numbers keep their order", '{"b":1,"2":2,"1":3}', '{"b":1,"2":2,"1":3}'],
  ["empty things are things", '[{},[],"",null,true,false]', '[{},[],"",null,true,false]'],
];

describe("strict JSON", () => {
  test.each(strict)("%s", (_, text, compact) => {
    const read = readJson(text);
    expect(read.ok && { compact: compactJson(read.tree), tolerated: read.tolerated }).toEqual({
      compact,
      tolerated: [],
    });
  });
});

const names = "names without quotes";
const wordsBare = "words without quotes";
const comma = "a comma before the end of a list or object";
const single = "single quotes";
const tolerant: [sentence: string, text: string, compact: string, tolerated: string[]][] = [
  ["unquoted keys and words", "{key1:[value1,value2]}", '{"key1":["value1","value2"]}', [names, wordsBare]],
  [
    "unquoted numbers, true and null are what they are",
    "{a:12.50,b:true,c:null,}",
    '{"a":12.50,"b":true,"c":null}',
    [names, comma],
  ],
  ["007 is a word, since JSON has no such number", "{id:007}", '{"id":"007"}', [names, wordsBare]],
  [
    "a word may hold spaces, colons and quotes",
    "{a: it's at http://x.example.com/ }",
    '{"a":"it\'s at http://x.example.com/"}',
    [names, wordsBare],
  ],
  ["single quotes", "{'a':'it\\'s \"so\"'}", '{"a":"it\'s \\"so\\""}', [single]],
  ["a comma before the end", '{"a":[1,2,],}', '{"a":[1,2]}', [comma]],
  ["a line break within a text", '{"a":"x\ny"}', '{"a":"x\\ny"}', ["line breaks or control characters within a text"]],
];

describe("the tolerant reader takes", () => {
  test.each(tolerant)("%s", (_, text, compact, tolerated) => {
    const read = readJson(text);
    expect(read.ok && { compact: compactJson(read.tree), tolerated: read.tolerated }).toEqual({ compact, tolerated });
  });
});

const refused: [sentence: string, text: string, line: number, column: number, problem: RegExp, ended: boolean][] = [
  ["a word on its own is not JSON", "OK", 1, 1, /value is missing/, false],
  ["tolerance begins with a brace or bracket", "'a'", 1, 1, /value is missing/, false],
  ["a missing comma is named by its place", '{"a":1\n "b":2}', 2, 2, /a comma or } is missing/, false],
  ["a missing value", '{"a":}', 1, 6, /value is missing/, false],
  ["a missing name", "{:1}", 1, 2, /name is missing/, false],
  ["a missing colon", "{a}", 1, 3, /: is missing/, false],
  ["two commas", "[1,,2]", 1, 4, /value is missing/, false],
  ["something after the end", '{"a":1} x', 1, 9, /something follows/, false],
  ["an escape without a meaning", '["\\q"]', 1, 3, /backslash/, false],
  ["a body that ends within a list", '{"a":[1,2', 1, 10, /ends too early/, true],
  ["a body that ends within a text", '{"a":"xy', 1, 6, /not closed/, true],
  ["nothing", "", 1, 1, /ends too early/, true],
  ["a thousand brackets", "[".repeat(1000), 1, 102, /more than 100 deep/, false],
];

describe("what can't be read is named with its place:", () => {
  test.each(refused)("%s", (_, text, line, column, problem, ended) => {
    expect(readJson(text)).toEqual({ ok: false, line, column, problem: expect.stringMatching(problem), ended });
  });
});

test("100 levels are read", () => {
  expect(readJson("[".repeat(100) + "]".repeat(100)).ok).toBe(true);
});

test("strict JSON is read as JSON.parse reads it, and nothing in it counts as tolerated", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.boolean(), (text, spaced) => {
      const read = readJson(spaced ? JSON.stringify(JSON.parse(text), null, 2) : text);
      expect(read.ok && read.tolerated).toEqual([]);
      if (read.ok) expect(JSON.parse(compactJson(read.tree))).toEqual(JSON.parse(text));
    }),
  );
});

test("whatever the text, reading it ends in a value or a place within it", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "'",
    "\\",
    "\\u00",
    "a",
    "1",
    "-",
    ".",
    "e",
    " ",
    "\n",
    "null",
    "😀",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((list) => `{${list.join("")}`),
      ),
      (text) => {
        const read = readJson(text);
        if (read.ok) expect(() => JSON.parse(compactJson(read.tree))).not.toThrow();
        else expect(read.line).toBeGreaterThan(0);
      },
    ),
  );
});
