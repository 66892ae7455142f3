import { describe, expect, test } from "vitest";
import { findValue } from "./find-value.ts";
import { readJson } from "./read-json.ts";
import { parseResponseKey, type ResponseKey } from "./response-key.ts";
import { shownValue } from "./tree.ts";

const parsed: [sentence: string, setting: string, key: ResponseKey | null][] = [
  ["blank is no key", "  ", null],
  ["a path", " data.id ", { path: "data.id", demand: null }],
  ["a path and the value it must have", "status=OK", { path: "status", demand: "OK" }],
  ["spaces around the = mean nothing", "status = all good", { path: "status", demand: "all good" }],
  ["the value may hold =", "a=b=c", { path: "a", demand: "b=c" }],
  ["a demanded value may be empty", "error=", { path: "error", demand: "" }],
  ["no path demands a value of the whole body", "=OK", { path: "", demand: "OK" }],
  ["a backslash keeps = in the path", "a\\=b=c", { path: "a\\=b", demand: "c" }],
];

describe("the Response Key setting:", () => {
  test.each(parsed)("%s", (_, setting, key) => expect(parseResponseKey(setting)).toEqual(key));
});

const answer = `{"data":[{"id":1,"tags":["a","b"]},{"id":2,"tags":["c"]},{"x":0}],"a.b":"dot","*":"star",
  "price":12.50,"by":{"u":{"n":"U"},"v":{"n":"V"}},"__proto__":"p","0":"zero","list":[[1,2],{"k":"v"},null]}`;

const found: [sentence: string, path: string, value: string | null][] = [
  ["an index", "data.0.id", "1"],
  ["a star is all items; those without the rest are left out", "data.*.id", "1|2"],
  ["two stars make one list", "data.*.tags.*", "a|b|c"],
  ["a star of an object is all its values", "by.*.n", "U|V"],
  ["a backslash makes a dot part of the name", "a\\.b", "dot"],
  ["a backslash makes a star a name", "\\*", "star"],
  ["a number may be a name", "0", "zero"],
  ["__proto__ is looked up among the vendor's names only", "__proto__", "p"],
  ["toString is not there unless the vendor wrote it", "toString", null],
  ["an object is compact JSON", "by.u", '{"n":"U"}'],
  ["a list is joined, and what nests in it is compact JSON", "list", '[1,2]|{"k":"v"}|null'],
  ["an index beyond the list", "data.9.id", null],
  ["a name in a list needs an index", "data.id", null],
  ["a step beyond a value", "price.amount", null],
];

describe("a path in JSON:", () => {
  test.each(found)("%s", (_, path, value) => {
    const json = readJson(answer);
    if (!json.ok) throw new Error(json.problem);
    const there = findValue(json.tree, path);
    expect(there.found ? shownValue(there.value, "|") : null).toBe(value);
  });
});
