import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ResponseDataType } from "../contracts/connect.ts";
import type { Mask } from "./mask.ts";
import { readAnswer, shownResult, type ReadingSettings } from "./read-answer.ts";

const plain = (text: string): string => text;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const settings = (setting: string): ReadingSettings => {
  const [type = "", key = "", delimiter = ""] = setting.split(" ");
  return { response_data_type: ResponseDataType.parse(type), response_key: key, delimiter };
};
const read = (setting: string, body: string | Uint8Array, mask = plain, truncated = false) =>
  readAnswer({ headers: [], body: typeof body === "string" ? encode(body) : body, truncated }, settings(setting), mask);

/** A setting here is type, Response Key and Delimiter, with spaces between. */
const results: [sentence: string, setting: string, body: string, result: string][] = [
  ["007 keeps its noughts", "JSON id", '{"id":"007"}', "007"],
  ["12.50 keeps its nought", "JSON price", '{"price":12.50}', "12.50"],
  ["twenty digits are twenty digits", "JSON id", '{"id":12345678901234567890}', "12345678901234567890"],
  ["without a key the whole body, trimmed", "JSON", ' {"a": 1}\n', '{"a": 1}'],
  ["a body that is one JSON text is a body", "JSON", '"OK"', '"OK"'],
  ["a list is joined by a comma", "JSON data.*.id", '{"data":[{"id":1},{"id":2}]}', "1,2"],
  ["a list is joined by the Delimiter", "JSON data |", '{"data":[1,"b"]}', "1|b"],
  ["an object is compact JSON", "JSON data", '{"data": {"b": 1.0, "a": [true]}}', '{"b":1.0,"a":[true]}'],
  ["an empty list is an empty result", "JSON data", '{"data":[]}', ""],
  ["false is a value", "JSON ok", '{"ok":false}', "false"],
  ["an empty text is a value", "JSON ok", '{"ok":""}', ""],
  ["the value in XML", "XML id", "<r><id>007</id></r>", "007"],
  ["repeated elements are joined", "XML id ;", "<r><id>1</id><id>2</id></r>", "1;2"],
  ["an XML body without a key is shown as it is", "XML", "<r> <id/> </r>\n", "<r> <id/> </r>"],
  ["the value in TEXT", "TEXT id |", "status=OK|id=5", "5"],
  ["TEXT without a key", "TEXT", "  SUCCESS\n", "SUCCESS"],
  ["an empty body without a key", "JSON", "", ""],
  ["blanks are an empty body", "XML", " \n", ""],
];

describe("the result:", () => {
  test.each(results)("%s", (_, setting, body, result) => {
    expect(read(setting, body)).toEqual({ kind: "read", result, matchesDemand: null, diagnosis: null, notes: [] });
  });
});

const demands: [sentence: string, setting: string, body: string, matches: boolean][] = [
  ["the value that is demanded", "JSON status=OK", '{"status":"OK"}', true],
  ["another value", "JSON status=OK", '{"status":"ERROR"}', false],
  ["another case is another value", "JSON status=OK", '{"status":"ok"}', false],
  ["more than the value", "TEXT status=valid", "status=invalid", false],
  ["a number as it is written", "JSON n=12.50", '{"n":12.50}', true],
  ["a number written otherwise", "JSON n=12.5", '{"n":12.50}', false],
  ["every item of a list", "JSON r.*.s=OK", '{"r":[{"s":"OK"},{"s":"OK"}]}', true],
  ["one item of a list differs", "JSON r.*.s=OK", '{"r":[{"s":"OK"},{"s":"NO"}]}', false],
  ["null, demanded by name", "JSON error=null", '{"error":null}', true],
  ["an empty value, demanded", "JSON error=", '{"error":""}', true],
  ["the whole body", "TEXT =SUCCESS", "SUCCESS\n", true],
  ["a whole body that differs", "TEXT =SUCCESS", "FAILURE", false],
  ["an element's text", "XML r/s=OK", "<r><s> OK </s></r>", true],
];

describe("a demand is met or not by", () => {
  test.each(demands)("%s", (_, setting, body, matches) => {
    const reading = read(setting, body);
    expect(reading).toMatchObject({ kind: "read", matchesDemand: matches });
    expect(reading.diagnosis?.code ?? null).toBe(matches ? null : "value_differs");
  });
});

