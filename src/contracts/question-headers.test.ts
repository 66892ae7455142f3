import { describe, expect, test } from "vitest";
import { headersOfLines, joinWithPipes, questionHeaders, splitAtPipes } from "./question-headers.ts";

const authorization = "Authorization: Bearer t-1";

describe("what is odd about headers, and what was meant:", () => {
  test.each([
    ["its own name in its value", "Authorization: Authorization: Bearer t-1", "says its own name twice", authorization],
    ["its own name, thrice", "Authorization: Authorization: authorization: Bearer t-1", "says its own name twice", authorization],
    ["its own name after the scheme", "Authorization: Bearer Authorization: Bearer t-1", "says its own name twice", authorization],
    ["its own name with =", "X-Api-Key: X-Api-Key=t-1", "says its own name twice", "X-Api-Key: t-1"],
    ["another header's name", "X-Key: Authorization: Bearer t-1", "begins with another header's name, Authorization", authorization],
    ["Bearer twice", "Authorization: Bearer Bearer t-1", "says Bearer twice", authorization],
    ["Basic twice", "Authorization: Basic Basic dTpw", "says Basic twice", "Authorization: Basic dTpw"],
    ["Token twice", "Authorization: Token Token t-1", "says Token twice", "Authorization: Token t-1"],
    ["OAuth twice", "Authorization: OAuth OAuth t-1", "says OAuth twice", "Authorization: OAuth t-1"],
    ["ApiKey twice", "Authorization: ApiKey ApiKey t-1", "says ApiKey twice", "Authorization: ApiKey t-1"],
    ["a scheme of the vendor's own twice", "Authorization: Zoho-oauthtoken Zoho-oauthtoken t-1", "says its first word twice", "Authorization: Zoho-oauthtoken t-1"],
    ["twice in two cases", "Authorization: bearer BEARER t-1", "says bearer twice", "Authorization: bearer t-1"],
    ["two schemes", "Authorization: Bearer Basic dTpw", "names two schemes, Bearer and Basic", "Authorization: Basic dTpw"],
    ["a colon after the scheme", "Authorization: Bearer: t-1", "has a colon after Bearer", authorization],
    ["the scheme for the name", "Bearer: t-1", "is no header of its own", authorization],
    ["a scheme alone", "Authorization: Bearer", "has nothing after Bearer", null],
    ["a space within the token", "Authorization: Bearer t- 1", "has a space within its token", authorization],
    ["user and password in clear", "Authorization: Basic user:pass", "has user and password in clear", "Authorization: Basic dXNlcjpwYXNz"],
    ["a line break", "Authorization: Bearer t-\r\n1", "has a line break in its value", authorization],
    ["a line break after the colon", "Authorization:\nBearer t-1", "has a line break in its value", authorization],
    ["double quotes", '"Authorization: Bearer t-1"', "is in quotes", authorization],
    ["single quotes", "'Authorization: Bearer t-1'", "is in quotes", authorization],
    ["a word processor's quotes", "“Authorization: Bearer t-1”", "is in quotes", authorization],
    ["backticks", "`Authorization: Bearer t-1`", "is in quotes", authorization],
    ["one quote that was copied along", 'Authorization: Bearer t-1"', "is in quotes", authorization],
    ["quotes around the value", 'Authorization: "Bearer t-1"', "has its value in quotes", authorization],
    ["quotes around the token", 'Authorization: Bearer "t-1"', "has its token in quotes", authorization],
    ["a line of JSON", '"Authorization": "Bearer t-1",', "ends with a comma", authorization],
    ["a comma", "Authorization: Bearer t-1,", "ends with a comma", authorization],
    ["a semicolon", "Authorization: Bearer t-1 ;", "ends with a semicolon", authorization],
    ["a shell's backslash", "Authorization: Bearer t-1 \\", "ends with a backslash", authorization],
    ["no colon", "Authorization Bearer t-1", "has no colon after its name", authorization],
    ["= for the colon", "X-Api-Key = t-1", 'has "=" where ":" belongs', "X-Api-Key: t-1"],
    ["=> for the colon", "Authorization => Bearer t-1", 'has "=>" where ":" belongs', authorization],
    ["a scheme and its token", "Bearer t-1", "has no name: Bearer and what follows belong into Authorization", authorization],
    ["a token", "t-1", "is a token without a header's name", authorization],
    ["a space in its name", "Content Type: text/plain", "has a space in its name", "Content-Type: text/plain"],
    ["a space in a name of its own", "Our Key: abc", "has a space in its name", null],
    ["a sentence", "please use the usual one", 'has no ":" between its name and its value', null],
    ["a zero-width space", "Authorization: Bearer t\u200B-1", "has an invisible character", authorization],
    ["a space that is none", "Authorization:\u00A0Bearer t-1", "has an invisible character", authorization],
    ["a pipe of the value's own", "X-Key: a|b", "if the | before it belongs to the value", "X-Key: a\\|b"],
    ["curl", `curl -X POST https://x.example.com -H "Authorization: Bearer t-1" --header 'X-Team: a|b' -d '{}'`, "curl command", `${authorization}|X-Team: a\\|b`],
    ["curl's user", "curl -u user:pass https://x.example.com", "curl command", "Authorization: Basic dXNlcjpwYXNz"],
    ["-H alone", "-H 'Authorization: Bearer t-1'", "curl command", authorization],
    ["JSON", '{"Authorization":"Bearer t-1","X-Team":"north"}', "JSON", `${authorization}|X-Team: north`],
    ["several lines", "Authorization: Bearer t-1\nX-Team: north", "several lines", `${authorization}|X-Team: north`],
  ])("%s", (_, typed, words, meant) => {
    const { questions, tidy } = questionHeaders(typed);
    expect(questions.join("; ")).toContain(words);
    expect(tidy).toBe(meant);
  }); // prettier-ignore

  test("the header is named, also behind others; one without a name is counted", () => {
    expect(questionHeaders("X-Team: north|X-Api-Key: 'k-1'").questions).toEqual([
      "The header X-Api-Key has its value in quotes",
    ]);
    expect(questionHeaders("X-Team: north|Bearer t-1").questions[0]).toMatch(/^The second header has no name/);
  });
});

