import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodings, escapedUnits, numbered, toldByBeginning } from "../../test/encodings.ts";
import { createMask } from "./mask-secrets.ts";

const mask = "••••••••";
const key = `k3y "a/b+c" é\n`; // every encoder changes something in it

const base64 = encodings["in base64"]!;
const hexOf = encodings["in hexadecimal digits"]!;
const htmlEscaped = encodings["HTML-escaped"]!;

describe("a secret is masked", () => {
  test.each([
    ["as it is", `key=${key}!`, `key=${mask}!`],
    ["URL-encoded with %20", `?k=${encodeURIComponent(key)}&a=1`, `?k=${mask}&a=1`],
    ["URL-encoded with lower-case hex", `?k=${encodeURIComponent(key).toLowerCase()}&a=1`, `?k=${mask}&a=1`],
    ["URL-encoded as forms are", `k=${new URLSearchParams([["", key]]).toString().slice(1)}&a=1`, `k=${mask}&a=1`],
    ["URL-encoded in every letter", `k=${Buffer.from(key).toString("hex").replace(/../g, "%$&")}&a=1`, `k=${mask}&a=1`],
    ["JSON-escaped", JSON.stringify({ k: key }), `{"k":"${mask}"}`],
    ["JSON-escaped with slashes", JSON.stringify({ k: key }).replaceAll("/", "\\/"), `{"k":"${mask}"}`],
    ["JSON-escaped to ASCII", JSON.stringify({ k: key }).replace("é", "\\u00e9"), `{"k":"${mask}"}`],
    ["in JSON within JSON", JSON.stringify(JSON.stringify({ k: key })), String.raw`"{\"k\":\"${mask}\"}"`],
    ["in a URL within JSON", JSON.stringify(`https://x/?k=${encodeURIComponent(key)}`), `"https://x/?k=${mask}"`],
    ["in JSON within a form", `j=${encodeURIComponent(JSON.stringify({ k: key }))}`, `j=%7B%22k%22%3A%22${mask}%22%7D`],
    ["in base64", `key ${Buffer.from(key).toString("base64")}.`, `key ${mask}.`],
    ["in base64url", `key ${Buffer.from(key).toString("base64url")}.`, `key ${mask}.`],
    ["twice", `${key} ${key}`, `${mask} ${mask}`],
    ["in capitals", `KEY=${key.toUpperCase()}!`, `KEY=${mask}!`],
    ["in mixed case", `key=${key.replace("k3y", "K3y").replace("b", "B")}!`, `key=${mask}!`],
    ["URL-encoded twice", `?k=${encodeURIComponent(encodeURIComponent(key))}&a=1`, `?k=${mask}&a=1`],
    ["URL-encoded by units of UTF-16", `k=${escapedUnits(key, "%u")}&a=1`, `k=${mask}&a=1`],
    [
      "in JSON within JSON within JSON",
      JSON.stringify(JSON.stringify(JSON.stringify(key))),
      String.raw`"\"\\\"${mask}\\\"\""`,
    ],
    ["escaped in every letter", `{"k":"${escapedUnits(key, "\\u")}"}`, `{"k":"${mask}"}`],
    ["escaped in capitals", JSON.stringify({ k: key }).toUpperCase(), `{"K":"${mask}"}`],
    [
      "escaped by code points",
      `"${Array.from(key, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`).join("")}"`,
      `"${mask}"`,
    ],
    ["escaped by bytes", `b'${hexOf(key).replace(/../g, "\\x$&")}'`, `b'${mask}'`],
    [
      "escaped in octal",
      `'${[...Buffer.from(key)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}'`,
      `'${mask}'`,
    ],
    ["HTML-escaped", `<b>${htmlEscaped(key)}</b>`, `<b>${mask}</b>`],
    [
      "HTML-escaped by names of every kind",
      "<b>k3y&#32;&QUOT;a&sol;b&plus;c&quot; &eacute;&NewLine;</b>",
      `<b>${mask}</b>`,
    ],
    ["HTML-escaped in decimal digits", `<b>${numbered(key, 10, "&#")}</b>`, `<b>${mask}</b>`],
    ["HTML-escaped in hexadecimal digits", `<b>${numbered(key, 16, "&#x")}</b>`, `<b>${mask}</b>`],
    ["HTML-escaped twice", `<b>${htmlEscaped(htmlEscaped(key))}</b>`, `<b>${mask}</b>`],
    ["HTML-escaped in JSON", JSON.stringify(htmlEscaped(key)), `"${mask}"`],
    ["in quoted-printable", `key: ${encodings["in quoted-printable"]!(key)}.`, `key: ${mask}.`],
    [
      "in quoted-printable, every byte and in lines",
      `key: ${hexOf(key).replace(/../g, "=$&").replace(/.{9}/g, "$&=\r\n")}.`,
      `key: ${mask}.`,
    ],
    ["in lines of quoted-printable in JSON", JSON.stringify(key.replace("/", "=\n/")), `"${mask}"`],
    ["in hexadecimal digits", `key ${hexOf(key)}.`, `key ${mask}.`],
    ["in large hexadecimal digits after 0x", `key 0x${hexOf(key).toUpperCase()}.`, `key 0x${mask}.`],
    ["in hexadecimal digits after an odd one", `key=f${hexOf(key)}.`, `key=f${mask}.`],
    ["in pairs of digits", `key ${hexOf(key).replace(/..(?=.)/g, "$&:")}.`, `key ${mask}.`],
    ["in pairs of digits, each marked", `[${hexOf(key).replace(/../g, "0x$&, ").slice(0, -2)}]`, `[0x${mask}]`],
    ["in base64 of base64", `key ${base64(base64(`a${key}`))}.`, /^key W•{8}[A-Za-z0-9]*=*\.$/],
    ["in base64 of JSON", `key ${base64(JSON.stringify({ k: key }))}.`, /^key eyJrIjoi•{8}[A-Za-z0-9]*=*\.$/],
    ["in base64 in lines", `key\n${base64(key).replace(/.{8}/g, "$&\r\n")}.`, `key\n${mask}.`],
    ["in base64 in small letters", `key ${base64(key).toLowerCase()}.`, `key ${mask}.`],
    ["in base64 of base64 in capitals", `key ${base64(base64(key)).toUpperCase()}.`, `key ${mask}=.`],
    ["in base64 of UTF-16", `key ${Buffer.from(key, "utf16le").toString("base64")}.`, /^key •{8}[A-Za-z0-9]?=*\.$/],
    [
      "in UTF-16 that was read as UTF-8",
      Buffer.from(`k=${key}`, "utf16le").toString().replaceAll("\0", "\ufffd"),
      `k\ufffd=\ufffd${mask}`,
    ],
    ["in UTF-8 that was read as Latin-1", `k=${Buffer.from(key).toString("latin1")}!`, `k=${mask}!`],
    ["in Latin-1 that was read as UTF-8", `k=${Buffer.from(key, "latin1").toString()}!`, `k=${mask}!`],
  ])("%s", (_name, text, masked) => {
    const shown = createMask({ key })(text);
    if (typeof masked === "string") expect(shown).toBe(masked);
    else expect(shown).toMatch(masked);
  });

  test.each(["a", "ab", "abc", "user:", "someone@example.com:"])("in base64 after %s", (before) => {
    const secret = "pa55word";
    const text = Buffer.from(`${before}${secret}`).toString("base64");
    const masked = createMask({ secret })(`Basic ${text}`);
    expect(masked).toMatch(/^Basic [A-Za-z0-9+/]*••••••••=*$/);
    const left = masked.replace(/^Basic |••••••••|=/g, "");
    expect(Buffer.from(left, "base64").toString()).toBe(before.slice(0, Math.floor((left.length * 6) / 8)));
  });
});