test("what the tolerant reader let pass is noted", () => {
  expect(read("JSON key1", "{key1:[value1,value2]}")).toMatchObject({
    result: "value1,value2",
    notes: ["The answer is not strict JSON. Read all the same: names without quotes, words without quotes"],
  });
});

const html = "<!DOCTYPE html><html><body>Please log in <input type=password></body></html>";
const nulls: [
  sentence: string,
  setting: string,
  body: string,
  code: string,
  message: string,
  setting: string | undefined,
][] = [
  [
    "nothing where a key is asked for",
    "JSON id",
    " ",
    "empty_body",
    "The vendor's answer is empty, and Response Key (I) has nothing to read",
    "response_key",
  ],
  [
    "XML where JSON was chosen",
    "JSON id",
    "<r><id>1</id></r>",
    "response_type_mismatch",
    "You chose JSON, the answer is XML",
    "response_data_type",
  ],
  [
    "JSON where XML was chosen",
    "XML id",
    '{"id":1}',
    "response_type_mismatch",
    "You chose XML, the answer is JSON",
    "response_data_type",
  ],
  [
    "JSON where TEXT was chosen, and no such key",
    "TEXT id",
    '{"data":{"x":1}}',
    "response_type_mismatch",
    "You chose TEXT, the answer is JSON",
    "response_data_type",
  ],
  [
    "XML where TEXT was chosen, and no such key",
    "TEXT id",
    "<r><id>1</id></r>",
    "response_type_mismatch",
    "You chose TEXT, the answer is XML",
    "response_data_type",
  ],
  ["a sign-in page for JSON", "JSON", html, "not_json", "The vendor answered HTML, probably a sign-in page", "api_url"],
  ["a sign-in page for XML", "XML", html, "not_xml", "The vendor answered HTML, probably a sign-in page", "api_url"],
  [
    "another page",
    "JSON",
    "<html><body>It works</body></html>",
    "not_json",
    "The vendor answered HTML, a page made for people",
    "api_url",
  ],
  [
    "a word for JSON",
    "JSON",
    "SUCCESS: 5\nthanks",
    "not_json",
    'The answer is plain text, not JSON: "SUCCESS: 5 thanks"',
    "response_data_type",
  ],
  ["bytes", "JSON", "PNG\u0001\u0002", "not_json", "The answer is bytes, not JSON", "api_url"],
  [
    "broken JSON",
    "JSON id",
    '{"id":1\n"x":2}',
    "not_json",
    "The answer looks like JSON and can't be read at line 2, column 1: a comma or } is missing",
    "response_data_type",
  ],
  [
    "JSON that ends too early",
    "JSON id",
    '{"id":1',
    "not_json",
    "The answer is cut off within its JSON, at line 1, column 8: it ends too early: a comma or } is missing",
    "response_data_type",
  ],
  [
    "broken XML for XML",
    "XML id",
    "<r>\n<id></r>",
    "not_xml",
    "The answer looks like XML and can't be read at line 2, column 5: expected closing tag 'id' (opened in line 2, col 1) instead of closing tag 'r'",
    "response_data_type",
  ],
  [
    "broken XML for JSON",
    "JSON id",
    "<r>&nbsp;</r>",
    "not_json",
    "The answer looks like XML and can't be read at line 1, column 4: &nbsp; means nothing in XML",
    "response_data_type",
  ],
  [
    "a key that is not there",
    "JSON data.id",
    '{"error":1,"message":2}',
    "key_missing",
    "`data.id` is missing. The answer has `error` and `message`",
    "response_key",
  ],
  [
    "a key that is not there, further in",
    "JSON data.id",
    '{"data":{"a":1,"b":1,"c":1}}',
    "key_missing",
    "`data.id` is missing. `data` has `a`, `b` and `c`",
    "response_key",
  ],
  [
    "a key that is not in an empty object",
    "JSON id",
    "{}",
    "key_missing",
    "`id` is missing. The answer has no keys",
    "response_key",
  ],
  [
    "a name in a list",
    "JSON data.id",
    '{"data":[1,2]}',
    "key_missing",
    "`data.id` is missing. `data` is a list of 2: write a position from 0, or * for all",
    "response_key",
  ],
  [
    "anything in an empty list",
    "JSON data.*.id",
    '{"data":[]}',
    "key_missing",
    "`data.*.id` is missing. `data` is an empty list",
    "response_key",
  ],
  [
    "a step into a value",
    "JSON data.id",
    '{"data":"no"}',
    "key_missing",
    '`data.id` is missing. `data` is the value `"no"`',
    "response_key",
  ],
  [
    "more keys than anyone reads",
    "JSON x",
    JSON.stringify(Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`k${n}`, n]))),
    "key_missing",
    "`x` is missing. The answer has `k0`, `k1`, `k2`, `k3`, `k4`, `k5`, `k6`, `k7`, `k8`, `k9` and 3 more",
    "response_key",
  ],
  [
    "an element that is not there",
    "XML lead.phone",
    "<r><lead id='1'><name/></lead></r>",
    "key_missing",
    "`lead.phone` is missing. `lead` has `name` and `@id`",
    "response_key",
  ],
  [
    "a key that is not in TEXT",
    "TEXT id",
    "status=OK,price=5",
    "key_missing",
    "`id` is missing. The answer has `status` and `price`",
    "response_key",
  ],
  [
    "null",
    "JSON data.id",
    '{"data":{"id":null}}',
    "value_null",
    "`data.id` is null in the vendor's answer",
    "response_key",
  ],
  [
    "null where a value is demanded",
    "JSON id=5",
    '{"id":null}',
    "value_null",
    "`id` is null in the vendor's answer",
    "response_key",
  ],
];