test.each([
  "",
  "  ",
  authorization,
  "Content-type: application/json|Authorization: Bearer {lead.token}",
  "Authorization: k-1",
  'Authorization: Token token="k-1"',
  'Authorization: Digest username="u", realm="r"',
  "Authorization: AWS4-HMAC-SHA256 Credential=AK/1, SignedHeaders=host, Signature=ab",
  "Cookie: a=1; b=2",
  "Accept: text/html, */*",
  'If-None-Match: "abc"',
  "X-Time: 10:30:00",
  "X-Url: https://vendor.example.com/a?b=c",
  'X-Data: {"a":1}',
  "X-Key: a\\|b",
])("nothing is odd about %j", (typed) => expect(questionHeaders(typed)).toEqual({ questions: [], tidy: null }));

describe("several lines that are pasted:", () => {
  test.each([
    ["of a mail", "Authorization: Bearer t-1\r\nX-Team: north\r\n", `${authorization}|X-Team: north`],
    ["with a pipe in a value", "Authorization: Bearer t-1\nX-Team: a|b", `${authorization}|X-Team: a\\|b`],
    ["with words around them", "Please send these headers:\n\nAuthorization: Bearer t-1\nX-Team: north", `${authorization}|X-Team: north`],
    ["columns of Postman", "Authorization\tBearer t-1\nX-Team\tnorth", `${authorization}|X-Team: north`],
    ["Postman's bulk edit", "Authorization:Bearer t-1\n//X-Old:1\nX-Team:north", `${authorization}|X-Team: north`],
    ["a request's head", "POST /v1/leads HTTP/1.1\nHost: x.example.com\nAuthorization: Bearer t-1", `Host: x.example.com|${authorization}`],
    ["lines of JSON", '{\n  "Authorization": "Bearer t-1",\n  "X-Team": "north"\n}', `${authorization}|X-Team: north`],
    ["a curl command", "curl https://x.example.com \\\n  -H 'Authorization: Bearer t-1' \\\n  -H 'X-Team: north'", `${authorization}|X-Team: north`],
    ["a value that ends with a backslash", "X-Path: c:\\\nX-Team: north", "X-Path: c:\\ |X-Team: north"],
  ])("%s", (_, pasted, headers) => expect(headersOfLines(pasted)).toBe(headers)); // prettier-ignore

  test.each(["Authorization: Bearer t-1", "Authorization: Bearer abc\ndefghi", "a\nb", ""])("%j are none", (pasted) =>
    expect(headersOfLines(pasted)).toBe(null),
  );
});

/** Texts of what people's clipboards hold, the same every time. */
function* clipboards(count: number): Generator<string> {
  const pieces = ["Authorization", "X-Key", ": ", ":", " ", "Bearer ", "Basic", "t0kenT0ken", '"', "'", "“", ",", ";", "|", "\\|", "\\", "\n", "\u200B", "\u00A0", "-H ", "=", "=>", "{", "}", "curl "]; // prettier-ignore
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  for (let at = 0; at < count; at += 1)
    yield Array.from({ length: 1 + next(9) }, () => pieces[next(pieces.length)]).join("");
}

test("whatever is pasted: no question repeats a value, and what is offered is odd no more", () => {
  for (const typed of clipboards(20_000)) {
    const { questions, tidy } = questionHeaders(typed);
    // what stands before a colon is a name, and no secret
    for (const words of questions)
      expect({ typed, words: words.replace(/^The header \S+ /, "") }).not.toMatchObject({
        words: expect.stringContaining("t0ken"),
      });
    if (tidy !== null) expect({ typed, ...questionHeaders(tidy) }).toEqual({ typed, questions: [], tidy: null });
  }
});

test("headers that are joined are parted into the same ones", () => {
  const headers = ["X-A: a\\|b", "X-B: c\\ ".trim(), "X-C: d"];
  expect(splitAtPipes(joinWithPipes(headers))).toEqual(headers);
});