test.each<[string, Record<string, string>, string, string]>([
  ["five characters are too few", { a: "12345" }, "12345 and 123456", "12345 and 123456"],
  ["six are enough", { a: "123456" }, "12345 and 123456", `12345 and ${mask}`],
  ["a part of it is not it", { a: "abcdef" }, "abcde bcdef", "abcde bcdef"],
  [
    "letters beyond ASCII have two cases as well",
    { a: "straße-Ä" },
    "STRASSE-Ä straße-ä STRAßE-Ä",
    `${mask} ${mask} ${mask}`,
  ],
  ["a + is a space, as in forms", { a: "abc def" }, "abc+def", mask],
  ["two that overlap leave no rest", { a: "abcdef", b: "defghi" }, "xabcdefghix", `x${mask}x`],
  ["one within the other leaves no rest", { a: "abcdefghi", b: "cdefgh" }, "xabcdefghix", `x${mask}x`],
  ["two side by side are two", { a: "abcdef", b: "ghijkl" }, "abcdefghijkl", `${mask}${mask}`],
  ["typed URL-encoded, echoed decoded", { a: "ab%2Fcd%20ef" }, '{"k":"ab/cd ef"}', `{"k":"${mask}"}`],
  [
    "a Basic credential, echoed decoded",
    { a: Buffer.from("acme:pa55word").toString("base64") },
    "user acme, password pa55word, acme:pa55word",
    `user acme, password ${mask}, ${mask}`,
  ],
  ["a lone % is no encoding", { a: "100%sure" }, "I am 100%sure", `I am ${mask}`],
  ["text around it stays, whatever it is", { a: "abcdef" }, 'é€𝄞 "abcdef" 𝄞', `é€𝄞 "${mask}" 𝄞`],
])("%s", (_name, secrets, text, masked) => {
  expect(createMask(secrets)(text)).toBe(masked);
});