describe("null, and why:", () => {
  test.each(nulls)("%s", (_, setting, body, code, message, target) => {
    const reading = read(setting, body);
    expect(reading).toMatchObject({ kind: "null", diagnosis: { code, message } });
    expect(reading.diagnosis?.setting).toBe(target);
  });
});

const cut: [sentence: string, setting: string, body: string, expected: object][] = [
  ["JSON that was cut is too large", "JSON id", '{"id":1,"x":"', { diagnosis: { code: "body_too_large" } }],
  ["so is XML", "XML id", "<r><id>1</id>", { diagnosis: { code: "body_too_large" } }],
  ["a page that was cut is a page", "JSON id", html, { diagnosis: { code: "not_json" } }],
  ["TEXT without a key is what was read", "TEXT", "OK and so on", { result: "OK and so on" }],
  ["a key in the part that was read", "TEXT id", "id=5,x=1,lo", { result: "5" }],
  ["a key at the cut", "TEXT x", "id=5,x=1", { diagnosis: { code: "body_too_large" } }],
];

describe("an answer over the cap:", () => {
  test.each(cut)("%s", (_, setting, body, expected) => {
    expect(read(setting, body, plain, true)).toMatchObject(expected);
  });
});

test("a diagnosis is masked before it is cut, so that no part of a secret is left at its end", () => {
  const secret = "s3cret-".repeat(20);
  const mask = (text: string): string => text.replaceAll(secret, "••••••••");
  for (const body of [
    `{"status":"${"x".repeat(60)}${secret}"}`,
    `{"${"x".repeat(60)}${secret}":1}`,
    `${"x".repeat(30)}${secret}`,
    `<${secret}>`,
    `<r><${"x".repeat(120)}${secret}></r>`,
    `<?xml version="1.0" encoding="${secret}"?><r/>`,
    `{"status":{"a":"${secret}"}}`,
  ]) {
    const reading = read("JSON status=OK", body, mask);
    expect(JSON.stringify(reading.diagnosis)).not.toContain("s3cret");
    expect(reading.diagnosis).not.toBeNull();
  }
});

test("a secret with a delimiter in it is not shown in pieces", () => {
  const secret = "first-half:second-half,third-part";
  const mask = (text: string): string => text.replaceAll(secret, "••••••••");
  for (const setting of ["TEXT 1", "TEXT third-part", "TEXT first-half", "TEXT first-half=x", "TEXT nothing-there"]) {
    const reading = read(setting, `OK,${secret},id=5`, mask);
    const shown = JSON.stringify(reading.kind === "read" ? [shownResult(reading.result, mask), reading] : reading);
    expect([setting, /half|third/.test(shown.replace(setting.slice(5).replace("=x", ""), ""))]).toEqual([
      setting,
      false,
    ]);
  }
  expect(read("TEXT id", `OK,${secret},id=5`, mask)).toMatchObject({ result: "5" });
});

const maskHalf: Mask = (text, options) => (options?.cut === true ? text.replace(/half-a-sec$/, "••••••••") : text);

