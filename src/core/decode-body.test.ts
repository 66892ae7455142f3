import { describe, expect, test } from "vitest";
import { decodeBody } from "./decode-body.ts";

const bytes = (...values: (number | string)[]): Uint8Array =>
  Uint8Array.from(
    values.flatMap((value) => (typeof value === "number" ? [value] : [...new TextEncoder().encode(value)])),
  );
const answer = (contentType: string | null, body: Uint8Array, truncated = false) => ({
  headers: contentType === null ? [] : ([["Content-Type", contentType]] as const),
  body,
  truncated,
});

const read: [sentence: string, contentType: string | null, body: Uint8Array, text: string][] = [
  ["UTF-8 when nothing is named", null, bytes("Zoë"), "Zoë"],
  ["the charset of Content-Type", "text/plain; charset=ISO-8859-1", bytes("Zo", 0xeb), "Zoë"],
  ["quotes, spaces and case mean nothing", 'text/plain; a=b ; Charset = "Windows-1252"', bytes(0x80), "€"],
  ["a byte order mark goes before Content-Type", "text/plain; charset=latin1", bytes(0xef, 0xbb, 0xbf, "ë"), "ë"],
  ["UTF-16 by its mark", null, bytes(0xff, 0xfe, 0x41, 0), "A"],
  ["UTF-16 the other way round", null, bytes(0xfe, 0xff, 0, 0x41), "A"],
  [
    "an XML declaration",
    "text/xml",
    bytes('<?xml version="1.0" encoding="ISO-8859-1"?><a>', 0xeb, "</a>"),
    '<?xml version="1.0" encoding="ISO-8859-1"?><a>ë</a>',
  ],
  [
    "Content-Type goes before an XML declaration",
    "text/xml; charset=utf-8",
    bytes('<?xml version="1.0" encoding="latin1"?>ë'),
    '<?xml version="1.0" encoding="latin1"?>ë',
  ],
  [
    "a declaration of UTF-16 that reads as ASCII is UTF-8",
    null,
    bytes('<?xml version="1.0" encoding="utf-16"?>ë'),
    '<?xml version="1.0" encoding="utf-16"?>ë',
  ],
  [
    "a page's own meta element",
    "text/html",
    bytes('<html><meta charset="latin1">', 0xeb),
    '<html><meta charset="latin1">ë',
  ],
  ["an empty body, whatever it is called", "text/plain; charset=nonsense", bytes(), ""],
];

describe("the charset is taken from", () => {
  test.each(read)("%s", (_, contentType, body, text) => {
    expect(decodeBody(answer(contentType, body))).toEqual({ ok: true, text });
  });
});

const refused: [sentence: string, contentType: string | null, body: Uint8Array, detail: RegExp][] = [
  ["a label that nobody knows", "text/plain; charset=nonsense", bytes("a"), /Content-Type names the charset nonsense/],
  [
    "bytes that are not the charset that is named",
    "text/plain; charset=utf-8",
    bytes("a", 0xeb),
    /not UTF-8, the charset of Content-Type/,
  ],
  ["bytes that are not UTF-8 where none is named", null, bytes("a", 0xeb, "b"), /not UTF-8/],
  ["a charset that is kept from browsers", "text/plain; charset=hz-gb-2312", bytes("a"), /./],
];

describe("can't be undone:", () => {
  test.each(refused)("%s", (_, contentType, body, detail) => {
    expect(decodeBody(answer(contentType, body))).toEqual({ ok: false, detail: expect.stringMatching(detail) });
  });
});

test("a cut body may end in the middle of a character", () => {
  expect(decodeBody(answer(null, bytes("a", 0xc3), true))).toEqual({ ok: true, text: "a" });
});
