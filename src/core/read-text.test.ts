import { describe, expect, test } from "vitest";
import { delimiterOf, readText } from "./read-text.ts";

const found: [sentence: string, text: string, key: string, delimiter: string, values: string[]][] = [
  ["a piece key=value by its key", "status=OK,id=5", "id", "", ["5"]],
  ["a piece key:value by its key", "status:OK, id : 5", "id", "", ["5"]],
  ["a value may hold = and :", "url=http://x.example.com?a=b,id=5", "url", "", ["http://x.example.com?a=b"]],
  ["the piece after the key, where no piece has = or :", "status|OK|id|5", "status", "|", ["OK"]],
  ["the delimiter between key and value", "status:OK", "status", ":", ["OK"]],
  ["a position from 0", "OK|5|queued", "1", "|", ["5"]],
  ["a position among pieces with keys is the whole piece", "status=OK,id=5", "1", "", ["id=5"]],
  ["a key that is a number goes before a position", "0=zero,1=one", "1", "", ["one"]],
  ["a key that occurs twice has two values", "id=1&id=2", "id", "&", ["1", "2"]],
  ["an empty value", "id=,x=1", "id", "", [""]],
  ["a delimiter of several characters", "a=1||b=2", "b", "||", ["2"]],
  ["a line break as delimiter, typed as \\n", "a=1\r\nb=2\r\n", "b", "\\n", ["2"]],
  ["a dot in a key needs no backslash", "lead.id=5", "lead.id", "", ["5"]],
  ["a backslash takes the next character as it is", "a\\b,1", "a\\\\b", "", ["1"]],
];

describe("TEXT finds", () => {
  test.each(found)("%s", (_, text, key, delimiter, values) => {
    expect(readText(text, key, delimiterOf(delimiter))).toEqual({ found: true, values });
  });
});

const missing: [sentence: string, text: string, key: string, has: string[]][] = [
  ["the keys that are there", "status=OK,id=5", "price", ["status", "id"]],
  ["the pieces, where there are no keys", "OK,5", "price", ["OK", "5"]],
  ["the last piece has none after it", "status,OK", "OK", ["status", "OK"]],
  ["a piece without a key among pieces with keys is no key", "SUCCESS,id=5", "SUCCESS", ["id"]],
  ["a position beyond the end", "a,b", "7", ["a", "b"]],
];

describe("what TEXT does not find comes with", () => {
  test.each(missing)("%s", (_, text, key, has) => {
    expect(readText(text, key, ",")).toEqual({ found: false, has });
  });
});

test("the last piece of a cut text is not trusted", () => {
  expect(readText("a=1,b=12", "b", ",", true)).toEqual({ found: false, has: ["a"] });
});