test("the beginning of a secret that is all that was read is masked", () => {
  expect(shownResult("half-a-sec", maskHalf, true)).toBe("••••••••");
  const reading = read("JSON", "half-a-sec", maskHalf, true);
  expect(JSON.stringify(reading)).not.toContain("half");
});

const mask = (text: string): string => text.replaceAll("secret", "••••••••");

test("a result is masked, cut to 1,000 characters and storable", () => {
  expect(shownResult("a secret\0", mask)).toBe("a ••••••••\ufffd");
  expect(shownResult("x".repeat(1000), mask)).toBe("x".repeat(1000));
  expect(shownResult("x".repeat(1001), mask)).toBe(`${"x".repeat(999)}…`);
  expect(shownResult(`${"x".repeat(998)}😀😀`, mask)).toBe(`${"x".repeat(998)}…`);
  expect(shownResult("\ud800", mask)).toBe("\ufffd");
});

const anyKey = fc.oneof(
  fc.constantFrom("", "id", "data.0.id", "*.*", "a\\.b=OK", "=", "@id", "//r/*", "0", "\\", "...", "=null"),
  fc.string(),
);
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string().map(encode),
  fc.json().map(encode),
  fc
    .array(
      fc.constantFrom(
        "<",
        ">",
        "/",
        "a",
        "<a>",
        "</a>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "&",
        "&#1;",
        "&amp;",
        "=",
        '"',
        "\n",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\ufeff",
      ),
      { maxLength: 60 },
    )
    .map((pieces) => encode(pieces.join(""))),
);

test("whatever the bytes and whatever the settings, an answer is read without a throw", () => {
  fc.assert(
    fc.property(
      anyBody,
      fc.constantFrom(...ResponseDataType.options),
      anyKey,
      fc.string({ maxLength: 10 }),
      fc.oneof(
        fc.constantFrom("application/json", "text/xml; charset=utf-16le", "text/html; charset=gbk"),
        fc.string(),
      ),
      fc.boolean(),
      (body, response_data_type, response_key, delimiter, contentType, truncated) => {
        const headers = [["content-type", contentType]] as const;
        const reading = readAnswer(
          { headers, body, truncated },
          { response_data_type, response_key, delimiter },
          plain,
        );
        if (reading.kind === "null") expect(reading.diagnosis.message.length).toBeLessThan(2000);
        else expect(shownResult(reading.result, plain).length).toBeLessThanOrEqual(1000);
      },
    ),
    { numRuns: 1000 },
  );
});

/** A reader that went over a megabyte once for each of its bytes would be at it for hours, and the runner gives up. */
const hostile: [sentence: string, body: string][] = [
  ["opening brackets", "["],
  ["opening braces with names", '{"a":'],
  ["backslashes", "\\"],
  ["an open text of quotes", '"'],
  ["an unquoted word", "[a"],
  ["spaces", " [ "],
  ["opening tags", "<a>"],
  ["angle brackets", "<"],
  ["half comments", "<!--"],
  ["half CDATA", "<![CDATA["],
  ["half declarations", "<?xml "],
  ["ampersands", "<a>&"],
  ["attributes", "<a b='1' "],
  ["meta elements", "<meta "],
  ["log, again and again", "<html>log  "],
  ["separators", "a=1,"],
  ["commas", "[1,"],
  ["commas alone", ","],
  ["single quotes", "'"],
  ["a list of lists", "[],"],
  ["escapes", '["\\n'],
  ["escapes in single quotes", "{'\\n"],
  ["ampersands that are escaped", "<a>&amp;"],
  ["empty elements", "<a/>"],
  ["elements in elements, 99 deep", `${"<a>".repeat(99)}${"</a>".repeat(99)}`],
  ["comments", "<!---->"],
  ["line breaks", "\n"],
];

describe("a megabyte of", () => {
  test.each(hostile)("%s is read or refused at once", (_, piece) => {
    const body = encode(piece.repeat(Math.ceil(1_048_576 / piece.length)));
    const inList = encode(`[${piece.repeat(Math.ceil(1_048_576 / piece.length))}`);
    for (const setting of ["JSON a.*=1", "XML a", "TEXT a"]) {
      expect(read(setting, body).kind).toMatch(/read|null/);
      expect(read(setting, inList).kind).toMatch(/read|null/);
    }
  });
});
