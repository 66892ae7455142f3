import { describe, expect, test } from "vitest";
import { authenticationOfLines, questionAuthentication } from "./question-authentication.ts";
import { questionValue } from "./question-value.ts";

describe("what is odd about Api Authentication, and what was meant:", () => {
  test.each([
    ["a whole address", "https://vendor.example.com/v1?api_key=k-1&team=2#top", "whole address", "api_key=k-1&team=2"],
    ["an address without http", "vendor.example.com/v1?api_key=k-1", "whole address", "api_key=k-1"],
    ["an address without a query", "https://vendor.example.com/v1", "whole address", null],
    ["a colon", "api_key: k-1", "parted from its value by =, not by :", "api_key=k-1"],
    ["an arrow", "api_key => k-1", "parted from its value by =, not by =>", "api_key=k-1"],
    ["quotes around all", "'api_key=k-1'", "is in quotes", "api_key=k-1"],
    ["a word processor's quotes", "“api_key=k-1”", "is in quotes", "api_key=k-1"],
    ["quotes around the value", 'api_key="k-1"', "The value of api_key is in quotes", "api_key=k-1"],
    ["a line of JSON", '"api_key": "k-1",', "not by :", "api_key=k-1"],
    ["JSON", '{"api_key":"k-1","team":2}', "JSON", "api_key=k-1&team=2"],
    ["several lines", "api_key=k-1\r\nteam=2", "several lines", "api_key=k-1&team=2"],
    ["a value broken over two lines", "api_key=abc\ndef", "several lines", "api_key=abcdef"],
    ["a comma at its end", "api_key=k-1,", "ends with a mark", "api_key=k-1"],
    ["commas between the pairs", "api_key=k-1, team=2", "parted by &", "api_key=k-1&team=2"],
    ["spaces between the pairs", "api_key=k-1 team=2", "parted by &", "api_key=k-1&team=2"],
    ["a space around the =", "api_key = k-1", "has a space or quotes around it", "api_key=k-1"],
    ["its name twice", "api_key=api_key=k-1", "api_key stands twice", "api_key=k-1"],
    ["HTML", "api_key=k-1&amp;team=2", "written as HTML", "api_key=k-1&team=2"],
    ["an invisible character", "api_key=k\u200B-1", "has an invisible character", "api_key=k-1"],
    ["a header", "Authorization: Bearer t-1", "belongs into Authorization Header (D)", null],
    ["a header without its name", "Bearer t-1", "belongs into Authorization Header (D)", null],
  ])("%s", (_, typed, words, meant) => {
    const { questions, tidy } = questionAuthentication(typed);
    expect(questions.join("; ")).toContain(words);
    expect(tidy).toBe(meant);
    if (tidy !== null) expect(questionAuthentication(tidy)).toEqual({ questions: [], tidy: null });
  }); // prettier-ignore
});

test.each([
  "",
  "api_key=k-1",
  "?api_key=k-1",
  "&api_key=k-1&",
  "k-1",
  "api_key=abc==",
  "sig=abc:def",
  "api_key=a,b",
  "api_key=k-1&api_key=k-2",
  "back=https://a.example.com/?x=1",
])("nothing is odd about %j", (typed) => expect(questionAuthentication(typed)).toEqual({ questions: [], tidy: null }));

test.each([
  ["api_key=k-1\nteam=2", "api_key=k-1&team=2"],
  ["api_key: k-1\r\nteam: 2\r\n", "api_key=k-1&team=2"],
  ["?api_key=k-1\n&team=2", "api_key=k-1&team=2"],
  ["api_key=k-1", null],
  ["abc\ndef", null],
])("lines %j are pasted as %j", (pasted, pairs) => expect(authenticationOfLines(pasted)).toBe(pairs));

describe("a value of its own", () => {
  test.each([
    ["in quotes", '"s-1"', "is in quotes", "s-1"],
    ["with a line break", "s-1\n", "has a line break", "s-1"],
    ["with spaces around it", " s-1 ", "has a space at an end", "s-1"],
    ["after its own name", "api_token=s-1", "begins with its own name", "s-1"],
    ["after its own name, as JSON", '"api_token": "s-1"', "begins with its own name", "s-1"],
    ["with an invisible character", "s\u200B-1", "has an invisible character", "s-1"],
  ])("%s", (_, typed, words, meant) => {
    const { questions, tidy } = questionValue("api_token", typed);
    expect(questions.join("; ")).toContain(`The value of api_token ${words}`);
    expect(tidy).toBe(meant);
  });

  test.each(["s-1", "two words", "it's", "a=b", ""])("nothing is odd about %j", (typed) =>
    expect(questionValue("api_token", typed)).toEqual({ questions: [], tidy: null }),
  );
});