test.each([
  ["the beginning of a secret at the end", "body abcdefgh", `body ${mask}`],
  ["its beginning in capitals", "body ABCDEF", `body ${mask}`],
  ["all but its last letter", "body abcdefghijklmno", `body ${mask}`],
  ["its beginning with half an escape", "body abcd%6", `body ${mask}`],
  ["its beginning with half an escape of JSON", "body abcd\\u006", `body ${mask}`],
  ["its beginning with half an escape of HTML", "body abcd&#x6", `body ${mask}`],
  ["its beginning with half a character", "body abcd\ufffd", `body ${mask}`],
  ["its beginning in hexadecimal digits, the last one half", "body 6162636465666", `body ${mask}`],
  ["its beginning in base64", `body ${base64("abcdefgh").slice(0, 9)}`, `body ${mask}`],
  ["its beginning in base64 in small letters", `body ${base64("abcdefgh").slice(0, 9).toLowerCase()}`, `body ${mask}`],
])("a cut text has %s masked", (_name, text, masked) => {
  const secrets = { a: "abcdefghijklmnop" };
  expect(createMask(secrets)(text, { cut: true })).toBe(masked);
  expect(createMask(secrets)(text)).toBe(text);
});

test("three letters of a secret at the end of a cut text are too few", () => {
  expect(createMask({ a: "abcdefghijklmnop" })("body abc", { cut: true })).toBe("body abc");
});

test.each([
  ["alone", "Ely", mask],
  ["between blanks, in capitals", "in ELY, NV", `in ${mask}, NV`],
  ["after an escape", "city=%45ly%20NV&x=Ely\\nEly", `city=${mask}%20NV&x=${mask}\\n${mask}`],
  ["HTML-escaped", "&#69;ly, &Eacute;lan", `${mask}, ${mask}`],
  ["but not within another", "Elysium, lovely, Elyé", "Elysium, lovely, Elyé"],
  ["nor where bytes happen to be it", base64("....Ely...."), base64("....Ely....")],
])("a word is masked %s", (_name, text, masked) => {
  expect(createMask({}, ["Ely", "élan"])(text)).toBe(masked);
});

