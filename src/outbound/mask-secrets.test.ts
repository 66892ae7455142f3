import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMask } from "./mask-secrets.ts";

const mask = "••••••••";
const key = `k3y "a/b+c" é\n`; // every encoder changes something in it

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
  ])("%s", (_name, text, masked) => {
    expect(createMask({ key })(text)).toBe(masked);
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
  ["another case is not it", { a: "abcdef" }, "ABCDEF", "ABCDEF"],
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
  ["all but its last letter", "body abcdefghijklmno", `body ${mask}`],
  ["three letters are too few", "body abc", "body abc"],
])("a cut text has %s masked", (_name, text, masked) => {
  const secrets = { a: "abcdefghijklmnop" };
  expect(createMask(secrets)(text, { cut: true })).toBe(masked);
  expect(createMask(secrets)(text)).toBe(text);
});

const secretText = fc.string({ minLength: 6, maxLength: 40, unit: "grapheme" }).map((text) => text.toWellFormed());
const encoders: [string, (text: string) => string][] = [
  ["raw", (text) => text],
  ["encodeURIComponent", encodeURIComponent],
  ["form", (text) => new URLSearchParams([["", text]]).toString().slice(1)],
  ["JSON", (text) => JSON.stringify(text).slice(1, -1)],
  ["JSON in ASCII", (text) => JSON.stringify(text).slice(1, -1).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)], // prettier-ignore
];
test.each(encoders)("no secret survives in %s form, whatever stands around it", (_name, encode) => {
  fc.assert(
    fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
      const masked = createMask({ secret })(
        encode(before.toWellFormed()) + encode(secret) + encode(after.toWellFormed()),
      );
      expect(masked).toContain(mask);
      if (!mask.includes(secret)) expect(masked.split(mask).join("")).not.toContain(encode(secret));
    }),
  );
});

test("a text without secrets stays as it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(createMask({ secret: "a-very-long-and-particular-secret" })(text)).toBe(text);
    }),
  );
});

test("1 MiB full of beginnings of secrets is masked as any other text", () => {
  const secrets = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`s${i}`, `${"a".repeat(30 + i)}\\b${i}`]));
  const trap = "a".repeat(500_000) + "\\".repeat(200_000) + "%61".repeat(100_000);
  expect(createMask(secrets)(`${trap}${secrets["s3"]}${trap}`)).toBe(`${trap}${mask}${trap}`);
});