test("many masks make a text no more than so much longer", () => {
  const text = "abcdef".repeat(1_000);
  expect(createMask({ a: "abcdef" })(text)).toBe(mask.repeat(1_000));
});

const secretText = fc.oneof(
  fc.string({ minLength: 6, maxLength: 40 }),
  fc.string({ minLength: 6, maxLength: 40, unit: "grapheme" }).map((text) => text.toWellFormed()),
  fc
    .array(fc.constantFrom(...Array.from('%\\&nu41x0aF;#"+/ é')), { minLength: 6, maxLength: 20 })
    .map((all) => all.join("")),
);
const encodingNames = fc.constantFrom(...Object.keys(encodings));

test("no secret survives in two encodings, one over the other, whatever stands around it", () => {
  fc.assert(
    fc.property(
      secretText,
      encodingNames,
      encodingNames,
      fc.string(),
      fc.string(),
      (secret, inner, outer, before, after) => {
        const form = encodings[outer]!(encodings[inner]!(secret));
        // half an escape right before it would take its first letter for itself
        const apart = before.slice(0, -9) + before.slice(-9).replaceAll(/[%\\&]/g, "|");
        const masked = createMask({ secret })(apart + form + after);
        expect(masked).toContain(mask);
        if (!mask.includes(form)) expect(masked.replaceAll(mask, "|")).not.toContain(form);
      },
    ),
    { numRuns: 2_000, seed: 8 },
  );
});

test("nor does the beginning of one, wherever a text is cut", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[!-~]{10,24}$/),
      encodingNames,
      encodingNames,
      fc.nat(),
      (secret, inner, outer, place) => {
        const encode = (text: string): string => encodings[outer]!(encodings[inner]!(text));
        const form = encode(secret);
        const told = toldByBeginning(secret, encode);
        const cutAt = told.length + (place % (form.length - told.length + 1));
        const masked = createMask({ secret })(`the answer: ${form.slice(0, cutAt)}`, { cut: true });
        expect(masked).not.toContain(told);
      },
    ),
    { numRuns: 2_000, seed: 8 },
  );
});

test("a text without secrets stays as it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(createMask({ secret: "a-very-long-and-particular-secret" })(text)).toBe(text);
    }),
  );
});

const filled = (piece: string): string => piece.repeat(Math.ceil(1_048_576 / piece.length));

/** Were one of these searched once for each secret, or from each of its bytes on, the runner would give up. */
describe("a megabyte is masked like any other text when it is full of", () => {
  const alike = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`s${i}`, `common-beginning-of-all-${i}`]));
  const nested = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`s${i}`, `${"a".repeat(6 + i)}\\b`]));
  const secrets = { ...alike, ...nested, last: "zzzzzz-the-last" };
  test.each([
    ["beginnings of secrets", "common-beginning-of-all-x"],
    ["one letter", "a"],
    ["backslashes", "\\"],
    ["backslashes before a letter that they mean nothing to", `${"\\".repeat(99)}q`],
    ["escaped percent signs", "%25%25"],
    ["percent signs", "%"],
    ["escaped letters", "\\u0041"],
    ["ampersands", "&"],
    ["escaped ampersands", "&amp;"],
    ["base64 of base64", base64(base64("a common beginning"))],
    ["base64 that means base64 wherever it begins", "VVVV"],
    ["digits", "61"],
    ["every kind of escape", "%41\\u0041&amp;%5Cu0041&#x25;41x "],
    ["letters that are none", "\ufffd"],
  ])("%s", (_name, piece) => {
    const text = filled(piece);
    const masked = createMask(secrets)(`${text}|zzzzzz-the-last|${text}`);
    expect(masked.slice(text.length - 10, -text.length + 10)).toContain(`|${mask}|`);
  });

  test("secrets", () => {
    expect(createMask(secrets)(filled("zzzzzz-the-last,"))).toBe(`${mask},`.repeat(65_536));
  });
});
